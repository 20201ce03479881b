#include "tests/unit/notify/world.hpp"

namespace tests::notify {

World::World() {
    vaults.put(tenant,
               std::make_shared<crypto::Vault>(crypto::SecretKey(std::array<std::uint8_t, 32>{7})));
    core::TenantConfig oslo;
    oslo.id = tenant;
    for (const auto& name : {own, other}) {
        core::SystemConfig system;
        system.id = name;
        oslo.systems.emplace(name, system);
    }
    configuration->tenants.emplace(tenant, oslo);
    caller.tenant = tenant;
    caller.system = own;
    store->on_events([this] { news.notify(); });
    start();
}

World::~World() {
    kill();
}

gateway::notify::Parts World::parts() {
    gateway::notify::Parts parts{
        *store,
        *this,
        vaults,
        clock,
        *ids,
        log,
        metrics,
        [this](const std::shared_ptr<const core::Configuration>&) {
            return core::Result<std::shared_ptr<sdk::HttpClient>>(receiver);
        },
        [this](const std::string&, std::uint16_t, sdk::Deadline) { return look_up(); }};
    return parts;
}

sdk::Task<core::Result<std::vector<core::IpAddress>>> World::look_up() {
    std::vector<core::IpAddress> found;
    if (const auto ip = core::parse_ip_address(address)) {
        found.push_back(*ip);
    }
    co_return found;
}

void World::start() {
    notifier = std::make_unique<gateway::notify::Notifier>(parts(), io.get_executor());
    service = std::make_unique<gateway::notify::Service>(parts(), *notifier);
    notifier->start(news);
}

void World::kill() {
    if (notifier) {
        run(io, notifier->stop(0s));
    }
    service.reset();
    notifier.reset();
}

std::vector<std::string> World::events(const core::SystemId& system, int count, const char* name) {
    ports::AcceptCommand letter;
    letter.tenant = tenant;
    letter.system = system;
    letter.message = ids->next<core::MessageId>();
    letter.type = "letter/v1";
    letter.at = clock.now();
    letter.delivery.id = ids->next<core::DeliveryId>();
    letter.delivery.due = clock.now();
    std::vector<std::string> made_ids;
    for (int i = 0; i < count; ++i) {
        ports::NewEvent event;
        event.id = ids->next<core::EventId>();
        event.at = clock.now();
        event.name = name;
        event.code = core::Code(name);
        made_ids.push_back(event.id.to_string());
        letter.events.push_back(std::move(event));
    }
    REQUIRE(run(io, store->accept(std::move(letter))).has_value());
    return made_ids;
}

json::Value World::ok(sdk::Task<ports::SubscriptionAnswer> task) {
    auto answer = run(io, std::move(task));
    INFO((answer.refusal ? answer.refusal->code.value : std::string()));
    REQUIRE_FALSE(answer.refusal.has_value());
    return answer.view;
}

std::string World::refused(sdk::Task<ports::SubscriptionAnswer> task) {
    auto answer = run(io, std::move(task));
    return answer.refusal ? answer.refusal->code.value : "taken";
}

json::Value World::subscribe(const char* body) {
    made = ok(service->create(caller, *json::parse(body)));
    return made;
}

bool World::until(const std::function<bool()>& done, core::Duration at_most) {
    return run_until(io, clock, done, at_most);
}

void World::pass(core::Duration time) {
    const auto end = clock.steady() + time;
    run_until(
        io, clock, [&] { return clock.steady() >= end; }, time + 1min);
}

}   // namespace tests::notify
