#include "gateway/sdk/adapter.hpp"

namespace gateway::sdk {

Task<ActAnswer> Adapter::act(Act, Deadline) {
    ActAnswer answer;
    answer.code = "connection.no_such_act";
    co_return answer;
}

}   // namespace gateway::sdk
