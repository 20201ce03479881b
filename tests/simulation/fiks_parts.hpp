#pragma once

// A week without Fiks IO, in numbers: what both directions of it need.

#include "gateway/app/incoming.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/fake_scanner.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/memory_documents.hpp"
#include "tests/support/run.hpp"

namespace simulation {

inline const core::ConnectionId fiks_id("fiks");
inline constexpr const char* our_account = "6c1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a01";
inline constexpr const char* their_account = "7d2d5a4f-3a1c-4e4a-9a6e-1d7a5e2c3b02";

/// How many messages wait: 50 000 with SLUSE_TEST_SCALE=long, else a part of them; said aloud.
int how_many_wait(const char* what);
/// Bytes of memory that were asked for and not given back, without those of the disk in memory.
/// What the process has of the system says less: a sanitizer keeps hundreds of MiB of what is
/// freed.
std::int64_t held_beside(const tests::SimulatedVfs& disk);

/// A log of a week is not kept.
class NoLog final : public sdk::Log {
public:
    void write(sdk::Severity, std::string_view, const core::Params&) override {}
};

/// A SQLite store whose every thread is one loop, on a disk in memory.
struct StoreOnLoop {
    boost::asio::io_context& io;
    tests::SimulatedVfs disk{1};
    tests::LoopExecutor executor{io};
    std::unique_ptr<ports::Store> store;

    StoreOnLoop(boost::asio::io_context& loop, const sdk::Clock& clock);
    ~StoreOnLoop();
    std::uint64_t in_state(core::DeliveryState state);
};

/// An adapter as the gateway sees it, without a strand of its own: all is on one loop.
class OnLoop final : public ports::Connection {
public:
    OnLoop(sdk::Sender* sender, sdk::Receiver* receiver,
           std::span<const sdk::Capability> capabilities)
        : sender_(sender), receiver_(receiver), capabilities_(capabilities) {}
    const core::ConnectionId& id() const override { return fiks_id; }
    int in_flight_max() const override { return places; }
    const sdk::Capability* capability(std::string_view type) const override;
    std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                     std::span<const core::DocumentRef>,
                                     core::Time) const override {
        return {};
    }
    sdk::Task<sdk::Outcome> send(core::Delivery delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> look_up(core::Delivery delivery, sdk::Progress& progress,
                                    sdk::Deadline deadline) override;
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(core::Delivery delivery,
                                                         sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> cancel(core::Delivery delivery, sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> settled(sdk::InboundSettled what, sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;

    static constexpr int places = 16;

private:
    sdk::Sender* sender_;
    sdk::Receiver* receiver_;
    std::span<const sdk::Capability> capabilities_;
};

/// What an adapter hands over, to where the gateway keeps it.
class HandedOver final : public sdk::Inbound {
public:
    explicit HandedOver(app::Incoming& incoming) : incoming_(incoming) {}
    sdk::Task<core::Result<sdk::Kept>> receipt(sdk::ReceiptNews news) override;
    sdk::Task<core::Result<sdk::InboundKept>> message(sdk::InboundMessage message) override;
    sdk::Task<core::Result<std::optional<core::DeliveryId>>>
    delivery_of(std::string upstream_reference) override;
    sdk::Task<core::Result<sdk::Kept>> quarantine(sdk::Oddity oddity) override;
    void alive() override {}

    /// Of what was stored, not known: the numbers in the order of their senders.
    std::map<std::string, std::vector<int>> stored;   // by sender
    int oddities = 0;

private:
    app::Incoming& incoming_;
    ports::Handover from_{fiks_id, {oslo}, "fiks_io"};
};

}   // namespace simulation
