#include "adapters/digital_post/standin/issuer_name.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "gateway/core/ids.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <vector>

namespace gateway::digital_post::standin {

namespace {

struct Part {
    std::string name;
    std::string value;
};

std::string trimmed(std::string text) {
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    while (text.ends_with(' ')) {
        text.pop_back();
    }
    return text;
}

/// "CN=A, O=B\, C" -> CN, "A"; O, "B, C".
std::vector<Part> parts_of(std::string_view name) {
    std::vector<Part> out;
    Part part;
    bool in_value = false;
    bool quoted = false;
    const auto finish = [&] {
        part.name = gateway::standin::lower(trimmed(part.name));
        part.value = trimmed(part.value);
        out.push_back(part);
        part = Part();
        in_value = false;
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (c == '"') {
            quoted = !quoted;
        } else if (c == '\\' && i + 1 < name.size()) {
            part.value += name[++i];
        } else if (!quoted && (c == ',' || c == ';')) {
            finish();
        } else if (!in_value && c == '=') {
            in_value = true;
        } else {
            (in_value ? part.value : part.name) += c;
        }
    }
    finish();
    return out;
}

std::string text_of(const ASN1_STRING* value) {
    unsigned char* bytes = nullptr;
    const int size = ASN1_STRING_to_UTF8(&bytes, value);
    if (size < 0) {
        return {};
    }
    std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return out;
}

/// A value as "#" and its DER in hexadecimal digits.
std::string hex_of(const ASN1_STRING* value) {
    std::string out = "#";
    out += gateway::core::to_hex(std::string{static_cast<char>(ASN1_STRING_type(value)),
                                             static_cast<char>(ASN1_STRING_length(value))});
    out += gateway::core::to_hex({reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                                  static_cast<std::size_t>(ASN1_STRING_length(value))});
    return out;
}

bool is_named(const ASN1_OBJECT* object, const std::string& name) {
    const int nid = OBJ_obj2nid(object);
    std::array<char, 80> dotted{};
    OBJ_obj2txt(dotted.data(), dotted.size(), object, 1);
    return name == dotted.data() || name == std::string("oid.") + dotted.data() ||
           (nid != NID_undef && (name == gateway::standin::lower(OBJ_nid2sn(nid)) ||
                                 name == gateway::standin::lower(OBJ_nid2ln(nid))));
}

}   // namespace

bool names_issuer(std::string_view name, const gateway::standin::Certificate& certificate) {
    const std::vector<Part> parts = parts_of(name);
    const X509_NAME* issuer = X509_get_issuer_name(certificate.get());
    const int count = X509_NAME_entry_count(issuer);
    if (static_cast<int>(parts.size()) != count) {
        return false;
    }
    for (int i = 0; i < count; ++i) {
        const X509_NAME_ENTRY* entry = X509_NAME_get_entry(issuer, count - 1 - i);
        const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
        const Part& part = parts[static_cast<std::size_t>(i)];
        if (!is_named(X509_NAME_ENTRY_get_object(entry), part.name) ||
            (part.value != text_of(value) &&
             gateway::standin::lower(part.value) != hex_of(value))) {
            return false;
        }
    }
    return true;
}

std::string serial_number(const gateway::standin::Certificate& certificate) {
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
        ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr), BN_free);
    char* digits = number ? BN_bn2dec(number.get()) : nullptr;
    std::string out = digits == nullptr ? "" : digits;
    OPENSSL_free(digits);
    return out;
}

}   // namespace gateway::digital_post::standin
