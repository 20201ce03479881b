#include "gateway/admin/config_text.hpp"

#include <algorithm>
#include <array>

namespace gateway::admin {
namespace {

constexpr std::string_view hidden_word = "•••";

bool is_named_like_a_secret(std::string_view key) {
    constexpr std::array<std::string_view, 8> endings{
        "password", "secret", "passphrase", "pin", "token", "credential", "key", "keys"};
    const auto first = key.find_first_not_of(" \t\"'");
    const auto last = key.find_last_not_of(" \t\"'");
    if (first == std::string_view::npos || key[first] == '#' || key[first] == '[') {
        return false;
    }
    key = key.substr(first, last - first + 1);
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return key.ends_with(ending); });
}

bool holds_reference(std::string_view value) {
    return value.find("file:") != std::string_view::npos ||
           value.find("env:") != std::string_view::npos ||
           value.find("pkcs11:") != std::string_view::npos;
}

/// From behind `begin` to the first of `ends`.
void hide_between(std::string& line, std::string_view begin, std::string_view ends) {
    auto at = line.find(begin);
    while (at != std::string::npos) {
        at += begin.size();
        const auto end = std::min(line.find_first_of(ends, at), line.size());
        line.replace(at, end - at, hidden_word);
        at = line.find(begin, at);
    }
}

void hide_password_in_url(std::string& line) {
    const auto scheme = line.find("://");
    if (scheme == std::string::npos) {
        return;
    }
    const auto host = line.find_first_of("/\"'?#", scheme + 3);
    const auto at = line.rfind('@', host);
    const auto colon = line.find(':', scheme + 3);
    if (at != std::string::npos && colon != std::string::npos && at > scheme && colon < at) {
        line.replace(colon + 1, at - colon - 1, hidden_word);
    }
}

std::string line_without_secrets(std::string_view text) {
    std::string line(text);
    const auto equals = line.find('=');
    if (equals != std::string::npos && is_named_like_a_secret(text.substr(0, equals)) &&
        !holds_reference(text.substr(equals + 1))) {
        return line.substr(0, equals + 1) + " \"" + std::string(hidden_word) + "\"";
    }
    hide_between(line, "pin-value=", "&;\"'");
    hide_password_in_url(line);
    return line;
}

}   // namespace

std::string without_secrets(std::string_view toml) {
    std::string shown;
    while (!toml.empty()) {
        const auto end = toml.find('\n');
        shown += line_without_secrets(toml.substr(0, end));
        if (end == std::string_view::npos) {
            break;
        }
        shown += '\n';
        toml.remove_prefix(end + 1);
    }
    return shown;
}

}   // namespace gateway::admin
