#pragma once

// What the public API does with records, apart from HTTP. gateway/records is the one
// implementation. Nothing leaves before the access log has it on disk. Keys and values are
// personal: never logged, never in a URL.

#include "gateway/core/records_config.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/ports/record_types.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// Who asks, why, and on whose behalf.
struct RecordAsker {
    Caller caller;
    std::string purpose;   // the header Purpose as it stands; empty: none
    std::string case_reference;
    std::string actor;   // the acting user, opaque

    RecordAsker() = default;
};

struct FoundRecord;

struct RecordLookUp {
    RecordAsker asker;
    std::string dataset;
    core::RecordKeyKind kind =
        core::RecordKeyKind::person;   // of the keys, or of whom the handle is
    std::vector<std::string> keys;
    std::optional<core::Uuid> handle;   // instead of keys
    /// Nothing: all that the purpose allows.
    std::optional<std::vector<std::string>> fields;
    /// How one record is written out. With it the text may be kept for the next who asks the same;
    /// without it nothing is.
    std::string (*write)(const FoundRecord& record) = nullptr;

    RecordLookUp() = default;
};

/// Where a field comes from.
struct FieldOrigin {
    std::string source;   // connection's dataset or system
    std::string authority;
    std::string
        freshness;   // "fresh": held; "fetched": just now; "stale": its source did not answer
    core::Time fetched{};
    core::Time valid_until{};
    std::optional<core::Time> register_time;
    std::optional<core::Time> corrected_until;   // a local correction stands here

    FieldOrigin() = default;
};

struct FoundRecord {
    std::optional<Refusal> failure;   // of this key alone; then there is nothing else
    core::Uuid handle;
    std::string key;     // of an organisation or a plain key; never a person's
    bool known = true;   // false: its source does not know the key
    std::uint64_t version = 0;
    json::Value values = json::Value::object();
    std::map<std::string, FieldOrigin> fields;
    std::vector<std::string> withheld;       // hidden, since the address is graded
    bool ended = false;                      // the person has another id now
    std::optional<core::Uuid> replaced_by;   // whose handle is this: where the purpose may know

    FoundRecord() = default;
};

struct LookUpAnswer {
    std::optional<Refusal> refusal;   // of the whole; then nothing left
    std::optional<std::chrono::seconds> retry_after;
    std::vector<FoundRecord> records;   // in the order of the keys
    std::string text;                   // what was written out before, instead of records

    LookUpAnswer() = default;
};

struct LogReading {
    RecordAsker asker;
    core::Uuid handle;
    std::uint64_t after = 0;
    std::size_t limit = 100;

    LogReading() = default;
};

struct ReadEntry {
    LogEntry entry;
    std::string purpose_name;
    std::string legal_basis;
    std::string actor;
    std::string case_reference;
    std::string reason;   // of an operator's act: why, in their words

    ReadEntry() = default;
};

struct LogPage {
    std::optional<Refusal> refusal;
    std::vector<ReadEntry> entries;

    LogPage() = default;
};

/// One record of an own dataset: written, or removed.
struct Publication {
    std::string key;
    std::optional<json::Value> value;   // nothing: removed
    /// The version that must stand there; 0: none may; nothing: whatever stands there.
    std::optional<std::uint64_t> expected = 0;

    Publication() = default;
};

struct PublishCommand {
    RecordAsker asker;
    std::string dataset;
    std::vector<Publication> items;   // all or nothing
    /// Keys stand in a URL: those of persons are refused.
    bool key_in_url = false;

    PublishCommand() = default;
};

struct PublishAnswer {
    std::optional<Refusal> refusal;
    struct Published {
        core::Uuid handle;
        std::uint64_t version = 0;
    };
    std::vector<Published> records;
    std::uint64_t standing = 0;   // with records.conflict: the version that stands there

    PublishAnswer() = default;
};

struct ChangesQuery {
    RecordAsker asker;
    std::string dataset;
    std::uint64_t after = 0;
    std::size_t limit = 100;

    ChangesQuery() = default;
};

struct ChangesPage {
    std::optional<Refusal> refusal;
    struct Change {
        RecordChange change;
        std::string key;   // never a person's
    };
    std::vector<Change> changes;

    ChangesPage() = default;
};

/// What stands over a register's record here, until a time; no values: what stood there goes.
struct CorrectCommand {
    RecordAsker asker;
    std::string dataset;
    core::Uuid handle;
    json::Value values;   // field -> value
    std::string source;   // how it is known
    core::Time until{};

    CorrectCommand() = default;
};

/// Any strand may call.
class Records {
public:
    virtual ~Records() = default;
    virtual sdk::Task<LookUpAnswer> look_up(RecordLookUp question) = 0;
    virtual sdk::Task<LogPage> read_log(LogReading reading) = 0;
    virtual sdk::Task<PublishAnswer> publish(PublishCommand command) = 0;
    virtual sdk::Task<ChangesPage> changes(ChangesQuery query) = 0;
    virtual sdk::Task<std::optional<Refusal>> correct(CorrectCommand command) = 0;
};

}   // namespace gateway::ports
