#include "roles_adapter.hpp"

#include "gateway/json/value.hpp"

#include <algorithm>

namespace candidates {
namespace {

using namespace gateway;
using std::chrono::seconds;

constexpr seconds pause_first{1};
constexpr seconds pause_max{60};
constexpr seconds call_time_max{30};

class RolesAdapter final : public sdk::Adapter, public sdk::Receiver, public sdk::Register {
public:
    RolesAdapter(std::string base_url, sdk::Host& host)
        : base_url_(std::move(base_url)), host_(host) {}

    sdk::Task<core::Result<void>> start(sdk::Deadline) override { co_return core::Result<void>(); }
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override {
        sdk::HttpRequest request("GET", base_url_ + "/health");
        const auto answer = co_await host_.http.send(std::move(request), deadline);
        if (!answer) {
            co_return sdk::Health(sdk::Condition::down, core::Code("upstream.unreachable"));
        }
        co_return sdk::Health();
    }
    sdk::Task<void> stop(sdk::Deadline) override { co_return; }
    sdk::Receiver* receiver() override { return this; }
    sdk::Register* registry() override { return this; }

    sdk::Task<void> receive() override {
        seconds pause = pause_first;
        for (;;) {
            const bool all_is_well = co_await take_news();
            pause = all_is_well ? pause_first : std::min(pause * 2, pause_max);
            co_await host_.clock.sleep_until(host_.clock.steady() + pause);
        }
    }

    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query,
                                           sdk::Deadline deadline) override {
        json::Value keys = json::Value::array();
        for (const auto& key : query.keys) {
            keys.push(key);
        }
        sdk::HttpRequest request("POST", base_url_ + "/people");
        request.body = json::write(keys);
        const auto answer = co_await host_.http.send(std::move(request), deadline);
        sdk::RegisterAnswer result;
        const auto people = json::parse(answer ? answer->body : std::string());
        if (!people) {
            result.failure.emplace();
            result.failure->code = core::Code("upstream.unreachable");
            co_return result;
        }
        for (const auto& key : query.keys) {
            sdk::RegisterEntry entry;
            entry.key = key;
            entry.value = (*people)[key];
            entry.fetched_at = host_.clock.now();
            entry.valid_until = entry.fetched_at + seconds(60);
            result.entries.push_back(std::move(entry));
        }
        co_return result;
    }

private:
    /// False when something must be tried again.
    sdk::Task<bool> take_news() {
        sdk::HttpRequest request("GET", base_url_ + "/news");
        const auto answer =
            co_await host_.http.send(std::move(request), host_.clock.in(call_time_max));
        const auto news = json::parse(answer ? answer->body : std::string());
        if (!news) {
            co_return false;
        }
        host_.inbound.alive();
        for (const auto& item : news->items()) {
            const bool kept = co_await keep(item);
            if (!kept) {
                co_return false;
            }
            sdk::HttpRequest done("POST", base_url_ + "/news/" + item["id"].as_string() + "/done");
            const auto said =
                co_await host_.http.send(std::move(done), host_.clock.in(call_time_max));
            if (!said) {
                co_return false;
            }
        }
        co_return true;
    }

    sdk::Task<bool> keep(const json::Value& item) {
        const auto delivery = core::DeliveryId::parse(item["delivery"].as_string());
        if (!delivery) {
            sdk::Oddity odd;
            odd.dedupe_id = item["id"].as_string();
            odd.code = core::Code("upstream.bad_answer");
            odd.media_type = "application/json";
            odd.raw = json::write(item);
            const auto kept = co_await host_.inbound.quarantine(std::move(odd));
            co_return kept.has_value();
        }
        sdk::ReceiptNews news;
        news.delivery = *delivery;
        news.receipt.dedupe_id = item["id"].as_string();
        news.receipt.kind = sdk::ReceiptKind::delivered;
        news.receipt.at = host_.clock.now();
        news.raw = json::write(item);
        const auto kept = co_await host_.inbound.receipt(std::move(news));
        co_return kept.has_value();
    }

    std::string base_url_;
    sdk::Host& host_;
};

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "base_url");
    }
    return std::unique_ptr<sdk::Adapter>(std::make_unique<RolesAdapter>(facts.base_url, host));
}

std::span<const sdk::Capability> capabilities() {
    return {};
}

std::span<const std::string_view> datasets() {
    static constexpr std::string_view all[] = {"people"};
    return all;
}

std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                 std::span<const core::DocumentRef>, core::Time) {
    return {};
}

constexpr std::string_view nothing_to_set = R"({"type":"object","additionalProperties":false})";

}   // namespace

const sdk::Descriptor& roles_descriptor() {
    static const sdk::Descriptor made = [] {
        sdk::Descriptor descriptor{};
        descriptor.name = "roles";
        descriptor.config_schema = nothing_to_set;
        descriptor.route_schema = nothing_to_set;
        descriptor.capabilities = capabilities;
        descriptor.check = check;
        descriptor.create = create;
        descriptor.datasets = datasets;
        return descriptor;
    }();
    return made;
}

}   // namespace candidates
