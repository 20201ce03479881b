#include "adapters/folkeregister/freg_adapter.hpp"

#include "adapters/common/registers/register_failures.hpp"
#include "adapters/folkeregister/freg_parts.hpp"

#include <algorithm>
#include <array>

namespace gateway::folkeregister {

using registers::make_failure;

namespace {

constexpr std::array<std::string_view, 1> all_datasets{"person"};
constexpr std::size_t keys_max = 1000;   // of one query

registers::Manner manner_of(const Settings& settings) {
    registers::Manner manner;
    manner.connection = settings.connection;
    manner.dataset = all_datasets[0];
    manner.window = settings.batch_window;
    manner.batch_max = settings.batch_persons_max;
    return manner;   // nothing is kept: the gateway's records do, by purpose
}

/// What the register does not have to be asked for.
std::optional<sdk::RegisterFailure> refuse(const Settings& settings,
                                           const sdk::RegisterQuery& query) {
    if (query.dataset != all_datasets[0]) {
        return registers::no_dataset(query);
    }
    if (!settings.roles.contains(query.purpose)) {
        return make_failure("freg.no_role", {{"purpose", query.purpose}}, false);
    }
    if (query.keys.size() > keys_max) {
        return make_failure("freg.too_many_persons", {{"max", std::to_string(keys_max)}}, false);
    }
    if (query.keys.empty() ||
        !std::all_of(query.keys.begin(), query.keys.end(), core::is_person_number)) {
        return make_failure("freg.not_a_person_number", {}, false);
    }
    return std::nullopt;
}

}   // namespace

FolkeregisterAdapter::FolkeregisterAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      persons_(settings_, host),
      look_ups_(manner_of(settings_), persons_, host, pauses_),
      events_(settings_, host) {}

sdk::Task<core::Result<void>> FolkeregisterAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // the register is asked when somebody asks
}

sdk::Task<void> FolkeregisterAdapter::stop(sdk::Deadline) {
    co_await look_ups_.stop();
}

/// Whether the register answers us, by the newest event's number; and the last look-up.
sdk::Task<sdk::Health> FolkeregisterAdapter::check_health(sdk::Deadline deadline) {
    if (!settings_.feed_role.empty()) {
        const auto now = co_await events_.newest(deadline);
        if (now.failure) {
            const bool away = now.failure->code.value.starts_with("upstream.");
            co_return sdk::Health(away ? sdk::Condition::down : sdk::Condition::degraded,
                                  now.failure->code, now.failure->params);
        }
    }
    co_return pauses_.health();
}

sdk::Task<sdk::RegisterAnswer> FolkeregisterAdapter::look_up(sdk::RegisterQuery query,
                                                             sdk::Deadline deadline) {
    sdk::RegisterAnswer refused;
    refused.failure = refuse(settings_, query);
    if (refused.failure) {
        co_return refused;
    }
    Question question;
    question.role = settings_.roles.at(query.purpose);
    question.parts = parts_of(query.fields);
    registers::Lane lane(query.tenant, question.text());
    co_return co_await look_ups_.look_up(std::move(lane), std::move(query), deadline);
}

sdk::Task<sdk::ChangePage> FolkeregisterAdapter::changes(core::TenantId, std::string cursor,
                                                         sdk::Deadline deadline) {
    co_return co_await events_.after(std::move(cursor), deadline);
}

sdk::Task<sdk::LoadAnswer> FolkeregisterAdapter::load(core::TenantId, sdk::RegisterIntake&) {
    sdk::LoadAnswer answer;
    answer.failure = make_failure("register.no_load", {}, false);
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
        std::make_unique<FolkeregisterAdapter>(std::move(*settings), host));
}

}   // namespace gateway::folkeregister
