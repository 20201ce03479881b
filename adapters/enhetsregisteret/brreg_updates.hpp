#pragma once

// The register's feeds of updates, and how far they have been read. Pure. An id that is asked from
// is included in the answer, so the next one is asked for; an empty page is the end; pages after
// the first are never asked for, since the register gives none beyond 10 000.

#include "adapters/enhetsregisteret/brreg_answers.hpp"
#include "gateway/sdk/feed.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::enhetsregisteret {

/// The last id seen of each feed: "1;u=24720424;s=7001".
struct Position {
    std::uint64_t unit = 0;
    std::uint64_t sub_unit = 0;

    Position() = default;
    std::uint64_t& of(Kind kind) { return kind == Kind::unit ? unit : sub_unit; }
    std::string text() const;
    static std::optional<Position> parse(std::string_view text);
};

/// Updates from this id on, the id included.
sdk::HttpRequest updates_request(const Settings& settings, Kind kind, std::uint64_t from,
                                 std::size_t size);
/// Updates since a point in time.
sdk::HttpRequest updates_since_request(const Settings& settings, Kind kind, core::Time since,
                                       std::size_t size);

struct Updates {
    std::vector<sdk::Change> changes;   // ids rise; what was told twice is there once
    std::vector<std::uint64_t> ids;     // of each of them
    std::uint64_t last = 0;             // the highest id; 0: none
    std::uint64_t first = 0;
    std::optional<sdk::RegisterFailure> failure;   // then all else is empty

    Updates() = default;
};

/// `from`: the id asked from, 0 where a time was. An answer out of order is not believed: what it
/// leaves out would never be seen.
Updates read_updates(const sdk::HttpResponse& response, Kind kind, std::uint64_t from,
                     std::size_t size);

}   // namespace gateway::enhetsregisteret
