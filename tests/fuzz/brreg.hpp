#pragma once

// Whatever the register of entities says: a unit, roles, a page of updates, the dump. The first
// line says which of them; the dump comes cut at the second line's number.

#include "adapters/enhetsregisteret/brreg_dump.hpp"
#include "adapters/enhetsregisteret/brreg_updates.hpp"
#include "tests/fuzz/promise.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace fuzz::brreg {

namespace theirs = gateway::enhetsregisteret;

inline void promise_unit(const theirs::Unit& unit) {
    if (!unit.fault.empty()) {
        promise(unit.fault.size() < 60 && !has_control(unit.fault), "a fault is a field's name");
        return;
    }
    promise(theirs::is_number(unit.value["number"].as_string()), "it has a number");
    promise(!unit.value["name"].as_string().empty(), "and a name");
    promise(unit.value["industries"].items().size() <= 3, "three industries at most");
    promise((unit.value["status"].as_string() == "deleted") == unit.value.has("deletedAt"),
            "who is deleted has a date, and nobody else");
}

inline void updates(std::string_view text) {
    gateway::sdk::HttpResponse response(200, std::string(text));
    const auto read = theirs::read_updates(response, theirs::Kind::unit, 100, 1000);
    if (read.failure) {
        promise(read.changes.empty() && read.last == 0, "a failure moves nothing");
        return;
    }
    promise(read.changes.size() == read.ids.size(), "each has an id");
    promise(std::adjacent_find(read.ids.begin(), read.ids.end(), std::greater_equal<>()) ==
                read.ids.end(),
            "ids rise");
    for (const auto& change : read.changes) {
        promise(theirs::is_number(change.key) && change.events.size() == 1, "of one unit");
    }
    promise(read.changes.empty() || (read.first >= 100 && read.last >= read.first),
            "none from before what was asked for");
}

inline void dump(std::string_view text) {
    const auto piece = std::clamp<std::size_t>(
        std::strtoul(std::string(first_line(text)).c_str(), nullptr, 10), 1, 1U << 16U);
    theirs::Unpacker unpacker;
    theirs::ArrayCutter cutter;
    std::vector<std::string> objects;
    std::size_t plain = 0;
    for (std::size_t at = 0; at < text.size() && plain < (16U << 20U); at += piece) {
        const auto part = text.substr(at, piece);
        unpacker.give(part);
        while (const auto some = unpacker.next()) {
            plain += some->size();
            cutter.take(*some, objects);
            if (plain >= (16U << 20U)) {
                break;
            }
        }
    }
    for (const auto& object : objects) {
        promise(object.front() == '{' && object.size() <= theirs::ArrayCutter::object_bytes_max,
                "an object, not too long");
    }
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    std::string_view text = text_of(data, size);
    const std::string_view what = first_line(text);
    if (what == "dump") {
        dump(text);
        return;
    }
    if (what == "updates") {
        updates(text);
        return;
    }
    theirs::Position::parse(text);
    const auto entry = gateway::json::parse(text);
    if (!entry) {
        return;
    }
    if (what == "roles") {
        const auto roles = theirs::read_roles(*entry);
        promise(!roles.fault.empty() || roles.value["roles"].is_array(), "roles are a list");
        return;
    }
    promise_unit(theirs::read_unit(*entry, what == "sub-unit"));
}

}   // namespace fuzz::brreg
