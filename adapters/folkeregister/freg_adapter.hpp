#pragma once

// Folkeregisteret through KS Fiks as a Register and a Feed. It carries no messages.

#include "adapters/common/fiks/fiks_client.hpp"
#include "adapters/common/registers/look_ups.hpp"
#include "adapters/folkeregister/freg_events.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace gateway::folkeregister {

/// Persons, asked for through the purpose's role. Lives on its connection's strand.
class Persons final : public registers::Source {
public:
    Persons(const Settings& settings, sdk::Host& host)
        : settings_(settings), host_(host), client_(settings.access, host) {}
    sdk::Task<registers::Reading> ask(registers::Lane lane, registers::Keys keys,
                                      sdk::Deadline deadline) override;

private:
    sdk::Task<registers::Reading> ask_once(const Question& question, const registers::Keys& keys,
                                           sdk::Deadline deadline);

    const Settings& settings_;
    sdk::Host& host_;
    fiks_platform::Client client_;
};

/// Events, read with the feed's role. Lives on its connection's strand.
class EventList {
public:
    EventList(const Settings& settings, sdk::Host& host)
        : settings_(settings), host_(host), client_(settings.access, host) {}
    sdk::Task<sdk::ChangePage> after(std::string cursor, sdk::Deadline deadline);
    /// The newest event's number, or why it is not known.
    struct Newest {
        std::uint64_t number = 0;
        std::optional<sdk::RegisterFailure> failure;

        Newest() = default;
    };
    sdk::Task<Newest> newest(sdk::Deadline deadline);

private:
    sdk::Task<fiks_platform::Reply> get(const Place& place, sdk::Deadline deadline);
    sdk::Task<std::optional<sdk::RegisterFailure>> complete(Events& events, sdk::Deadline deadline);
    /// The place after an answer without events.
    sdk::Task<sdk::ChangePage> at_end(Place place, std::string tag, sdk::Deadline deadline);

    const Settings& settings_;
    sdk::Host& host_;
    fiks_platform::Client client_;
};

/// Lives on its connection's strand. stop() cancels what is asked; later look-ups answer
/// `connection.not_running`.
class FolkeregisterAdapter final : public sdk::Adapter, public sdk::Register, public sdk::Feed {
public:
    FolkeregisterAdapter(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Needs needs(const core::TenantId& tenant) const override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) override;
    sdk::Register* registry() override { return this; }
    sdk::Feed* feed() override { return settings_.feed_role.empty() ? nullptr : this; }

    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query,
                                           sdk::Deadline deadline) override;
    sdk::Task<sdk::ChangePage> changes(core::TenantId tenant, std::string cursor,
                                       sdk::Deadline deadline) override;
    /// Nobody may have all persons: `register.no_load`.
    sdk::Task<sdk::LoadAnswer> load(core::TenantId tenant, sdk::RegisterIntake& into) override;

private:
    Settings settings_;
    registers::Pauses pauses_;
    Persons persons_;
    registers::LookUps look_ups_;
    EventList events_;
};

std::span<const sdk::Capability> capabilities();
std::span<const std::string_view> datasets();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::folkeregister
