#include "world.hpp"

namespace tests {

using namespace std::chrono_literals;
namespace crypto = gateway::crypto;

namespace {

std::shared_ptr<const crypto::Vault> vault_of(std::uint8_t seed) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(seed);
    const crypto::SecretKey key(bytes);
    return std::make_shared<const crypto::Vault>(key);
}

}   // namespace

Node::Node(boost::asio::io_context& io, dispatch::Services services)
    : traffic(services.clock, services.log, services.metrics),
      carrier(services),
      dispatcher(services, traffic, carrier, io.get_executor()) {}

World::World()
    : ids(gateway::runtime::make_seeded_ids(clock, 7)),
      store(gateway::store::make_memory_store()),
      services{*store, connections, configuration, vaults, clock, *ids, log, metrics} {
    vaults.put(oslo, vault_of(1));
    vaults.put(bergen, vault_of(2));
    for (const auto& tenant : {oslo, bergen}) {
        configuration.now->tenants[tenant].id = tenant;
    }
}

World::~World() {
    if (node) {
        stop(0s);
    }
}

std::shared_ptr<ScriptedConnection> World::connect(const std::string& id) {
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId(id);
    connection.tenants = {oslo, bergen};
    configuration.now->connections[connection.id] = connection;
    return connections.add(id, clock);
}

ports::NewEvent World::event(const std::string& name) {
    ports::NewEvent event;
    event.id = ids->next<core::EventId>();
    event.at = clock.now();
    event.name = name;
    event.code = core::Code(name);
    return event;
}

core::MessageId World::accept(const Letter& letter) {
    const auto vault = vaults.find(letter.tenant);
    ports::AcceptCommand command;
    command.tenant = letter.tenant;
    command.system = sak;
    command.message = ids->next<core::MessageId>();
    command.type = "letter/v1";
    command.at = clock.now();
    const auto owner = command.message.to_bytes();
    const auto key = vault->new_key(*ids, owner);
    command.wrapped_key = key.wrapped;
    command.sealed_content = key.key.seal(*ids, "content", owner, letter.content);
    command.content_bytes = letter.content.size();
    command.documents = letter.documents;
    command.delivery.id = ids->next<core::DeliveryId>();
    if (letter.connection) {
        command.delivery.connection = core::ConnectionId(*letter.connection);
    }
    command.delivery.due = clock.now() + letter.due_in;
    if (letter.expires_in) {
        command.delivery.expires_at = clock.now() + *letter.expires_in;
    }
    command.delivery.upstream_key = command.delivery.id.to_string();
    if (!letter.order.empty()) {
        command.delivery.order_token =
            vault->token(gateway::crypto::TokenKind::order_key, letter.order);
    }
    command.events.push_back(event("accepted"));
    const auto message = command.message;
    const auto answer = run(io, store->accept(std::move(command))).value();
    if (answer.result != ports::Accepted::accepted) {
        throw std::runtime_error("the store did not accept");
    }
    return message;
}

void World::start() {
    node = std::make_unique<Node>(io, services);
    node->dispatcher.start();
}

void World::stop(core::Duration patience) {
    bool stopped = false;
    boost::asio::co_spawn(io, node->dispatcher.stop(patience),
                          [&](const std::exception_ptr&) { stopped = true; });
    const bool ended = run_until(
        io, clock, [&] { return stopped; }, patience + 1h);
    if (!ended) {
        throw std::runtime_error("the dispatcher does not stop");
    }
    node.reset();
}

void World::pass(core::Duration time) {
    const auto end = clock.steady() + time;
    run_until(
        io, clock, [] { return false; }, time);
    if (clock.steady() < end) {
        clock.advance(std::chrono::ceil<core::Duration>(end - clock.steady()));
        run_until(
            io, clock, [] { return false; }, 0s);
    }
}

bool World::reaches(core::MessageId message, core::DeliveryState wanted, core::Duration at_most) {
    const auto end = clock.steady() + at_most;
    while (clock.steady() < end) {
        if (state(message) == wanted) {
            return true;
        }
        pass(100ms);
    }
    return state(message) == wanted;
}

ports::MessageView World::view(core::MessageId message) {
    for (const auto& tenant : {oslo, bergen}) {
        auto found = run(io, store->get(tenant, message)).value();
        if (found) {
            return std::move(*found);
        }
    }
    throw std::runtime_error("no such message");
}

std::vector<ports::StoredEvent> World::events(core::MessageId message) {
    for (const auto& tenant : {oslo, bergen}) {
        auto found = run(io, store->timeline(tenant, message, 1000)).value();
        if (!found.empty()) {
            return found;
        }
    }
    return {};
}

std::vector<std::string> World::names(core::MessageId message) {
    std::vector<std::string> result;
    for (const auto& event : events(message)) {
        result.push_back(event.name);
    }
    return result;
}

std::string World::opened(const ports::StoredEvent& event) {
    const auto owner = event.message.to_bytes();
    const auto key = vaults.find(event.tenant)->unwrap(event.wrapped_key, owner);
    return key.value().open("event", owner, event.sealed_params).value();
}

ports::CancelAnswer World::cancel(core::MessageId message) {
    ports::CancelCommand command;
    command.tenant = oslo;
    command.message = message;
    command.at = clock.now();
    command.component_can = true;
    command.requested.push_back(event("cancel_requested"));
    command.cancelled.push_back(event("cancelled"));
    return run(io, store->cancel(std::move(command))).value();
}

}   // namespace tests
