#include "gateway/notify/call.hpp"

#include "gateway/notify/signing.hpp"

namespace gateway::notify {
namespace {

constexpr std::size_t answer_bytes_max = 64U << 10U;

/// Swallows a bounded body. Something written says that the status was 2xx.
class Swallow final : public sdk::ByteSink {
public:
    sdk::Task<core::Result<void>> write(std::span<const char> bytes) override {
        began_ = true;
        bytes_ += bytes.size();
        if (bytes_ > answer_bytes_max) {
            co_return core::Failure(core::Errc::too_large);
        }
        co_return core::Result<void>();
    }
    bool began() const { return began_; }

private:
    bool began_ = false;
    std::size_t bytes_ = 0;
};

core::Code code_of(const core::Failure& failure) {
    using core::Errc;
    if (failure.is(Errc::unauthorised)) {
        return "subscription.call_not_allowed";
    }
    if (failure.is(Errc::tls_untrusted) || failure.is(Errc::tls_expired) ||
        failure.is(Errc::tls_wrong_host) || failure.is(Errc::tls_failed)) {
        return "subscription.call_not_trusted";
    }
    if (failure.is(Errc::unreachable)) {
        return "subscription.call_unreachable";
    }
    return "subscription.call_no_answer";
}

CallResult result_of(const sdk::HttpResponse& response) {
    CallResult result;
    result.status = response.status;
    result.delivered = response.status / 100 == 2;
    if (result.delivered) {
        return result;
    }
    result.gone = response.status == 410;
    result.code =
        response.status / 100 == 3 ? "subscription.call_redirected" : "subscription.call_refused";
    result.params = {{"status", std::to_string(response.status)}};
    result.retry_after = response.retry_after();
    return result;
}

}   // namespace

sdk::Task<CallResult> call_endpoint(std::shared_ptr<sdk::HttpClient> http, sdk::Clock& clock,
                                    std::string url, json::Value event,
                                    std::vector<std::string> secrets, sdk::Deadline deadline) {
    sdk::HttpRequest request("POST", std::move(url));
    request.body = json::write(event);
    request.headers = signed_headers(event["id"].as_string(), clock.now(), request.body, secrets);
    request.headers.emplace_back("Content-Type", "application/cloudevents+json; charset=utf-8");
    request.answer_bytes_max = answer_bytes_max;
    Swallow body;
    request.answer_sink = &body;
    const auto response = co_await http->send(std::move(request), deadline);
    CallResult result;
    if (response) {
        result = result_of(*response);
    } else if (body.began()) {
        result.delivered = true;   // its status came, and the rest does not matter
        result.status = 200;
    } else {
        result.code = code_of(response.error());
    }
    co_return result;
}

}   // namespace gateway::notify
