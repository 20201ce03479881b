#pragma once

// A person as the register answers. What is told depends on the scopes of who asks; status and
// reservation always are.

#include "adapters/common/standin/operator_certificates.hpp"
#include "gateway/core/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::krr::standin {

inline constexpr const char* contact_scope = "krr:global/kontaktinformasjon.read";
inline constexpr const char* post_scope = "krr:global/digitalpost.read";

/// How certificates are written: which of the two the service uses is not documented.
enum class CertificateForm { base64, pem };

struct Asker {
    bool contact = false;   // kontaktinformasjon, varslingsstatus, spraak
    bool post = false;      // digital_post, sertifikat

    Asker() = default;
    explicit Asker(const std::vector<std::string>& scopes);
};

class Answers {
public:
    Answers(const gateway::standin::OperatorCertificates& certificates, CertificateForm form)
        : certificates_(certificates), form_(form) {}

    /// `known` is a description (population.hpp), or null for a number nobody has.
    json::Value person(const std::string& number, const json::Value& known, const Asker& asker,
                       core::Time now) const;
    json::Value print() const;

private:
    std::string certificate_of(const std::string& organisation) const;

    const gateway::standin::OperatorCertificates& certificates_;
    CertificateForm form_;
};

}   // namespace gateway::krr::standin
