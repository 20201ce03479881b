#pragma once

// Real letters, sent as a specialist system would send them, followed until they are delivered and
// then looked for at the stand-in: exactly one each, with the bytes that were sent. A form the
// other way, and a person who is looked up and then moves.

#include "gateway/sdk/clock.hpp"
#include "gateway/texts/texts.hpp"

#include <string>

namespace gateway::app {

/// One for each way a letter can go.
enum class DemoLetter {
    altinn,    // to an organisation
    digital,   // to a person's digital mailbox
    paper,     // to a person who has reserved against digital post
};

struct DemoPlaces {
    std::string url;              // of the public API
    std::string key;              // the system's API key
    std::string altinn_control;   // control addresses of the stand-ins
    std::string digital_post_control;
    std::string forms_control;
    std::string fiks_control;   // empty: no broker, nothing is archived
    std::string persons_control;
    std::string recipient;        // organisation number
    std::string digital_person;   // synthetic persons of the contact register
    std::string paper_person;
    std::string reference;   // unique: part of the letter, so that its bytes are
    texts::Language language = texts::Language::nb;

    DemoPlaces() = default;
};

struct SentLetter {
    DemoLetter kind = DemoLetter::altinn;
    std::string id;
    std::string sha256;   // of the PDF
    std::size_t bytes = 0;

    SentLetter() = default;
};

/// Prints what it does. The failure's detail says why in plain words.
sdk::Task<core::Result<SentLetter>> send_demo_letter(sdk::Clock& clock, DemoPlaces places,
                                                     DemoLetter kind);
/// Prints each event of the timeline as it comes, until the letter is delivered. `timed_out`, or
/// `conflict` when it ended otherwise.
sdk::Task<core::Result<void>> follow_letter(sdk::Clock& clock, DemoPlaces places,
                                            SentLetter letter);
/// How often the stand-in has the letter must be once.
sdk::Task<core::Result<void>> find_letter(sdk::Clock& clock, DemoPlaces places, SentLetter letter);

/// A citizen sends in a form at Altinn: it comes into the system's inbox with the bytes that were
/// sent, is acknowledged, and Altinn is told once. Prints what happens; fails as those above.
sdk::Task<core::Result<void>> receive_demo_form(sdk::Clock& clock, DemoPlaces places);

/// A person is looked up for a purpose, twice: the register is asked once at most. Prints what came
/// and the person's access log; fails as those above.
sdk::Task<core::Result<void>> look_up_demo_person(sdk::Clock& clock, DemoPlaces places);

/// That person moves: the system is told of it, and the next look-up has the new address. Prints
/// both; fails as those above.
sdk::Task<core::Result<void>> move_demo_person(sdk::Clock& clock, DemoPlaces places);

/// The letter as a journal post in the municipality's archive, over KS Fiks: followed until the
/// archive has given it a number, and found again by that. Prints; fails as those above.
sdk::Task<core::Result<void>> archive_demo_letter(sdk::Clock& clock, DemoPlaces places);

}   // namespace gateway::app
