#include "adapters/svarut/svarut_adapter.hpp"
#include "adapters/svarut/svarut_rules.hpp"
#include "gateway/sdk/abi_stamp.hpp"
#include "svarut_schemas.hpp"

namespace gateway::svarut {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value& message,
                                 const json::Value& with,
                                 std::span<const core::DocumentRef> documents, core::Time) {
    return check_shipment(message, with, documents);
}

/// Where SvarUt chooses, it minds reservations itself, and prints instead.
core::Channel channel_of(const json::Value& with) {
    switch (read_route(with).way) {
    case Way::print: return core::Channel::paper;
    case Way::digital: return core::Channel::digital;
    case Way::any: break;
    }
    return core::Channel::portal;
}

const sdk::Descriptor descriptor{sdk::current_abi_stamp(),
                                 "svarut",
                                 "1.0.0",
                                 embedded::config_schema,
                                 embedded::route_schema,
                                 capabilities,
                                 check,
                                 create,
                                 channel_of};

}   // namespace
}   // namespace gateway::svarut

GATEWAY_ADAPTER(gateway::svarut::descriptor)
