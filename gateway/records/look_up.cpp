#include "gateway/records/look_up.hpp"

#include "gateway/records/answering_again.hpp"
#include "gateway/records/renewing.hpp"
#include "gateway/records/sealing.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

namespace gateway::records {

using ports::Refusal;

namespace {

std::string pointer_of(core::RecordKeyKind kind, std::size_t i, std::size_t all) {
    if (kind == core::RecordKeyKind::plain) {
        return "";
    }
    const std::string name = kind == core::RecordKeyKind::person ? "person" : "organisation";
    return all == 1 ? "/" + name : "/" + name + "s/" + std::to_string(i);
}

}   // namespace

LookUp::LookUp(ServiceParts& parts, RegisterAsker& asker, ports::RecordLookUp question,
               std::string question_name)
    : parts_(parts),
      registers_(asker),
      question_(std::move(question)),
      visit_(parts, question_.asker),
      question_name_(std::move(question_name)) {}

sdk::Task<ports::LookUpAnswer> LookUp::run() {
    if (const auto impossible = visit_.refusal()) {
        ports::LookUpAnswer none;
        none.refusal = impossible;
        co_return none;
    }
    if (!question_name_.empty()) {
        forgotten_before_ = parts_.prepared->forgotten();
    }
    permission_ = authorise(visit_.tenant(), question_.asker, question_.dataset, question_.fields);
    auto refusal = permission_.refusal;
    if (!refusal) {
        refusal = co_await find_subjects();
    }
    if (!refusal) {
        refusal = co_await read_held();
    }
    if (refusal) {
        co_return co_await refuse(*refusal);
    }
    co_await fetch_missing();
    refusal = co_await find_successors();
    if (refusal) {
        co_return co_await refuse(*refusal);
    }
    co_return co_await answer();
}

/// Whom it is about: by handle, or by keys, who get a handle when they have none.
sdk::Task<std::optional<Refusal>> LookUp::find_subjects() {
    if (permission_.dataset.key != question_.kind) {
        const Refusal other("records.other_key", {{"dataset", permission_.dataset_id}});
        co_return other;
    }
    if (question_.handle) {
        co_return co_await find_by_handle();
    }
    if (auto wrong = check_keys()) {
        co_return wrong;
    }
    const auto subjects = co_await subjects_of_keys();
    if (!subjects) {
        co_return refusal_of(subjects.error());
    }
    for (std::size_t i = 0; i < question_.keys.size(); ++i) {
        One one;
        one.key = question_.keys[i];
        one.subject = (*subjects)[i];
        all_.push_back(std::move(one));
    }
    co_return std::nullopt;
}

/// One who is known is found without the writer, and without a key made for nothing.
sdk::Task<core::Result<std::vector<ports::Subject>>> LookUp::subjects_of_keys() {
    if (question_.keys.size() == 1) {
        auto token = key_token(visit_.vault(), question_.kind, question_.keys.front());
        auto known = co_await parts_.store.find_subject_by_token(visit_.tenant_id(), question_.kind,
                                                                 std::move(token));
        if (!known) {
            co_return known.error();
        }
        if (known->has_value()) {
            std::vector<ports::Subject> one{std::move(**known)};
            co_return one;
        }
    }
    std::vector<ports::Subject> wanted;
    for (const auto& key : question_.keys) {
        wanted.push_back(
            new_subject(visit_.vault(), parts_.ids, question_.kind, key, visit_.now()));
    }
    co_return co_await parts_.store.subjects(visit_.tenant_id(), std::move(wanted));
}

sdk::Task<std::optional<Refusal>> LookUp::find_by_handle() {
    const auto subject = co_await parts_.store.find_subject(visit_.tenant_id(), *question_.handle);
    if (!subject) {
        co_return refusal_of(subject.error());
    }
    const Refusal unknown("records.not_found");
    if (!subject->has_value() || (*subject)->kind != question_.kind) {
        co_return unknown;
    }
    const auto key = open_key(visit_.vault(), **subject);
    if (!key) {
        if (key.error().is(core::Errc::not_found)) {
            co_return unknown;   // forgotten
        }
        co_return refusal_of(key.error());
    }
    One one;
    one.key = *key;
    one.subject = **subject;
    all_.push_back(std::move(one));
    co_return std::nullopt;
}

std::optional<Refusal> LookUp::check_keys() {
    const auto& rules = visit_.configuration().records;
    const auto& keys = question_.keys;
    if (keys.empty() || keys.size() > rules.keys_max) {
        return Refusal("records.too_many_keys", {{"max", std::to_string(rules.keys_max)}});
    }
    std::vector<core::Problem> problems;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (const auto checked = check_key(question_.kind, keys[i], rules); checked.refusal) {
            problems.emplace_back(pointer_of(question_.kind, i, keys.size()), checked.refusal->code,
                                  checked.refusal->params);
        }
    }
    if (problems.empty()) {
        return std::nullopt;
    }
    const auto first = problems.front();
    return Refusal(first.code, first.params, std::move(problems));
}

