#include "gateway/doctor/doctor.hpp"

#include "gateway/doctor/judge_access.hpp"
#include "gateway/doctor/judge_house.hpp"
#include "gateway/doctor/place.hpp"

#include <algorithm>

namespace gateway::doctor {

namespace {

constexpr std::size_t places_max = 8;
constexpr std::size_t tokens_max = 12;   // of one connection; each is a call to the token service

sdk::Task<core::Result<TokenLook>> fetch(std::shared_ptr<ports::Examined> examined,
                                         sdk::TokenRequest request, sdk::Clock& clock,
                                         sdk::Deadline deadline) {
    const auto answer = co_await examined->fresh_token(std::move(request), deadline);
    co_return look_at(answer, clock.now());
}

sdk::Task<core::Result<sdk::ProbeAnswer>> probe(std::shared_ptr<ports::Examined> examined,
                                                core::TenantId tenant, sdk::Deadline deadline) {
    co_return co_await examined->probe(std::move(tenant), deadline);
}

core::Duration since(const sdk::Clock& clock, core::SteadyTime began) {
    return std::chrono::duration_cast<core::Duration>(clock.steady() - began);
}

}   // namespace

/// One connection under examination. Shared: what hangs may come back to it after it was told.
struct Doctor::Case {
    core::ConnectionConfig config;
    core::TenantId tenant;
    std::shared_ptr<ports::Examined> examined;   // null: it does not run
    std::vector<std::shared_ptr<PlaceChart>> places;
    std::vector<sdk::TokenRequest> wishes;
    std::vector<std::vector<Step>> tokens;   // steps of each wish; empty: not come
    std::optional<Step> call;
    core::Duration took{0};

    Case() = default;

    /// The first step that stands in the way of a call.
    std::string obstacle() const {
        // A call goes to the first place; what else there is, it can do without.
        if (!places.empty() && places.front()->done && !places.front()->answers) {
            for (const auto& step : places.front()->steps) {
                if (step.finding == Finding::red) {
                    return step.name;
                }
            }
        }
        for (const auto& steps : tokens) {
            for (const auto& step : steps) {
                if (step.finding == Finding::red && step.name == "token" && examined &&
                    config.tokens) {
                    return step.name;
                }
            }
        }
        return {};
    }

