#pragma once

// The XML of each message to an archive. `message` is an archive/v1 that check() finds no fault
// with. Pure.

#include "adapters/fiks_io/arkiv/arkiv.hpp"

namespace gateway::fiks_io::arkiv {

using Documents = std::span<const core::DocumentRef>;

/// arkivmelding.opprett: a case, a record with its documents, or both.
std::string create_xml(const json::Value& message, Documents documents, const Origin& origin);
/// dokumentobjekt.opprett: one more file of a document.
std::string new_version_xml(const json::Value& message, Documents documents);
/// arkivmelding.oppdater: what `update` and `close` ask for.
std::string update_xml(const json::Value& message, const Origin& origin);
/// avskrivning.opprett and avskrivning.slett.
std::string follow_up_xml(const json::Value& message, const Origin& origin);
std::string take_back_xml(const json::Value& message);
/// innsyn.sok.
std::string search_xml(const json::Value& message, const Origin& origin);
/// innsyn.mappe.hent, innsyn.registrering.hent, innsyn.dokumentfil.hent.
std::string fetch_case_xml(const json::Value& message, const Origin& origin);
std::string fetch_record_xml(const json::Value& message, const Origin& origin);
std::string fetch_file_xml(const json::Value& message, const Origin& origin);

/// Which document is the main one (tilknyttetRegistreringSom H): the one that says so, else the
/// first unless it says otherwise. documents.size() when none.
std::size_t main_document(const json::Array& documents);

/// What screens the record: its own, else the message's.
const json::Value& screening_of_record(const json::Value& message);

}   // namespace gateway::fiks_io::arkiv
