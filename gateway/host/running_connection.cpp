#include "gateway/host/running_connection.hpp"

#include "gateway/exchanges/recorded_client.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/run_on.hpp"
#include "gateway/runtime/tagged_executor.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace gateway::host {
namespace {

constexpr std::chrono::milliseconds look_while_draining{20};

sdk::RegisterFailure failure_of(const sdk::Outcome& outcome) {
    sdk::RegisterFailure failure;
    failure.code = outcome.code;
    failure.params = outcome.params;
    return failure;
}

}   // namespace

/// Counts a call inside for as long as it lasts, however it ends.
class RunningConnection::Call {
public:
    explicit Call(RunningConnection& connection) : connection_(connection) {
        say(++connection_.inside_);
    }
    ~Call() { say(--connection_.inside_); }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

private:
    void say(int inside) { connection_.metrics_.gauge("sluse_connection_calls", {}, inside); }

    RunningConnection& connection_;
};

template <class T>
sdk::Task<T> RunningConnection::on_strand(sdk::Task<T> task) {
    const auto alive =
        shared_from_this();   // a replaced connection lives until its last call ended
    const Call call(*this);
    auto tag = runtime::tag_of(co_await boost::asio::this_coro::executor);
    if (tag) {   // what belongs to the call goes with it
        const runtime::TaggedExecutor there(strand_, std::move(tag));
        co_return co_await runtime::run_on(there, std::move(task));
    }
    co_return co_await runtime::run_on(strand_, std::move(task));
}

core::Result<std::shared_ptr<RunningConnection>>
RunningConnection::create(const Services& services, const core::ConnectionConfig& config,
                          BorrowedTokens::FindLender lender, FindRegister find_register) {
    const auto* descriptor = services.find_adapter(config.adapter);
    if (descriptor == nullptr) {
        return core::Failure(core::Errc::unsupported, "no adapter \"" + config.adapter + "\"");
    }
    std::vector<sdk::RateBudget> budgets;
    for (const auto& capability : descriptor->capabilities()) {
        budgets.insert(budgets.end(), capability.budgets.begin(), capability.budgets.end());
    }
    auto strand = boost::asio::make_strand(services.executor);
    auto http = services.make_http(config, std::move(budgets), strand);
    if (http.has_error()) {
        return http.error();
    }
    auto streams = services.make_streams(config);
    if (streams.has_error()) {
        return streams.error();
    }
    std::shared_ptr<RunningConnection> connection(
        new RunningConnection(services, config, *descriptor, strand, std::move(*http),
                              std::move(*streams), std::move(lender), std::move(find_register)));
    sdk::ConnectionFacts facts;
    facts.connection = config.id.value;
    facts.environment = config.environment;
    facts.base_url = config.base_url;
    while (facts.base_url.ends_with('/')) {
        facts.base_url.pop_back();
    }
    facts.settings = config.settings;
    auto adapter = descriptor->create(facts, connection->host_);
    if (adapter.has_error()) {
        return adapter.error();
    }
    connection->adapter_ = std::move(*adapter);
    return connection;
}

RunningConnection::RunningConnection(const Services& services, core::ConnectionConfig config,
                                     const sdk::Descriptor& descriptor, Strand strand,
                                     std::unique_ptr<sdk::HttpClient> http,
                                     std::unique_ptr<sdk::Streams> streams,
                                     BorrowedTokens::FindLender lender, FindRegister find_register)
    : services_(services),
      config_(std::move(config)),
      descriptor_(descriptor),
      strand_(std::move(strand)),
      http_(std::make_unique<exchanges::RecordedClient>(std::move(http), services_.clock)),
      streams_(std::move(streams)),
      tokens_(std::move(lender)),
      documents_(services.documents, config_.tenants),
      keys_(services, config_),
      state_(services.store, config_.id),
      log_(runtime::make_log_with(services.log, {{"connection", config_.id.value}})),
      metrics_(services.metrics, config_.id),
      registers_(config_.tenants, std::move(find_register)),
      receiving_({services_.store, services_.clock, services_.ids, *log_, metrics_}, config_.id,
                 config_.receiver_silent, strand_),
      inbound_(services.inbound, config_, receiving_),
      work_(services.blocking),
      host_{*http_,     *streams_,     tokens_,          documents_, keys_,
            state_,     services_.ids, services_.clock,  *log_,      metrics_,
            registers_, inbound_,      services_.spools, work_} {}

RunningConnection::~RunningConnection() = default;

sdk::Task<sdk::Result<void>> RunningConnection::start(sdk::Deadline deadline) {
    auto started = co_await on_strand(adapter_->start(deadline));
    serving_ = started.has_value();
    if (started.has_error()) {
        log_->write(sdk::Severity::error, "connection_not_started",
                    {{"error", started.error().to_string()}});
    }
    co_return started;
}

