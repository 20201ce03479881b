#include "tests/e2e/console_letters.hpp"

using namespace gateway;
using tests::admin::World;

namespace {

/// Many names of documents, and lines of a timeline in which each of these is all that others may
/// have written: what a component said, whose act it was and why.
void say_everywhere(World& world, const std::vector<std::string>& said,
                    const crypto::ContentKey& key, ports::AcceptCommand& command,
                    json::Value& documents) {
    for (const auto& text : said) {
        json::Value document = json::Value::object();
        document.set("name", text).set("sha256", std::string(64, '1')).set("size", 3);
        documents.push(std::move(document));
        json::Value personal = json::Value::object();
        personal.set("upstream", text).set("why", text);
        ports::NewEvent line;
        line.id = world.ids->next<core::EventId>();
        line.at = world.clock.now();
        line.name = "attempt_postponed";
        line.code = "maskinporten.mp_200";
        line.params = {{"code", text}, {"who", text}};
        line.sealed_params =
            key.seal(*world.ids, "event", command.message.to_bytes(), json::write(personal));
        command.events.push_back(std::move(line));
    }
}

/// What passed in an attempt, as if nothing of it had been masked: each of these stands where a
/// component may write.
std::string passed_unmasked(const std::vector<std::string>& said) {
    json::Value headers = json::Value::array();
    for (const auto& text : said) {
        json::Value header = json::Value::array();
        header.push(text).push(text);
        headers.push(std::move(header));
    }
    const auto first = said.empty() ? std::string() : said.front();
    json::Value body = json::Value::object();
    body.set("type", first).set("bytes", 3).set("text", first);
    json::Value request = json::Value::object();
    request.set("headers", std::move(headers)).set("body", std::move(body));
    json::Value exchange = json::Value::object();
    exchange.set("at", "2026-02-03T09:00:00Z")
        .set("method", first)
        .set("url", first)
        .set("milliseconds", 3)
        .set("failure", "upstream.unreachable")
        .set("request", std::move(request));
    json::Value exchanges = json::Value::array();
    exchanges.push(std::move(exchange));
    json::Value all = json::Value::object();
    all.set("exchanges", std::move(exchanges));
    return json::write(all);
}

}   // namespace

namespace tests::console {

core::MessageId accept(World& world, const std::string& text,
                       const std::vector<std::string>& said) {
    const core::TenantId tenant{World::first};
    const auto vault = world.vaults.find(tenant);
    ports::AcceptCommand command;
    command.tenant = tenant;
    command.system = core::SystemId("byggesak");
    command.message = world.ids->next<core::MessageId>();
    command.type = "letter/v1";
    command.at = world.clock.now();
    const auto owner = command.message.to_bytes();
    const auto key = vault->new_key(*world.ids, owner);
    json::Value of_case = json::Value::object();
    of_case.set("id", text);
    json::Value document = json::Value::object();
    document.set("name", text).set("sha256", std::string(64, '0')).set("size", 3);
    json::Value documents = json::Value::array();
    documents.push(std::move(document));
    say_everywhere(world, said, key.key, command, documents);
    json::Value content = json::Value::object();
    content.set("type", "letter").set("version", 1);
    content.set("reference", text).set("title", text).set("case", std::move(of_case));
    content.set("serviceArea", text).set("documents", std::move(documents));
    command.sealed_content = key.key.seal(*world.ids, "content", owner, json::write(content));
    command.wrapped_key = key.wrapped;
    command.delivery.id = world.ids->next<core::DeliveryId>();
    command.delivery.upstream_key = command.delivery.id.to_string();
    command.delivery.connection = core::ConnectionId("altinn-test");
    command.delivery.due = world.clock.now() + std::chrono::hours(24);
    ports::NewEvent event;
    event.id = world.ids->next<core::EventId>();
    event.at = world.clock.now();
    event.name = "accepted";
    event.code = "accepted";
    command.events.push_back(event);
    event.id = world.ids->next<core::EventId>();
    event.name = "route_chosen";
    event.code = "route.first_choice";
    event.params = {{"route", "brev"}};
    command.events.push_back(event);
    const auto id = command.message;
    tests::run(world.io, world.store->accept(std::move(command))).value();
    return id;
}

void fail(World& world, const std::string& reference, const std::string& said) {
    world.accept_letter(reference);
    ports::ClaimCommand claim;
    claim.now = world.clock.now();
    claim.lease_until = claim.now + std::chrono::minutes(1);
    claim.limit = 1;
    for (const auto& claimed : tests::run(world.io, world.store->claim(claim)).value()) {
        ports::FinishCommand finish;
        finish.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
        finish.fence = claimed.fence;
        finish.at = claim.now;
        finish.state = core::DeliveryState::failed;
        finish.code = core::Code("maskinporten.mp_200");
        finish.params = {{"code", said}};
        tests::run(world.io, world.store->finish(finish)).value();
    }
}

core::MessageId end_attempt(World& world, const std::string& reference, core::DeliveryState state,
                            const std::string& code, const std::vector<std::string>& said) {
    const auto id = world.accept_letter(reference);
    ports::ClaimCommand claim;
    claim.now = world.clock.now();
    claim.lease_until = claim.now + std::chrono::minutes(1);
    claim.limit = 1;
    const auto claimed = tests::run(world.io, world.store->claim(claim)).value().front();
    ports::BeginAttempt begin;
    begin.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
    begin.fence = claimed.fence;
    begin.at = claim.now;
    begin.connection = core::ConnectionId("altinn-test");
    ports::NewEvent begun;
    begun.id = world.ids->next<core::EventId>();
    begun.at = claim.now;
    begun.name = "attempt_started";
    begun.code = "attempt_started";
    begun.params = {{"attempt", "1"}};
    begin.events.push_back(std::move(begun));
    tests::run(world.io, world.store->begin_attempt(begin)).value();
    ports::FinishCommand finish;
    finish.key = begin.key;
    finish.fence = claimed.fence;
    finish.at = claim.now;
    finish.state = state;
    finish.code = core::Code(code);
    const auto owner = id.to_bytes();
    const auto key = world.vaults.find(claimed.tenant)->unwrap(claimed.wrapped_key, owner).value();
    finish.exchanges.emplace();
    finish.exchanges->attempt = 1;
    finish.exchanges->work = core::Work::send;
    finish.exchanges->sealed = key.seal(*world.ids, "exchanges", owner, passed_unmasked(said));
    tests::run(world.io, world.store->finish(finish)).value();
    return id;
}

}   // namespace tests::console
