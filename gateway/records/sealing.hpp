#pragma once

// Records on their way to the store and back: whom they are about under a key of that person's,
// each version of a record under a key of its own, what the log says of the asker under the
// person's. No coroutine: keys never cross a wait.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/record_types.hpp"
#include "gateway/records/held_record.hpp"
#include "gateway/sdk/ids.hpp"

namespace gateway::records {

std::string key_token(const crypto::Vault& vault, core::RecordKeyKind kind, std::string_view key);
/// With a random handle.
ports::Subject new_subject(const crypto::Vault& vault, sdk::Ids& ids, core::RecordKeyKind kind,
                           const std::string& key, core::Time now);
/// `not_found` when it was forgotten.
core::Result<std::string> open_key(const crypto::Vault& vault, const ports::Subject& subject);

/// Sets the row's sealed value and key; both are empty when there is nothing to seal.
void seal_row(const crypto::Vault& vault, sdk::Ids& ids, ports::RecordRow& row,
              const HeldRecord& record);
core::Result<HeldRecord> open_row(const crypto::Vault& vault, const ports::RecordRow& row);

/// Acting user and case; empty when neither is given, or the subject is forgotten.
core::Result<std::string> seal_detail(const crypto::Vault& vault, sdk::Ids& ids,
                                      const ports::Subject& subject, const std::string& actor,
                                      const std::string& case_reference);
/// Null when it cannot be opened any more.
json::Value open_detail(const crypto::Vault& vault, const ports::Subject& subject,
                        const std::string& sealed);

/// An operator's reason. Under a key of its own that lies with it, wrapped by the tenant's: an
/// erasure is still explained when the person's key is gone.
std::string seal_reason(const crypto::Vault& vault, sdk::Ids& ids, core::Uuid handle,
                        const std::string& reason);
/// Empty when it is none.
std::string open_reason(const crypto::Vault& vault, core::Uuid handle, const std::string& sealed);

}   // namespace gateway::records
