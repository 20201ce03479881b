#include "adapters/echo/echo_adapter.hpp"
#include "echo_schemas.hpp"
#include "gateway/sdk/abi_stamp.hpp"

namespace gateway::echo {
namespace {

std::vector<core::Problem> check_letter(std::string_view, const json::Value& message,
                                        const json::Value& with, std::span<const core::DocumentRef>,
                                        core::Time) {
    return check(message, with);
}

const sdk::Descriptor descriptor{sdk::current_abi_stamp(),
                                 "echo",
                                 "1.0.0",
                                 embedded::config_schema,
                                 embedded::route_schema,
                                 capabilities,
                                 check_letter,
                                 create,
                                 channel_of};

}   // namespace
}   // namespace gateway::echo

GATEWAY_ADAPTER(gateway::echo::descriptor)
