#pragma once

// A system user for an organisation, asked for and followed: a person of that organisation approves
// at the address Altinn gives. Every adapter of the platform offers it, since whoever needs a
// system user has a connection that is to act as one.

#include "adapters/common/altinn/platform_client.hpp"
#include "adapters/common/altinn/system_user_wish.hpp"

namespace gateway::altinn_platform {

/// The operator's wishes "request-system-user" and "system-user", both with the members of
/// read_wish() and both answered by shown_wish() with `request`; "system-user" changes nothing.
/// Asked for again with the same organisation and reference, what there is is shown, not made
/// twice. Lives on its connection's strand; `access` outlives it; stop() before it goes.
class SystemUsers {
public:
    SystemUsers(const Access& access, SystemUserSettings settings, sdk::Host& host)
        : access_(access), settings_(std::move(settings)), client_(access, host) {}

    static bool knows(std::string_view act);
    sdk::Task<sdk::ActAnswer> act(sdk::Act act, sdk::Deadline deadline);
    sdk::Task<void> stop() { return client_.stop(); }

private:
    sdk::Task<sdk::ActAnswer> request(const SystemUserWish& wish, sdk::Deadline deadline);
    sdk::Task<sdk::ActAnswer> look(const SystemUserWish& wish, sdk::Deadline deadline);
    sdk::TokenRequest token() const;

    const Access& access_;
    SystemUserSettings settings_;
    PlatformClient client_;
};

}   // namespace gateway::altinn_platform
