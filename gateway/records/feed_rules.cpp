#include "gateway/records/feed_rules.hpp"

#include "gateway/core/life_events.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/json/value.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

constexpr std::string_view gap_before_cursor = "gap ";

bool was_fetched_for(const ports::RecordRow& row, const core::PurposeId& purpose) {
    const auto purposes = json::parse(row.purposes);
    return purposes &&
           std::any_of(purposes->items().begin(), purposes->items().end(),
                       [&](const auto& one) { return one.as_string() == purpose.value; });
}

bool was_published_by(const core::TenantConfig& tenant, const ports::RecordRow& row,
                      const core::SystemId& system) {
    return tenant.datasets.contains(row.dataset) && row.source == system.value;
}

}   // namespace

bool goes_with(std::string_view held, std::string_view changed) {
    return held == changed || (held.starts_with(changed) && held[changed.size()] == '.');
}

std::vector<Knower> who_may_know(const core::TenantConfig& tenant,
                                 const core::PurposeConfig& purpose, std::string_view event,
                                 const std::vector<ports::RecordRow>& held) {
    std::vector<Knower> knowers;
    const bool fetched = std::any_of(held.begin(), held.end(), [&](const auto& row) {
        return was_fetched_for(row, purpose.id);
    });
    for (const auto& [id, system] : tenant.systems) {
        const auto& who = id;
        const bool knows = fetched || std::any_of(held.begin(), held.end(), [&](const auto& row) {
                               return was_published_by(tenant, row, who);
                           });
        if (knows && core::may_be_told(purpose, system.grants, event)) {
            knowers.emplace_back(id, purpose.id);
        }
    }
    return knowers;
}

std::vector<Knower> who_may_know(const core::TenantConfig& tenant, std::string_view event,
                                 const std::vector<ports::RecordRow>& held) {
    std::vector<Knower> all;
    for (const auto& [id, purpose] : tenant.purposes) {
        for (auto& knower : who_may_know(tenant, purpose, event, held)) {
            const bool told = std::any_of(all.begin(), all.end(), [&](const Knower& one) {
                return one.system == knower.system;
            });
            if (!told) {
                all.push_back(std::move(knower));
            }
        }
    }
    return all;
}

std::vector<Knower> who_follows(const core::TenantConfig& tenant,
                                const std::vector<std::string>& datasets) {
    std::vector<Knower> all;
    for (const auto& [system, settings] : tenant.systems) {
        const auto follows = [&, &grants = settings.grants](const auto& purpose) {
            return std::any_of(purpose.second.events.begin(), purpose.second.events.end(),
                               [&](const std::string& event) {
                                   const auto dataset = core::dataset_of_event(event);
                                   return std::find(datasets.begin(), datasets.end(), dataset) !=
                                              datasets.end() &&
                                          core::may_be_told(purpose.second, grants, event);
                               });
        };
        const auto purpose = std::find_if(tenant.purposes.begin(), tenant.purposes.end(), follows);
        if (purpose != tenant.purposes.end()) {
            all.emplace_back(system, purpose->first);
        }
    }
    return all;
}

std::string kept_cursor(const std::string& gap, const std::string& cursor) {
    return gap.empty() ? cursor : std::string(gap_before_cursor) + gap + "\n" + cursor;
}

std::pair<std::string, std::string> split_cursor(const std::string& kept) {
    const auto end = kept.find('\n');
    if (!kept.starts_with(gap_before_cursor) || end == std::string::npos) {
        return {std::string(), kept};
    }
    return {kept.substr(gap_before_cursor.size(), end - gap_before_cursor.size()),
            kept.substr(end + 1)};
}

std::string telling_id(const core::ConnectionId& connection, const std::string& change,
                       std::string_view event, core::Uuid subject) {
    // Names and ids of ours hold no line breaks; a register's id stands last.
    return crypto::sha256(connection.value + "\n" + std::string(event) + "\n" +
                          subject.to_string() + "\n" + change)
        .to_hex();
}

ports::FeedStep::Telling telling_of(const core::ConnectionId& connection, const sdk::Change& change,
                                    const std::string& event, const ports::Subject& subject,
                                    const Knower& knower, core::EventId id, core::Time now) {
    ports::FeedStep::Telling telling;
    telling.system = knower.system;
    telling.subject = subject.handle;
    telling.dedupe_id = telling_id(connection, change.id, event, subject.handle);
    telling.event.id = id;
    telling.event.at = now;
    telling.event.name = event;
    telling.event.code = core::Code(event);
    telling.event.params = {{"purpose", knower.purpose.value},
                            {"registered", core::to_rfc3339(change.at)}};
    if (subject.kind == core::RecordKeyKind::organisation) {
        telling.event.params.emplace_back("organisation", change.key);
    }
    ports::NewLogEntry entry;
    entry.kind = ports::LogKind::told;
    entry.at = now;
    entry.system = knower.system;
    entry.purpose = knower.purpose;
    entry.dataset = std::string(core::dataset_of_event(event));
    entry.fields = {event};
    entry.subject = subject.handle;
    telling.log = std::move(entry);
    return telling;
}

ports::FeedStep::Telling telling_of_gap(const FeedGap& gap, const Knower& knower, core::EventId id,
                                        core::Time now) {
    std::string datasets;
    for (const auto& dataset : gap.datasets) {
        datasets += datasets.empty() ? dataset : "," + dataset;
    }
    const std::string event(gap.closed ? core::gap_closed_event : core::gap_event);
    ports::FeedStep::Telling telling;
    telling.system = knower.system;
    telling.subject = gap.feed;
    telling.dedupe_id =
        telling_id(gap.connection, std::to_string(gap.cursor_version), event, gap.feed);
    telling.event.id = id;
    telling.event.at = now;
    telling.event.name = event;
    telling.event.code = core::Code(event);
    telling.event.params = {{"purpose", knower.purpose.value},
                            {"registered", core::to_rfc3339(now)},
                            {"datasets", std::move(datasets)},
                            {"why", gap.why.value}};
    return telling;
}

}   // namespace gateway::records
