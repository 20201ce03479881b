#include "gateway/upstream/client.hpp"

#include "gateway/http/client.hpp"
#include "gateway/upstream/pool.hpp"
#include "gateway/upstream/token_bucket.hpp"

#include <algorithm>
#include <map>

namespace gateway::upstream {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::HttpRequest;
using sdk::HttpResponse;

namespace {

constexpr std::chrono::minutes skew_report_every{1};

class Client final : public sdk::HttpClient {
public:
    Client(sdk::Clock& clock, ClientOptions options, std::shared_ptr<http::TlsContext> tls)
        : clock_(clock),
          options_(std::move(options)),
          tls_(std::move(tls)),
          skew_reported_(clock.steady() - skew_report_every) {
        for (const auto& budget : options_.budgets) {
            buckets_.emplace(budget.name, TokenBucket(budget.calls, budget.per, clock.steady()));
        }
    }

    sdk::Task<Result<HttpResponse>> send(HttpRequest request, sdk::Deadline deadline) override;

private:
    sdk::Task<Result<HttpResponse>> send_to(const http::Url& url, HttpRequest& request,
                                            sdk::Deadline deadline);
    sdk::Task<Result<void>> draw_budget(const std::string& name, sdk::Deadline deadline);
    Result<std::shared_ptr<Pool>> pool_for(const http::Endpoint& endpoint);
    void look_at_date(const HttpResponse& response, core::Time asked_at);
    void count(const std::string& host, const Result<HttpResponse>& result, core::SteadyTime began);

