#include "gateway/json/value.hpp"
#include "tests/simulation/life.hpp"

// What the component hands over for two systems, and what they make of it.

namespace simulation {

using namespace std::chrono_literals;

/// Until all of it is kept and acknowledged by both.
sdk::Task<void> Life::work_inbox() {
    const auto& client = world_.client;
    const auto wanted = static_cast<std::size_t>(forms);
    while (!stopping_ &&
           (client.forms.size() < wanted || client.settled.size() < wanted * receivers.size())) {
        const auto pause = core::Duration(world_.dice(3'000'000));
        co_await world_.clock.sleep_until(world_.clock.steady() + pause);
        if (stopping_) {
            co_return;
        }
        co_await hand_in(world_.dice(forms));
        for (const auto* name : receivers) {
            co_await work(core::SystemId(name));
        }
    }
}

/// As an adapter's receiver does: known as kept only when it is; the same form again and again.
sdk::Task<void> Life::hand_in(int number) {
    auto& client = world_.client;
    const auto content = form_file(number);
    const auto hash = co_await upload(content);
    if (!hash) {
        co_return;
    }
    core::DocumentRef file;
    file.sha256 = *hash;
    file.size = content.size();
    file.name = "skjema.xml";
    sdk::InboundMessage message;
    message.tenant = oslo;
    message.type = "form/v1";
    message.dedupe_id = "form-" + std::to_string(number);
    message.content.set("number", number);
    message.documents.push_back(std::move(file));
    const ports::Handover from(core::ConnectionId("component"), {oslo}, "component");
    const auto kept = co_await incoming_->message(from, std::move(message));
    if (kept.has_error()) {
        co_return;
    }
    if (kept->quarantined) {
        client.surprises.push_back("form " + std::to_string(number) + " found no route");
    }
    if (kept->kept == sdk::Kept::stored && client.forms.contains(number)) {
        client.surprises.push_back("form " + std::to_string(number) + " is kept a second time");
    }
    client.forms.insert(number);
}

/// Takes what there is; some of it is left to its lease.
sdk::Task<void> Life::work(core::SystemId system) {
    ports::InboxLease lease;
    lease.tenant = oslo;
    lease.system = system;
    lease.types = {"form"};
    lease.now = world_.clock.now();
    lease.until = lease.now + 20s;
    lease.deliveries_max = 1'000'000;
    const auto batch = co_await store_->lease_inbox(std::move(lease));
    if (batch.has_error()) {
        co_return;
    }
    for (const auto& item : batch->items) {
        const auto number = form_in(*world_.vault, item);
        const auto name = system.value + "'s copy of form " + std::to_string(number);
        if (world_.client.settled.contains({system.value, number})) {
            world_.client.surprises.push_back(name + " is handed out after its acknowledgement");
        }
        if (world_.dice(3) == 0) {
            continue;
        }
        ports::InboxSettle command;
        command.tenant = oslo;
        command.system = system;
        command.id = item.id;
        command.lease = item.lease;
        command.event_id = world_.ids->next<core::EventId>();
        command.at = world_.clock.now();
        const auto settled = co_await store_->settle_inbox(std::move(command));
        if (settled.has_error()) {
            co_return;
        }
        world_.client.settled.emplace(system.value, number);
    }
}

int form_in(const crypto::Vault& vault, const ports::InboxItem& item) {
    const auto owner = item.id.to_bytes();
    const auto key = vault.unwrap(item.wrapped_key, owner);
    const auto text =
        key ? key->open("content", owner, item.sealed_content) : core::Result<std::string>("");
    const auto value = json::parse_or_failure(text ? *text : "", {});
    return value ? static_cast<int>((*value)["content"]["number"].as_int(-1)) : -1;
}

}   // namespace simulation
