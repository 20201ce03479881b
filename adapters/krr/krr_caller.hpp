#pragma once

// One call to the register, with a token of the tenant or without. A 401 takes a new token once and
// no more.

#include "adapters/krr/krr_settings.hpp"

#include <functional>
#include <optional>

namespace gateway::krr {

/// An answer of the register's own, or why there is none.
struct Reply {
    std::optional<sdk::HttpResponse> response;
    sdk::RegisterFailure failure;   // without a response
    core::Time asked_at{};          // when it was sent: what it says is no younger

    Reply() = default;
};

/// Lives on its connection's strand.
class Caller {
public:
    using Make = std::function<sdk::HttpRequest()>;

    Caller(const Settings& settings, sdk::Host& host) : settings_(settings), host_(host) {}

    sdk::Task<Reply> call_with_token(core::TenantId tenant, Make make, sdk::Deadline deadline);
    sdk::Task<Reply> call(Make make, sdk::Deadline deadline);

private:
    sdk::Task<Reply> send(sdk::HttpRequest request, sdk::Deadline deadline);

    const Settings& settings_;
    sdk::Host& host_;
};

}   // namespace gateway::krr
