#include "adapters/fiks_io/fiks_adapter.hpp"
#include "fiks_io_schemas.hpp"
#include "gateway/sdk/abi_stamp.hpp"

namespace gateway::fiks_io {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                 std::span<const core::DocumentRef>, core::Time) {
    return {};
}

const sdk::Descriptor descriptor{
    sdk::current_abi_stamp(), "fiks_io",    "1.0.0", embedded::config_schema,
    embedded::route_schema,   capabilities, check,   create};

}   // namespace
}   // namespace gateway::fiks_io

GATEWAY_ADAPTER(gateway::fiks_io::descriptor)
