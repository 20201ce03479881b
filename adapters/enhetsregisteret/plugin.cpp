#include "adapters/enhetsregisteret/brreg_adapter.hpp"
#include "enhetsregisteret_schemas.hpp"
#include "gateway/sdk/abi_stamp.hpp"

namespace gateway::enhetsregisteret {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                 std::span<const core::DocumentRef>, core::Time) {
    return {};
}

const sdk::Descriptor descriptor{sdk::current_abi_stamp(),
                                 "enhetsregisteret",
                                 "1.0.0",
                                 embedded::config_schema,
                                 embedded::route_schema,
                                 capabilities,
                                 check,
                                 create,
                                 nullptr,
                                 datasets};

}   // namespace
}   // namespace gateway::enhetsregisteret

GATEWAY_ADAPTER(gateway::enhetsregisteret::descriptor)
