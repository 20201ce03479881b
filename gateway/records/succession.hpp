#pragma once

// A person whose id was replaced by another: a D-number by a birth number, mostly. A register says
// so of who is asked about; both are one person from then on, linked by their handles alone.

#include "gateway/crypto/vault.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/record_store.hpp"
#include "gateway/sdk/ids.hpp"

#include <string>
#include <vector>

namespace gateway::records {

/// Who stands in the log for it.
inline constexpr const char* register_author = "gateway:registers";

struct SuccessionParts {
    ports::RecordStore& store;
    const crypto::Vault& vault;
    sdk::Ids& ids;
    core::TenantId tenant;
    core::Time now{};

    SuccessionParts(ports::RecordStore& records, const crypto::Vault& key, sdk::Ids& new_ids,
                    core::TenantId whose, core::Time at)
        : store(records), vault(key), ids(new_ids), tenant(std::move(whose)), now(at) {}
};

/// What a register says of ids ("nationalIds"): the one in use, and those before it. Anything that
/// is none is left out. Pure.
struct NationalIds {
    std::string current;
    std::vector<std::string> former;

    NationalIds() = default;
};
NationalIds read_national_ids(const json::Value& said);

/// The ended one, who is known, from now on is of one person with whom the key is of. A register
/// that contradicts what it said before changes nothing.
sdk::Task<core::Result<void>> link_ended(SuccessionParts parts, core::Uuid ended,
                                         std::string successor);
/// Of one who was asked about by `key`: it has ended, or former ones of it are known here.
sdk::Task<core::Result<void>> note_succession(SuccessionParts parts, core::Uuid handle,
                                              std::string key, NationalIds said);

}   // namespace gateway::records
