#include "gateway/seal/business_certificate.hpp"

#include "gateway/core/ids.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

namespace gateway::seal {
namespace {

constexpr std::size_t number_digits = 9;
constexpr int rsa_bits_min = 2048;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_nine_digits(std::string_view text) {
    return text.size() == number_digits && std::all_of(text.begin(), text.end(), is_digit);
}

/// `^.+\-\W*([0-9]{9})$`: something, a hyphen, perhaps spaces, nine digits.
std::optional<std::string> number_after_hyphen(std::string_view text) {
    if (text.size() < number_digits + 2) {
        return std::nullopt;
    }
    const std::string_view number = text.substr(text.size() - number_digits);
    const std::string_view before = text.substr(0, text.size() - number_digits);
    const std::size_t hyphen = before.rfind('-');
    if (!is_nine_digits(number) || hyphen == std::string_view::npos || hyphen == 0 ||
        std::any_of(before.begin() + static_cast<std::ptrdiff_t>(hyphen), before.end(), is_word)) {
        return std::nullopt;
    }
    return std::string(number);
}

/// "NTRSE-": three letters for the register, two for the country (ETSI EN 319 412-1 5.1.4).
bool is_foreign(std::string_view identifier) {
    const bool registered = identifier.size() > 6 && identifier[5] == '-' &&
                            std::all_of(identifier.begin(), identifier.begin() + 5,
                                        [](char c) { return c >= 'A' && c <= 'Z'; });
    return registered && identifier.substr(3, 2) != "NO";
}

struct Numbers {
    std::set<std::string> found;
    bool foreign = false;
};

Numbers numbers_of(const CertificateDetails& details) {
    Numbers numbers;
    for (const auto& identifier : details.organisation_identifiers) {
        if (is_foreign(identifier)) {
            numbers.foreign = true;
        } else if (is_nine_digits(identifier)) {
            numbers.found.insert(identifier);
        } else if (const auto number = number_after_hyphen(identifier)) {
            numbers.found.insert(*number);
        }
    }
    for (const auto& serial : details.subject_serial_numbers) {
        if (is_nine_digits(serial)) {
            numbers.found.insert(serial);
        }
    }
    for (const auto& name : details.organisation_names) {
        if (const auto number = number_after_hyphen(name)) {
            numbers.found.insert(*number);
        }
    }
    return numbers;
}

Judged<std::string> organisation_number_of(const CertificateDetails& details) {
    const Numbers numbers = numbers_of(details);
    if (numbers.foreign) {
        return Finding("seal.organisation_number_foreign");
    }
    if (numbers.found.empty()) {
        return Finding("seal.organisation_number_missing");
    }
    if (numbers.found.size() > 1) {
        return Finding("seal.organisation_numbers_disagree");
    }
    if (!core::is_organisation_number(*numbers.found.begin())) {
        return Finding("seal.organisation_number_wrong");
    }
    return *numbers.found.begin();
}

std::string first(const std::vector<std::string>& values) {
    return values.empty() ? std::string() : values.front();
}

}   // namespace

Judged<BusinessCertificate> read_business_certificate(std::string_view der) {
    auto details = read_certificate(der);
    if (!details) {
        return details.error();
    }
    if (details->authority) {
        return Finding("seal.certificate_of_authority");
    }
    auto number = organisation_number_of(*details);
    if (!number) {
        return number.error();
    }
    BusinessCertificate certificate;
    certificate.organisation_number = std::move(*number);
    certificate.organisation_name = first(details->organisation_names);
    certificate.common_name = first(details->common_names);
    certificate.details = std::move(*details);
    return certificate;
}

Findings judge_purpose(const CertificateDetails& certificate, Purpose purpose) {
    Findings findings;
    const KeyUsage& usage = certificate.key_usage;
    const bool signing = purpose == Purpose::signing;
    const bool allowed =
        signing ? usage.digital_signature || usage.non_repudiation : usage.key_encipherment;
    if (!usage.stated || !allowed) {
        findings.push_back(
            Finding("seal.certificate_key_usage",
                    core::Params{{"needed", signing ? "digitalSignature" : "keyEncipherment"}}));
    }
    if (certificate.rsa_bits < rsa_bits_min) {
        findings.push_back(Finding("seal.certificate_key_weak",
                                   core::Params{{"bits", std::to_string(certificate.rsa_bits)}}));
    }
    return findings;
}

}   // namespace gateway::seal
