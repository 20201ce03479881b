#pragma once

// The services of sdk::Host for registers, what comes in, room on disk and work away from the
// strand. One thread.

#include "gateway/sdk/receiver.hpp"
#include "gateway/sdk/register.hpp"
#include "gateway/sdk/spool.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tests {

namespace core = gateway::core;
namespace sdk = gateway::sdk;

/// Answers from what it was told; a key it was told nothing of is unknown to the register.
class ScriptedRegisters final : public sdk::Registers {
public:
    explicit ScriptedRegisters(sdk::Clock& clock) : clock_(clock) {}
    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query,
                                           sdk::Deadline deadline) override;
    void knows(std::string dataset, std::string key, gateway::json::Value value) {
        values[{std::move(dataset), std::move(key)}] = std::move(value);
    }
    /// Every further look-up: this code, and no entries.
    void fail(std::string code, bool passing = true);

    std::map<std::pair<std::string, std::string>, gateway::json::Value> values;
    std::optional<sdk::RegisterFailure> failure;
    bool hangs = false;   // until cancelled or the deadline: then `upstream.timed_out`
    std::vector<sdk::RegisterQuery> asked;

private:
    sdk::Clock& clock_;
};

/// Keeps what it is handed, each receipt once per delivery and dedupe id, each oddity once by its
/// own.
class RecordedInbound final : public sdk::Inbound {
public:
    sdk::Task<core::Result<sdk::Kept>> receipt(sdk::ReceiptNews news) override;
    /// Each dedupe id of a tenant once; its answer is the first's, with what `settled` says of it.
    sdk::Task<core::Result<sdk::InboundKept>> message(sdk::InboundMessage message) override;
    sdk::Task<core::Result<std::optional<core::DeliveryId>>>
    delivery_of(std::string upstream_reference) override;
    sdk::Task<core::Result<sdk::Kept>> quarantine(sdk::Oddity oddity) override;
    void alive() override { ++alive_count; }

    std::vector<sdk::ReceiptNews> receipts;
    std::vector<sdk::InboundMessage> messages;
    std::vector<sdk::Oddity> oddities;
    int alive_count = 0;
    int calls = 0;                                     // also those that failed or were duplicates
    std::map<std::string, sdk::InboundKept> settled;   // of duplicates, by dedupe id
    std::set<core::DeliveryId> strangers;              // answered `unknown`
    std::map<std::string, core::DeliveryId> deliveries;   // what delivery_of finds
    std::optional<core::Failure> failure;                 // what every further call answers
    std::function<void()> on_call;                        // before each answer
};

/// Spools that are strings.
class MemorySpools final : public sdk::Spools {
public:
    sdk::Task<core::Result<std::unique_ptr<sdk::Spool>>> create(std::uint64_t bytes_max) override;

    std::optional<core::Failure> failure;   // what every further create() and write() answers
    int made = 0;
    int open = 0;                                   // not yet destroyed
    std::uint64_t room = std::uint64_t{1} << 40U;   // for all of them
    std::uint64_t held = 0;

private:
    class MemorySpool;
};

/// Runs every piece at once, where it was asked for.
class InlineWork final : public sdk::Work {
public:
    sdk::Task<void> run(std::function<void()> piece) override;

    int pieces = 0;
    bool inside = false;   // a piece is running: what blocks may block
};

}   // namespace tests
