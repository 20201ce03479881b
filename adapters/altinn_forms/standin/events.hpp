#pragma once

// Altinn Events: subscriptions, webhooks with their retries, and the feed. Facts: wire notes,
// section 4.

#include "adapters/altinn_forms/standin/pace.hpp"
#include "adapters/common/standin/faults.hpp"
#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/skewed_clock.hpp"
#include "gateway/http/client.hpp"
#include "gateway/json/value.hpp"
#include "gateway/runtime/task_group.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace gateway::altinn_forms::standin {

struct EventsParts {
    gateway::standin::Journal& journal;
    gateway::standin::Faults& faults;
    gateway::standin::SkewedClock& clock;
    const Pace& pace;
    std::shared_ptr<http::TlsContext> tls;   // of webhooks
};

/// One thread. Webhooks go out by themselves while there are any.
class Events {
public:
    explicit Events(EventsParts parts);

    void open(std::string url) { url_ = std::move(url); }
    /// Stored, and on its way to whoever subscribed. `id` and `time` are filled in when absent.
    void publish(json::Value event);

    /// /events/api/v1/subscriptions[/{id}]
    sdk::Task<http::Response> subscriptions(http::Request& request, const std::string& org,
                                            const std::vector<std::string>& parts);
    /// GET /events/api/v1/events, and of one app where `resource` is given.
    http::Response feed(const http::Request& request, const std::string& resource);
    /// Sends what is due until nothing is on its way. Call it with each request.
    sdk::Task<void> keep_sending();

    json::Value state() const;
    void clear();

private:
    struct Stored {
        json::Value event;
        core::Time at;
    };
    /// One webhook under way: an event, or a validation (event -1).
    struct Sending {
        int subscription = 0;
        std::int64_t event = -1;
        std::size_t attempt = 0;
    };

    sdk::Task<http::Response> subscribe(http::Request& request, const std::string& org);
    void start_validation(int subscription);
    bool takes(const json::Value& subscription, const json::Value& event) const;
    std::int64_t position_after(const std::string& id) const;
    void forget_old();
    sdk::Task<void> send_what_is_due();
    sdk::Task<void> send(Sending sending);
    sdk::Task<bool> post(std::string address, std::string body);
    void settle(const Sending& sending, bool delivered);

    EventsParts parts_;
    std::string url_;
    std::map<int, json::Value> subscriptions_;
    int last_subscription_ = 1600;
    std::int64_t first_ = 1;   // sequence number of events_.front()
    std::deque<Stored> events_;
    std::unordered_map<std::string, std::int64_t> positions_;
    std::multimap<core::Time, Sending> due_;
    std::map<std::string, std::int64_t> counts_;
    std::unique_ptr<runtime::TaskGroup> sender_;
    bool sending_ = false;
};

}   // namespace gateway::altinn_forms::standin
