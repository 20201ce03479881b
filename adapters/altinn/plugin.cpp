#include "adapters/altinn/altinn_adapter.hpp"
#include "adapters/altinn/altinn_rules.hpp"
#include "altinn_schemas.hpp"
#include "gateway/sdk/abi_stamp.hpp"

namespace gateway::altinn {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value& message, const json::Value&,
                                 std::span<const core::DocumentRef> documents, core::Time now) {
    return check_letter(message, documents, now);
}

/// Altinn looks up reservations itself and refuses with CORR-01030.
core::Channel channel_of(const json::Value&) {
    return core::Channel::portal;
}

const sdk::Descriptor descriptor{sdk::current_abi_stamp(),
                                 "altinn",
                                 "1.0.0",
                                 embedded::config_schema,
                                 embedded::route_schema,
                                 capabilities,
                                 check,
                                 create,
                                 channel_of};

}   // namespace
}   // namespace gateway::altinn

GATEWAY_ADAPTER(gateway::altinn::descriptor)
