#include "gateway/records/feed_changes.hpp"

#include "gateway/core/life_events.hpp"
#include "gateway/records/authorise.hpp"
#include "gateway/records/register_answers.hpp"
#include "gateway/records/sealing.hpp"
#include "gateway/records/succession.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

// Of one transaction; a single change adds no more than the tenant has systems and datasets.
constexpr std::size_t step_max = 2'000;
constexpr std::size_t change_id_max = 200;
constexpr std::size_t births_max = 500;   // asked for at once
constexpr std::size_t parents_max = 8;    // of one child that are believed
constexpr std::chrono::seconds grace{2};
constexpr const char* born = "person.born";
constexpr const char* family = "family";
constexpr const char* national_ids = "nationalIds";

sdk::Task<core::Result<sdk::RegisterAnswer>>
ask_register(sdk::Registers& registers, sdk::RegisterQuery query, sdk::Deadline deadline) {
    co_return co_await registers.look_up(std::move(query), deadline);
}

bool is_birth(const sdk::Change& change) {
    return std::find(change.events.begin(), change.events.end(), born) != change.events.end();
}

ports::FeedTrouble not_stored() {
    return {"service.storage_failed", {}};
}

}   // namespace

FeedChanges::FeedChanges(const FollowerParts& parts, ports::FeedPlace place,
                         std::shared_ptr<const core::Configuration> configuration,
                         std::shared_ptr<const crypto::Vault> vault, ports::FeedCursor from)
    : parts_(parts),
      place_(std::move(place)),
      configuration_(std::move(configuration)),
      vault_(std::move(vault)),
      from_(std::move(from)) {}

sdk::Task<Taken> FeedChanges::take(std::vector<sdk::Change> changes, std::string cursor) {
    Taken taken;
    auto all = sound(std::move(changes));
    taken.trouble = co_await ask_for_parents(all);
    if (taken.trouble) {
        co_return taken;
    }
    taken.trouble = co_await ask_for_former(all);
    if (taken.trouble) {
        co_return taken;
    }
    for (const auto& change : all) {
        auto done = co_await take_one(change);
        if (done && (step_.outdated.size() >= step_max || step_.events.size() >= step_max)) {
            done = co_await write(from_.cursor);
        }
        if (!done) {
            taken.moved = done.error().is(core::Errc::conflict);
            taken.trouble = not_stored();
            co_return taken;
        }
    }
    const auto written = co_await write(std::move(cursor));
    if (!written) {
        taken.moved = written.error().is(core::Errc::conflict);
        taken.trouble = not_stored();
    }
    co_return taken;
}

/// Each change once; what cannot be understood is counted and left: nothing held has such a key.
std::vector<sdk::Change> FeedChanges::sound(std::vector<sdk::Change> changes) {
    const auto& catalogue = DatasetCatalogue::current();
    std::vector<sdk::Change> all;
    std::set<std::string> ids;
    std::uint64_t wrong = 0;
    std::uint64_t repeated = 0;
    for (auto& change : changes) {
        const auto* dataset = catalogue.find(change.dataset);
        if (dataset == nullptr || change.id.empty() || change.id.size() > change_id_max ||
            check_key(dataset->key, change.key, configuration_->records).refusal) {
            ++wrong;
        } else if (!ids.insert(change.id + "\n" + change.dataset + "\n" + change.key).second) {
            ++repeated;
        } else {
            all.push_back(std::move(change));
        }
    }
    const core::Params labels{{"connection", place_.connection.value},
                              {"tenant", place_.tenant.value}};
    if (wrong > 0) {
        parts_.metrics.count("sluse_feed_changes_left_out_total", labels, wrong);
        auto fields = labels;
        fields.emplace_back("count", std::to_string(wrong));
        parts_.log.write(sdk::Severity::warning, "feed_changes_left_out", fields);
    }
    if (repeated > 0) {
        parts_.metrics.count("sluse_feed_changes_repeated_total", labels, repeated);
    }
    return all;
}

sdk::Task<core::Result<FeedChanges::Known*>> FeedChanges::find(core::RecordKeyKind kind,
                                                               std::string key) {
    auto place = std::to_string(static_cast<int>(kind)) + "/" + key;
    if (const auto found = known_.find(place); found != known_.end()) {
        co_return &found->second;
    }
    auto subject = co_await parts_.store.find_subject_by_token(place_.tenant, kind,
                                                               key_token(*vault_, kind, key));
    if (!subject) {
        co_return subject.error();
    }
    Known known;
    if (subject->has_value() && !(*subject)->wrapped_key.empty()) {
        known.subject = std::move(**subject);
        auto rows = co_await parts_.store.records_of(place_.tenant, known.subject->handle);
        if (!rows) {
            co_return rows.error();
        }
        known.rows = std::move(*rows);
    }
    co_return &known_.emplace(std::move(place), std::move(known)).first->second;
}