    sdk::Clock& clock_;
    ClientOptions options_;
    std::shared_ptr<http::TlsContext> tls_;   // shared with the connections made under it
    std::map<std::string, TokenBucket> buckets_;
    std::map<http::Endpoint, std::shared_ptr<Pool>> pools_;   // shared with the calls that use them
    core::SteadyTime skew_reported_;
};

sdk::Task<Result<HttpResponse>> Client::send(HttpRequest request, sdk::Deadline deadline) {
    const auto began = clock_.steady();
    deadline.at = std::min(deadline.at, began + options_.call_time_max);
    if (began >= deadline.at) {
        co_return Failure(Errc::timed_out, "the deadline had passed before the call");
    }
    const auto url = http::parse_url(request.url);
    if (!url) {
        co_return Failure(Errc::invalid_argument, url.error().detail);
    }
    if (!request.budget.empty()) {
        const auto drawn = co_await draw_budget(request.budget, deadline);
        if (!drawn) {
            co_return drawn.error();
        }
    }
    if (sdk::find_header(request.headers, "User-Agent").empty()) {
        request.headers.emplace_back("User-Agent", options_.user_agent);
    }
    const auto asked_at = clock_.now();
    auto result = co_await send_to(*url, request, deadline);
    if (result) {
        look_at_date(*result, asked_at);
    }
    count(url->endpoint.host, result, began);
    co_return result;
}

sdk::Task<Result<HttpResponse>> Client::send_to(const http::Url& url, HttpRequest& request,
                                                sdk::Deadline deadline) {
    const auto pool = pool_for(url.endpoint);
    if (!pool) {
        co_return pool.error();
    }
    const std::shared_ptr<Pool> kept = *pool;
    auto lease = co_await kept->acquire(deadline);
    if (!lease) {
        co_return lease.error();
    }
    auto& connection = (*lease)->connection;
    if (connection) {
        auto result = co_await connection->exchange(request, url.target, deadline);
        // A kept connection may have been closed by the peer in the same moment. What has not been
        // sent may be sent again; a streamed body has been read, and the dispatcher repeats that.
        const bool again = !result && result.error().is(Errc::unreachable) && !request.stream;
        if (!again) {
            co_return result;
        }
        connection.reset();
    }
    auto fresh = co_await http::connect(url.endpoint, tls_, clock_, deadline, options_.may_connect);
    if (!fresh) {
        co_return fresh.error();
    }
    connection = std::move(*fresh);
    co_return co_await connection->exchange(request, url.target, deadline);
}

sdk::Task<Result<void>> Client::draw_budget(const std::string& name, sdk::Deadline deadline) {
    const auto found = buckets_.find(name);
    if (found == buckets_.end()) {
        co_return Failure(Errc::invalid_argument, "a budget that was not declared: " + name);
    }
    const auto now = clock_.steady();
    if (found->second.next(now) >= deadline.at) {
        co_return Failure(Errc::rate_limited,
                          "the budget " + name + " is used up until after the deadline");
    }
    const auto at = found->second.reserve(now);
    if (at > now) {
        co_await clock_.sleep_until(at);
    }
    co_return Result<void>();
}

Result<std::shared_ptr<Pool>> Client::pool_for(const http::Endpoint& endpoint) {
    for (const auto& [other, pool] : pools_) {
        pool->prune();
    }
    const auto found = pools_.find(endpoint);
    if (found != pools_.end()) {
        return found->second;
    }
    std::erase_if(pools_, [](const auto& entry) {
        return entry.second->unused() && entry.second.use_count() == 1;
    });
    if (pools_.size() >= options_.endpoints_max) {
        return Failure(Errc::unreachable, "too many different hosts at once");
    }
    PoolLimits limits;
    limits.connections_max = options_.connections_max;
    limits.waiting_max = options_.waiting_max;
    limits.idle_time_max = options_.idle_time_max;
    auto pool = std::make_shared<Pool>(clock_, limits);
    pools_.emplace(endpoint, pool);
    return pool;
}

void Client::look_at_date(const HttpResponse& response, core::Time asked_at) {
    const auto theirs = sdk::parse_http_date(response.header("Date"));
    if (!theirs) {
        return;
    }
    // They wrote the date somewhere between our asking and now, and cut off the fraction of the
    // second.
    const auto now = clock_.now();
    std::chrono::seconds skew{0};
    if (*theirs > now) {
        skew = std::chrono::ceil<std::chrono::seconds>(*theirs - now);
    } else if (*theirs + std::chrono::seconds(1) < asked_at) {
        skew =
            -std::chrono::ceil<std::chrono::seconds>(asked_at - *theirs - std::chrono::seconds(1));
    }
    if (options_.metrics != nullptr) {
        const core::Params labels{{"connection", options_.connection}};
        options_.metrics->gauge("upstream_clock_skew_seconds", labels,
                                static_cast<double>(skew.count()));
    }
    const bool off = std::chrono::abs(skew) > options_.skew_max;
    if (off && options_.on_clock_skew && clock_.steady() - skew_reported_ >= skew_report_every) {
        skew_reported_ = clock_.steady();
        options_.on_clock_skew(skew);
    }
}

void Client::count(const std::string& host, const Result<HttpResponse>& result,
                   core::SteadyTime began) {
    if (options_.metrics == nullptr) {
        return;
    }
    const std::string outcome =
        result ? std::to_string(result->status / 100) + "xx" : result.error().code.message();
    const core::Params labels{
        {"connection", options_.connection}, {"host", host}, {"outcome", outcome}};
    options_.metrics->count("upstream_requests_total", labels);
    const core::Params by_host{{"connection", options_.connection}, {"host", host}};
    const std::chrono::duration<double> seconds = clock_.steady() - began;
    options_.metrics->observe("upstream_request_seconds", by_host, seconds.count());
}

}   // namespace

Result<std::unique_ptr<sdk::HttpClient>> make_client(sdk::Clock& clock, ClientOptions options) {
    auto tls = http::TlsContext::create(options.ca_pem, options.certificate_pem, options.key_pem);
    if (!tls) {
        return tls.error();
    }
    return std::unique_ptr<sdk::HttpClient>(
        std::make_unique<Client>(clock, std::move(options), std::move(*tls)));
}

}   // namespace gateway::upstream
