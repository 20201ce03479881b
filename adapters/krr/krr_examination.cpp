#include "adapters/krr/krr_adapter.hpp"

namespace gateway::krr {

sdk::Needs KrrAdapter::needs(const core::TenantId& tenant) const {
    sdk::Needs needs;
    needs.places.push_back(settings_.base_url);
    needs.tokens.push_back(token_request(settings_, tenant));
    return needs;
}

/// Asks about nobody: an empty list. A register that says so (400, 422), or answers with an empty
/// one, has taken the token and its scope; a token without the scope is refused before the question
/// is read.
sdk::Task<sdk::ProbeAnswer> KrrAdapter::probe(core::TenantId tenant, sdk::Deadline deadline) {
    Caller::Make make = [this] { return persons_request(settings_, {}); };
    const auto reply =
        co_await probe_.call_with_token(std::move(tenant), std::move(make), deadline);
    if (!reply.response) {
        co_return sdk::ProbeAnswer(sdk::Finding::red, reply.failure.code, reply.failure.params);
    }
    auto read = sdk::read_probe(*reply.response);
    const int status = reply.response->status;
    const bool page = reply.response->header("Content-Type").starts_with("text/html");
    if ((status == 400 || status == 422) && !page) {
        read.finding = sdk::Finding::green;
        read.code = {};
        read.proves_access = true;
    }
    co_return read;
}

}   // namespace gateway::krr