sdk::Task<core::Result<void>> FeedChanges::take_one(const sdk::Change& change) {
    const auto kind = DatasetCatalogue::current().find(change.dataset)->key;
    auto found = co_await find(kind, change.key);
    if (!found) {
        co_return found.error();
    }
    const Known& known = **found;
    if (known.subject) {
        // Also without a record: one may be on its way.
        touched_.push_back(known.subject->handle);
        for (const auto& row : known.rows) {
            if (goes_with(row.dataset, change.dataset) &&
                outdated_.emplace(row.subject, row.dataset).second) {
                step_.outdated.emplace_back(row.subject, row.dataset);
            }
        }
        for (const auto& event : change.events) {
            if (core::dataset_of_event(event) == change.dataset) {
                tell(change, event, *known.subject, who_may_know(tenant(), event, known.rows));
            }
        }
    }
    if (change.renumbered && former_.contains(change.key)) {
        co_return co_await take_renumbered(change);
    }
    if (is_birth(change) && of_parents_.contains(change.key)) {
        co_return co_await take_birth(change);
    }
    co_return core::Result<void>();
}

/// A child of somebody who is known here becomes known itself: by its handle, and nothing else.
sdk::Task<core::Result<void>> FeedChanges::take_birth(const sdk::Change& change) {
    constexpr auto kind = core::RecordKeyKind::person;
    auto found = co_await find(kind, change.key);
    if (!found) {
        co_return found.error();
    }
    Known& child = **found;
    if (!child.subject) {
        std::vector<ports::Subject> wanted{
            new_subject(*vault_, parts_.ids, kind, change.key, parts_.clock.now())};
        auto made = co_await parts_.store.subjects(place_.tenant, std::move(wanted));
        if (!made) {
            co_return made.error();
        }
        child.subject = made->front();
        touched_.push_back(child.subject->handle);
    }
    tell(change, born, *child.subject, of_parents_.at(change.key));
    co_return core::Result<void>();
}

/// Who was known by a number before: known by the new one from now on, and told of by the handle
/// that systems have.
sdk::Task<core::Result<void>> FeedChanges::take_renumbered(const sdk::Change& change) {
    for (const auto& former : former_.at(change.key)) {
        auto found = co_await find(core::RecordKeyKind::person, former);
        if (!found) {
            co_return found.error();
        }
        const Known& known = **found;
        if (!known.subject) {
            continue;
        }
        const SuccessionParts with(parts_.store, *vault_, parts_.ids, place_.tenant,
                                   parts_.clock.now());
        const auto linked = co_await link_ended(with, known.subject->handle, change.key);
        if (!linked) {
            co_return linked.error();
        }
        touched_.push_back(known.subject->handle);
        for (const auto& event : change.events) {
            tell(change, event, *known.subject, who_may_know(tenant(), event, known.rows));
        }
    }
    co_return core::Result<void>();
}

void FeedChanges::tell(const sdk::Change& change, const std::string& event,
                       const ports::Subject& subject, const std::vector<Knower>& knowers) {
    for (const auto& knower : knowers) {
        step_.events.push_back(telling_of(place_.connection, change, event, subject, knower,
                                          parts_.ids.next<core::EventId>(), parts_.clock.now()));
    }
}

/// Whose children the newborn are: the feed does not say, so their family is asked for, for each
/// purpose that may be told of births and may see it. What is answered is not kept.
sdk::Task<std::optional<ports::FeedTrouble>>
FeedChanges::ask_for_parents(std::vector<sdk::Change> changes) {
    std::vector<std::string> children;
    for (const auto& change : changes) {
        if (is_birth(change)) {
            children.push_back(change.key);
        }
    }
    const auto& dataset = *DatasetCatalogue::current().find("person");
    for (const auto& [id, purpose] : tenant().purposes) {
        const auto allowed = purpose.datasets.find(dataset.id);
        if (!purpose.events.contains(born) || allowed == purpose.datasets.end() ||
            !allowed->second.contains(family)) {
            continue;
        }
        std::vector<sdk::RegisterEntry> entries;
        auto trouble =
            co_await ask_of_persons(id, family, children, "feed_births_not_told", entries);
        if (trouble) {
            co_return trouble;
        }
        for (auto& entry : entries) {
            const auto noted = co_await note_parents(entry.key, entry.value[family], purpose);
            if (!noted) {
                co_return not_stored();
            }
        }
    }
    co_return std::nullopt;
}

