#include "gateway/crypto/certificate.hpp"

#include "gateway/core/ids.hpp"
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
#include <set>

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

/// Values of one attribute as UTF-8, by object identifier and never by text search.
std::vector<std::string> attributes(const X509_NAME* name, int nid) {
    std::vector<std::string> values;
    for (int at = X509_NAME_get_index_by_NID(name, nid, -1); at >= 0;
         at = X509_NAME_get_index_by_NID(name, nid, at)) {
        const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
        unsigned char* utf8 = nullptr;
        const int size = ASN1_STRING_to_UTF8(&utf8, value);
        if (size >= 0) {
            values.emplace_back(reinterpret_cast<const char*>(utf8),
                                static_cast<std::size_t>(size));
            OPENSSL_free(utf8);
        }
    }
    return values;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_nine_digits(std::string_view text) {
    return text.size() == 9 && std::all_of(text.begin(), text.end(), is_digit);
}

/// `^.+\-\W*([0-9]{9})$`: "NTRNO-991825827", "PSDNO-FSA-991825827", "organisasjon - 123456789".
std::string number_after_hyphen(std::string_view text) {
    if (text.size() < 11 || !is_nine_digits(text.substr(text.size() - 9))) {
        return {};
    }
    const std::string_view number = text.substr(text.size() - 9);
    std::string_view before = text.substr(0, text.size() - 9);
    while (!before.empty() && before.back() == ' ') {
        before.remove_suffix(1);
    }
    const bool separated = before.size() > 1 && before.back() == '-';
    return separated ? std::string(number) : std::string();
}

/// Every field that holds a number must hold the same one.
std::string organisation_number(const X509_NAME* subject) {
    std::set<std::string> found;
    for (const auto& value : attributes(subject, NID_organizationIdentifier)) {
        found.insert(is_nine_digits(value) ? value : number_after_hyphen(value));
    }
    for (const auto& value : attributes(subject, NID_serialNumber)) {
        found.insert(is_nine_digits(value) ? value : std::string());
    }
    for (const auto& value : attributes(subject, NID_organizationName)) {
        found.insert(number_after_hyphen(value));
    }
    found.erase(std::string());
    return found.size() == 1 ? *found.begin() : std::string();
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
    facts.organisation_number = organisation_number(X509_get_subject_name(certificate.get()));
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