sdk::Task<std::optional<Refusal>> LookUp::read_held() {
    std::vector<ports::RecordWish> wishes;
    for (const auto& one : all_) {
        wishes.emplace_back(one.subject.handle, permission_.dataset_id);
    }
    const auto rows = co_await parts_.store.records(visit_.tenant_id(), std::move(wishes));
    if (!rows) {
        co_return refusal_of(rows.error());
    }
    for (std::size_t i = 0; i < all_.size(); ++i) {
        const auto& row = (*rows)[i];
        if (row) {
            auto opened = open_row(visit_.vault(), *row);
            if (!opened) {
                parts_.log.write(sdk::Severity::error, "record_unreadable",
                                 {{"tenant", visit_.tenant_id().value},
                                  {"dataset", permission_.dataset_id},
                                  {"handle", row->subject.to_string()}});
                co_return refusal_of(opened.error());
            }
            all_[i].record = std::move(*opened);
        }
        judge(all_[i]);
    }
    co_return std::nullopt;
}

void LookUp::judge(One& one) const {
    if (one.record) {
        one.how = holds(*one.record, permission_.dataset, permission_.asked,
                        permission_.graded_addresses, visit_.now());
    } else if (permission_.dataset.own) {
        one.record.emplace();   // nobody has published it
        one.record->absent = true;
        one.how = Holds::fresh;
    }
}

/// What is not fresh comes from its register; what is held stands in for one that does not answer,
/// while it may.
sdk::Task<void> LookUp::fetch_missing() {
    std::vector<Wanted> wanted;
    std::vector<std::size_t> places;
    const auto is_missing = [this](const One& one, core::Time until) {
        return one.how != Holds::fresh ||
               (until > visit_.now() && holds(*one.record, permission_.dataset, permission_.asked,
                                              permission_.graded_addresses, until) != Holds::fresh);
    };
    const auto ahead = fresh_until(visit_.now(), all_.size());
    const auto ending = std::count_if(all_.begin(), all_.end(), [&](const One& one) {
        return !permission_.dataset.own && is_missing(one, ahead);
    });
    const auto until = fresh_until(visit_.now(), static_cast<std::size_t>(ending));
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (!permission_.dataset.own && is_missing(all_[i], until)) {
            wanted.emplace_back(all_[i].subject.handle, all_[i].key);
            places.push_back(i);
        }
    }
    if (wanted.empty()) {
        co_return;
    }
    Fetch how;
    how.tenant = visit_.tenant_id();
    how.purpose = permission_.purpose;
    how.dataset = permission_.dataset;
    how.fields = fields_to_fetch(permission_);
    how.retention = permission_.retention;
    how.time_max = visit_.configuration().records.look_up_time_max;
    auto fetched = co_await registers_.fetch(std::move(how), std::move(wanted));
    for (std::size_t k = 0; k < places.size(); ++k) {
        auto& one = all_[places[k]];
        auto& answer = fetched.records[k];
        if (answer.record) {
            one.record = std::move(*answer.record);
            one.fetched = true;
            one.shared = answer.shared;
        } else if (one.how == Holds::missing) {
            one.failure = std::move(answer.failure);
            retry_after_ = fetched.retry_after;
        }
    }
}

const char* LookUp::freshness(const One& one) const {
    if (one.fetched) {
        return "fetched";
    }
    return one.how == Holds::fresh ? "fresh" : "stale";
}

void LookUp::describe(const One& one, const Chosen& chosen, ports::FoundRecord& found) const {
    for (const auto& field : found.values.members().empty() ? Fields() : permission_.asked) {
        if (!found.fields.contains(field)) {
            continue;
        }
        auto& origin = found.fields.at(field);
        origin.freshness = freshness(one);
        origin.authority = permission_.dataset.authority;
        if (const auto part = chosen.origin.find(field); part != chosen.origin.end()) {
            origin.source = part->second->source;
            origin.fetched = part->second->fetched;
            origin.valid_until = part->second->valid_until;
            origin.register_time = part->second->register_time;
        }
        if (const auto correction = chosen.corrected.find(field);
            correction != chosen.corrected.end()) {
            origin.source = correction->second->source;
            origin.authority = visit_.tenant_id().value;
            origin.fetched = correction->second->at;
            origin.valid_until = correction->second->until;
            origin.corrected_until = correction->second->until;
        }
    }
}

