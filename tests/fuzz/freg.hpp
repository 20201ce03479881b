#pragma once

// Whatever Folkeregisteret says: a person, an answer about one, a page of events with its details.
// The first line says which of them. No graded address is ever told as an ungraded one.

#include "adapters/folkeregister/freg_events.hpp"
#include "adapters/folkeregister/freg_person.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::freg {

namespace theirs = gateway::folkeregister;

inline bool says(const gateway::json::Value& element, std::string_view word) {
    return element["adressegradering"].as_string() == word;
}

inline void promise_person(const gateway::json::Value& document) {
    const auto person = theirs::read_person(document, false);
    if (!person.fault.empty()) {
        promise(person.fault.size() < 60 && !has_control(person.fault), "a fault is a part's name");
        return;
    }
    const auto& value = person.value;
    promise(!value["protection"].as_string().empty(), "protection is always said");
    bool ungraded = false;
    for (const auto& element : document["bostedsadresse"].items()) {
        ungraded = ungraded || says(element, "ugradert") || says(element, "UGRADERT") ||
                   element["adressegradering"].as_string().size() == 8;
    }
    const auto& residence = value["addresses"]["residence"];
    promise(residence.is_null() || residence["graded"].is_bool(), "each address is marked");
    promise(residence.is_null() || residence["graded"].as_bool() || ungraded,
            "none is ungraded without its having been said");
    promise(!value.has("municipality") || !residence["graded"].as_bool(true),
            "where one lives is as secret as the address");
    promise(value["protection"].as_string() != "none" || residence.is_null() ||
                !residence["graded"].as_bool(),
            "a graded address is protected");
}

inline void promise_answer(std::string_view text) {
    const theirs::Settings settings;
    const gateway::registers::Keys asked{"01816000064", "02816000850"};
    const auto reading = theirs::read_persons(
        settings, gateway::sdk::HttpResponse(200, std::string(text)), asked, gateway::core::Time());
    promise(!reading.failure || reading.replies.empty(), "all of it or nothing");
    for (const auto& [number, reply] : reading.replies) {
        promise(number == asked[0] || number == asked[1], "nobody else is told of");
        promise(reply.failure || reply.entry.key == number, "each under its number");
    }
}

inline void promise_events(std::string_view page, std::string_view details) {
    auto events = theirs::read_events(gateway::sdk::HttpResponse(200, std::string(page)), 100);
    if (events.failure) {
        promise(events.events.empty(), "a failure moves nothing");
        return;
    }
    std::uint64_t last = 100;
    for (const auto& event : events.events) {
        promise(event.number > last, "numbers rise");
        promise(event.change.key.size() == 11 && event.change.events.size() <= 1, "of one person");
        promise(!event.change.id.empty() && event.change.id.size() <= 200, "each has an id");
        last = event.number;
    }
    const auto before = events.events.size();
    if (const auto parsed = gateway::json::parse(details)) {
        theirs::apply_details(*parsed, events);
        promise(events.events.size() == before, "details take no event away");
    }
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    std::string_view text = text_of(data, size);
    const std::string_view what = first_line(text);
    if (what == "answer") {
        promise_answer(text);
    } else if (what == "events") {
        const std::string_view page = first_line(text);
        promise_events(page, text);
    } else if (what == "place") {
        const auto place = theirs::Place::parse(std::string(text));
        promise(!place || place->text() == text || place->last > 0 || text.starts_with("1;0"),
                "a place reads back");
    } else if (const auto document = gateway::json::parse(text)) {
        promise_person(*document);
    }
}

}   // namespace fuzz::freg
