#include "gateway/app/tenant_keys.hpp"

#include "gateway/app/secrets.hpp"
#include "gateway/runtime/file.hpp"

#include <array>
#include <filesystem>

namespace gateway::app {
namespace {

using core::Errc;
using core::Failure;

/// Where the marks lie among the adapters' states; no connection can have this name.
const core::ConnectionId mark_owner("sluse.tenant-keys");

/// Tells a key from another and nothing else about it.
std::string mark_of(const crypto::Vault& vault) {
    return core::to_hex(vault.fingerprint("sluse: which tenant key is this"));
}

}   // namespace

core::Result<TenantVaults> open_vaults(const core::Configuration& configuration) {
    TenantVaults vaults;
    for (const auto& [id, tenant] : configuration.tenants) {
        const auto text = resolve_secret(tenant.sealing_key, Secrecy::secret);
        if (!text) {
            return Failure(text.error().code, id.value + ": " + text.error().detail);
        }
        const auto key = crypto::read_tenant_key(*text);
        if (!key) {
            return Failure(key.error().code,
                           id.value + ": " + tenant.sealing_key + " is no sealing key");
        }
        vaults.emplace(id, std::make_shared<const crypto::Vault>(*key));
    }
    return vaults;
}

sdk::Task<core::Result<void>> same_keys_as_before(ports::Store& store, TenantVaults vaults) {
    for (const auto& [tenant, vault] : vaults) {
        const std::string mark = mark_of(*vault);
        const auto known = co_await store.get_state(mark_owner, tenant.value);
        if (!known) {
            co_return known.error();
        }
        if (known->version == 0) {
            const auto put = co_await store.put_state(mark_owner, tenant.value, mark, 0);
            if (!put) {
                co_return put.error();
            }
        } else if (known->value != mark) {
            co_return Failure(Errc::conflict, tenant.value);
        }
    }
    co_return core::Result<void>();
}

core::Result<void> create_tenant_key(const std::string& path, core::Randomness& random) {
    std::array<std::uint8_t, 32> bytes{};
    random.random(bytes);
    const std::string text = crypto::write_tenant_key(crypto::SecretKey(bytes));
    bytes.fill(0);
    const std::filesystem::path target(path);
    const std::string folder = target.has_parent_path() ? target.parent_path().string() : ".";
    const auto files = runtime::make_file_system(folder);
    auto file = files->create(target.filename().string());
    if (!file) {
        return file.error();
    }
    if (auto written = (*file)->append(text); !written) {
        return written;
    }
    if (auto synced = (*file)->sync(); !synced) {
        return synced;
    }
    return files->sync_directory("");
}

}   // namespace gateway::app
