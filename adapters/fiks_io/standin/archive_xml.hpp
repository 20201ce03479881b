#pragma once

// Fiks Arkiv's XML as an archive reads and writes it, with checks of its own. Facts: the schemas of
// KS's fiks-arkiv-specification, V1.

#include "adapters/fiks_io/standin/archive_records.hpp"
#include "adapters/fiks_io/standin/party.hpp"

#include <variant>

namespace gateway::fiks_io::standin {

/// An arkivmelding, understood.
struct Order {
    std::string system;
    std::optional<Case> folder;     // mappe
    std::optional<Record> record;   // registrering
    std::string parent;             // referanseForelderMappe, any of its ids

    Order() = default;
};

/// What is wrong, in words for the sender.
struct Objection {
    std::string words;
};

/// arkivmelding.opprett against its files.
std::variant<Order, Objection> read_order(const Opened& message);

/// What a query asks for: the ids of what is to be fetched, or words to search by.
struct Query {
    std::string system;
    std::string reference;       // hent: any id
    std::string response_type;   // sok: noekler, minimum, utvidet
    bool for_cases = false;      // sok: folders, else records
    std::vector<std::string> values;
    std::int64_t take = 0;
    std::int64_t skip = 0;

    Query() = default;
};
std::variant<Query, Objection> read_query(const Opened& message, std::string_view root);

/// What oppdater, dokumentobjekt and avskrivning are about.
struct Change {
    std::string target;               // any id of the record or case
    std::string title;                // a new one; empty: none
    std::optional<RecordFile> file;   // a new file of the target
};
std::variant<Change, Objection> read_change(const Opened& message, std::string_view root);

/// arkivmeldingKvittering; `failed` are words instead of what was made.
std::string write_receipt(const Case* folder, bool case_existed, const Record* record,
                          const std::string& at);
struct Refused {
    std::string folder;   // empty: not refused
    std::string record;
};
std::string write_refusal(const Refused& refused);
/// feilmelding: root is ugyldigforespoersel, serverfeil or ikkefunnet.
std::string write_error(std::string_view root, const std::string& words);
/// dokumentobjektKvittering of a new file of a record.
std::string write_file_receipt(const RecordFile& file, const std::string& at);

/// Answers to queries.
std::string write_found(const Query& query, const std::vector<const Case*>& cases,
                        const std::vector<const Record*>& records);
std::string write_folder(const Case& folder);
std::string write_record(const Record& record, const Case* folder);

}   // namespace gateway::fiks_io::standin
