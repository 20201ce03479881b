#include "adapters/digital_post/dpi_adapter.hpp"
#include "adapters/digital_post/dpi_rules.hpp"
#include "digital_post_schemas.hpp"
#include "gateway/sdk/abi_stamp.hpp"

namespace gateway::digital_post {
namespace {

std::vector<core::Problem> check(std::string_view, const json::Value& message,
                                 const json::Value& with,
                                 std::span<const core::DocumentRef> documents, core::Time) {
    return check_letter(message, service_of(with), documents);
}

core::Channel channel_of(const json::Value& with) {
    return service_of(with) == Service::print ? core::Channel::paper : core::Channel::digital;
}

const sdk::Descriptor descriptor{sdk::current_abi_stamp(),
                                 "digital_post",
                                 "1.0.0",
                                 embedded::config_schema,
                                 embedded::route_schema,
                                 capabilities,
                                 check,
                                 create,
                                 channel_of};

}   // namespace
}   // namespace gateway::digital_post

GATEWAY_ADAPTER(gateway::digital_post::descriptor)
