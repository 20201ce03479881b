#pragma once

// Fiks Arkiv V1 (protocol no.ks.fiks.arkiv.v1): `archive/v1` of a specialist system becomes the
// message that an archive understands, and what the archive answers becomes JSON. Pure: no clock,
// no network, no file; any thread. The wire: the XML Schemas of KS's fiks-arkiv-specification, V1.

#include "gateway/core/code.hpp"
#include "gateway/core/delivery.hpp"
#include "gateway/json/value.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::fiks_io::arkiv {

inline constexpr std::string_view protocol = "no.ks.fiks.arkiv.v1";

/// Who asks, and when: the same at each attempt, so that the same message makes the same bytes.
struct Origin {
    std::string system;       // the specialist system as the archive knows it; not empty
    std::string message_id;   // of ours: ties a record to a case that has no key of its own
    core::Time at{};          // when the message was accepted

    Origin() = default;
    Origin(std::string of_system, std::string of_message, core::Time when)
        : system(std::move(of_system)), message_id(std::move(of_message)), at(when) {}
};

/// One document of the message as a file of the package.
struct PackagedDocument {
    std::size_t index = 0;   // in the message's documents
    std::string name;        // of the file, as the XML refers to it

    PackagedDocument() = default;
    PackagedDocument(std::size_t which, std::string file) : index(which), name(std::move(file)) {}
};

/// A message for the archive: the payload is the package's first file, the documents follow.
struct Outgoing {
    std::string message_type;   // "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett"
    std::string payload_name;   // "arkivmelding.xml"
    std::string payload;        // XML, UTF-8, valid by the XML Schema of the message type
    std::vector<PackagedDocument> documents;

    Outgoing() = default;
};

/// Everything that keeps an archive/v1 message (valid by its schema) from becoming a valid message
/// of Fiks Arkiv, all at once: what its intent lacks, what Fiks Arkiv has no place for, dates that
/// do not exist, characters that XML cannot hold, file names that fall together.
std::vector<core::Problem> check(const json::Value& message,
                                 std::span<const core::DocumentRef> documents);

/// `invalid_argument` for a message that check() finds fault with.
core::Result<Outgoing> message_of(const json::Value& message,
                                  std::span<const core::DocumentRef> documents,
                                  const Origin& origin);

enum class Standing {
    under_way,    // mottatt: the archive has it and is not done
    done,         // all that was asked for
    partly,       // some of it: code and content say what is missing. A failure for whoever asked
    failed,       // nothing
    unreadable,   // it answered, and what it says cannot be told: never taken for a yes or a no
};

struct Answer {
    Standing standing = Standing::unreadable;
    /// Why it is not `done`, for a receipt: a text code and values without personal data.
    core::Code code;
    core::Params params;
    /// archiveanswer/v1: the message's `result`, and the inbox item where `for_inbox`. May hold
    /// personal data. Null when unreadable.
    json::Value content;
    /// To search by: "journal" 2026/17 (year/sequence), "case" 2026/3 (or the folder's id),
    /// "archive" system id of the record, else of the folder.
    std::map<std::string, std::string> keys;
    /// The system asked for what is in it (search, fetch): it goes to the inbox as well.
    bool for_inbox = false;
    /// The payload's file belongs among that item's documents: it is what was fetched, or too large
    /// to be told in `content`.
    bool payload_is_document = false;

    Answer() = default;
};

/// Is it a type that an archive answers with, and answer_of() understands?
bool is_answer(std::string_view message_type);

/// The payload's name does not matter: peers differ. Empty where the type has none, and for
/// innsyn.dokumentfil.hent.resultat, whose payload is the file itself. A type that is none of the
/// archive's answers is unreadable.
Answer answer_of(std::string_view message_type, std::string_view payload);

/// Its payload is XML to be read by answer_of(), not a document (nor nothing).
bool has_xml_payload(std::string_view answer_type);

}   // namespace gateway::fiks_io::arkiv
