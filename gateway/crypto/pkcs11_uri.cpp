#include "gateway/crypto/pkcs11_uri.hpp"

#include <algorithm>
#include <optional>

namespace gateway::crypto {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            bytes.push_back(text[i]);
            continue;
        }
        if (text.size() - i < 3 || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
        i += 2;
    }
    return bytes;
}

std::string* field_of(Pkcs11Uri& uri, std::string_view name) {
    if (name == "token") {
        return &uri.token;
    }
    if (name == "serial") {
        return &uri.serial;
    }
    if (name == "object") {
        return &uri.object;
    }
    if (name == "id") {
        return &uri.id;
    }
    if (name == "module-path") {
        return &uri.module_path;
    }
    return name == "pin-value" ? &uri.pin_value : nullptr;
}

core::Result<void> read_attributes(Pkcs11Uri& uri, std::string_view text, char separator) {
    while (!text.empty()) {
        const std::string_view attribute = text.substr(0, text.find(separator));
        text.remove_prefix(std::min(text.size(), attribute.size() + 1));
        const std::size_t equals = attribute.find('=');
        const std::string name(attribute.substr(0, equals));
        if (equals == std::string_view::npos) {
            return core::Failure(core::Errc::malformed, "pkcs11 URI: attribute without a value");
        }
        const auto value = percent_decoded(attribute.substr(equals + 1));
        if (!value) {
            return core::Failure(core::Errc::malformed, "pkcs11 URI: broken %-escape in " + name);
        }
        if (name == "type" && *value == "private") {
            continue;
        }
        std::string* const field = field_of(uri, name);
        if (field == nullptr) {
            return core::Failure(core::Errc::malformed, "pkcs11 URI: unknown attribute " + name);
        }
        *field = *value;
    }
    return {};
}

}   // namespace

core::Result<Pkcs11Uri> parse_pkcs11_uri(std::string_view text) {
    constexpr std::string_view scheme = "pkcs11:";
    if (text.substr(0, scheme.size()) != scheme) {
        return core::Failure(core::Errc::malformed, "not a pkcs11 URI");
    }
    text.remove_prefix(scheme.size());
    const std::size_t question = text.find('?');
    Pkcs11Uri uri;
    auto read = read_attributes(uri, text.substr(0, question), ';');
    if (read && question != std::string_view::npos) {
        read = read_attributes(uri, text.substr(question + 1), '&');
    }
    if (!read) {
        return read.error();
    }
    if (uri.module_path.empty()) {
        return core::Failure(core::Errc::malformed, "pkcs11 URI: module-path is missing");
    }
    return uri;
}

}   // namespace gateway::crypto
