#include "adapters/folkeregister/freg_adapter.hpp"

namespace gateway::folkeregister {

sdk::Needs FolkeregisterAdapter::needs(const core::TenantId&) const {
    sdk::Needs needs;
    needs.places.push_back(settings_.access.base_url);
    needs.tokens.push_back(fiks_platform::token_request(settings_.access));
    return needs;
}

/// The newest event's number, of the feed's role. Without one there is nothing to ask that is about
/// nobody: then what is known of the last look-up, which proves nothing new.
sdk::Task<sdk::ProbeAnswer> FolkeregisterAdapter::probe(core::TenantId, sdk::Deadline deadline) {
    if (settings_.feed_role.empty()) {
        co_return sdk::read_probe(pauses_.health());
    }
    const auto newest = co_await events_.newest(deadline);
    if (newest.failure) {
        co_return sdk::ProbeAnswer(sdk::Finding::red, newest.failure->code, newest.failure->params);
    }
    sdk::ProbeAnswer read(sdk::Finding::green, {});
    read.proves_access = true;
    co_return read;
}

}   // namespace gateway::folkeregister
