#pragma once

// A tenant that writes to persons by policy: a mailbox, print and Altinn, in that order.

#include "world.hpp"

#include <algorithm>

namespace people {

using namespace tests;
using namespace std::chrono_literals;
using core::Channel;
using core::DeliveryState;

inline constexpr const char* person = "13896998668";

inline core::RouteTarget target(const char* connection, Channel channel) {
    core::RouteTarget made;
    made.connection = core::ConnectionId(connection);
    made.channel = channel;
    return made;
}

inline sdk::Outcome refused(const char* code) {
    return sdk::Outcome(sdk::Verdict::rejected, code);
}

inline core::Result<sdk::Receipts> news(sdk::ReceiptKind kind, const char* code = "") {
    sdk::Receipts receipts;
    sdk::Receipt receipt;
    receipt.kind = kind;
    receipt.code = core::Code(code);
    receipt.dedupe_id = std::string("receipt ") + std::to_string(static_cast<int>(kind));
    receipts.items.push_back(receipt);
    receipts.ask_again = 60s;
    return receipts;
}

/// A tenant whose route for persons is mailbox, print, Altinn.
struct People : World {
    std::shared_ptr<ScriptedConnection> dpi = connect("dpi");
    std::shared_ptr<ScriptedConnection> print = connect("print");
    std::shared_ptr<ScriptedConnection> altinn = connect("altinn");

    People() {
        auto mailbox = target("dpi", Channel::digital);
        mailbox.condition.mailbox = true;
        core::RouteConfig route;
        route.id = "person";
        route.type = "letter/v1";
        route.use = {mailbox, target("print", Channel::paper), target("altinn", Channel::portal)};
        configuration.now->tenants[oslo].routes = {route};
        rules().backoff_first = 1s;
        knows(false, true, true);
    }

    std::vector<core::RouteTarget>& use() {
        return configuration.now->tenants[oslo].routes.front().use;
    }
    void knows(bool reserved, bool can_notify, bool mailbox) {
        auto value = gateway::json::parse(R"({"status":"active"})").value();
        value.set("reserved", reserved).set("canNotify", can_notify);
        if (mailbox) {
            value.set("mailbox",
                      gateway::json::parse(R"({"address":"a#1","operator":"984661185"})").value());
            value.set("certificate", "MII");
        }
        connections.registers().knows("contact", person, value);
    }
    core::MessageId send(const std::string& members = {}) {
        Letter letter;
        letter.connection.reset();
        letter.content = std::string(R"({"type":"letter","version":1,"recipient":{"person":")") +
                         person + R"("},"title":"Brev","kind":"information","mustBe":"any")" +
                         (members.empty() ? "" : "," + members) + "}";
        return World::accept(letter);
    }
    std::vector<std::string> codes(core::MessageId message) {
        std::vector<std::string> result;
        for (const auto& event : events(message)) {
            result.push_back(event.name + ":" + event.code.value);
        }
        return result;
    }
    bool says(core::MessageId message, const std::string& line) {
        const auto all = codes(message);
        return std::find(all.begin(), all.end(), line) != all.end();
    }
    std::size_t sent() { return dpi->count("send") + print->count("send") + altinn->count("send"); }
};

}   // namespace people
