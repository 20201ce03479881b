#pragma once

// The upstream as a script: answers and failures in the order they were queued, every call recorded
// with its body read. A call that nothing was scripted for, or that does not match what was
// expected, fails the running test by itself; so does an answer nobody asked for when the script is
// destroyed.
//
//     ScriptedHttpClient http(clock);
//     http.expect("POST", "/token").answer_json(200, R"({"access_token":"t"})");
//     http.expect("PUT", "/upload").fail(Errc::answer_lost);
//     http.always("GET", "/.well-known/").answer_json(200, metadata);
//     ... CHECK(http.calls().at(0).body == "grant_type=...");

#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/http_client.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

namespace core = gateway::core;
namespace sdk = gateway::sdk;

/// What the client was asked to send.
struct SentRequest {
    std::string method;
    std::string url;
    sdk::Headers headers;
    std::string body;   // of a stream too, read to its end
    bool streamed = false;
    std::optional<std::uint64_t> stream_size;
    std::string budget;
    core::SteadyTime deadline{};

    SentRequest() = default;
    std::string_view header(std::string_view name) const { return sdk::find_header(headers, name); }
};

/// Use from one thread. The clock must outlive it.
class ScriptedHttpClient final : public sdk::HttpClient {
public:
    using Answer = std::function<sdk::Result<sdk::HttpResponse>(const SentRequest&)>;

    /// One scripted exchange; say what happens through one of these.
    class Step {
    public:
        ScriptedHttpClient& answer(int status, std::string body = {}, sdk::Headers headers = {});
        /// With Content-Type application/json.
        ScriptedHttpClient& answer_json(int status, std::string body, sdk::Headers headers = {});
        /// Computed from the request.
        ScriptedHttpClient& answer_with(Answer function);
        /// unreachable, tls_*, timed_out and rate_limited leave the body unread, as the real client
        /// does.
        ScriptedHttpClient& fail(core::Errc code, std::string detail = "scripted");
        /// Waits for the deadline, then answer_lost; a cancellation goes through.
        ScriptedHttpClient& hang();

    private:
        friend class ScriptedHttpClient;
        explicit Step(ScriptedHttpClient& owner) : owner_(owner) {}

        ScriptedHttpClient& owner_;
        std::string method_;     // empty: any
        std::string url_part_;   // found anywhere in the URL
        Answer answer_;
        bool nothing_sent_ = false;
        bool hangs_ = false;
    };

    explicit ScriptedHttpClient(sdk::Clock& clock) : clock_(clock) {}
    ~ScriptedHttpClient() override;

    /// The next call must have this method and this text in its URL.
    Step& expect(std::string method, std::string url_part);
    /// The next call, whatever it is.
    Step& next() { return expect({}, {}); }
    /// Answers every call that fits when the queue's first step does not; may stay unused.
    Step& always(std::string method, std::string url_part);

    sdk::Task<sdk::Result<sdk::HttpResponse>> send(sdk::HttpRequest request,
                                                   sdk::Deadline deadline) override;

    const std::vector<SentRequest>& calls() const { return calls_; }
    std::size_t steps_left() const { return queue_.size(); }
    /// Drops what is queued (a test that ends early on purpose).
    void forget() { queue_.clear(); }

private:
    std::optional<Step> take(const SentRequest& sent);

    sdk::Clock& clock_;
    std::deque<Step> queue_;   // a deque keeps references valid while the script grows
    std::deque<Step> always_;
    std::vector<SentRequest> calls_;
};

}   // namespace tests
