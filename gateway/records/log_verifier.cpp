#include "gateway/records/log_verifier.hpp"

#include "gateway/records/log_chain.hpp"

namespace gateway::records {

LogVerifier::LogVerifier(core::TenantId tenant) : tenant_(std::move(tenant)) {
    report_.head.hash = first_hash();
}

LogVerifier::LogVerifier(core::TenantId tenant, const CheckpointReader& checkpoints)
    : LogVerifier(std::move(tenant)) {
    report_.checkpoints = checkpoints.checkpoints().size();
    for (const auto line : checkpoints.faulty_lines()) {
        core::Params where{{"line", std::to_string(line)}};
        find("log.checkpoint_faulty", 0, 0, std::move(where));
    }
    std::uint64_t before = 0;
    for (const auto& one : checkpoints.checkpoints()) {
        if (one.head.number < before) {
            find("log.checkpoints_disagree", one.head.number + 1, before,
                 {{"at", core::to_rfc3339(one.at)}});
        }
        before = one.head.number;
        if (one.head.number > 0) {
            checkpoints_.emplace(one.head.number, one);
        }
    }
}

void LogVerifier::find(const char* code, std::uint64_t from, std::uint64_t to, core::Params more) {
    ++report_.found;
    if (report_.findings.size() >= findings_max) {
        return;
    }
    LogFinding finding;
    finding.code = core::Code(code);
    finding.from = from;
    finding.to = to;
    finding.params = std::move(more);
    if (to > 0) {
        finding.params.emplace_back("from", std::to_string(from));
        finding.params.emplace_back("to", std::to_string(to));
    }
    report_.findings.push_back(std::move(finding));
}

/// Entries side by side that were changed are one finding.
void LogVerifier::end_run() {
    if (changed_to_ > 0) {
        find("log.changed", changed_from_, changed_to_);
        changed_from_ = changed_to_ = 0;
    }
}

void LogVerifier::add(const ports::LogEntry& entry) {
    const auto expected = report_.head.number + 1;
    if (entry.number < expected) {
        end_run();
        find("log.unfounded", entry.number, entry.number);   // twice, or before the first
        return;
    }
    if (entry.number > expected) {
        end_run();
        find("log.missing", expected, entry.number - 1);
        follows_ = false;   // what its hash stands on is gone
    }
    const auto hash =
        chain_hash(report_.head.hash, canonical_bytes(tenant_, entry.number, entry.entry));
    if (follows_ && hash != entry.hash) {
        changed_from_ = changed_to_ > 0 ? changed_from_ : entry.number;
        changed_to_ = entry.number;
    } else {
        end_run();
    }
    follows_ = true;
    ++report_.entries;
    report_.head.number = entry.number;
    report_.head.hash = entry.hash;
    compare(entry);
}

void LogVerifier::compare(const ports::LogEntry& entry) {
    // Checkpoints of entries that are missing cannot be met any more; that they are is said
    // already.
    while (!checkpoints_.empty() && checkpoints_.begin()->first <= entry.number) {
        const auto one = checkpoints_.extract(checkpoints_.begin()).mapped();
        if (one.head.number < entry.number) {
            continue;
        }
        if (one.head.hash == entry.hash) {
            report_.proved = rewritten_ ? report_.proved : entry.number;
        } else if (!rewritten_) {
            rewritten_ = true;   // and so is all behind it
            end_run();
            find("log.rewritten", report_.proved + 1, entry.number,
                 {{"at", core::to_rfc3339(one.at)}});
        }
    }
}

LogReport LogVerifier::finish() {
    end_run();
    if (!checkpoints_.empty()) {
        const auto& newest = checkpoints_.rbegin()->second;
        find("log.cut_off", report_.head.number + 1, newest.head.number,
             {{"at", core::to_rfc3339(newest.at)}});
        checkpoints_.clear();
    }
    return std::move(report_);
}

}   // namespace gateway::records
