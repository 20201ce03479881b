#pragma once

// The whole register, from its dump into the gateway: as it comes, some hundred units at a time.

#include "adapters/enhetsregisteret/brreg_answers.hpp"
#include "adapters/enhetsregisteret/brreg_caller.hpp"
#include "adapters/enhetsregisteret/brreg_dump.hpp"
#include "gateway/sdk/bytes.hpp"
#include "gateway/sdk/feed.hpp"

namespace gateway::enhetsregisteret {

/// Where one dump is written to. Lives on its connection's strand, for one exchange.
class DumpSink final : public sdk::ByteSink {
public:
    struct Facts {
        Kind kind = Kind::unit;
        core::Time asked_at{};
        std::uint64_t done_before = 0;   // of dumps before this one
        std::uint64_t of = 0;            // all in all; 0: unknown

        Facts() = default;
    };
    DumpSink(const Settings& settings, Facts facts, sdk::RegisterIntake& into)
        : settings_(settings), facts_(facts), into_(into) {}

    sdk::Task<sdk::Result<void>> write(std::span<const char> bytes) override;
    /// The last of them, and whether it was all: a failure of the dump's own.
    sdk::Task<std::optional<sdk::RegisterFailure>> finish();
    /// What made write() fail, where the dump itself did.
    const std::optional<sdk::RegisterFailure>& failure() const { return failure_; }
    std::uint64_t entries() const { return entries_; }
    std::uint64_t skipped() const { return skipped_; }

private:
    sdk::Task<sdk::Result<void>> keep(std::vector<std::string> objects);
    sdk::Task<sdk::Result<void>> put();
    bool add(const std::string& object);
    core::Failure fail(core::Code code);
    bool too_many_skipped() const;

    const Settings& settings_;
    Facts facts_;
    sdk::RegisterIntake& into_;
    Unpacker unpacker_;
    ArrayCutter cutter_;
    std::vector<sdk::RegisterEntry> batch_;
    std::uint64_t entries_ = 0;
    std::uint64_t skipped_ = 0;
    std::optional<sdk::RegisterFailure> failure_;
};

/// Lives on its connection's strand.
class Load {
public:
    Load(const Settings& settings, sdk::Host& host) : settings_(settings), host_(host) {}
    /// Units, then sub-units. `answer.cursor` is the caller's.
    sdk::Task<sdk::LoadAnswer> run(sdk::RegisterIntake& into, sdk::Deadline deadline);

private:
    sdk::Task<std::uint64_t> count(sdk::Deadline deadline);
    sdk::Task<void> load(DumpSink& sink, Kind kind, sdk::LoadAnswer& answer,
                         sdk::Deadline deadline);

    const Settings& settings_;
    sdk::Host& host_;
};

}   // namespace gateway::enhetsregisteret