void RunningConnection::start_receiving() {
    auto* receiver = adapter_->receiver();
    if (receiver != nullptr && serving_) {
        receiving_.start(*receiver);
    }
}

sdk::Task<void> RunningConnection::stop_receiving() {
    const auto alive = shared_from_this();
    co_await receiving_.stop();
}

sdk::Task<void> RunningConnection::stop(sdk::Deadline deadline) {
    const auto alive = shared_from_this();
    co_await receiving_.stop();
    while (inside_ > 0 && services_.clock.steady() < deadline.at) {
        co_await services_.clock.sleep_until(services_.clock.steady() + look_while_draining);
    }
    serving_ = false;
    if (!stopped_.exchange(true)) {
        co_await on_strand(adapter_->stop(deadline));
    }
}

sdk::Outcome RunningConnection::not_serving() const {
    return sdk::Outcome(sdk::Verdict::try_later, core::Code("connection.not_started"),
                        {{"connection", config_.id.value}});
}

const sdk::Capability* RunningConnection::capability(std::string_view type) const {
    if (adapter_->sender() == nullptr) {
        return nullptr;
    }
    for (const auto& capability : descriptor_.capabilities()) {
        if (capability.message_type == type) {
            return &capability;
        }
    }
    return nullptr;
}

std::vector<core::Problem>
RunningConnection::check(std::string_view type, const json::Value& message, const json::Value& with,
                         std::span<const core::DocumentRef> documents, core::Time now) const {
    return descriptor_.check(type, message, with, documents, now);
}

sdk::Task<sdk::Outcome> RunningConnection::send(core::Delivery delivery, sdk::Progress& progress,
                                                sdk::Deadline deadline) {
    if (!serving_) {
        co_return not_serving();
    }
    co_return co_await on_strand(adapter_->sender()->send(delivery, progress, deadline));
}

sdk::Task<sdk::Outcome> RunningConnection::look_up(core::Delivery delivery, sdk::Progress& progress,
                                                   sdk::Deadline deadline) {
    if (!serving_) {
        co_return not_serving();
    }
    co_return co_await on_strand(adapter_->sender()->look_up(delivery, progress, deadline));
}

sdk::Task<core::Result<sdk::Receipts>> RunningConnection::poll_receipts(core::Delivery delivery,
                                                                        sdk::Deadline deadline) {
    if (!serving_) {
        co_return core::Failure(core::Errc::unavailable, "connection not started");
    }
    co_return co_await on_strand(adapter_->sender()->poll_receipts(delivery, deadline));
}

sdk::Task<sdk::Outcome> RunningConnection::cancel(core::Delivery delivery, sdk::Deadline deadline) {
    if (!serving_) {
        co_return not_serving();
    }
    co_return co_await on_strand(adapter_->sender()->cancel(delivery, deadline));
}

sdk::Task<sdk::Outcome> RunningConnection::settled(sdk::InboundSettled what,
                                                   sdk::Deadline deadline) {
    if (!serving_) {
        co_return not_serving();
    }
    auto* receiver = adapter_->receiver();
    if (receiver == nullptr) {
        co_return sdk::Outcome(sdk::Verdict::accepted);   // it cannot be told, nor does it wait
    }
    co_return co_await on_strand(receiver->settled(std::move(what), deadline));
}

sdk::Task<sdk::Health> RunningConnection::check_health(sdk::Deadline deadline) {
    if (!serving_) {
        core::Params params{{"connection", config_.id.value}};
        co_return sdk::Health(sdk::Condition::down, core::Code("connection.not_started"),
                              std::move(params));
    }
    auto health = co_await on_strand(adapter_->check_health(deadline));
    if (health.condition == sdk::Condition::ready && receiving_.is_silent()) {
        core::Params params{{"connection", config_.id.value},
                            {"minutes", std::to_string(config_.receiver_silent.count())}};
        co_return sdk::Health(sdk::Condition::degraded, core::Code("receiver.silent"),
                              std::move(params));
    }
    auto trouble = feed_trouble();
    if (health.condition == sdk::Condition::ready && trouble) {
        co_return sdk::Health(sdk::Condition::degraded, std::move(trouble->code),
                              std::move(trouble->params));
    }
    co_return health;
}

sdk::Task<sdk::TokenAnswer> RunningConnection::lend(sdk::TokenRequest request, Fetch fetch,
                                                    sdk::Deadline deadline) {
    auto* source = adapter_->tokens();
    if (source == nullptr || !serving_) {
        sdk::TokenAnswer answer;
        answer.failure.code = core::Code("connection.tokens_missing");
        co_return answer;
    }
    auto lending = fetch == Fetch::now ? source->fresh_token(std::move(request), deadline)
                                       : source->token(std::move(request), deadline);
    co_return co_await on_strand(std::move(lending));
}

