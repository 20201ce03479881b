#include "gateway/sdk/adapter.hpp"

namespace gateway::sdk {

Task<ActAnswer> Adapter::act(Act, Deadline) {
    ActAnswer answer;
    answer.code = "connection.no_such_act";
    co_return answer;
}

Needs Adapter::needs(const core::TenantId&) const {
    return {};
}

Task<ProbeAnswer> Adapter::probe(core::TenantId, Deadline deadline) {
    auto health = co_await check_health(deadline);
    co_return read_probe(std::move(health));
}

}   // namespace gateway::sdk
