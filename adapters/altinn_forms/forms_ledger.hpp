#pragma once

// What is known of every form that was heard of: durable, in 256 pieces by the last byte of its
// id (the first are a clock in ids of version 7), so that one change writes a few kilobytes however
// many forms there are. Whatever tells of a form - webhook, feed, list - and however often, there
// is one line here.

#include "adapters/altinn_forms/forms_event.hpp"
#include "gateway/sdk/host.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn_forms {

enum class Stage {
    open,        // heard of; to be fetched
    handed,      // durable in the inbox; confirmed when the systems have acknowledged it
    stored,      // durable in the inbox; to be confirmed at Altinn
    done,        // confirmed at Altinn
    set_aside,   // a person must look: in quarantine, not confirmed
    gone,        // Altinn does not have it, or gives it to somebody else
};

struct Line {
    std::string app;
    std::string party;
    Stage stage = Stage::open;
    core::Time since{};   // of the stage
    int attempts = 0;     // of the stage that failed
    core::Time due{};     // not looked at before

    Line() = default;
    bool waits() const { return stage == Stage::open || stage == Stage::stored; }
};

/// Lives on its connection's strand. Errors are the store's.
class Ledger {
public:
    explicit Ledger(sdk::State& state, sdk::Clock& clock) : state_(state), clock_(clock) {}

    /// Reads all pieces again: another node may have written meanwhile.
    sdk::Task<core::Result<void>> load();
    /// Durable when it returns. True when it was not known before; what is known stays as it is.
    sdk::Task<core::Result<bool>> hear_of(const InstanceRef& instance);
    /// The form goes from `from` to `to`, with no failures yet; false, and unchanged, when it is in
    /// another stage.
    sdk::Task<core::Result<bool>> move(const std::string& guid, Stage from, Stage to);
    /// Tried in vain: again at `due`.
    sdk::Task<core::Result<void>> postpone(const std::string& guid, core::Time due);
    /// Nothing is kept of it: it was not sent in yet.
    sdk::Task<core::Result<void>> forget(const std::string& guid);
    /// Also of pieces not read yet.
    sdk::Task<core::Result<std::optional<Line>>> find(const std::string& guid);

    /// Of those read: what waits and is due at `now`, at most `most`, longest due first.
    std::vector<InstanceRef> due(core::Time now, std::size_t most) const;
    std::size_t waiting() const { return waiting_; }
    std::size_t set_aside() const;

private:
    using Lines = std::map<std::string, Line>;   // by guid
    struct Piece {
        bool known = false;
        std::uint64_t version = 0;
        Lines lines;
        std::size_t waiting = 0;
    };
    /// Changes the lines and says whether anything changed.
    using Change = std::function<bool(Lines&)>;

    static std::optional<std::size_t> piece_of(const std::string& guid);
    sdk::Task<core::Result<void>> read(std::size_t index);
    sdk::Task<core::Result<bool>> change(std::string guid, Change what);
    void prune(Lines& lines) const;
    void put(std::size_t index, Piece piece);

    sdk::State& state_;
    sdk::Clock& clock_;
    std::array<Piece, 256> pieces_;
    std::size_t waiting_ = 0;   // of all pieces: it is asked for four times a second
};

}   // namespace gateway::altinn_forms
