#include "gateway/crypto/certificate.hpp"

#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/openssl_error.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <limits>

namespace gateway::crypto {
namespace {

using Certificate = Handle<X509, X509_free>;
using Bio = Handle<BIO, BIO_free_all>;

constexpr std::size_t certificate_bytes_max = 1U << 20U;
constexpr std::size_t certificates_max = 100;   // in one PEM text

std::string text_of(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string name_text(const X509_NAME* name) {
    constexpr unsigned long readable =
        XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    const Bio bio(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(bio.get(), name, 0, readable);
    return text_of(bio);
}

core::Time time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return {};
    }
    const std::chrono::year_month_day day{
        std::chrono::year(parts.tm_year + 1900),
        std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
    return std::chrono::sys_days(day) + std::chrono::hours(parts.tm_hour) +
           std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

std::string serial_text(const X509* certificate) {
    const Handle<BIGNUM, BN_free> number(
        ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    char* hex = number ? BN_bn2hex(number.get()) : nullptr;
    std::string text = hex != nullptr ? hex : "";
    OPENSSL_free(hex);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::string to_der(const Certificate& certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate.get(), &bytes);
    if (size <= 0) {
        return {};
    }
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

}   // namespace

core::Result<CertificateFacts> certificate_facts(std::string_view der) {
    if (der.size() > certificate_bytes_max) {
        return core::Failure(core::Errc::malformed, "certificate too large");
    }
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const auto* const end = at + der.size();
    const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!certificate || at != end) {
        return openssl_failure(core::Errc::malformed, "not a certificate");
    }
    CertificateFacts facts;
    facts.subject = name_text(X509_get_subject_name(certificate.get()));
    facts.issuer = name_text(X509_get_issuer_name(certificate.get()));
    facts.serial_hex = serial_text(certificate.get());
    facts.not_before = time_of(X509_get0_notBefore(certificate.get()));
    facts.not_after = time_of(X509_get0_notAfter(certificate.get()));
    facts.sha256_hex = sha256(der).to_hex();
    return facts;
}

core::Result<std::vector<std::string>> certificates_from_pem(std::string_view pem) {
    if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return core::Failure(core::Errc::malformed, "PEM too large");
    }
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::vector<std::string> certificates;
    while (const Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
        if (certificates.size() == certificates_max) {
            return core::Failure(core::Errc::malformed, "more than 100 certificates");
        }
        certificates.push_back(to_der(certificate));
    }
    // The end of the text is an error of its own kind; any other is a broken certificate.
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
        return openssl_failure(core::Errc::malformed, "broken certificate in PEM");
    }
    ERR_clear_error();
    return certificates;
}

}   // namespace gateway::crypto
