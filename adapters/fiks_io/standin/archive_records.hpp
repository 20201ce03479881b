#pragma once

// What the archive system keeps: cases (saksmappe), records (journalpost) and their files' hashes.
// Numbers run by year, as Noark 5 has them.

#include "adapters/common/standin/journal.hpp"
#include "gateway/json/value.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::fiks_io::standin {

struct Case {
    std::string id;           // systemID
    std::string outside_id;   // "<fagsystem> <noekkel>"; empty: none
    std::string title;
    std::int64_t year = 0;
    std::int64_t sequence = 0;
    std::int64_t records = 0;   // so many records have been put into it

    std::string number() const { return std::to_string(year) + "/" + std::to_string(sequence); }
    json::Value to_json() const;
    static Case from_json(const json::Value& value);
};

struct RecordFile {
    std::string id;   // systemID of the dokumentobjekt
    std::string name;
    std::string sha256;
};

struct Record {
    std::string id;   // systemID
    std::string outside_id;
    std::string title;
    std::string type;   // journalposttype: I, U, N, X, S; empty: no journalpost
    std::string case_id;
    std::int64_t year = 0;
    std::int64_t sequence = 0;
    std::int64_t number = 0;   // in its case
    std::vector<RecordFile> files;
    std::vector<std::string> updates;   // klientMeldingId of what changed it

    json::Value to_json() const;
    static Record from_json(const json::Value& value);
};

/// What was made for a message, so that the same one again is answered the same.
struct Done {
    std::string case_id;
    std::string record_id;
    bool case_existed = false;

    json::Value to_json() const;
    static Done from_json(const json::Value& value);
};

/// One thread. Borrows the journal.
class ArchiveRecords {
public:
    explicit ArchiveRecords(gateway::standin::Journal& journal);

    Case* find_case(const std::string& any_id);       // systemID, "year/sequence", outside id
    Record* find_record(const std::string& any_id);   // systemID, "year/sequence", outside id
    Case& add(Case made, std::int64_t year);
    Record& add(Record made, std::int64_t year);
    void save(const Case& changed);
    void save(const Record& changed);

    const Done* done(const std::string& key) const;
    void set_done(const std::string& key, const Done& done);

    const std::map<std::string, Record>& records() const { return records_; }
    const std::map<std::string, Case>& cases() const { return cases_; }
    json::Value audit() const;
    void clear();

private:
    gateway::standin::Journal& journal_;
    std::map<std::string, Case> cases_;
    std::map<std::string, Record> records_;
    std::map<std::string, Done> done_;
    std::map<std::int64_t, std::int64_t> case_numbers_;   // the last, by year
    std::map<std::int64_t, std::int64_t> record_numbers_;
};

}   // namespace gateway::fiks_io::standin
