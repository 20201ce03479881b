#include "adapters/svarinn/svarinn_adapter.hpp"
#include "gateway/sdk/abi_stamp.hpp"
#include "svarinn_schemas.hpp"

namespace gateway::svarinn {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                 std::span<const core::DocumentRef>, core::Time) {
    return {};
}

const sdk::Descriptor descriptor{
    sdk::current_abi_stamp(), "svarinn",    "1.0.0", embedded::config_schema,
    embedded::route_schema,   capabilities, check,   create};

}   // namespace
}   // namespace gateway::svarinn

GATEWAY_ADAPTER(gateway::svarinn::descriptor)
