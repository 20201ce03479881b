#include "gateway/records/correcting.hpp"

#include "gateway/records/sealing.hpp"

namespace gateway::records {

using ports::Refusal;

namespace {

constexpr std::chrono::hours longest{24 * 366};
constexpr std::size_t source_max = 255;
constexpr std::size_t values_max = 64U * 1024U;
constexpr int tries_max = 4;

std::optional<Refusal> check(const Visit& visit, const ports::CorrectCommand& command) {
    const auto* dataset = DatasetCatalogue::current().find(command.dataset);
    if (dataset == nullptr) {
        return Refusal("records.unknown_dataset");
    }
    const std::string grant = "correct:" + command.dataset;
    if (!command.asker.caller.may(grant)) {
        return Refusal("auth.not_granted", {{"grant", grant}});
    }
    if (command.asker.actor.empty()) {
        return Refusal("records.actor_missing");
    }
    if (command.values.is_null()) {
        return std::nullopt;
    }
    for (const auto& [field, value] : command.values.members()) {
        if (!dataset->has_field(field)) {
            return Refusal("records.unknown_field", {{"dataset", dataset->id}});
        }
    }
    if (command.source.empty() || command.source.size() > source_max ||
        command.values.members().empty() || json::write(command.values).size() > values_max) {
        return Refusal("records.correction_invalid");
    }
    if (command.until <= visit.now() || command.until > visit.now() + longest) {
        return Refusal("records.correction_invalid");
    }
    return std::nullopt;
}

void put(HeldRecord& record, const Visit& visit, const ports::CorrectCommand& command) {
    std::erase_if(record.corrections,
                  [&](const Correction& one) { return one.until <= visit.now(); });
    if (command.values.is_null()) {
        record.corrections.clear();
        return;
    }
    if (record.corrections.size() >= corrections_max) {
        record.corrections.erase(record.corrections.begin());
    }
    Correction correction;
    correction.values = command.values;
    correction.source = command.source;
    correction.person = command.asker.actor;
    correction.at = visit.now();
    correction.until = command.until;
    record.corrections.push_back(std::move(correction));
}

/// Nothing: written. A conflict is for another try.
sdk::Task<core::Result<bool>> write(ServiceParts& parts, const Visit& visit,
                                    const ports::CorrectCommand& command,
                                    const ports::Subject& subject) {
    std::vector<ports::RecordWish> wishes;
    wishes.emplace_back(subject.handle, command.dataset);
    const auto rows = co_await parts.store.records(visit.tenant_id(), std::move(wishes));
    if (!rows) {
        co_return rows.error();
    }
    const auto& before = rows->front();
    HeldRecord record;
    record.absent = true;   // until its register is asked
    ports::RecordWrite change;
    if (before) {
        auto opened = open_row(visit.vault(), *before);
        if (!opened) {
            co_return opened.error();
        }
        record = std::move(*opened);
        change.row = *before;
    }
    put(record, visit, command);
    change.expected = change.row.version;
    change.row.subject = subject.handle;
    change.row.dataset = command.dataset;
    change.row.written_at = visit.now();
    if (!before) {
        change.row.fields = "[]";
        change.row.purposes = "[]";
    }
    const auto keep_until = command.values.is_null() ? visit.now() : command.until;
    change.row.erase_at = std::max(change.row.erase_at.value_or(core::Time{}), keep_until);
    set_times(change.row, record);
    seal_row(visit.vault(), parts.ids, change.row, record);
    auto entry = visit.entry(ports::LogKind::corrected, subject, parts.ids);
    if (!entry) {
        co_return entry.error();
    }
    entry->dataset = command.dataset;
    for (const auto& [field, value] : command.values.members()) {
        entry->fields.push_back(field);
    }
    std::vector<ports::RecordWrite> writes;
    writes.push_back(std::move(change));
    std::vector<ports::NewLogEntry> log;
    log.push_back(std::move(*entry));
    const auto kept =
        co_await parts.store.keep(visit.tenant_id(), std::move(writes), std::move(log));
    if (!kept) {
        co_return kept.error();
    }
    co_return !kept->conflict.has_value();
}

}   // namespace

sdk::Task<std::optional<Refusal>> correct_record(ServiceParts& parts,
                                                 ports::CorrectCommand command) {
    const Visit visit(parts, command.asker);
    auto refusal = visit.refusal();
    if (refusal) {
        co_return refusal;
    }
    const auto subject = co_await parts.store.find_subject(visit.tenant_id(), command.handle);
    if (!subject) {
        co_return refusal_of(subject.error());
    }
    refusal = check(visit, command);
    const bool known = subject->has_value() && !(*subject)->wrapped_key.empty();
    if (!refusal && !known) {
        refusal = Refusal("records.not_found");
    }
    if (refusal) {
        auto entry = visit.entry(ports::LogKind::refused);
        entry.code = refusal->code;
        if (known) {
            entry.subject = (*subject)->handle;
        }
        std::vector<ports::NewLogEntry> entries;
        entries.push_back(std::move(entry));
        const auto written = co_await write_log(parts.store, visit.tenant_id(), std::move(entries));
        if (written.has_error()) {
            co_return refusal_of(written.error());
        }
        co_return refusal;
    }
    for (int tries = 0; tries < tries_max; ++tries) {
        const auto done = co_await write(parts, visit, command, **subject);
        if (!done) {
            co_return refusal_of(done.error());
        }
        if (*done) {
            co_return std::nullopt;
        }
    }
    const Refusal busy("service.overloaded");
    co_return busy;
}

}   // namespace gateway::records
