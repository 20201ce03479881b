#include "gateway/app/sandbox/api_key.hpp"

#include "gateway/app/secrets.hpp"
#include "gateway/crypto/api_key.hpp"

#include <filesystem>

namespace gateway::app {
namespace {

core::Result<void> write_key(const std::string& file, const std::string& text) {
    const std::filesystem::path path(file);
    const auto folder = runtime::make_file_system(path.parent_path().string());
    const std::string name = path.filename().string();
    if (auto removed = folder->remove(name); !removed) {
        return removed;
    }
    auto made = folder->create(name);
    if (!made) {
        return made.error();
    }
    return (*made)->append(text);
}

}   // namespace

sdk::Task<core::Result<std::string>> sandbox_api_key(Gateway& gateway, std::string file,
                                                     core::TenantId tenant, core::SystemId system) {
    const std::string text = first_line(read_secret("file:" + file, Secrecy::secret).bytes);
    if (const auto old = crypto::read_api_key(text)) {
        const auto known = co_await gateway.store().find_credential(old->id);
        if (known && known->has_value() && !(*known)->revoked &&
            (*known)->secret_hash == old->secret_hash()) {
            co_return text;
        }
    }
    const crypto::ApiKey key = crypto::make_api_key(gateway.ids());
    ports::Credential credential;
    credential.key_id = key.id;
    credential.tenant = std::move(tenant);
    credential.system = std::move(system);
    credential.kind = "system";
    credential.secret_hash = key.secret_hash();
    credential.created = gateway.clock().now();
    credential.note = "sandbox";
    const auto put = co_await gateway.store().put_credential(std::move(credential));
    if (!put) {
        co_return put.error();
    }
    const std::string shown = key.text();
    const auto written = write_key(file, shown + "\n");
    if (!written) {
        co_return written.error();
    }
    co_return shown;
}

}   // namespace gateway::app
