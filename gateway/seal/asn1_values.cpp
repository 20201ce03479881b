#include "gateway/seal/asn1_values.hpp"

#include <openssl/x509.h>

#include <ctime>

namespace gateway::seal {
namespace {

template <class T, class Write>
std::string der_of(const T* object, Write write) {
    unsigned char* bytes = nullptr;
    const int size = write(object, &bytes);
    if (size <= 0) {
        return {};
    }
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

}   // namespace

core::Time asn1_time(const void* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(static_cast<const ASN1_TIME*>(time), &parts) != 1) {
        return {};
    }
    const std::chrono::year_month_day day{
        std::chrono::year(parts.tm_year + 1900),
        std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
    return std::chrono::sys_days(day) + std::chrono::hours(parts.tm_hour) +
           std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

std::string asn1_integer(const void* integer) {
    return der_of(static_cast<const ASN1_INTEGER*>(integer), i2d_ASN1_INTEGER);
}

std::string asn1_name(const void* name) {
    return der_of(static_cast<const X509_NAME*>(name), i2d_X509_NAME);
}

std::string asn1_public_key(const void* key) {
    return der_of(static_cast<const X509_PUBKEY*>(key), i2d_X509_PUBKEY);
}

std::string asn1_certificate(const void* certificate) {
    return der_of(static_cast<const X509*>(certificate), i2d_X509);
}

std::string asn1_text(const void* text) {
    const auto* const value = static_cast<const ASN1_STRING*>(text);
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
            static_cast<std::size_t>(ASN1_STRING_length(value))};
}

}   // namespace gateway::seal
