// An adapter built against other headers.
#include "gateway/sdk/adapter.hpp"

namespace {

const gateway::sdk::Descriptor& descriptor() {
    static gateway::sdk::Descriptor made;
    made.stamp = gateway::sdk::make_abi_stamp("0000", __VERSION__);
    made.name = "wrong_stamp";
    return made;
}

}   // namespace

GATEWAY_ADAPTER(descriptor())
