#include "gateway/sdk/receiver.hpp"

namespace gateway::sdk {

/// Of an adapter that never asked to be told.
Task<Outcome> Receiver::settled(InboundSettled, Deadline) {
    co_return Outcome(Verdict::accepted);
}

}   // namespace gateway::sdk
