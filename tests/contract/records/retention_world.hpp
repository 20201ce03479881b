#pragma once

// A store of letters with what they say sealed for real, and retention over it.

#include "gateway/json/value.hpp"
#include "gateway/records/message_eraser.hpp"
#include "gateway/records/sealing.hpp"
#include "tests/contract/records/record_commands.hpp"
#include "tests/contract/store/inbox_commands.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/national_ids.hpp"

namespace tests {

inline constexpr const char* letter_kari_id = "17859130003";

template <class Kind>
class RetentionWorld : public World<Kind>, public ports::ConfigurationSource {
public:
    using Vault = gateway::crypto::Vault;

    RetentionWorld() {
        std::array<std::uint8_t, 32> bytes{};
        bytes.fill(7);
        const gateway::crypto::SecretKey secret(bytes);
        vault = std::make_shared<const Vault>(secret);
        vaults.put(oslo, vault);
        configuration->tenants[oslo].id = oslo;
        rules[oslo]["letter/v1"].content = 24h * 30;
        rules[oslo]["form/v1"].content = 24h * 30;
        configuration->records.synthetic_ids = true;
        make_eraser();
    }

    std::shared_ptr<const core::Configuration> current() const override { return configuration; }
    core::MessageRetention& rule() { return rules[oslo]["letter/v1"]; }
    ports::RetentionStore& retention() { return *ports::retention_store_of(*this->store); }

    void make_eraser() {
        const gateway::records::MessageEraserParts parts{*this->store, retention(), *this, vaults,
                                                         this->clock,  *this->ids,  diary, metrics};
        eraser = std::make_unique<gateway::records::MessageEraser>(parts);
    }
    /// A new life of the process.
    void start_again() {
        eraser.reset();
        this->restart();
        make_eraser();
    }

    ports::AcceptCommand sealed_letter(const char* person = letter_kari_id) {
        namespace json = gateway::json;
        auto command = this->letter(oslo);
        const auto owner = command.message.to_bytes();
        const auto key = vault->new_key(*this->ids, owner);
        auto recipient = json::Value::object();
        recipient.set("person", person);
        auto content = json::Value::object();
        content.set("title", "Vedtak").set("recipient", std::move(recipient));
        command.sealed_content = key.key.seal(*this->ids, "content", owner, json::write(content));
        command.wrapped_key = key.wrapped;
        command.tokens.emplace_back(
            static_cast<std::uint8_t>(gateway::crypto::TokenKind::recipient),
            vault->token(gateway::crypto::TokenKind::recipient, person));
        return command;
    }
    ports::AcceptCommand ended(DeliveryState state, ports::AcceptCommand command) {
        const auto claimed = this->begun(command);
        auto end = this->finish(claimed, state, Work::none);
        end.exchanges.emplace();
        end.exchanges->attempt = 1;
        end.exchanges->work = Work::send;
        end.exchanges->sealed = "what passed";
        this->ok(this->store->finish(end));
        return command;
    }
    ports::AcceptCommand delivered() { return ended(DeliveryState::delivered, sealed_letter()); }

    ports::InboundCommand sealed_item(const std::string& name) {
        auto command = inbound(*this, name, {visma, gerica});
        const auto owner = command.id.to_bytes();
        const auto key = vault->new_key(*this->ids, owner);
        command.sealed_content =
            key.key.seal(*this->ids, "content", owner, R"({"from":"17859130003"})");
        command.wrapped_key = key.wrapped;
        REQUIRE(this->run(this->store->store_inbound(command)).has_value());
        return command;
    }
    void settle_of(const core::SystemId& system) {
        auto lease = lease_for(*this, system);
        const auto batch = this->run(this->store->lease_inbox(lease));
        REQUIRE(batch->items.size() == 1);
        this->ok(this->store->settle_inbox(settle(*this, batch->items.front())));
    }

    void look() { this->run(eraser->erase_all(rules)); }
    /// So long a time, with a look every half hour of it.
    void pass(core::Duration time, core::Duration step = std::chrono::minutes(30)) {
        const auto end = this->clock.now() + time;
        do {
            look();
            this->clock.advance(step);
        } while (this->clock.now() < end);
        look();
    }
    bool has_content(const ports::AcceptCommand& command) {
        const auto view = this->get(oslo, command.message);
        CHECK(view.wrapped_key.empty() == view.sealed_content.empty());
        return !view.wrapped_key.empty();
    }
    bool has_record(const ports::AcceptCommand& command) {
        return this->run(this->store->get(oslo, command.message)).value().has_value();
    }
    std::vector<ports::LogEntry> erasures() {
        ports::LogQuery query;
        query.tenant = oslo;
        query.limit = 1000;
        const auto log = this->run(this->store->records().read_log(query));
        std::vector<ports::LogEntry> found;
        for (const auto& one : *log) {
            if (one.entry.kind == ports::LogKind::erased) {
                found.push_back(one);
            }
        }
        return found;
    }
    core::Uuid known_person(const char* number) {
        std::vector<ports::Subject> wanted{gateway::records::new_subject(
            *vault, *this->ids, core::RecordKeyKind::person, number, this->clock.now())};
        return this->run(this->store->records().subjects(oslo, wanted))->front().handle;
    }

    gateway::crypto::Vaults vaults;
    std::shared_ptr<const Vault> vault;
    std::shared_ptr<core::Configuration> configuration = std::make_shared<core::Configuration>();
    core::MessageRetentions rules;
    RecordingLog diary;
    NoMetrics metrics;
    std::unique_ptr<gateway::records::MessageEraser> eraser;
};

}   // namespace tests
