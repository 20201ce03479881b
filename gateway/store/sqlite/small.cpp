#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

constexpr const char* credential_columns =
    "SELECT key_id, tenant, system, kind, secret_hash, created, revoked, note FROM credential ";

ports::Credential read_credential(const Rows& rows) {
    ports::Credential credential;
    credential.key_id = rows.text(0);
    credential.tenant = core::TenantId(rows.text(1));
    credential.system = core::SystemId(rows.text(2));
    credential.kind = rows.text(3);
    credential.secret_hash = rows.text(4);
    credential.created = rows.instant(5);
    credential.revoked = rows.optional_time(6);
    credential.note = rows.text(7);
    return credential;
}

}   // namespace

Result<ports::StateEntry> get_state(Database& db, const core::ConnectionId& connection,
                                    const std::string& key) {
    ports::StateEntry entry;
    auto rows =
        db.query("SELECT value, version FROM adapter_state WHERE connection = ? AND key = ?",
                 connection, key);
    if (rows.next()) {
        entry.value = rows.text(0);
        entry.version = rows.number(1);
    }
    return entry;
}

Result<std::uint64_t> put_state(Engine& engine, const core::ConnectionId& connection,
                                const std::string& key, const std::string& value,
                                std::uint64_t expected) {
    auto& db = engine.db();
    const auto now = get_state(db, connection, key);
    if (now->version != expected) {
        return Failure(Errc::conflict, "another version is there");
    }
    db.run("INSERT INTO adapter_state (connection, key, value, version) VALUES (?, ?, ?, ?) ON "
           "CONFLICT (connection, "
           "key) DO UPDATE SET value = excluded.value, version = excluded.version",
           connection, key, Blob(value), expected + 1);
    return expected + 1;
}

Result<std::optional<core::Fence>> take_named_lease(Engine& engine, const std::string& name,
                                                    const std::string& owner, core::Time now,
                                                    core::Time until) {
    auto& db = engine.db();
    std::string holder;
    core::Fence fence;
    bool is_live = false;
    {
        auto rows = db.query("SELECT owner, fence, until FROM named_lease WHERE name = ?", name);
        if (rows.next()) {
            holder = rows.text(0);
            fence.value = rows.number(1);
            is_live = rows.instant(2) > now;
        }
    }
    if (is_live && holder != owner) {
        return std::optional<core::Fence>();
    }
    fence.value += is_live ? 0 : 1;
    db.run("INSERT INTO named_lease (name, owner, fence, until) VALUES (?, ?, ?, ?) ON CONFLICT "
           "(name) DO UPDATE SET "
           "owner = excluded.owner, fence = excluded.fence, until = excluded.until",
           name, owner, fence.value, until);
    return std::optional(fence);
}

Result<void> drop_named_lease(Engine& engine, const std::string& name, core::Fence fence) {
    if (engine.db().run("UPDATE named_lease SET until = 0 WHERE name = ? AND fence = ?", name,
                        fence.value) == 0) {
        return Failure(Errc::stale_fence, "the lease is another's");
    }
    return {};
}

Result<void> put_credential(Engine& engine, const ports::Credential& credential) {
    const auto inserted = engine.db().run("INSERT INTO credential (key_id, tenant, system, kind, "
                                          "secret_hash, created, revoked, note) VALUES (?, ?, ?, "
                                          "?, ?, ?, ?, ?) ON CONFLICT (key_id) DO NOTHING",
                                          credential.key_id, credential.tenant, credential.system,
                                          credential.kind, Blob(credential.secret_hash),
                                          credential.created, credential.revoked, credential.note);
    if (inserted == 0) {
        return Failure(Errc::conflict, "the key id exists");
    }
    return {};
}

Result<std::optional<ports::Credential>> find_credential(Database& db, const std::string& key_id) {
    static const std::string sql = std::string(credential_columns) + "WHERE key_id = ?";
    std::optional<ports::Credential> credential;
    auto rows = db.query(sql, key_id);
    if (rows.next()) {
        credential = read_credential(rows);
    }
    return credential;
}

Result<std::vector<ports::Credential>>
list_credentials(Database& db, const std::optional<core::TenantId>& tenant) {
    static const std::string all = std::string(credential_columns) + "ORDER BY key_id";
    static const std::string own =
        std::string(credential_columns) + "WHERE tenant = ? ORDER BY key_id";
    std::vector<ports::Credential> list;
    auto rows = tenant ? db.query(own, *tenant) : db.query(all);
    while (rows.next()) {
        list.push_back(read_credential(rows));
    }
    return list;
}

Result<void> revoke_credential(Engine& engine, const std::string& key_id, core::Time at) {
    if (engine.db().run("UPDATE credential SET revoked = coalesce(revoked, ?) WHERE key_id = ?", at,
                        key_id) == 0) {
        return Failure(Errc::not_found, "no such key");
    }
    return {};
}

Result<std::uint64_t> add_config_version(Engine& engine, const ports::ConfigVersion& version) {
    auto& db = engine.db();
    const auto number =
        static_cast<std::uint64_t>(db.value("SELECT max(version) FROM config_version")) + 1;
    db.run("INSERT INTO config_version (version, at, who, why, files) VALUES (?, ?, ?, ?, ?)",
           number, version.at, version.who, version.why, version.files);
    return number;
}

Result<std::vector<ports::ConfigVersion>> config_versions(Database& db, std::size_t limit) {
    std::vector<ports::ConfigVersion> versions;
    auto rows = db.query(
        "SELECT version, at, who, why, files FROM config_version ORDER BY version DESC LIMIT ?",
        limit);
    while (rows.next()) {
        ports::ConfigVersion version;
        version.version = rows.number(0);
        version.at = rows.instant(1);
        version.who = rows.text(2);
        version.why = rows.text(3);
        version.files = rows.text(4);
        versions.push_back(std::move(version));
    }
    return versions;
}

}   // namespace gateway::store::sqlite
