#include "gateway/records/publishing.hpp"

#include "gateway/json/schema_problem.hpp"
#include "gateway/records/sealing.hpp"
#include "gateway/runtime/crash_point.hpp"

namespace gateway::records {

using ports::Refusal;

namespace {

constexpr std::size_t items_max = 1'000;
constexpr std::size_t record_bytes_max = 256U * 1024U;

}   // namespace

Publishing::Publishing(ServiceParts& parts, SchemaShelf& schemas, ports::PublishCommand command)
    : parts_(parts),
      schemas_(schemas),
      command_(std::move(command)),
      visit_(parts, command_.asker) {}

std::string Publishing::pointer(std::size_t i) const {
    return command_.key_in_url ? "" : "/items/" + std::to_string(i);
}

sdk::Task<ports::PublishAnswer> Publishing::run() {
    if (const auto impossible = visit_.refusal()) {
        ports::PublishAnswer none;
        none.refusal = impossible;
        co_return none;
    }
    if (const auto refusal = check()) {
        co_return co_await refuse(*refusal);
    }
    co_return co_await write();
}

std::optional<Refusal> Publishing::check() {
    const auto& datasets = visit_.tenant().datasets;
    const auto config = datasets.find(command_.dataset);
    if (config == datasets.end()) {
        return Refusal("records.unknown_dataset");
    }
    config_ = &config->second;
    const std::string grant = "publish:" + command_.dataset;
    if (!command_.asker.caller.may(grant) || config_->owner != command_.asker.caller.system) {
        return Refusal("auth.not_granted", {{"grant", grant}});
    }
    auto dataset = own_dataset(*config_);
    if (!dataset) {
        return Refusal("service.internal");
    }
    dataset_ = std::move(*dataset);
    if (command_.key_in_url && config_->key == core::RecordKeyKind::person) {
        return Refusal("records.key_in_url", {{"dataset", command_.dataset}});
    }
    if (command_.items.empty() || command_.items.size() > items_max) {
        return Refusal("records.too_many_keys", {{"max", std::to_string(items_max)}});
    }
    return check_items(*config_);
}

std::optional<Refusal> Publishing::check_items(const core::DatasetConfig& config) {
    const auto schema = schemas_.find(config.schema);
    if (schema == nullptr) {
        return Refusal("service.internal");
    }
    std::vector<core::Problem> problems;
    std::set<std::string> keys;
    for (std::size_t i = 0; i < command_.items.size(); ++i) {
        const auto& item = command_.items[i];
        const auto key = check_key(config.key, item.key, visit_.configuration().records);
        const auto at = pointer(i);
        const auto at_key = command_.key_in_url ? std::string() : at + "/key";
        if (key.refusal) {
            problems.emplace_back(at_key, key.refusal->code, key.refusal->params);
        } else if (!keys.insert(item.key).second) {
            problems.emplace_back(at_key, "records.key_twice");
        }
        if (!item.value) {
            continue;
        }
        const auto base = command_.key_in_url ? std::string() : at + "/value";
        if (!item.value->is_object() || json::write(*item.value).size() > record_bytes_max / 2) {
            problems.emplace_back(base, "records.too_large");
            continue;
        }
        for (const auto& fault : schema->check(*item.value)) {
            problems.push_back(json::problem_of(fault, base));
        }
    }
    if (problems.empty()) {
        return std::nullopt;
    }
    return Refusal("records.invalid", {{"count", std::to_string(problems.size())}},
                   std::move(problems));
}

ports::RecordWrite Publishing::write_of(const ports::Publication& item,
                                        const ports::Subject& subject,
                                        const std::optional<ports::RecordRow>& before) const {
    const auto now = visit_.now();
    HeldRecord record;
    record.fetched = now;
    record.valid_until = now + config_->valid_for;
    record.stale_until = now + config_->retention;
    record.absent = !item.value.has_value();
    if (item.value) {
        Part part;
        for (const auto& [name, facts] : dataset_.fields) {
            part.fields.insert(name);
        }
        part.values = *item.value;
        part.source = command_.asker.caller.system.value;
        part.fetched = now;
        part.valid_until = record.valid_until;
        part.stale_until = record.stale_until;
        record.parts.push_back(std::move(part));
    }
    ports::RecordWrite write;
    // What was removed stands there as a version of its own; to the owner there is nothing.
    const bool there = before && !before->absent;
    write.expected = item.expected;
    if (item.expected && *item.expected == 0 && !there && before) {
        write.expected = before->version;
    }
    auto& row = write.row;
    row.subject = subject.handle;
    row.dataset = dataset_.id;
    row.source = command_.asker.caller.system.value;
    row.written_at = now;
    auto names = json::Value::array();
    for (const auto& [name, value] : item.value ? item.value->members() : json::Object()) {
        names.push(name);
    }
    row.fields = json::write(names);
    row.purposes = "[]";
    row.erase_at = now + config_->retention;
    set_times(row, record);
    seal_row(visit_.vault(), parts_.ids, row, record);
    return write;
}

sdk::Task<ports::PublishAnswer> Publishing::write() {
    ports::PublishAnswer answer;
    std::vector<ports::Subject> wanted;
    for (const auto& item : command_.items) {
        wanted.push_back(
            new_subject(visit_.vault(), parts_.ids, config_->key, item.key, visit_.now()));
    }
    const auto subjects = co_await parts_.store.subjects(visit_.tenant_id(), std::move(wanted));
    if (!subjects) {
        answer.refusal = refusal_of(subjects.error());
        co_return answer;
    }
    std::vector<ports::RecordWish> wishes;
    for (const auto& subject : *subjects) {
        wishes.emplace_back(subject.handle, dataset_.id);
    }
    const auto rows = co_await parts_.store.records(visit_.tenant_id(), std::move(wishes));
    if (!rows) {
        answer.refusal = refusal_of(rows.error());
        co_return answer;
    }
    std::vector<ports::RecordWrite> writes;
    std::vector<ports::NewLogEntry> log;
    for (std::size_t i = 0; i < command_.items.size(); ++i) {
        const auto& item = command_.items[i];
        const auto& subject = (*subjects)[i];
        if (!item.value && subject.legal_hold) {
            co_return co_await refuse(Refusal("records.legal_hold"));
        }
        if (!item.value && (!(*rows)[i] || (*rows)[i]->absent)) {
            co_return co_await refuse(Refusal("records.not_found"));
        }
        auto entry = visit_.entry(item.value ? ports::LogKind::published : ports::LogKind::erased,
                                  subject, parts_.ids);
        if (!entry) {
            answer.refusal = refusal_of(entry.error());
            co_return answer;
        }
        entry->dataset = dataset_.id;
        for (const auto& [name, value] : item.value ? item.value->members() : json::Object()) {
            if (dataset_.has_field(name)) {
                entry->fields.push_back(name);
            }
        }
        if (!item.value) {
            entry->code = "records.removed_by_owner";
        }
        log.push_back(std::move(*entry));
        writes.push_back(write_of(item, subject, (*rows)[i]));
    }
    const auto kept =
        co_await parts_.store.keep(visit_.tenant_id(), std::move(writes), std::move(log));
    if (!kept) {
        answer.refusal = refusal_of(kept.error());
        co_return answer;
    }
    if (kept->conflict) {
        const auto at = *kept->conflict;
        const auto& row = (*rows)[at];
        std::vector<core::Problem> where;
        where.emplace_back(pointer(at), "records.conflict");
        Refusal conflict("records.conflict", core::Params(), std::move(where));
        answer = co_await refuse(std::move(conflict));
        answer.standing = row && !row->absent ? row->version : 0;
        co_return answer;
    }
    GATEWAY_CRASH_POINT("records.published");
    for (std::size_t i = 0; i < kept->versions.size(); ++i) {
        ports::PublishAnswer::Published one;
        one.handle = (*subjects)[i].handle;
        one.version = kept->versions[i];
        answer.records.push_back(one);
    }
    co_return answer;
}

sdk::Task<ports::PublishAnswer> Publishing::refuse(Refusal why) {
    ports::PublishAnswer answer;
    auto entry = visit_.entry(ports::LogKind::refused);
    entry.dataset = config_ == nullptr ? "" : config_->id;
    entry.code = why.code;
    std::vector<ports::NewLogEntry> entries;
    entries.push_back(std::move(entry));
    const auto written = co_await write_log(parts_.store, visit_.tenant_id(), std::move(entries));
    if (written.has_error()) {
        answer.refusal = refusal_of(written.error());
    } else {
        answer.refusal = std::move(why);
    }
    co_return answer;
}

}   // namespace gateway::records