    Examination told() const;
};

Examination Doctor::Case::told() const {
    Examination all;
    all.connection = config.id.value;
    all.adapter = config.adapter;
    all.environment = config.environment;
    all.tenant = tenant;
    all.took = took;
    if (!examined) {
        Step step("connection", config.id.value);
        step.found(Finding::red, "connection.not_running", {{"connection", config.id.value}});
        all.steps.push_back(std::move(step));
        return all;
    }
    for (const auto& place : places) {
        all.steps.insert(all.steps.end(), place->steps.begin(), place->steps.end());
    }
    if (wishes.empty()) {
        Step token("token", "");
        token.found(Finding::skipped, "doctor.skipped.no_token");
        all.steps.push_back(std::move(token));
    }
    for (const auto& steps : tokens) {
        all.steps.insert(all.steps.end(), steps.begin(), steps.end());
    }
    if (call) {
        all.steps.push_back(*call);
    }
    const bool unfinished =
        !call || std::any_of(places.begin(), places.end(), [](const auto& p) { return !p->done; });
    if (unfinished) {
        Step late("call", "");
        late.found(Finding::red, "doctor.not_examined");
        all.steps.push_back(std::move(late));
    }
    return all;
}

Doctor::Doctor(DoctorParts parts) : parts_(std::move(parts)), left_(parts_.executor) {}

sdk::Task<void> Doctor::stop() {
    co_await left_.stop();
}

/// Its own, and where it gives tokens those that others will ask it for.
std::vector<sdk::TokenRequest> Doctor::wishes_of(const core::ConnectionConfig& config,
                                                 const ports::Examined& examined,
                                                 const core::TenantId& tenant) const {
    auto wishes = examined.needs(tenant).tokens;
    for (const auto& [id, other] : parts_.configuration.current()->connections) {
        if (!other.tokens || *other.tokens != config.id) {
            continue;
        }
        const auto borrower = parts_.connections.examined(id);
        if (!borrower || other.tenants.empty()) {
            continue;
        }
        const auto& on_behalf = other.tenants.contains(tenant) ? tenant : *other.tenants.begin();
        for (auto& wish : borrower->needs(on_behalf).tokens) {
            wishes.push_back(std::move(wish));
        }
    }
    std::vector<sdk::TokenRequest> once;
    for (auto& wish : wishes) {
        if (once.size() < tokens_max && std::find(once.begin(), once.end(), wish) == once.end()) {
            once.push_back(std::move(wish));
        }
    }
    return once;
}

std::shared_ptr<Doctor::Case> Doctor::open_case(const core::ConnectionConfig& config,
                                                const core::TenantId& tenant) const {
    auto one = std::make_shared<Case>();
    one->config = config;
    one->tenant = tenant;
    if (tenant.value.empty() && !config.tenants.empty()) {
        one->tenant = *config.tenants.begin();
    }
    one->examined = parts_.connections.examined(config.id);
    if (one->examined) {
        for (auto& url : one->examined->needs(one->tenant).places) {
            const bool known =
                std::any_of(one->places.begin(), one->places.end(), [&](const auto& other) {
                    const auto a = read_place(other->url);
                    const auto b = read_place(url);
                    return a && b && a->name() == b->name();
                });
            if (!known && read_place(url) && one->places.size() < places_max) {
                one->places.push_back(std::make_shared<PlaceChart>(std::move(url)));
            }
        }
        one->wishes = wishes_of(config, *one->examined, one->tenant);
        one->tokens.resize(one->wishes.size());
    }
    return one;
}

sdk::Task<void> Doctor::examine_place_of(std::shared_ptr<Case> one, std::size_t index,
                                         sdk::Deadline end) {
    const Bench bench(parts_.clock, left_);
    co_await examine_place(bench, parts_.network, one->places[index], one->config.ca_file, end);
}

sdk::Task<void> Doctor::examine_token_of(std::shared_ptr<Case> one, std::size_t index,
                                         sdk::Deadline end) {
    const Bench bench(parts_.clock, left_);
    const auto began = parts_.clock.steady();
    const sdk::Deadline own(std::min(began + token_time_max, end.at));
    const auto wish = one->wishes[index];
    auto fetching = fetch(one->examined, wish, parts_.clock, own);
    const auto look = co_await within(bench, own, std::move(fetching));
    std::vector<Step> steps;
    steps.push_back(judge_token(wish, look));
    steps.front().took = since(parts_.clock, began);
    if (look.has_value() && look->had) {
        steps.push_back(judge_scope(wish, *look));
    } else {
        Step scope("scope", name_of(wish));
        scope.skipped_after("token");
        steps.push_back(std::move(scope));
    }
    one->tokens[index] = std::move(steps);
}

sdk::Task<void> Doctor::examine_call_of(std::shared_ptr<Case> one, sdk::Deadline end) {
    const auto began = parts_.clock.steady();
    if (const auto obstacle = one->obstacle(); !obstacle.empty()) {
        Step call("call", "");
        one->call = call.skipped_after(obstacle);
        co_return;
    }
    const Bench bench(parts_.clock, left_);
    const sdk::Deadline own(std::min(began + call_time_max, end.at));
    auto probing = probe(one->examined, one->tenant, own);
    const auto answer = co_await within(bench, own, std::move(probing));
    Step call = judge_call(answer);
    call.took = since(parts_.clock, began);
    one->call = std::move(call);
}

sdk::Task<void> Doctor::examine_case(std::shared_ptr<Case> one, sdk::Deadline end) {
    const auto began = parts_.clock.steady();
    if (one->examined) {
        const Bench bench(parts_.clock, left_);
        std::vector<sdk::Task<void>> looks;
        for (std::size_t i = 0; i < one->places.size(); ++i) {
            looks.push_back(examine_place_of(one, i, end));
        }
        for (std::size_t i = 0; i < one->wishes.size(); ++i) {
            looks.push_back(examine_token_of(one, i, end));
        }
        co_await side_by_side(bench, end, std::move(looks));
        co_await examine_call_of(one, end);
    }
    one->took = since(parts_.clock, began);
}

sdk::Task<std::optional<Examination>> Doctor::examine(core::ConnectionId connection,
                                                      core::TenantId tenant) {
    const auto config = parts_.configuration.current();
    const auto found = config->connections.find(connection);
    if (found == config->connections.end() ||
        (!tenant.value.empty() && !found->second.tenants.contains(tenant))) {
        co_return std::nullopt;
    }
    const auto one = open_case(found->second, tenant);
    co_await examine_case(one, parts_.clock.in(examination_time_max));
    co_return one->told();
}

sdk::Task<void> Doctor::into_house(std::shared_ptr<Examination> into, sdk::Deadline end) {
    const Bench bench(parts_.clock, left_);
    auto& house = parts_.house;
    const auto began = parts_.clock.steady();
    const sdk::Deadline own(std::min(began + house_time_max, end.at));
    // One dead disk must not keep the rest from being looked at: each has a share of the time.
    auto writing = house.try_data();
    const auto written = co_await within(bench, own, std::move(writing));
    into->steps.push_back(judge_data(house.data_path(), written));
    auto measuring = house.disk();
    const sdk::Deadline disk_end(std::min(parts_.clock.steady() + house_time_max / 2, end.at));
    const auto disk = co_await within(bench, disk_end, std::move(measuring));
    into->steps.push_back(judge_disk(disk));
    auto asking = house.kernel_clock();
    const sdk::Deadline clock_end(std::min(parts_.clock.steady() + house_time_max / 6, end.at));
    const auto kernel = co_await within(bench, clock_end, std::move(asking));
    into->steps.push_back(judge_own_clock(kernel, parts_.clock.now()));
    auto reading = house.unreadable_keys();
    const sdk::Deadline keys_end(std::min(parts_.clock.steady() + house_time_max / 2, end.at));
    const auto keys = co_await within(bench, keys_end, std::move(reading));
    into->steps.push_back(judge_keys(keys));
    auto scanning = house.scanner();
    const sdk::Deadline scan_end(std::min(parts_.clock.steady() + house_time_max / 2, end.at));
    const auto scanner = co_await within(bench, scan_end, std::move(scanning));
    into->steps.push_back(judge_scanner(scanner));
    into->took = since(parts_.clock, began);
}

sdk::Task<Examination> Doctor::examine_house() {
    const auto house = std::make_shared<Examination>();
    co_await into_house(house, parts_.clock.in(examination_time_max));
    co_return *house;
}

sdk::Task<std::vector<Examination>> Doctor::examine_all() {
    const auto end = parts_.clock.in(examination_time_max);
    const auto house = std::make_shared<Examination>();
    std::vector<std::shared_ptr<Case>> cases;
    std::vector<sdk::Task<void>> looks;
    looks.push_back(into_house(house, end));
    const auto config = parts_.configuration.current();
    for (const auto& [id, one] : config->connections) {
        cases.push_back(open_case(one, {}));
        looks.push_back(examine_case(cases.back(), end));
    }
    const Bench bench(parts_.clock, left_);
    co_await side_by_side(bench, sdk::Deadline(end.at + grace), std::move(looks));
    std::vector<Examination> all;
    all.push_back(*house);
    for (const auto& one : cases) {
        all.push_back(one->told());
    }
    co_return all;
}

}   // namespace gateway::doctor
