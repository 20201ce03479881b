#include "gateway/sdk/receiver.hpp"

namespace gateway::sdk {

/// Of an adapter that never asked to be told.
Task<Outcome> Receiver::settled(InboundSettled, Deadline) {
    co_return Outcome(Verdict::accepted);
}

Task<CallbackAnswer> Receiver::on_callback(Callback, Deadline) {
    co_return CallbackAnswer::stranger;
}

}   // namespace gateway::sdk