core::Result<ports::FoundRecord> LookUp::found(const One& one, ports::NewLogEntry& entry) const {
    auto logged = visit_.entry(one.failure ? ports::LogKind::refused : ports::LogKind::read,
                               one.subject, parts_.ids);
    if (!logged) {
        return logged.error();
    }
    entry = std::move(*logged);
    entry.dataset = permission_.dataset_id;
    ports::FoundRecord found;
    found.handle = one.subject.handle;
    if (question_.kind != core::RecordKeyKind::person) {
        found.key = one.key;
    }
    if (one.failure) {
        found.failure = one.failure;
        entry.code = one.failure->code;
        return found;
    }
    const auto& record = *one.record;
    const auto chosen = choose(record, permission_.dataset, permission_.asked, visit_.now());
    auto left = minimise(permission_.dataset, chosen.values, permission_.asked,
                         permission_.graded_addresses);
    found.known = !record.absent || !chosen.corrected.empty();
    found.version = record.version;
    found.values = std::move(left.values);
    for (const auto& field : left.given) {
        found.fields.emplace(field, ports::FieldOrigin());
    }
    found.ended = one.in_use.has_value();
    if (one.in_use && may_know_successor()) {
        found.replaced_by = one.in_use;
    }
    found.withheld.assign(left.withheld.begin(), left.withheld.end());
    describe(one, chosen, found);
    entry.fields.assign(left.given.begin(), left.given.end());
    entry.freshness = found.known ? freshness(one) : "absent";
    return found;
}

/// On disk in the log first; only then anything leaves.
sdk::Task<ports::LookUpAnswer> LookUp::answer() {
    ports::LookUpAnswer answer;
    answer.retry_after = retry_after_;
    std::vector<ports::NewLogEntry> entries;
    for (const auto& one : all_) {
        ports::NewLogEntry entry;
        auto found = this->found(one, entry);
        if (!found) {
            co_return co_await refuse(refusal_of(found.error()));
        }
        entries.push_back(std::move(entry));
        answer.records.push_back(std::move(*found));
        count_answer(parts_, question_.asker, permission_.dataset_id, how_it_came(one));
    }
    GATEWAY_CRASH_POINT("records.before_log");
    if (!question_name_.empty()) {
        keep_answer(answer.records.front(), entries.front());
    }
    const auto written = co_await write_log(parts_.store, visit_.tenant_id(), std::move(entries));
    if (!written) {
        ports::LookUpAnswer nothing;
        nothing.refusal = refusal_of(written.error());
        co_return nothing;
    }
    GATEWAY_CRASH_POINT("records.logged");
    if (answer.records.size() == 1 && answer.records.front().failure) {
        answer.refusal = answer.records.front().failure;
        answer.records.clear();
    }
    co_return answer;
}

const char* LookUp::how_it_came(const One& one) const {
    return one.failure                 ? "failed"
           : one.fetched && one.shared ? "shared"
           : one.fetched               ? "fetched"
           : permission_.dataset.own   ? "published"
           : one.how == Holds::fresh   ? "held"
                                       : "stale";
}

sdk::Task<ports::LookUpAnswer> LookUp::refuse(Refusal why) {
    ports::LookUpAnswer answer;
    std::vector<ports::NewLogEntry> entries;
    // Of whom it was asked is said where they are known already; nobody is made known by a refusal.
    const auto& rules = visit_.configuration().records;
    for (const auto& key : question_.keys) {
        if (entries.size() >= rules.keys_max || check_key(question_.kind, key, rules).refusal) {
            continue;
        }
        const auto subject = co_await parts_.store.find_subject_by_token(
            visit_.tenant_id(), question_.kind, key_token(visit_.vault(), question_.kind, key));
        if (!subject) {
            answer.refusal = refusal_of(subject.error());
            co_return answer;
        }
        if (subject->has_value()) {
            auto entry = visit_.entry(ports::LogKind::refused, **subject, parts_.ids);
            if (!entry) {
                answer.refusal = refusal_of(entry.error());
                co_return answer;
            }
            entries.push_back(std::move(*entry));
        }
    }
    if (entries.empty()) {
        auto entry = visit_.entry(ports::LogKind::refused);
        if (!all_.empty()) {
            entry.subject = all_.front().subject.handle;
        }
        entries.push_back(std::move(entry));
    }
    for (auto& entry : entries) {
        entry.dataset = permission_.dataset_id;
        entry.code = why.code;
    }
    parts_.metrics.count("sluse_records_refused_total",
                         {{"tenant", visit_.tenant_id().value},
                          {"system", question_.asker.caller.system.value},
                          {"code", why.code.value}},
                         1);
    const auto written = co_await write_log(parts_.store, visit_.tenant_id(), std::move(entries));
    if (written.has_error()) {
        answer.refusal = refusal_of(written.error());
        co_return answer;
    }
    answer.refusal = std::move(why);
    answer.retry_after = retry_after_;
    co_return answer;
}

}   // namespace gateway::records
