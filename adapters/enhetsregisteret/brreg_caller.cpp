#include "adapters/enhetsregisteret/brreg_caller.hpp"

#include "adapters/common/registers/register_failures.hpp"

namespace gateway::enhetsregisteret {

sdk::Task<Answer> call(sdk::Host& host, sdk::HttpRequest request, sdk::Deadline deadline) {
    Answer answer;
    answer.asked_at = host.clock.now();
    auto came = co_await host.http.send(std::move(request), deadline);
    if (came) {
        answer.response = std::move(*came);
    } else {
        answer.failure = registers::failure_of(came.error());
    }
    co_return answer;
}

}   // namespace gateway::enhetsregisteret
