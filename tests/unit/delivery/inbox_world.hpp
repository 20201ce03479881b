#pragma once

// What comes in, from the adapter's hand to a system's inbox and back, on a memory store.

#include "gateway/app/incoming.hpp"
#include "gateway/app/settling.hpp"
#include "tests/support/fake_scanner.hpp"
#include "tests/support/memory_documents.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

namespace tests {

struct InboxWorld {
    World world;
    MemoryDocuments documents{*world.store, world.clock};
    FakeScanner scanner;
    gateway::app::Incoming incoming{{*world.store, world.configuration, world.vaults, world.clock,
                                     *world.ids, world.log, world.metrics, documents, scanner}};
    gateway::runtime::Signal news;
    gateway::app::Settling settling{{*world.store, world.connections, world.vaults, world.clock,
                                     *world.ids, world.log, world.metrics, news},
                                    world.io.get_executor()};
    ports::Handover from{core::ConnectionId("altinn"), {oslo, bergen}, "altinn"};
    std::shared_ptr<ScriptedConnection> connection = world.connect("altinn");

    ~InboxWorld() { run(world.io, settling.stop()); }

    /// A route of Oslo's: forms of this app to these systems.
    void route(const std::string& app, const std::vector<std::string>& systems) {
        core::InboxRouteConfig made;
        made.type = "form/v1";
        made.app = app;
        for (const auto& system : systems) {
            made.to.emplace_back(system);
        }
        world.configuration.now->tenants[oslo].inbox_routes.push_back(made);
    }
    sdk::InboundMessage form(const std::string& dedupe = "instance-1") {
        sdk::InboundMessage message;
        message.tenant = oslo;
        message.type = "form/v1";
        message.dedupe_id = dedupe;
        message.facts.app = "soknad";
        message.from.set("person", "17859130003");
        message.content.set("answers", gateway::json::Value::object());
        message.raw = "<soknad/>";
        message.raw_media_type = "application/xml";
        return message;
    }
    core::DocumentRef document(const std::string& bytes) {
        auto writer = run(world.io, documents.create(oslo, core::SystemId(), 1U << 20U)).value();
        REQUIRE(run(world.io, writer->append(bytes)).has_value());
        const auto stored = run(world.io, writer->commit()).value();
        core::DocumentRef document;
        document.sha256 = stored.hash;
        document.size = stored.size;
        document.name = "soknad.pdf";
        document.media_type = "application/pdf";
        return document;
    }
    core::Result<sdk::InboundKept> hand_over(sdk::InboundMessage message) {
        return run(world.io, incoming.message(from, std::move(message)));
    }
    ports::InboxItem leased(const std::string& system) {
        ports::InboxLease lease;
        lease.tenant = oslo;
        lease.system = core::SystemId(system);
        lease.types = {"form"};
        lease.now = world.clock.now();
        lease.until = lease.now + std::chrono::minutes(5);
        const auto batch = run(world.io, world.store->lease_inbox(lease)).value();
        REQUIRE(batch.items.size() == 1);
        return batch.items.front();
    }
    gateway::json::Value opened(const ports::InboxItem& item) {
        const auto owner = item.id.to_bytes();
        const auto key = world.vaults.find(oslo)->unwrap(item.wrapped_key, owner);
        const auto text = key.value().open("content", owner, item.sealed_content);
        return gateway::json::parse_or_failure(text.value(), {}).value();
    }
    /// As the API does it.
    void settle(const ports::InboxItem& item, bool acknowledged, const std::string& answer = {}) {
        ports::InboxSettle command;
        command.tenant = oslo;
        command.system = item.system;
        command.id = item.id;
        command.lease = item.lease;
        command.acknowledged = acknowledged;
        command.at = world.clock.now();
        command.event_id = world.ids->next<core::EventId>();
        if (!answer.empty()) {
            const auto owner = item.id.to_bytes();
            const auto key = world.vaults.find(oslo)->unwrap(item.wrapped_key, owner).value();
            command.sealed_answer = key.seal(*world.ids, "answer", owner, answer);
        }
        REQUIRE(run(world.io, world.store->settle_inbox(command)).has_value());
    }
    ports::QuarantinedItem quarantined() {
        ports::QuarantineQuery query;
        query.tenant = oslo;
        const auto items = run(world.io, world.store->quarantined(query)).value();
        REQUIRE(items.size() == 1);
        return run(world.io, world.store->find_quarantined(oslo, items.front().id)).value().value();
    }
    /// Everything due is told, and those told have answered.
    void tell() {
        REQUIRE(run(world.io, settling.tell_due()));
        world.pass(std::chrono::seconds(0));
    }
};

}   // namespace tests
