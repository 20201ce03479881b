#include "adapters/altinn_forms/forms_adapter.hpp"
#include "altinn_forms_schemas.hpp"
#include "gateway/sdk/abi_stamp.hpp"

namespace gateway::altinn_forms {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                 std::span<const core::DocumentRef>, core::Time) {
    return {};
}

const sdk::Descriptor descriptor{
    sdk::current_abi_stamp(), "altinn_forms", "1.0.0", embedded::config_schema,
    embedded::route_schema,   capabilities,   check,   create};

}   // namespace
}   // namespace gateway::altinn_forms

GATEWAY_ADAPTER(gateway::altinn_forms::descriptor)
