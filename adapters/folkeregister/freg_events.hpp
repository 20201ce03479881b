#pragma once

// The register's list of events, and how far it has been read. Pure. Facts: Skatteetaten's
// hendelsesliste.md. A number that is asked from is included in the answer; the same events may be
// read again and again; the place is the reader's own.

#include "adapters/folkeregister/freg_answers.hpp"
#include "gateway/sdk/feed.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::folkeregister {

/// The last number seen, and the tag of the empty answer that came after it: "1;417;"abc"".
struct Place {
    std::uint64_t last = 0;
    std::string tag;   // for If-None-Match; empty: none

    Place() = default;
    std::string text() const;
    static std::optional<Place> parse(const std::string& text);
};

sdk::HttpRequest events_request(const Settings& settings, const Place& place);
sdk::HttpRequest last_number_request(const Settings& settings);
/// What these events changed: documents by their ids.
sdk::HttpRequest details_request(const Settings& settings, const std::vector<std::string>& ids);

struct Events {
    struct Event {
        std::uint64_t number = 0;
        std::string document;   // id of what it changed; may be empty
        sdk::Change change;

        Event() = default;
    };
    std::vector<Event> events;   // numbers rise; what was told twice is there once
    std::uint64_t missing = 0;   // numbers left out between those that are there
    std::optional<sdk::RegisterFailure> failure;   // then all else is empty

    Events() = default;
};

/// `after`: the last number seen before. A list out of order is not believed.
Events read_events(const sdk::HttpResponse& response, std::uint64_t after);
/// The number of the newest event: an object, or the number alone. Nothing for anything else.
std::optional<std::uint64_t> read_last_number(const sdk::HttpResponse& response);

/// Life events of what was corrected or taken back are no events any more: the person is only to be
/// asked for anew. False: the details are of somebody else (`freg.wrong_person`). What lacks keeps
/// what its type says.
bool apply_details(const json::Value& details, Events& events);
/// Their documents' ids, of those that would become events.
std::vector<std::string> details_wanted(const Events& events);

}   // namespace gateway::folkeregister
