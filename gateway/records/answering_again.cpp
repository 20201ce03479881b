#include "gateway/records/answering_again.hpp"

#include "gateway/records/look_up.hpp"
#include "gateway/records/sealing.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/runtime/known_labels.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

void add(std::string& name, std::string_view part) {
    name += std::to_string(part.size());
    name += ':';
    name += part;
}

/// When another answer may be due: something of it is no longer fresh, or a correction ends.
core::Time end_of(const HeldRecord& record, core::Time now) {
    core::Time end = core::Time::max();
    const auto ends = [&](core::Time at) { end = at > now ? std::min(end, at) : end; };
    if (record.absent || record.parts.empty()) {
        ends(record.valid_until);
    }
    for (const auto& part : record.parts) {
        ends(part.valid_until);
    }
    for (const auto& correction : record.corrections) {
        ends(correction.until);
    }
    return end;
}

std::string read_grant(std::string_view dataset, std::string_view purpose) {
    std::string grant;
    grant.reserve(6 + dataset.size() + purpose.size());
    grant.append("read:").append(dataset).append(":").append(purpose);
    return grant;
}

core::Time newest_of(const HeldRecord& record) {
    auto newest = record.fetched;
    for (const auto& part : record.parts) {
        newest = std::max(newest, part.fetched);
    }
    return newest;
}

}   // namespace

AnsweringAgain::AnsweringAgain(ServiceParts& parts, const ports::RecordLookUp& question)
    : parts_(parts), question_(question), visit_(parts, question.asker) {
    if (!visit_.refusal()) {
        question_name_ = name_of_question();
    }
}

std::string AnsweringAgain::name_of_question() const {
    const bool is_one = question_.handle ? question_.keys.empty() : question_.keys.size() == 1;
    if (parts_.prepared == nullptr || question_.write == nullptr || !is_one) {
        return {};
    }
    std::string name;
    name.reserve(192);
    add(name, visit_.tenant_id().value);
    add(name, question_.asker.purpose);
    add(name, question_.dataset);
    name += std::to_string(static_cast<int>(question_.kind));
    if (question_.handle) {
        name += 'h';
        add(name, question_.handle->to_bytes());
    } else {
        name += 'k';
        add(name, key_token(visit_.vault(), question_.kind, question_.keys.front()));
    }
    if (question_.fields) {
        for (const auto& field : *question_.fields) {
            add(name, field);
        }
        name += '.';
    }
    return name;
}

std::optional<sdk::Task<core::Result<ports::LogHead>>> AnsweringAgain::begin() {
    if (question_name_.empty()) {
        return std::nullopt;
    }
    const auto& asker = question_.asker;
    kept_ = parts_.prepared->find(question_name_, visit_.under(), visit_.now());
    // All that was decided then hangs on the configuration, but for who asks.
    if (!kept_ || !asker.caller.may(read_grant(question_.dataset, asker.purpose))) {
        return std::nullopt;
    }
    auto entry = visit_.entry(ports::LogKind::read, kept_->subject, parts_.ids);
    if (!entry) {
        return std::nullopt;
    }
    entry->dataset = kept_->dataset;
    entry->fields = kept_->given;
    entry->freshness = kept_->freshness;
    GATEWAY_CRASH_POINT("records.before_log");
    return parts_.store.log_read(visit_.tenant_id(), std::move(*entry), kept_->version);
}

std::optional<ports::LookUpAnswer> AnsweringAgain::end(const core::Result<ports::LogHead>& logged) {
    ports::LookUpAnswer answer;
    if (logged) {
        GATEWAY_CRASH_POINT("records.logged");
        answer.text = kept_->text;
        count_answer(parts_, question_.asker, kept_->dataset, kept_->how);
    } else if (logged.error().is(core::Errc::conflict)) {
        parts_.prepared->drop(question_name_);
        return std::nullopt;
    } else {
        answer.refusal = refusal_of(logged.error());
    }
    return answer;
}

void count_answer(const ServiceParts& parts, const ports::RecordAsker& asker,
                  const std::string& dataset, const char* how) {
    thread_local runtime::KnownLabels known;
    parts.metrics.count("sluse_records_answers_total",
                        known.of({{"tenant", asker.caller.tenant.value},
                                  {"system", asker.caller.system.value},
                                  {"dataset", dataset},
                                  {"how", how}}),
                        1);
}

void LookUp::keep_answer(const ports::FoundRecord& found, const ports::NewLogEntry& entry) {
    const auto& one = all_.front();
    if (one.failure || one.fetched || one.how != Holds::fresh || found.version == 0) {
        return;
    }
    auto kept = std::make_shared<PreparedAnswer>();
    kept->subject = one.subject;
    kept->dataset = permission_.dataset_id;
    kept->version = found.version;
    kept->from = newest_of(*one.record) - clock_leeway;
    kept->until = end_of(*one.record, visit_.now());
    kept->given = entry.fields;
    kept->freshness = entry.freshness;
    kept->how = how_it_came(one);
    kept->text = question_.write(found);
    parts_.prepared->keep(question_name_, std::move(kept), visit_.under(), visit_.now(),
                          forgotten_before_);
}

}   // namespace gateway::records
