#include "gateway/records/keeping.hpp"

#include "gateway/records/log_reading.hpp"
#include "gateway/records/meeting.hpp"
#include "gateway/records/national_id.hpp"
#include "gateway/records/sealing.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>
#include <set>

namespace gateway::records {

using ports::Refusal;

namespace {

std::vector<std::string> names_in(const std::string& list) {
    std::vector<std::string> names;
    if (const auto value = json::parse(list)) {
        for (const auto& item : value->items()) {
            names.push_back(item.as_string());
        }
    }
    return names;
}

/// That an address is not graded, which is held of everybody, tells nothing.
bool tells_nothing(const Dataset& dataset, const HeldRecord& held, const std::string& field) {
    return field == dataset.grading &&
           std::all_of(held.parts.begin(), held.parts.end(), [&](const Part& part) {
               return !part.values.has(field) ||
                      dataset.open_grades.contains(part.values[field].as_string());
           });
}

/// The most telling of what is held.
const char* sensitivity_of(const Dataset& dataset, const HeldRecord& held,
                           const std::vector<std::string>& fields) {
    auto most = Sensitivity::open;
    for (const auto& name : fields) {
        const auto* field = dataset.field(name);
        if (field != nullptr && !tells_nothing(dataset, held, name)) {
            most = std::max(most, field->sensitivity);
        }
    }
    switch (most) {
    case Sensitivity::open: return "open";
    case Sensitivity::ordinary: return "ordinary";
    case Sensitivity::protected_: break;
    }
    return "protected";
}

void describe(const core::TenantConfig& tenant, ports::HeldDataset& held) {
    if (const auto own = tenant.datasets.find(held.dataset); own != tenant.datasets.end()) {
        held.name = own->second.name;
        held.authority = own->second.owner.value;
        held.legal_basis = own->second.legal_basis;
    } else if (const auto* known = DatasetCatalogue::current().find(held.dataset)) {
        held.name = known->register_name;
        held.authority = known->authority;
    }
    for (auto& purpose : held.purposes) {
        const auto found = tenant.purposes.find(core::PurposeId(purpose.id));
        if (found != tenant.purposes.end()) {
            purpose.name = found->second.name;
            purpose.legal_basis = found->second.legal_basis;
        }
    }
}

core::Result<ports::HeldDataset> held_dataset(const Visit& visit, const ports::RecordRow& row) {
    auto opened = open_row(visit.vault(), row);
    if (!opened) {
        return opened.error();
    }
    ports::HeldDataset held;
    held.dataset = row.dataset;
    held.absent = row.absent;
    held.written = row.written_at;
    held.erase_at = row.erase_at;
    for (const auto& name : names_in(row.purposes)) {
        held.purposes.emplace_back();
        held.purposes.back().id = name;
    }
    describe(visit.tenant(), held);
    if (const auto dataset = find_dataset(visit.tenant(), row.dataset)) {
        held.sensitivity = sensitivity_of(*dataset, *opened, names_in(row.fields));
    }
    for (auto& part : opened->parts) {
        ports::HeldPart one;
        one.source = part.source;
        one.fields.assign(part.fields.begin(), part.fields.end());
        one.values = std::move(part.values);
        one.fetched = part.fetched;
        one.valid_until = part.valid_until;
        one.register_time = part.register_time;
        held.parts.push_back(std::move(one));
    }
    for (auto& correction : opened->corrections) {
        ports::HeldCorrection one;
        one.values = std::move(correction.values);
        one.source = correction.source;
        one.person = correction.person;
        one.at = correction.at;
        one.until = correction.until;
        held.corrections.push_back(std::move(one));
    }
    return held;
}

sdk::Task<std::optional<Refusal>> read_held(ServiceParts& parts, const Visit& visit,
                                            core::Uuid handle, ports::PersonReport& report) {
    const auto rows = co_await parts.store.records_of(visit.tenant_id(), handle);
    if (!rows) {
        co_return refusal_of(rows.error());
    }
    for (const auto& row : *rows) {
        auto held = held_dataset(visit, row);
        if (!held) {
            parts.log.write(sdk::Severity::error, "record_unreadable",
                            {{"tenant", visit.tenant_id().value},
                             {"dataset", row.dataset},
                             {"handle", row.subject.to_string()}});
            co_return refusal_of(held.error());
        }
        report.held.push_back(std::move(*held));
    }
    co_return std::nullopt;
}

/// Of the person by every id, in the order of the log.
sdk::Task<std::optional<Refusal>> read_entries(ServiceParts& parts, const Visit& visit,
                                               const Met& met, const ports::ReportQuery& wanted,
                                               ports::PersonReport& report) {
    const auto entries =
        co_await read_log_of(parts.store, visit, met.all, wanted.after, wanted.limit);
    if (!entries) {
        co_return refusal_of(entries.error());
    }
    for (const auto& entry : *entries) {
        if (entry.entry.number <= report.until) {
            report.entries.push_back(entry);
        }
    }
    report.more = !report.entries.empty() && report.entries.back().entry.number < report.until;
    co_return std::nullopt;
}

}   // namespace

sdk::Task<ports::PersonReport> Keeping::report(ports::ReportQuery query) {
    const auto asker = asker_of(query.which, query.keeper);
    const Visit visit(parts_, asker);
    ports::PersonReport report;
    report.refusal = visit.refusal();
    if (report.refusal) {
        co_return report;
    }
    const auto met = co_await meet(parts_, visit, query.which);
    if (met.refusal) {
        report.refusal = co_await refuse(parts_, visit, met, *met.refusal);
        co_return report;
    }
    const auto& subject = met.subject;
    report.tenant = visit.tenant_id();
    report.handle = subject.handle;
    report.made = visit.now();
    report.known_since = subject.created;
    report.legal_hold = subject.legal_hold;
    report.forgotten = subject.wrapped_key.empty();
    if (!report.forgotten) {
        const auto key = open_key(visit.vault(), subject);
        if (!key) {
            report.refusal = refusal_of(key.error());
            co_return report;
        }
        report.person = masked(*key);
    }
    std::vector<ports::NewLogEntry> log;
    log.push_back(
        entry_of(parts_, visit, ports::LogKind::reported, subject.handle, query.keeper.why));
    const auto head = co_await parts_.store.write_log(visit.tenant_id(), std::move(log));
    if (!head) {
        report.refusal = refusal_of(head.error());
        co_return report;
    }
    report.until = query.until == 0 ? head->number : query.until;
    for (const auto& one : met.all) {
        if (one.handle != subject.handle) {
            report.others.push_back(one.handle);
        }
        if (query.after == 0 && !report.refusal) {
            report.refusal = co_await read_held(parts_, visit, one.handle, report);
        }
    }
    if (!report.refusal) {
        report.refusal = co_await read_entries(parts_, visit, met, query, report);
    }
    co_return report;
}

sdk::Task<ports::ErasedAnswer> Keeping::hold(ports::PersonWish which, ports::Keeper keeper,
                                             bool held) {
    const auto asker = asker_of(which, keeper);
    const Visit visit(parts_, asker);
    ports::ErasedAnswer answer;
    answer.refusal = visit.refusal();
    if (answer.refusal) {
        co_return answer;
    }
    auto met = co_await meet(parts_, visit, which);
    if (!met.refusal && met.subject.wrapped_key.empty()) {
        met.refusal = Refusal("records.not_found");   // forgotten: there is nothing to hold
    }
    if (met.refusal) {
        answer.refusal = co_await refuse(parts_, visit, met, *met.refusal);
        co_return answer;
    }
    answer.handle = met.subject.handle;
    auto entry = entry_of(parts_, visit, ports::LogKind::held, answer.handle, keeper.why);
    entry.code = held ? "hold.set" : "hold.lifted";
    std::vector<ports::NewLogEntry> log;
    log.push_back(std::move(entry));
    const auto done =
        co_await parts_.store.hold_subject(visit.tenant_id(), answer.handle, held, std::move(log));
    if (done.has_error()) {
        answer.refusal = done.error().is(core::Errc::not_found) ? Refusal("records.not_found")
                                                                : refusal_of(done.error());
    }
    co_return answer;
}

sdk::Task<ports::ErasedAnswer> Keeping::erase(ports::PersonWish which, ports::Keeper keeper) {
    const auto asker = asker_of(which, keeper);
    const Visit visit(parts_, asker);
    ports::ErasedAnswer answer;
    answer.refusal = visit.refusal();
    if (answer.refusal) {
        co_return answer;
    }
    auto met = co_await meet(parts_, visit, which);
    if (!met.refusal && met.subject.wrapped_key.empty()) {
        met.refusal = Refusal("records.not_found");
    }
    if (met.refusal) {
        answer.refusal = co_await refuse(parts_, visit, met, *met.refusal);
        co_return answer;
    }
    answer.handle = met.subject.handle;
    const Refusal held("records.legal_hold");
    if (met.subject.legal_hold) {
        answer.refusal = co_await refuse(parts_, visit, met, held);
        co_return answer;
    }
    ports::EraseCommand command;
    command.tenant = visit.tenant_id();
    command.at = visit.now();
    command.subject = answer.handle;
    // Of each dataset, and last of who it was, by every id: what comes meanwhile goes with that.
    std::set<core::Uuid> gone;
    for (const auto& one : met.all) {
        if (one.wrapped_key.empty()) {
            continue;
        }
        const auto rows = co_await parts_.store.records_of(visit.tenant_id(), one.handle);
        if (!rows) {
            answer.refusal = refusal_of(rows.error());
            co_return answer;
        }
        for (const auto& row : *rows) {
            auto entry = entry_of(parts_, visit, ports::LogKind::erased, one.handle, keeper.why);
            entry.dataset = row.dataset;
            entry.fields = names_in(row.fields);
            entry.code = "erasure.on_request";
            command.log.push_back(std::move(entry));
        }
        auto whole = entry_of(parts_, visit, ports::LogKind::erased, one.handle, keeper.why);
        whole.code = "erasure.on_request";
        command.log.push_back(std::move(whole));
        answer.records += rows->size();
        gone.insert(one.handle);
        if (one.handle != answer.handle) {
            command.also.push_back(one.handle);
        }
    }
    GATEWAY_CRASH_POINT("erasing.before");
    const auto done = co_await parts_.store.erase(std::move(command));
    if (done.has_error()) {
        if (done.error().is(core::Errc::conflict)) {
            answer.refusal = co_await refuse(parts_, visit, met, held);
        } else {
            answer.refusal = refusal_of(done.error());
        }
        co_return answer;
    }
    GATEWAY_CRASH_POINT("erasing.done");
    if (parts_.prepared != nullptr) {
        parts_.prepared->forget(gone);
    }
    parts_.metrics.count("sluse_records_erased_total",
                         {{"tenant", visit.tenant_id().value}, {"why", "on_request"}},
                         answer.records);
    co_return answer;
}

}   // namespace gateway::records
