#include "adapters/altinn_broker/broker_adapter.hpp"
#include "adapters/altinn_broker/broker_transfer.hpp"
#include "altinn_broker_schemas.hpp"
#include "gateway/sdk/abi_stamp.hpp"

namespace gateway::altinn_broker {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value& message, const json::Value&,
                                 std::span<const core::DocumentRef> documents, core::Time) {
    return check_transfer(message, documents);
}

const sdk::Descriptor descriptor{
    sdk::current_abi_stamp(), "altinn_broker", "1.0.0", embedded::config_schema,
    embedded::route_schema,   capabilities,    check,   create};

}   // namespace
}   // namespace gateway::altinn_broker

GATEWAY_ADAPTER(gateway::altinn_broker::descriptor)
