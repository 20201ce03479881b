#pragma once

// A register that is loaded whole: of what it streams that is kept which a purpose of the tenant's
// wants (PurposeConfig.organisations_in) and nobody holds yet. What is held is left alone: it is
// newer than a register's dump, or is asked for anew when somebody wants it. Killed at any point,
// it is begun again and finds what it kept.

#include "gateway/records/feed_changes.hpp"

#include <atomic>

namespace gateway::records {

/// Where a feed of a tenant stands, and what it needs for a turn.
struct FeedState {
    std::shared_ptr<const core::Configuration> configuration;
    std::shared_ptr<const crypto::Vault> vault;
    ports::FeedCursor cursor;   // its own; without the gap
    std::string gap;            // open since then: the code of its reason; empty: none

    FeedState() = default;
};

/// For people. Any thread.
struct LoadProgress {
    std::atomic<std::uint64_t> done{0};   // entries that came
    std::atomic<std::uint64_t> of{0};     // 0: not known
    std::atomic<std::uint64_t> kept{0};
    std::atomic<bool> ended{false};
    core::Code failure;   // once ended; empty: all of it came

    LoadProgress() = default;
    LoadProgress(const LoadProgress& other)
        : done(other.done.load()),
          of(other.of.load()),
          kept(other.kept.load()),
          ended(other.ended.load()),
          failure(other.failure) {}
};

class LoadIntake final : public sdk::RegisterIntake {
public:
    LoadIntake(const FollowerParts& parts, ports::FeedPlace place, FeedState state,
               LoadProgress& progress);

    sdk::Task<core::Result<void>> put(std::string dataset,
                                      std::vector<sdk::RegisterEntry> entries) override;
    void progress(std::uint64_t done, std::uint64_t of) override;

private:
    struct Wish {
        sdk::RegisterEntry entry;
        std::vector<const core::PurposeConfig*> purposes;
        ports::Subject subject;

        Wish() = default;
    };

    std::vector<Wish> wanted(const Dataset& dataset, std::vector<sdk::RegisterEntry> entries) const;
    ports::RecordWrite write_of(const Dataset& dataset, const Wish& wish) const;

    const FollowerParts& parts_;
    ports::FeedPlace place_;
    FeedState state_;
    LoadProgress& progress_;
};

}   // namespace gateway::records
