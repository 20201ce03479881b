#pragma once

// What operators do with what is held of one person: a report of it for that person, legal hold,
// erasure on request, and what they know of ids that no register tells. gateway/records is the one
// implementation. Each act is in the access log with who and why before anything is shown, or in
// the same transaction as what it changes.

#include "gateway/ports/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// A person of a tenant: by national id, or by the handle that systems know.
struct PersonWish {
    core::TenantId tenant;
    std::string person;   // eleven digits; never logged
    std::optional<core::Uuid> handle;

    PersonWish() = default;
};

/// An operator. `why` outlives the person in the log: no personal data belongs in it.
struct Keeper {
    std::string who;   // "root", "key 3f9a2k1b7c0d"
    std::string why;

    Keeper() = default;
};

/// What a register or a system said at one time.
struct HeldPart {
    std::string source;
    std::vector<std::string> fields;   // what was asked for: also what the source did not have
    json::Value values = json::Value::object();
    core::Time fetched{};
    core::Time valid_until{};
    std::optional<core::Time> register_time;

    HeldPart() = default;
};

/// A local correction over it.
struct HeldCorrection {
    json::Value values = json::Value::object();
    std::string source;
    std::string person;   // who corrected
    core::Time at{};
    core::Time until{};

    HeldCorrection() = default;
};

struct HeldPurpose {
    std::string id;
    std::string name;          // empty: the tenant has it no more
    std::string legal_basis;   // likewise

    HeldPurpose() = default;
};

/// A dataset's record of the person.
struct HeldDataset {
    std::string dataset;
    std::string name;          // of a tenant's own, or of the register
    std::string authority;     // who answers for it
    std::string legal_basis;   // of holding it: a tenant's own dataset
    std::string sensitivity;   // of the most telling that is held: "open", "ordinary", "protected"
    bool absent = false;       // its source does not know the person
    core::Time written{};      // here
    std::optional<core::Time> erase_at;
    std::vector<HeldPurpose> purposes;   // fetched for these
    std::vector<HeldPart> parts;
    std::vector<HeldCorrection> corrections;

    HeldDataset() = default;
};

struct ReportQuery {
    PersonWish which;
    Keeper keeper;
    std::uint64_t after = 0;   // of the log; 0: the first page, with what is held
    std::uint64_t until = 0;   // as the first page said it
    std::size_t limit = 100;

    ReportQuery() = default;
};

struct PersonReport {
    std::optional<Refusal> refusal;
    core::TenantId tenant;
    core::Uuid handle;
    std::string person;   // the birth date's digits alone; empty: forgotten
    core::Time made{};
    core::Time known_since{};
    bool legal_hold = false;
    bool forgotten = false;           // erased on request: what is left is the log
    std::vector<core::Uuid> others;   // the person's by other ids: what is told is of all of them
    std::vector<HeldDataset> held;
    std::vector<ReadEntry> entries;   // oldest first
    std::uint64_t until = 0;          // the entry of its own making, with which it ends
    bool more = false;

    PersonReport() = default;
};

struct ErasedAnswer {
    std::optional<Refusal> refusal;
    core::Uuid handle;
    std::size_t records = 0;

    ErasedAnswer() = default;
};

/// Of a person whose id has ended.
struct LinkAnswer {
    std::optional<Refusal> refusal;
    core::Uuid handle;                   // by the ended id
    std::optional<core::Uuid> another;   // by the one in use; of those separated, what it was of

    LinkAnswer() = default;
};

/// Any strand may call.
class RecordKeeping {
public:
    virtual ~RecordKeeping() = default;
    /// A page of it; each is logged before it is shown.
    virtual sdk::Task<PersonReport> report(ReportQuery query) = 0;
    /// `held`: nothing of the person is erased until it is lifted.
    virtual sdk::Task<ErasedAnswer> hold(PersonWish which, Keeper keeper, bool held) = 0;
    /// All that is held, and who it was. Refused with records.legal_hold under a legal hold.
    virtual sdk::Task<ErasedAnswer> erase(PersonWish which, Keeper keeper) = 0;
    /// The person's id has ended, and the successor (eleven digits; never logged) is in use. Once
    /// more changes nothing. Refused with records.link_loop when it is the other way round, or the
    /// same id; with records.already_linked when another came after it.
    virtual sdk::Task<LinkAnswer> link(PersonWish ended, std::string successor, Keeper keeper) = 0;
    /// What came after the person's id is another person's after all. Refused with
    /// records.not_linked when nothing did.
    virtual sdk::Task<LinkAnswer> unlink(PersonWish ended, Keeper keeper) = 0;
};

}   // namespace gateway::ports
