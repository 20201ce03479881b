#include "gateway/exchanges/recorded_client.hpp"

#include "gateway/exchanges/exchange.hpp"
#include "gateway/exchanges/recorder.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace gateway::exchanges {

sdk::Task<sdk::Result<sdk::HttpResponse>> RecordedClient::send(sdk::HttpRequest request,
                                                               sdk::Deadline deadline) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto recorder = std::dynamic_pointer_cast<Recorder>(runtime::tag_of(executor));
    if (!recorder) {
        co_return co_await client_->send(std::move(request), deadline);
    }
    Exchange exchange(request, clock_.now());
    const auto began = clock_.steady();
    try {
        auto result = co_await client_->send(std::move(request), deadline);
        recorder->add(std::move(exchange).ended(result, clock_.steady() - began));
        co_return result;
    } catch (...) {   // cut off: what became of it nobody was told
        recorder->add(std::move(exchange).cut_off(clock_.steady() - began));
        throw;
    }
}

}   // namespace gateway::exchanges
