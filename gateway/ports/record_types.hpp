#pragma once

// Commands about records and the access log, and their answers. Strings named sealed_* are sealed
// by crypto::Vault above the store; tokens are 32-byte HMACs.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/records_config.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store_types.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// Whom or what records are about. Its handle is what addresses and the log carry; its own key
/// seals who it is and what the log says of it, and is destroyed when it is forgotten.
struct Subject {
    core::Uuid handle;   // random: says nothing
    core::RecordKeyKind kind = core::RecordKeyKind::person;
    std::string token;         // of the normalised key
    std::string sealed_key;    // the key itself: national id, organisation number, the owner's own
    std::string wrapped_key;   // empty: forgotten
    core::Time created{};
    bool legal_hold = false;   // nothing of it is erased
    /// Its key was replaced by that of another: by the one in use, or on the way to it.
    std::optional<core::Uuid> replaced_by;

    Subject() = default;
};

/// One entry of one dataset as it is held. Each version has a key of its own.
struct RecordRow {
    core::Uuid subject;
    std::string dataset;
    /// Given by the store: grows by one with each write and erasure, and when a feed says that it
    /// is outdated; never used again. 0: none yet.
    std::uint64_t version = 0;
    bool absent = false;        // the register does not know it: kept for a while too
    bool overridden = false;    // a local correction stands over what the register says
    std::string sealed_value;   // JSON: values, and what stands over them; empty when absent
    std::string wrapped_key;
    std::string source;     // the connection, or the system that published it
    std::string fields;     // JSON array of field names held; plain: names only
    std::string purposes;   // JSON array: fetched for these
    std::optional<core::Time> register_time;
    core::Time fetched_at{};
    core::Time written_at{};   // when this version was written here
    core::Time valid_until{};
    core::Time stale_until{};   // may be answered with until then, marked, while the source is down
    std::optional<core::Time> erase_at;

    RecordRow() = default;
};

struct RecordWish {
    core::Uuid subject;
    std::string dataset;

    RecordWish() = default;
    RecordWish(core::Uuid who, std::string what) : subject(who), dataset(std::move(what)) {}
};

struct RecordWrite {
    RecordRow row;
    /// Only when this is the version that stands there, 0 when none does; nothing: whatever stands
    /// there.
    std::optional<std::uint64_t> expected;

    RecordWrite() = default;
};

struct KeepAnswer {
    std::vector<std::uint64_t> versions;   // new ones, in the order of the writes
    std::optional<std::size_t>
        conflict;   // the first write that met another version: nothing written

    KeepAnswer() = default;
};

/// What was done with data, by whom, why. Values are stored as they stand here.
enum class LogKind : std::uint8_t {
    read = 1,      // a record left
    refused = 2,   // it was asked for and did not leave
    told = 3,      // a life event left
    published = 4,
    corrected = 5,
    erased = 6,
    held = 7,       // legal hold set or lifted
    log_read = 8,   // somebody read this log
    reported = 9,   // a person's report was made
};

struct NewLogEntry {
    LogKind kind = LogKind::read;
    core::Time at{};
    core::SystemId system;   // who; an operator: "operator:<name of the key>"
    core::PurposeId purpose;
    std::string dataset;
    std::vector<std::string> fields;     // none of them empty or with a comma
    std::optional<core::Uuid> subject;   // of a person or another key; none: of no single one
    std::string freshness;               // "fresh", "fetched", "stale", "absent", ""
    core::Code code;                     // of a refusal or an erasure: why
    std::string sealed_detail;   // acting user, case: sealed with the subject's key; may be empty

    NewLogEntry() = default;
};

struct LogEntry {
    std::uint64_t number = 0;   // from 1, without gaps, for each tenant
    NewLogEntry entry;
    std::string hash;   // 32 bytes: over the hash before it, the number and all of the entry

    LogEntry() = default;
};

/// Where a tenant's log ends. hash of an empty log: 32 zero bytes.
struct LogHead {
    std::uint64_t number = 0;
    std::string hash;

    LogHead() = default;
    friend bool operator==(const LogHead&, const LogHead&) = default;
};

struct LogQuery {
    core::TenantId tenant;
    std::optional<core::Uuid> subject;
    std::optional<core::SystemId> system;
    std::uint64_t after = 0;   // oldest first from behind this number
    std::size_t limit = 100;

    LogQuery() = default;
};

/// A step of a feed: its cursor and what its changes caused, at once.
struct FeedStep {
    core::ConnectionId connection;
    core::TenantId tenant;
    std::string cursor;
    std::uint64_t expected = 0;   // version of the cursor that was read; 0: none yet
    core::Time at{};
    std::vector<RecordWish> outdated;   // to be fetched anew when next asked for
    std::vector<RecordWrite> writes;
    std::vector<NewLogEntry> log;
    struct Telling {
        core::SystemId system;
        core::Uuid subject;
        std::string dedupe_id;   // the change's id and the event: told once for each system
        NewEvent event;
        std::optional<NewLogEntry> log;   // written when the event is: not when it was told before
    };
    std::vector<Telling> events;

    FeedStep() = default;
};

struct FeedCursor {
    std::string cursor;
    std::uint64_t version = 0;   // 0: none yet
    core::Time at{};

    FeedCursor() = default;
};

/// What is due to be erased, or all of one subject.
struct EraseCommand {
    core::TenantId tenant;
    core::Time at{};
    std::vector<RecordWish> records;     // their keys are destroyed, their rows go
    std::optional<core::Uuid> subject;   // forgotten whole: its key is destroyed too
    std::vector<core::Uuid> also;        // likewise, of the same person
    std::vector<NewLogEntry> log;        // each erasure explained

    EraseCommand() = default;
};

/// How long records are kept after they were last written: by the purposes they were fetched for,
/// or by their own dataset.
struct RetentionRules {
    std::map<std::string, std::chrono::hours> purposes;
    std::map<std::string, std::chrono::hours> datasets;

    RetentionRules() = default;
    friend bool operator==(const RetentionRules&, const RetentionRules&) = default;
};

struct ShortenAnswer {
    std::size_t shortened = 0;
    std::optional<RecordWish> last;   // of those that were looked at; none: there are no more

    ShortenAnswer() = default;
};

struct RecordChange {
    std::uint64_t position = 0;   // in commit order, for each tenant
    core::Uuid subject;
    std::string dataset;
    std::uint64_t version = 0;
    bool removed = false;
    core::Time at{};

    RecordChange() = default;
};

}   // namespace gateway::ports
