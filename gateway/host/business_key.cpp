#include "gateway/host/business_key.hpp"

#include "gateway/crypto/certificate.hpp"
#include "gateway/crypto/digest.hpp"

#include <utility>

namespace gateway::host {
namespace {

core::Failure unavailable(const core::Failure& why) {
    return {core::Errc::unavailable, "private key: " + why.to_string()};
}

bool is_hardware(const std::string& reference) {
    return reference.starts_with("pkcs11:");
}

/// What an editor adds to a password file is not the password.
std::string first_line(const std::string& text) {
    return text.substr(0, text.find_first_of("\r\n"));
}

}   // namespace

BusinessKey::BusinessKey(Services services, core::ConnectionConfig connection)
    : services_(std::move(services)), connection_(std::move(connection)) {
    for (const auto& reference : connection_.opening_keys) {
        auto one = connection_;
        one.key = reference;
        one.certificate.clear();
        one.opening_keys.clear();
        openers_.push_back(std::make_unique<BusinessKey>(services_, std::move(one)));
    }
}

/// Blocks. What has not changed since `before` is not parsed again.
core::Result<BusinessKey::Loaded> BusinessKey::load(const Services& services,
                                                    const core::ConnectionConfig& connection,
                                                    const Loaded& before) {
    std::string password;
    if (!connection.key_password.empty()) {
        auto read = services.read_secret(connection.key_password);
        if (read.has_error()) {
            return read.error();
        }
        password = first_line(*read);
    }
    std::string text;
    const bool hardware = is_hardware(connection.key);
    if (!hardware) {
        auto read = services.read_secret(connection.key);
        if (read.has_error()) {
            return read.error();
        }
        text = std::move(*read);
    }
    std::string certificates;
    if (!connection.certificate.empty()) {
        auto read = services.read_secret(connection.certificate);
        if (read.has_error()) {
            return read.error();
        }
        certificates = std::move(*read);
    }
    Loaded loaded;
    loaded.source = crypto::sha256(text + '\0' + password + '\0' + certificates).to_bytes();
    if (before.key != nullptr && before.source == loaded.source) {
        return before;
    }
    auto key = hardware ? crypto::load_pkcs11_key(connection.key, password)
                        : crypto::load_key(text, password);
    if (key.has_error()) {
        return key.error();
    }
    loaded.key = std::move(*key);
    loaded.chain = loaded.key->certificates();
    if (!certificates.empty()) {
        auto chain = crypto::certificates_from_pem(certificates);
        if (chain.has_error()) {
            return chain.error();
        }
        loaded.chain = std::move(*chain);
    }
    return loaded;
}

sdk::Task<sdk::Result<BusinessKey::Key>> BusinessKey::key() {
    if (connection_.key.empty()) {
        co_return core::Failure(core::Errc::not_found, "the connection has no key");
    }
    const auto now = services_.clock.steady();
    if (loaded_.key != nullptr && looked_at_ && now - *looked_at_ < look_again) {
        co_return loaded_.key;
    }
    auto job = [services = services_, connection = connection_, before = loaded_] {
        return load(services, connection, before);
    };
    auto loaded = co_await services_.blocking.run(std::move(job));
    if (loaded.has_error()) {
        looked_at_.reset();
        if (loaded_.key != nullptr) {
            // A half-written new file does not take the old key away.
            core::Params fields{{"connection", connection_.id.value},
                                {"error", loaded.error().to_string()}};
            services_.log.write(sdk::Severity::warning, "key_reload_failed", fields);
            looked_at_ = now;
            co_return loaded_.key;
        }
        co_return unavailable(loaded.error());
    }
    loaded_ = std::move(*loaded);
    looked_at_ = now;
    co_return loaded_.key;
}

sdk::Task<sdk::Result<std::string>> BusinessKey::sign_rs256(std::string bytes) {
    auto current = co_await key();
    if (current.has_error()) {
        co_return current.error();
    }
    auto job = [signer = *current, text = std::move(bytes)] { return signer->sign_rs256(text); };
    auto signature = co_await services_.blocking.run(std::move(job));
    if (signature.has_error()) {
        forget();
        co_return unavailable(signature.error());
    }
    co_return std::move(*signature);
}

BusinessKey* BusinessKey::opener(std::size_t which) {
    if (openers_.empty()) {
        return which == 0 ? this : nullptr;
    }
    return which < openers_.size() ? openers_[which].get() : nullptr;
}

sdk::Task<sdk::Result<std::string>> BusinessKey::unwrap_key(core::KeyTransport transport,
                                                            std::string wrapped,
                                                            std::size_t key_bytes,
                                                            std::size_t which) {
    auto* const holder = opener(which);
    if (holder == nullptr) {
        co_return core::Failure(core::Errc::not_found, "no such opening key");
    }
    co_return co_await holder->unwrap(transport, std::move(wrapped), key_bytes);
}

sdk::Task<sdk::Result<std::vector<std::string>>> BusinessKey::opening_public_keys() {
    std::vector<std::string> keys;
    for (std::size_t i = 0; auto* const holder = opener(i); ++i) {
        const auto current = co_await holder->key();
        if (current.has_error()) {
            co_return current.error();
        }
        keys.push_back((*current)->public_key());
    }
    co_return keys;
}

sdk::Task<sdk::Result<std::string>>
BusinessKey::unwrap(core::KeyTransport transport, std::string wrapped, std::size_t key_bytes) {
    auto current = co_await key();
    if (current.has_error()) {
        co_return current.error();
    }
    auto job = [holder = *current, transport, bytes = std::move(wrapped), key_bytes] {
        return holder->unwrap_key(transport, bytes, key_bytes);
    };
    auto unwrapped = co_await services_.blocking.run(std::move(job));
    if (unwrapped.has_error()) {
        if (unwrapped.error().is(core::Errc::invalid_argument)) {
            co_return unwrapped.error();
        }
        forget();
        co_return unavailable(unwrapped.error());
    }
    co_return std::move(*unwrapped);
}

void BusinessKey::forget() {
    loaded_ = Loaded();
    looked_at_.reset();
}

sdk::Task<sdk::Result<std::vector<std::string>>> BusinessKey::certificate_chain() {
    auto current = co_await key();
    if (current.has_error()) {
        co_return current.error();
    }
    co_return loaded_.chain;
}

}   // namespace gateway::host
