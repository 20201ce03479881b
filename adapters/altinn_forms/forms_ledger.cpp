#include "adapters/altinn_forms/forms_ledger.hpp"

#include <algorithm>
#include <cstdio>

namespace gateway::altinn_forms {

using sdk::Errc;
using sdk::Failure;

namespace {

// Settled lines outlive the feed's 90 days, so that a feed read from its beginning tells nothing
// new.
constexpr std::chrono::hours settled_kept{24 * 120};
constexpr std::size_t piece_bytes_max = 1U << 20U;   // what the state takes
constexpr std::size_t lines_max = 7000;              // of some 130 bytes each
constexpr int writes_max = 20;                       // others write the same piece meanwhile

constexpr std::array<std::pair<Stage, const char*>, 6> names{{{Stage::open, "open"},
                                                              {Stage::handed, "handed"},
                                                              {Stage::stored, "stored"},
                                                              {Stage::done, "done"},
                                                              {Stage::set_aside, "aside"},
                                                              {Stage::gone, "gone"}}};

const char* name_of(Stage stage) {
    for (const auto& [one, name] : names) {
        if (one == stage) {
            return name;
        }
    }
    return "open";
}

/// What is not understood is looked at anew.
Stage stage_of(const std::string& text) {
    for (const auto& [stage, name] : names) {
        if (text == name) {
            return stage;
        }
    }
    return Stage::open;
}

std::int64_t micros(core::Time time) {
    return time.time_since_epoch().count();
}

core::Time time_of(const json::Value& value) {
    return core::Time(core::Duration(value.as_int()));
}

std::string key_of(std::size_t index) {
    char text[24];
    std::snprintf(text, sizeof text, "ledger/%02x", static_cast<unsigned>(index));
    return text;
}

}   // namespace

std::optional<std::size_t> Ledger::piece_of(const std::string& guid) {
    const auto id = core::parse_uuid(guid);
    return id ? std::optional<std::size_t>(id->bytes[15]) : std::nullopt;
}

sdk::Task<core::Result<void>> Ledger::load() {
    for (std::size_t index = 0; index < pieces_.size(); ++index) {
        auto read_one = co_await read(index);
        if (!read_one) {
            co_return read_one.error();
        }
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> Ledger::read(std::size_t index) {
    const auto entry = co_await state_.get(key_of(index));
    if (!entry) {
        co_return entry.error();
    }
    Piece piece;
    piece.known = true;
    piece.version = entry->version;
    if (!entry->value.empty()) {
        json::ParseLimits limits;
        limits.values_max = lines_max * 20;
        const auto value = json::parse_or_failure(entry->value, limits);
        if (!value) {
            co_return Failure(Errc::corrupted, "a piece of the ledger of forms");
        }
        for (const auto& [guid, kept] : value->members()) {
            Line& line = piece.lines[guid];
            line.app = kept["a"].as_string();
            line.party = kept["p"].as_string();
            line.stage = stage_of(kept["s"].as_string());
            line.since = time_of(kept["t"]);
            line.attempts = static_cast<int>(kept["n"].as_int());
            line.due = time_of(kept["d"]);
        }
    }
    put(index, std::move(piece));
    co_return core::Result<void>();
}

void Ledger::put(std::size_t index, Piece piece) {
    piece.waiting = static_cast<std::size_t>(
        std::count_if(piece.lines.begin(), piece.lines.end(),
                      [](const auto& item) { return item.second.waits(); }));
    waiting_ += piece.waiting;
    waiting_ -= pieces_[index].waiting;
    pieces_[index] = std::move(piece);
}

void Ledger::prune(Lines& lines) const {
    const auto oldest = clock_.now() - settled_kept;
    std::erase_if(lines, [oldest](const auto& item) {
        const Line& line = item.second;
        const bool is_settled = line.stage == Stage::done || line.stage == Stage::gone;
        return is_settled && line.since < oldest;
    });
}

/// Read, change, write if nobody wrote meanwhile; else once more. Two changes of one piece may
/// overlap here, too.
sdk::Task<core::Result<bool>> Ledger::change(std::string guid, Change what) {
    const auto index = piece_of(guid);
    if (!index) {
        co_return Failure(Errc::invalid_argument, "no id of a form");
    }
    for (int i = 0; i < writes_max; ++i) {
        if (!pieces_[*index].known) {
            const auto fresh = co_await read(*index);
            if (!fresh) {
                co_return fresh.error();
            }
        }
        Lines lines = pieces_[*index].lines;
        if (!what(lines)) {
            co_return false;
        }
        prune(lines);
        json::Object written;
        for (const auto& [id, line] : lines) {
            json::Value kept;
            kept.set("a", line.app).set("p", line.party).set("s", name_of(line.stage));
            kept.set("t", micros(line.since));
            if (line.attempts > 0) {
                kept.set("n", line.attempts);
            }
            if (line.due != core::Time{}) {
                kept.set("d", micros(line.due));
            }
            written.emplace_back(id, std::move(kept));
        }
        std::string text = json::write(json::Value(std::move(written)));
        if (lines.size() > lines_max || text.size() > piece_bytes_max) {
            co_return Failure(Errc::storage_full, "the ledger of forms");
        }
        const auto version =
            co_await state_.put(key_of(*index), std::move(text), pieces_[*index].version);
        if (version) {
            Piece piece;
            piece.known = true;
            piece.version = *version;
            piece.lines = std::move(lines);
            put(*index, std::move(piece));
            co_return true;
        }
        if (!version.error().is(Errc::conflict)) {
            co_return version.error();
        }
        pieces_[*index].known = false;
    }
    co_return Failure(Errc::conflict, "the ledger of forms");
}

sdk::Task<core::Result<bool>> Ledger::hear_of(const InstanceRef& instance) {
    const core::Time now = clock_.now();
    Change add = [instance, now](Lines& lines) {
        const auto [place, fresh] = lines.try_emplace(instance.guid);
        if (fresh) {
            place->second.app = instance.app;
            place->second.party = instance.party;
            place->second.since = now;
        }
        return fresh;
    };
    co_return co_await change(instance.guid, std::move(add));
}

sdk::Task<core::Result<bool>> Ledger::move(const std::string& guid, Stage from, Stage to) {
    const core::Time now = clock_.now();
    Change step = [guid, from, to, now](Lines& lines) {
        const auto found = lines.find(guid);
        if (found == lines.end() || found->second.stage != from) {
            return false;
        }
        found->second.stage = to;
        found->second.since = now;
        found->second.attempts = 0;
        found->second.due = core::Time{};
        return true;
    };
    co_return co_await change(guid, std::move(step));
}

sdk::Task<core::Result<void>> Ledger::postpone(const std::string& guid, core::Time due) {
    Change wait = [guid, due](Lines& lines) {
        const auto found = lines.find(guid);
        if (found == lines.end()) {
            return false;
        }
        ++found->second.attempts;
        found->second.due = due;
        return true;
    };
    const auto changed = co_await change(guid, std::move(wait));
    if (!changed) {
        co_return changed.error();
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> Ledger::forget(const std::string& guid) {
    Change drop = [guid](Lines& lines) { return lines.erase(guid) > 0; };
    const auto changed = co_await change(guid, std::move(drop));
    if (!changed) {
        co_return changed.error();
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<std::optional<Line>>> Ledger::find(const std::string& guid) {
    const auto index = piece_of(guid);
    if (!index) {
        co_return std::optional<Line>();
    }
    if (!pieces_[*index].known) {
        const auto fresh = co_await read(*index);
        if (!fresh) {
            co_return fresh.error();
        }
    }
    const auto& lines = pieces_[*index].lines;
    const auto found = lines.find(guid);
    if (found == lines.end()) {
        co_return std::optional<Line>();
    }
    co_return std::optional<Line>(found->second);
}

std::vector<InstanceRef> Ledger::due(core::Time now, std::size_t most) const {
    std::vector<std::pair<core::Time, InstanceRef>> ready;
    for (const auto& piece : pieces_) {
        if (piece.waiting == 0) {
            continue;
        }
        for (const auto& [guid, line] : piece.lines) {
            if (line.waits() && line.due <= now) {
                InstanceRef instance;
                instance.app = line.app;
                instance.party = line.party;
                instance.guid = guid;
                ready.emplace_back(std::max(line.due, line.since), std::move(instance));
            }
        }
    }
    std::sort(ready.begin(), ready.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<InstanceRef> instances;
    for (auto& [at, instance] : ready) {
        if (instances.size() == most) {
            break;
        }
        instances.push_back(std::move(instance));
    }
    return instances;
}

std::size_t Ledger::set_aside() const {
    std::size_t count = 0;
    for (const auto& piece : pieces_) {
        count += static_cast<std::size_t>(
            std::count_if(piece.lines.begin(), piece.lines.end(),
                          [](const auto& item) { return item.second.stage == Stage::set_aside; }));
    }
    return count;
}

}   // namespace gateway::altinn_forms
