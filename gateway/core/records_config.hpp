#pragma once

// What a tenant's records may be read for, the datasets its systems own, and where the heads of the
// access log go ([purpose.<id>], [dataset.<id>] of a tenant's file, [records] of sluse.toml).

#include "gateway/core/ids.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace gateway::core {

using PurposeId = Name<struct PurposeTag>;

/// Why a record may be read. What it does not name is not given out.
struct PurposeConfig {
    PurposeId id;
    std::string name;                                        // for people
    std::string legal_basis;                                 // "Barnehageloven § 16"
    std::map<std::string, std::set<std::string>> datasets;   // dataset -> the fields it may see
    /// Addresses that the population register grades as confidential leave to this purpose too.
    bool graded_addresses = false;
    std::set<std::string> events;   // "person.moved": what systems with this purpose may be told
    /// Municipality numbers: organisations there are kept for it when their register is loaded
    /// whole, though nobody has asked for them.
    std::set<std::string> organisations_in;
    std::chrono::hours retention{24 * 365};   // of what was fetched for it alone

    friend bool operator==(const PurposeConfig&, const PurposeConfig&) = default;
};

enum class RecordKeyKind : std::uint8_t {
    person = 1,         // 11 digits: never in a URL
    organisation = 2,   // 9 digits
    plain = 3,          // the owner's own, and not personal
};

/// A dataset that a system publishes and others read.
struct DatasetConfig {
    std::string id;
    std::string name;   // for people
    SystemId owner;
    RecordKeyKind key = RecordKeyKind::plain;
    std::string schema;        // JSON Schema draft 7 as text: of one record
    std::string legal_basis;   // of holding it
    bool sensitive = false;    // special categories of personal data
    std::chrono::hours valid_for{24 *
                                 365};   // after its publication, unless the record says otherwise
    std::chrono::hours retention{24 * 3650};

    friend bool operator==(const DatasetConfig&, const DatasetConfig&) = default;
};

struct RecordsConfig {
    std::string checkpoint_folder;   // one file a tenant, appended; empty: none
    bool checkpoint_syslog = false;
    std::chrono::minutes checkpoint_every{60};
    std::chrono::seconds look_up_time_max{20};   // of one look-up at a register
    std::size_t keys_max = 1'000;                // of one batch
    std::chrono::seconds feed_every{60};         // between two questions for what has changed
    bool relaxed_first_control_digit = true;     // national ids given out from 2032 on
    bool synthetic_ids = false;                  // test persons: never in production

    friend bool operator==(const RecordsConfig&, const RecordsConfig&) = default;
};

}   // namespace gateway::core
