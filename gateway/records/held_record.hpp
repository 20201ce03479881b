#pragma once

// A record as it is held: the parts that were fetched, each with its fields, source and times, and
// local corrections over them. What may be answered of it, and how a new answer is taken in. Pure;
// a row's sealed value is this as JSON.

#include "gateway/core/time.hpp"
#include "gateway/ports/record_types.hpp"
#include "gateway/records/fields.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::records {

/// What one fetch brought.
struct Part {
    Fields fields;   // what was asked for: also what the source does not have
    json::Value values = json::Value::object();
    std::string source;
    core::Time fetched{};
    core::Time valid_until{};
    core::Time stale_until{};
    std::optional<core::Time> register_time;
    bool outdated = false;   // its source has said that it changed since

    Part() = default;
};

struct Correction {
    json::Value values = json::Value::object();   // field -> value
    std::string source;
    std::string person;   // who corrected
    core::Time at{};
    core::Time until{};

    Correction() = default;
};

struct HeldRecord {
    bool absent = false;   // the source does not know the key
    core::Time fetched{};
    core::Time valid_until{};
    core::Time stale_until{};
    std::uint64_t version = 0;
    std::vector<Part> parts;   // oldest first
    std::vector<Correction> corrections;

    HeldRecord() = default;
};

/// `malformed` when it is not what write_held wrote.
core::Result<HeldRecord> read_held(std::string_view json);
std::string write_held(const HeldRecord& record);

/// How far the clock may have been set back before what was fetched "later" is not believed.
inline constexpr std::chrono::minutes clock_leeway{5};
/// More are not kept: the oldest goes.
inline constexpr std::size_t parts_max = 12;
inline constexpr std::size_t corrections_max = 8;

enum class Holds {
    fresh,     // may be answered as it is
    stale,     // only while its source does not answer, and marked
    missing,   // must be fetched
};

/// The worst of what is asked, with what grades it. An address that is outdated, or that its source
/// may have graded since, is missing rather than stale.
Holds holds(const HeldRecord& record, const Dataset& dataset, const Fields& asked,
            bool graded_addresses, core::Time now);

/// A row as it was read, with its opened value; nothing in it stays valid longer than the row.
HeldRecord held_of(const ports::RecordRow& row, HeldRecord opened);

/// The new part in place of what it covers.
void take_in(HeldRecord& record, Part part, core::Time now);
/// The source does not know the key.
void take_in_absence(HeldRecord& record, core::Time fetched, core::Time valid_until);

/// The values a question is answered from: each field from the newest part that has it, corrections
/// above; and from which part each comes.
struct Chosen {
    json::Value values = json::Value::object();
    std::map<std::string, const Part*> origin;            // by field as asked
    std::map<std::string, const Correction*> corrected;   // by field as asked

    Chosen() = default;
};
Chosen choose(const HeldRecord& record, const Dataset& dataset, const Fields& asked,
              core::Time now);

/// Of the row that this is written to: the names of the fields that were fetched.
std::string field_list(const HeldRecord& record);
/// A row's list of purposes with this one among them.
std::string with_purpose(const std::string& list, const std::string& purpose);
/// Times of the row that this is written to; the rest is the caller's.
void set_times(ports::RecordRow& row, const HeldRecord& record);

}   // namespace gateway::records
