#include "adapters/krr/krr_adapter.hpp"

#include "adapters/krr/krr_failures.hpp"

#include <array>

namespace gateway::krr {
namespace {

constexpr std::array<std::string_view, 2> all_datasets{"contact", "print"};

}   // namespace

KrrAdapter::KrrAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      contacts_(settings_, host, pauses_),
      print_(settings_, host, pauses_),
      probe_(settings_, host) {}

sdk::Task<core::Result<void>> KrrAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // the register is asked when somebody asks
}

sdk::Task<void> KrrAdapter::stop(sdk::Deadline) {
    co_await contacts_.stop();
    co_await print_.stop();
}

/// Whether the register answers, by a document it gives to everybody; and whether the last look-up
/// was answered.
sdk::Task<sdk::Health> KrrAdapter::check_health(sdk::Deadline deadline) {
    const auto failure = co_await print_.probe(deadline);
    if (failure) {
        co_return sdk::Health(sdk::Condition::down, failure->code, failure->params);
    }
    co_return pauses_.health();
}

sdk::Task<sdk::RegisterAnswer> KrrAdapter::look_up(sdk::RegisterQuery query,
                                                   sdk::Deadline deadline) {
    if (query.dataset == all_datasets[0]) {
        co_return co_await contacts_.look_up(std::move(query), deadline);
    }
    if (query.dataset == all_datasets[1]) {
        co_return co_await print_.look_up(std::move(query), deadline);
    }
    sdk::RegisterAnswer none;
    none.failure = registers::no_dataset(query);
    co_return none;
}

std::span<const sdk::Capability> capabilities() {
    return {};   // it carries no messages
}

std::span<const std::string_view> datasets() {
    return all_datasets;
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts);
    if (!settings) {
        return settings.error();
    }
    return std::unique_ptr<sdk::Adapter>(std::make_unique<KrrAdapter>(std::move(*settings), host));
}

}   // namespace gateway::krr
