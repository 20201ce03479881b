#include "adapters/enhetsregisteret/brreg_adapter.hpp"

#include "adapters/common/registers/register_failures.hpp"

#include <algorithm>
#include <array>

namespace gateway::enhetsregisteret {

using registers::make_failure;

namespace {

constexpr std::array<std::string_view, 2> all_datasets{"organisation", "organisation.roles"};
constexpr std::size_t keys_max = 1000;   // of one query

registers::Manner manner_of(const Settings& settings, std::string_view dataset) {
    registers::Manner manner;
    manner.connection = settings.connection;
    manner.dataset = dataset;
    manner.window = settings.batch_window;
    manner.batch_max = settings.batch_units_max;
    return manner;
}

/// What no register has to be asked for.
std::optional<sdk::RegisterFailure> refuse(const sdk::RegisterQuery& query) {
    if (query.keys.size() > keys_max) {
        return make_failure("brreg.too_many_units", {{"max", std::to_string(keys_max)}}, false);
    }
    if (query.keys.empty() ||
        !std::all_of(query.keys.begin(), query.keys.end(), core::is_organisation_number)) {
        return make_failure("brreg.not_an_organisation_number", {}, false);
    }
    return std::nullopt;
}

}   // namespace

EnhetsregisteretAdapter::EnhetsregisteretAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      host_(host),
      organisation_source_(settings_, host),
      role_source_(settings_, host),
      organisations_(manner_of(settings_, all_datasets[0]), organisation_source_, host, pauses_),
      roles_(manner_of(settings_, all_datasets[1]), role_source_, host, pauses_),
      changes_(settings_, host),
      load_(settings_, host) {}

sdk::Task<core::Result<void>> EnhetsregisteretAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // the register is asked when somebody asks
}

sdk::Task<void> EnhetsregisteretAdapter::stop(sdk::Deadline) {
    co_await organisations_.stop();
    co_await roles_.stop();
}

/// Whether the register answers, by a page of one; and whether the last look-up was answered.
sdk::Task<sdk::Health> EnhetsregisteretAdapter::check_health(sdk::Deadline deadline) {
    auto request = count_request(settings_, Kind::unit);
    const auto answer = co_await call(host_, std::move(request), deadline);
    std::optional<sdk::RegisterFailure> failure;
    if (!answer.response) {
        failure = answer.failure;
    } else if (read_count(*answer.response) == 0) {
        failure = failure_of_status(*answer.response);
        if (!failure) {
            failure = registers::failure_of_bad_answer(*answer.response);
        }
    }
    if (failure) {
        co_return sdk::Health(sdk::Condition::down, failure->code, failure->params);
    }
    co_return pauses_.health();
}

sdk::Task<sdk::RegisterAnswer> EnhetsregisteretAdapter::look_up(sdk::RegisterQuery query,
                                                                sdk::Deadline deadline) {
    sdk::RegisterAnswer refused;
    const bool units = query.dataset == all_datasets[0];
    if (!units && query.dataset != all_datasets[1]) {
        refused.failure = registers::no_dataset(query);
    } else {
        refused.failure = refuse(query);
    }
    if (refused.failure) {
        co_return refused;
    }
    registers::Lane everybody{core::TenantId()};   // the register answers all alike
    if (units) {
        co_return co_await organisations_.look_up(std::move(everybody), std::move(query), deadline);
    }
    co_return co_await roles_.look_up(std::move(everybody), std::move(query), deadline);
}

sdk::Task<sdk::ChangePage> EnhetsregisteretAdapter::changes(core::TenantId, std::string cursor,
                                                            sdk::Deadline deadline) {
    co_return co_await changes_.after(std::move(cursor), deadline);
}

/// Before the dump is asked for, the feed's place: further back than the dump can be old.
sdk::Task<sdk::LoadAnswer> EnhetsregisteretAdapter::load(core::TenantId,
                                                         sdk::RegisterIntake& into) {
    const auto deadline = host_.clock.in(settings_.load_time_max);
    const auto since = host_.clock.now() - settings_.load_overlap;
    const auto place = co_await changes_.place_at(since, deadline);
    sdk::LoadAnswer answer;
    if (place.failure) {
        answer.failure = place.failure;
        co_return answer;
    }
    answer = co_await load_.run(into, deadline);
    if (!answer.failure) {
        answer.cursor = place.position.text();
    }
    co_return answer;
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
    return std::unique_ptr<sdk::Adapter>(
        std::make_unique<EnhetsregisteretAdapter>(std::move(*settings), host));
}

}   // namespace gateway::enhetsregisteret
