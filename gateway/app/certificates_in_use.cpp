#include "gateway/app/certificates_in_use.hpp"

#include "gateway/app/secrets.hpp"
#include "gateway/crypto/certificate.hpp"

namespace gateway::app {

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

core::Result<std::vector<std::string>> read_chain(const std::string& reference) {
    const auto pem = resolve_secret(reference, Secrecy::open);
    if (!pem) {
        return pem.error();
    }
    return crypto::certificates_from_pem(*pem);
}

}   // namespace gateway::app
