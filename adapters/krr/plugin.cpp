#include "adapters/krr/krr_adapter.hpp"
#include "gateway/sdk/abi_stamp.hpp"
#include "krr_schemas.hpp"

namespace gateway::krr {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                 std::span<const core::DocumentRef>, core::Time) {
    return {};
}

const sdk::Descriptor descriptor{sdk::current_abi_stamp(),
                                 "krr",
                                 "1.0.0",
                                 embedded::config_schema,
                                 embedded::route_schema,
                                 capabilities,
                                 check,
                                 create,
                                 nullptr,
                                 datasets};

}   // namespace
}   // namespace gateway::krr

GATEWAY_ADAPTER(gateway::krr::descriptor)
