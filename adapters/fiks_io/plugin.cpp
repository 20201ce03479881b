#include "adapters/fiks_io/arkiv/arkiv.hpp"
#include "adapters/fiks_io/fiks_adapter.hpp"
#include "adapters/fiks_io/fiks_message.hpp"
#include "fiks_io_schemas.hpp"
#include "gateway/sdk/abi_stamp.hpp"

namespace gateway::fiks_io {
namespace {

std::vector<core::Problem> check(std::string_view type, const json::Value& message,
                                 const json::Value& with,
                                 std::span<const core::DocumentRef> documents, core::Time) {
    if (type == "protocol/v1") {
        return check_message(message, documents);
    }
    auto problems = arkiv::check(message, documents);
    if (with["to"].as_string().empty()) {
        problems.emplace_back("", "fiks_io.receiver_not_named");
    }
    return problems;
}

const sdk::Descriptor descriptor{
    sdk::current_abi_stamp(), "fiks_io",    "1.0.0", embedded::config_schema,
    embedded::route_schema,   capabilities, check,   create};

}   // namespace
}   // namespace gateway::fiks_io

GATEWAY_ADAPTER(gateway::fiks_io::descriptor)