sdk::Needs RunningConnection::needs(const core::TenantId& tenant) const {
    auto needs = adapter_->needs(tenant);
    if (needs.places.empty() && !config_.base_url.empty()) {
        needs.places.push_back(config_.base_url);
    }
    return needs;
}

sdk::Task<sdk::TokenAnswer> RunningConnection::fresh_token(sdk::TokenRequest request,
                                                           sdk::Deadline deadline) {
    if (adapter_->tokens() != nullptr) {
        co_return co_await lend(std::move(request), Fetch::now, deadline);
    }
    co_return co_await on_strand(tokens_.fresh_token(std::move(request), deadline));
}

sdk::Task<sdk::ProbeAnswer> RunningConnection::probe(core::TenantId tenant,
                                                     sdk::Deadline deadline) {
    if (!serving_) {
        auto outcome = not_serving();
        co_return sdk::ProbeAnswer(sdk::Finding::red, std::move(outcome.code),
                                   std::move(outcome.params));
    }
    co_return co_await on_strand(adapter_->probe(std::move(tenant), deadline));
}

void RunningConnection::invalidate(sdk::TokenRequest request, std::string token) {
    boost::asio::post(strand_, [self = shared_from_this(), request = std::move(request),
                                token = std::move(token)] {
        if (auto* source = self->adapter_->tokens()) {
            source->invalidate(request, token);
        }
    });
}

sdk::Task<sdk::ActAnswer> RunningConnection::act(sdk::Act act, sdk::Deadline deadline) {
    if (!serving_) {
        const auto outcome = not_serving();
        sdk::ActAnswer answer;
        answer.verdict = outcome.verdict;
        answer.code = outcome.code;
        answer.params = outcome.params;
        co_return answer;
    }
    co_return co_await on_strand(adapter_->act(std::move(act), deadline));
}

sdk::Task<sdk::Result<sdk::CallbackAnswer>> RunningConnection::call_back(sdk::Callback call,
                                                                         sdk::Deadline deadline) {
    auto* receiver = adapter_->receiver();
    if (receiver == nullptr) {
        co_return sdk::CallbackAnswer::stranger;
    }
    if (!serving_) {
        co_return sdk::CallbackAnswer::not_kept;
    }
    co_return co_await on_strand(receiver->on_callback(std::move(call), deadline));
}

bool RunningConnection::has_register() const {
    return adapter_->registry() != nullptr;
}

bool RunningConnection::answers(const core::TenantId& tenant, std::string_view dataset) const {
    if (!has_register() || descriptor_.datasets == nullptr || !config_.tenants.contains(tenant)) {
        return false;
    }
    const auto datasets = descriptor_.datasets();
    return std::find(datasets.begin(), datasets.end(), dataset) != datasets.end();
}

sdk::Task<sdk::RegisterAnswer> RunningConnection::ask_register(sdk::RegisterQuery query,
                                                               sdk::Deadline deadline) {
    if (!serving_) {
        sdk::RegisterAnswer answer;
        answer.failure = failure_of(not_serving());
        co_return answer;
    }
    co_return co_await on_strand(adapter_->registry()->look_up(std::move(query), deadline));
}

bool RunningConnection::has_feed() const {
    return adapter_->feed() != nullptr;
}

std::vector<std::string> RunningConnection::datasets() const {
    std::vector<std::string> names;
    if (descriptor_.datasets != nullptr) {
        for (const auto name : descriptor_.datasets()) {
            names.emplace_back(name);
        }
    }
    return names;
}

sdk::Task<sdk::ChangePage> RunningConnection::changes(core::TenantId tenant, std::string cursor,
                                                      sdk::Deadline deadline) {
    if (!serving_) {
        sdk::ChangePage page;
        page.failure = failure_of(not_serving());
        co_return page;
    }
    co_return co_await on_strand(
        adapter_->feed()->changes(std::move(tenant), std::move(cursor), deadline));
}

sdk::Task<sdk::LoadAnswer> RunningConnection::load(core::TenantId tenant,
                                                   sdk::RegisterIntake& into) {
    if (!serving_) {
        sdk::LoadAnswer answer;
        answer.failure = failure_of(not_serving());
        co_return answer;
    }
    co_return co_await on_strand(adapter_->feed()->load(std::move(tenant), into));
}

void RunningConnection::say(const core::TenantId& tenant,
                            std::optional<ports::FeedTrouble> trouble) {
    const std::lock_guard lock(feed_mutex_);
    if (trouble) {
        feed_troubles_[tenant] = std::move(*trouble);
    } else {
        feed_troubles_.erase(tenant);
    }
}

std::optional<ports::FeedTrouble> RunningConnection::feed_trouble() const {
    const std::lock_guard lock(feed_mutex_);
    if (feed_troubles_.empty()) {
        return std::nullopt;
    }
    return feed_troubles_.begin()->second;
}

}   // namespace gateway::host
