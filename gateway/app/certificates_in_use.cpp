#include "gateway/app/certificates_in_use.hpp"

#include "gateway/app/secrets.hpp"
#include "gateway/crypto/certificate.hpp"
#include "gateway/crypto/private_key.hpp"

namespace gateway::app {
namespace {

core::Result<std::vector<std::string>> read_chain_of_key(const CertificateInUse& named) {
    if (named.key.empty() || is_hardware_reference(named.key)) {
        return std::vector<std::string>();
    }
    const auto text = resolve_secret(named.key, Secrecy::secret);
    if (!text) {
        return text.error();
    }
    const auto word = named.key_password.empty()
                          ? core::Result<std::string>(std::string())
                          : resolve_secret(named.key_password, Secrecy::secret);
    if (!word) {
        return word.error();
    }
    const auto key = crypto::load_key(*text, first_line(*word));
    if (!key) {
        return key.error();
    }
    return (*key)->certificates();
}

}   // namespace

std::vector<CertificateInUse> certificates_in_use(const core::Configuration& configuration) {
    std::vector<CertificateInUse> all;
    const auto add_listener = [&](const char* name, const core::ListenConfig& listener) {
        CertificateInUse one;
        one.of_listener = true;
        one.name = name;
        one.reference = listener.certificate;
        all.push_back(std::move(one));
    };
    add_listener("public", configuration.public_listener);
    add_listener("admin", configuration.admin_listener);
    for (const auto& [id, connection] : configuration.connections) {
        CertificateInUse one;
        one.name = id.value;
        one.reference = connection.certificate;
        one.key = connection.key;
        one.key_password = connection.key_password;
        all.push_back(std::move(one));
    }
    return all;
}

core::Result<std::vector<std::string>> read_chain(const CertificateInUse& named) {
    if (named.reference.empty()) {
        return read_chain_of_key(named);
    }
    if (is_hardware_reference(named.reference)) {
        return std::vector<std::string>();
    }
    const auto pem = resolve_secret(named.reference, Secrecy::open);
    if (!pem) {
        return pem.error();
    }
    return crypto::certificates_from_pem(*pem);
}

}   // namespace gateway::app
