#include "gateway/host/registers.hpp"

#include <utility>

namespace gateway::host {
namespace {

sdk::RegisterAnswer none(const std::string& dataset) {
    sdk::RegisterAnswer answer;
    answer.failure.emplace();
    answer.failure->code = core::Code("register.none");
    answer.failure->params = {{"dataset", dataset}};
    answer.failure->passing = false;
    return answer;
}

}   // namespace

sdk::Task<sdk::RegisterAnswer> AllRegisters::look_up(sdk::RegisterQuery query,
                                                     sdk::Deadline deadline) {
    const auto owner = find_(query.tenant, query.dataset);   // kept for the whole call
    if (owner == nullptr) {
        co_return none(query.dataset);
    }
    co_return co_await owner->ask_register(std::move(query), deadline);
}

sdk::Task<sdk::RegisterAnswer> ServedRegisters::look_up(sdk::RegisterQuery query,
                                                        sdk::Deadline deadline) {
    if (!tenants_.contains(query.tenant)) {
        co_return none(query.dataset);
    }
    co_return co_await all_.look_up(std::move(query), deadline);
}

}   // namespace gateway::host
