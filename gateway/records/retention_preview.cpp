#include "gateway/records/retention_preview.hpp"

#include "gateway/records/message_eraser.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

constexpr std::size_t looked_at_once = 500;
// Of each type: somebody waits for the answer. More are said to be there.
constexpr std::size_t looked_at_max = 100'000;

/// The shorter of its terms: nothing younger is due.
std::chrono::hours first_term(const core::MessageRetention& rule) {
    return std::min(rule.content.value_or(core::retention_max),
                    rule.unfinished.value_or(core::retention_max));
}

}   // namespace

sdk::Task<sdk::Result<bool>> RetentionPreview::is_person_held(core::TenantId tenant,
                                                              std::vector<std::string> tokens) {
    for (auto& token : tokens) {
        const auto found = co_await parts_.records.find_subject_by_token(
            tenant, core::RecordKeyKind::person, std::move(token));
        if (!found) {
            co_return found.error();
        }
        if (*found && (*found)->legal_hold) {
            co_return true;
        }
    }
    co_return false;
}

sdk::Task<sdk::Result<void>> RetentionPreview::look_at_contents(ports::RetentionSight& sight) {
    const auto vault = parts_.vaults.find(sight.tenant);
    const auto configuration = parts_.configuration.current();
    const auto now = parts_.clock.now();
    ports::RetentionMark from;
    std::size_t looked_at = 0;
    for (;;) {
        ports::RetentionQuery query;
        query.tenant = sight.tenant;
        query.kind = sight.kind;
        query.type = sight.type;
        query.now = now;
        query.before = now - first_term(sight.rule);
        query.limit = looked_at_once;
        query.from = from;
        const auto page = co_await parts_.retention.retention_page(std::move(query));
        if (!page) {
            co_return page.error();
        }
        for (const auto& content : page->items) {
            const auto ends = content_ends(sight.rule, content);
            if (content.open) {
                ++sight.open;
            } else if (!ends) {
                sight.unfinished += content.finished ? 0 : 1;
            } else if (*ends <= now && content.held) {
                ++sight.held;
            } else if (*ends <= now) {
                const auto said = vault ? open_kept(*vault, content) : std::nullopt;
                if (!said) {
                    ++sight.unreadable;
                    continue;
                }
                auto persons = persons_in(*vault, *said, configuration->records);
                const auto held = co_await is_person_held(sight.tenant, std::move(persons));
                if (!held) {
                    co_return held.error();
                }
                ++(*held ? sight.person_held : sight.content_due);
            }
        }
        looked_at += looked_at_once;
        if (!page->more || !page->mark) {
            co_return sdk::Result<void>();
        }
        if (looked_at >= looked_at_max) {
            sight.complete = false;
            co_return sdk::Result<void>();
        }
        from = *page->mark;
    }
}

sdk::Task<sdk::Result<void>> RetentionPreview::look_at_bare(ports::RetentionSight& sight) {
    if (!sight.rule.record) {
        co_return sdk::Result<void>();
    }
    ports::BareRemoval command;
    command.tenant = sight.tenant;
    command.kind = sight.kind;
    command.type = sight.type;
    command.at = parts_.clock.now();
    command.erased_before = command.at - *sight.rule.record;
    command.limit = looked_at_max;
    const auto counted = co_await parts_.retention.count_bare(std::move(command));
    if (!counted) {
        co_return counted.error();
    }
    sight.record_due = counted->removed;
    sight.record_held = counted->held;
    sight.record_unread = counted->unread;
    sight.complete = sight.complete && !counted->more;
    co_return sdk::Result<void>();
}

sdk::Task<sdk::Result<ports::QuarantineSight>>
RetentionPreview::look_at_quarantine(core::TenantId tenant, std::chrono::hours kept) {
    ports::QuarantineSight sight;
    sight.tenant = tenant;
    sight.kept = kept;
    auto term = quarantine_term(tenant, kept, parts_.clock.now());
    term.limit = looked_at_max;
    const auto counted = co_await parts_.retention.count_quarantined(std::move(term));
    if (!counted) {
        co_return counted.error();
    }
    const auto ending = co_await parts_.retention.quarantine_ending(tenant);
    if (!ending) {
        co_return ending.error();
    }
    sight.due = counted->erased;
    sight.to_tell = counted->told;
    sight.held = counted->held;
    sight.complete = !counted->more;
    sight.told = ending->count;
    if (ending->count > 0) {
        sight.first_told = ending->told;
    }
    co_return sight;
}

sdk::Task<sdk::Result<ports::RetentionForesight>>
RetentionPreview::preview(std::optional<core::TenantId> tenant) {
    const auto rules = parts_.rules();
    ports::RetentionForesight foresight;
    for (const auto& [whose, types] : *rules) {
        if (tenant && whose != *tenant) {
            continue;
        }
        for (const auto& [type, rule] : types) {
            for (const auto kind : {ports::KeptKind::message, ports::KeptKind::inbox_item}) {
                ports::RetentionSight sight;
                sight.tenant = whose;
                sight.type = type;
                sight.kind = kind;
                sight.rule = rule;
                const auto contents = co_await look_at_contents(sight);
                if (!contents) {
                    co_return contents.error();
                }
                const auto bare = co_await look_at_bare(sight);
                if (!bare) {
                    co_return bare.error();
                }
                foresight.contents.push_back(std::move(sight));
            }
        }
    }
    const auto configuration = parts_.configuration.current();
    for (const auto& [whose, settings] : configuration->tenants) {
        if (!settings.quarantine_kept || (tenant && whose != *tenant)) {
            continue;
        }
        auto sight = co_await look_at_quarantine(whose, *settings.quarantine_kept);
        if (!sight) {
            co_return sight.error();
        }
        foresight.quarantines.push_back(std::move(*sight));
    }
    co_return foresight;
}

}   // namespace gateway::records