/// For the first purpose that may know a person's numbers: who is known here is the same for all.
sdk::Task<std::optional<ports::FeedTrouble>>
FeedChanges::ask_for_former(std::vector<sdk::Change> changes) {
    std::vector<std::string> keys;
    for (const auto& change : changes) {
        if (change.renumbered) {
            keys.push_back(change.key);
        }
    }
    for (const auto& [id, purpose] : tenant().purposes) {
        const auto allowed = purpose.datasets.find("person");
        if (keys.empty() || allowed == purpose.datasets.end() ||
            !allowed->second.contains(national_ids)) {
            continue;
        }
        std::vector<sdk::RegisterEntry> entries;
        auto trouble =
            co_await ask_of_persons(id, national_ids, keys, "feed_numbers_not_linked", entries);
        if (trouble) {
            co_return trouble;
        }
        for (const auto& entry : entries) {
            const auto said = read_national_ids(entry.value[national_ids]);
            if (said.current == entry.key) {
                former_[entry.key] = said.former;
            }
        }
        if (!entries.empty()) {
            break;
        }
    }
    co_return std::nullopt;
}

sdk::Task<std::optional<ports::FeedTrouble>>
FeedChanges::ask_of_persons(core::PurposeId purpose, std::string field,
                            std::vector<std::string> keys, const char* not_told,
                            std::vector<sdk::RegisterEntry>& entries) {
    const auto& dataset = *DatasetCatalogue::current().find("person");
    for (std::size_t first = 0; first < keys.size(); first += births_max) {
        const auto last = std::min(keys.size(), first + births_max);
        sdk::RegisterQuery query;
        query.tenant = place_.tenant;
        query.dataset = dataset.id;
        query.purpose = purpose.value;
        query.fields = {field};
        query.keys.assign(keys.begin() + static_cast<std::ptrdiff_t>(first),
                          keys.begin() + static_cast<std::ptrdiff_t>(last));
        const auto asked_keys = query.keys;
        const auto time_max = configuration_->records.look_up_time_max;
        auto asked = ask_register(parts_.connections.registers(), std::move(query),
                                  parts_.clock.in(time_max));
        const auto deadline = parts_.clock.in(time_max + grace);
        auto answer = co_await runtime::with_deadline(parts_.clock, deadline, std::move(asked));
        if (answer.has_error()) {
            co_return ports::FeedTrouble("records.register_slow", {{"dataset", dataset.id}});
        }
        if (answer->failure && answer->failure->passing) {
            co_return ports::FeedTrouble(answer->failure->code, answer->failure->params);
        }
        if (answer->failure) {
            parts_.log.write(sdk::Severity::error, not_told,
                             {{"connection", place_.connection.value},
                              {"tenant", place_.tenant.value},
                              {"purpose", purpose.value},
                              {"code", answer->failure->code.value}});
            break;   // waiting does not help: this purpose does without
        }
        if (const auto wrong = check_answer(dataset, asked_keys, *answer)) {
            co_return ports::FeedTrouble(wrong->code, wrong->params);
        }
        for (auto& entry : answer->entries) {
            entries.push_back(std::move(entry));
        }
    }
    co_return std::nullopt;
}

sdk::Task<core::Result<void>> FeedChanges::note_parents(std::string child, json::Value of,
                                                        const core::PurposeConfig& purpose) {
    const auto& parents = of["parents"].items();
    for (std::size_t i = 0; i < parents.size() && i < parents_max; ++i) {
        const std::string& key = parents[i]["nationalId"].as_string();
        if (check_key(core::RecordKeyKind::person, key, configuration_->records).refusal) {
            continue;   // without a number, and so not held
        }
        auto parent = co_await find(core::RecordKeyKind::person, key);
        if (!parent) {
            co_return parent.error();
        }
        for (auto& knower : who_may_know(tenant(), purpose, born, (*parent)->rows)) {
            auto& all = of_parents_[child];
            const bool there = std::any_of(all.begin(), all.end(), [&](const Knower& one) {
                return one.system == knower.system;
            });
            if (!there) {
                all.push_back(std::move(knower));
            }
        }
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> FeedChanges::write(std::string cursor) {
    step_.connection = place_.connection;
    step_.tenant = place_.tenant;
    step_.cursor = std::move(cursor);
    step_.expected = from_.version;
    step_.at = parts_.clock.now();
    // First: whoever keeps an answer from now on knows that it may be of before.
    parts_.touches.note(touched_, parts_.clock.steady());
    GATEWAY_CRASH_POINT("feeds.taken");
    auto step = std::move(step_);
    step_ = ports::FeedStep();
    outdated_.clear();
    touched_.clear();
    std::vector<core::Params> told;   // counted when they are: a step that failed is taken again
    for (const auto& one : step.events) {
        told.push_back({{"tenant", place_.tenant.value},
                        {"system", one.system.value},
                        {"event", one.event.name}});
    }
    const auto advanced = co_await parts_.store.advance_feed(std::move(step));
    if (!advanced) {
        co_return advanced.error();
    }
    GATEWAY_CRASH_POINT("feeds.advanced");
    for (const auto& labels : told) {
        parts_.metrics.count("sluse_life_events_total", labels, 1);
    }
    ++from_.version;
    co_return core::Result<void>();
}

}   // namespace gateway::records
