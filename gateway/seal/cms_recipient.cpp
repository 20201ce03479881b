#include "gateway/seal/cms_recipient.hpp"

#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/parsed_certificate.hpp"
#include "gateway/seal/cms_names.hpp"
#include "gateway/seal/refusal.hpp"
#include "gateway/seal/tlv.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace gateway::seal {
namespace {

using core::KeyTransport;
using Name = crypto::Handle<X509_NAME, X509_NAME_free>;

constexpr std::size_t encrypted_bytes_max = 2048;   // RSA of 16384 bits

struct Algorithm {
    std::string_view identifier;
    std::string_view parameters;   // whole, empty when absent
};

std::optional<Algorithm> algorithm_in(std::string_view sequence_content) {
    const auto identifier = tlv::take(sequence_content);
    if (!identifier || identifier->identifier != tlv::object_identifier) {
        return std::nullopt;
    }
    return Algorithm{identifier->content, sequence_content};
}

std::optional<Algorithm> explicit_algorithm(const tlv::Element& tagged) {
    std::string_view rest = tagged.content;
    const auto sequence = tlv::take(rest);
    if (!sequence || sequence->identifier != tlv::sequence || !rest.empty()) {
        return std::nullopt;
    }
    return algorithm_in(sequence->content);
}

bool is_empty_label(const Algorithm& source) {
    std::string_view rest = source.parameters;
    const auto label = tlv::take(rest);
    return source.identifier == oid::label_specified && label &&
           label->identifier == tlv::octet_string && label->content.empty() && rest.empty();
}

/// The hash of a mask generation function, which is always MGF1.
std::string_view mask_hash(const Algorithm& mask) {
    std::string_view rest = mask.parameters;
    const auto sequence = tlv::take(rest);
    if (mask.identifier != oid::mgf1 || !sequence || sequence->identifier != tlv::sequence) {
        return {};
    }
    const auto hash = algorithm_in(sequence->content);
    return hash ? hash->identifier : std::string_view();
}

/// RFC 8017 A.2.1: each part has a default, SHA-1 and the empty label.
std::optional<KeyTransport> oaep_transport(std::string_view parameters) {
    std::string_view hash = oid::sha1;
    std::string_view mask = oid::sha1;
    if (!parameters.empty()) {
        const auto sequence = tlv::take(parameters);
        if (!sequence || sequence->identifier != tlv::sequence || !parameters.empty()) {
            return std::nullopt;
        }
        std::string_view rest = sequence->content;
        while (!rest.empty()) {
            const auto tagged = tlv::take(rest);
            const auto algorithm = tagged ? explicit_algorithm(*tagged) : std::nullopt;
            if (!algorithm) {
                return std::nullopt;
            }
            switch (tagged->identifier & 0x1fU) {
            case 0: hash = algorithm->identifier; break;
            case 1: mask = mask_hash(*algorithm); break;
            default:
                if (!is_empty_label(*algorithm)) {
                    return std::nullopt;
                }
            }
        }
    }
    if (hash == oid::sha256 && mask == oid::sha256) {
        return KeyTransport::rsa_oaep_sha256;
    }
    if (hash == oid::sha1 && mask == oid::sha1) {
        return KeyTransport::rsa_oaep_sha1;
    }
    return std::nullopt;
}

std::optional<KeyTransport> transport_of(const Algorithm& algorithm) {
    if (algorithm.identifier == oid::rsa_oaep) {
        return oaep_transport(algorithm.parameters);
    }
    if (algorithm.identifier == oid::rsa_encryption) {
        return KeyTransport::rsa_pkcs1_v15;
    }
    return std::nullopt;
}

/// Key transport: version, who, how, the wrapped key.
std::optional<WrappedKey> parse_key_transport(std::string_view rest) {
    const auto version = tlv::take(rest);
    const auto who = tlv::take(rest);
    const auto how = tlv::take(rest);
    const auto encrypted = tlv::take(rest);
    if (!version || version->identifier != tlv::integer || !who || !how ||
        how->identifier != tlv::sequence || !encrypted ||
        encrypted->identifier != tlv::octet_string || !rest.empty() ||
        encrypted->content.size() > encrypted_bytes_max) {
        return std::nullopt;
    }
    WrappedKey key;
    if (who->identifier == tlv::sequence) {
        std::string_view parts = who->content;
        const auto issuer = tlv::take(parts);
        const auto serial = tlv::take(parts);
        if (!issuer || issuer->identifier != tlv::sequence || !serial ||
            serial->identifier != tlv::integer || !parts.empty()) {
            return std::nullopt;
        }
        key.issuer = issuer->whole;
        key.serial = serial->whole;
    } else if (who->identifier == tlv::context) {
        key.key_identifier = who->content;
    } else {
        return std::nullopt;
    }
    const auto algorithm = algorithm_in(how->content);
    if (!algorithm) {
        return std::nullopt;
    }
    key.transport = transport_of(*algorithm);
    key.encrypted = encrypted->content;
    return key;
}

std::string serial_der(const X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate), &bytes);
    std::string der;
    if (size > 0) {
        der.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    }
    OPENSSL_free(bytes);
    return der;
}

bool is_for(const WrappedKey& key, X509* certificate) {
    if (!key.key_identifier.empty()) {
        const ASN1_OCTET_STRING* own = X509_get0_subject_key_id(certificate);
        return own != nullptr &&
               key.key_identifier ==
                   std::string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(own)),
                                    static_cast<std::size_t>(ASN1_STRING_length(own)));
    }
    const auto* at = reinterpret_cast<const unsigned char*>(key.issuer.data());
    const Name issuer(d2i_X509_NAME(nullptr, &at, static_cast<long>(key.issuer.size())));
    return issuer && X509_NAME_cmp(issuer.get(), X509_get_issuer_name(certificate)) == 0 &&
           key.serial == serial_der(certificate);
}

}   // namespace

std::optional<std::size_t> find_recipient(std::span<const WrappedKey> recipients,
                                          std::string_view certificate) {
    const auto owner = crypto::parse_certificate(certificate);
    std::optional<std::size_t> best;
    for (std::size_t i = 0; owner && i < recipients.size(); ++i) {
        if (recipients[i].transport && is_for(recipients[i], static_cast<X509*>(owner.get())) &&
            (!best || *recipients[i].transport < *recipients[*best].transport)) {
            best = i;
        }
    }
    ERR_clear_error();
    return best;
}

core::Result<std::vector<WrappedKey>> parse_recipients(std::string_view set,
                                                       std::size_t count_max) {
    const auto whole = tlv::take(set);
    if (!whole) {
        return refused(Refusal::cms_malformed, "recipients");
    }
    std::vector<WrappedKey> keys;
    std::string_view rest = whole->content;
    for (std::size_t count = 0; !rest.empty(); ++count) {
        if (count == count_max) {
            return refused(Refusal::cms_too_large,
                           "more than " + std::to_string(count_max) + " recipients");
        }
        const auto one = tlv::take(rest);
        if (!one) {
            return refused(Refusal::cms_malformed, "a recipient");
        }
        if (one->identifier != tlv::sequence) {
            continue;
        }
        auto key = parse_key_transport(one->content);
        if (!key) {
            return refused(Refusal::cms_malformed, "a recipient");
        }
        keys.push_back(std::move(*key));
    }
    return keys;
}

}   // namespace gateway::seal
