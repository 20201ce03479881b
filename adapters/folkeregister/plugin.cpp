#include "adapters/folkeregister/freg_adapter.hpp"
#include "folkeregister_schemas.hpp"
#include "gateway/sdk/abi_stamp.hpp"

namespace gateway::folkeregister {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                 std::span<const core::DocumentRef>, core::Time) {
    return {};
}

const sdk::Descriptor descriptor{sdk::current_abi_stamp(),
                                 "folkeregister",
                                 "1.0.0",
                                 embedded::config_schema,
                                 embedded::route_schema,
                                 capabilities,
                                 check,
                                 create,
                                 nullptr,
                                 datasets};

}   // namespace
}   // namespace gateway::folkeregister

GATEWAY_ADAPTER(gateway::folkeregister::descriptor)
