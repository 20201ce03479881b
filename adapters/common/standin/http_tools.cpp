#include "adapters/common/standin/http_tools.hpp"

#include "gateway/core/ids.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace gateway::standin {

http::Response json_response(int status, const json::Value& value) {
    return http::Response(status, "application/json; charset=utf-8", json::write(value));
}

http::Response text_response(int status, std::string text) {
    return http::Response(status, "text/plain; charset=utf-8", std::move(text));
}

std::vector<std::string> segments(std::string_view path) {
    std::vector<std::string> parts;
    std::size_t at = 0;
    while (at < path.size()) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        if (end > at) {
            parts.emplace_back(path.substr(at, end - at));
        }
        at = end + 1;
    }
    return parts;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

}   // namespace

std::string media_type(const http::Request& request) {
    const std::string_view value = request.header("Content-Type");
    return lower(trimmed(value.substr(0, value.find(';'))));
}

std::optional<std::string> header_parameter(std::string_view value, std::string_view name) {
    std::size_t at = value.find(';');
    while (at != std::string_view::npos) {
        ++at;
        std::size_t end = at;
        bool quoted = false;
        while (end < value.size() && (quoted || value[end] != ';')) {
            if (value[end] == '"') {
                quoted = !quoted;
            } else if (value[end] == '\\' && quoted) {
                ++end;
            }
            ++end;
        }
        end = std::min(end, value.size());
        const std::string_view part = trimmed(value.substr(at, end - at));
        const std::size_t equals = part.find('=');
        if (equals != std::string_view::npos && lower(trimmed(part.substr(0, equals))) == name) {
            std::string_view text = trimmed(part.substr(equals + 1));
            if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
                return std::string(text);
            }
            text = text.substr(1, text.size() - 2);
            std::string out;
            for (std::size_t i = 0; i < text.size(); ++i) {
                if (text[i] == '\\' && i + 1 < text.size()) {
                    ++i;
                }
                out.push_back(text[i]);
            }
            return out;
        }
        at = end < value.size() ? end : std::string_view::npos;
    }
    return std::nullopt;
}

std::string bearer_token(const http::Request& request) {
    const std::string_view value = request.header("Authorization");
    if (value.size() < 8 || lower(value.substr(0, 7)) != "bearer ") {
        return {};
    }
    return std::string(trimmed(value.substr(7)));
}

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

std::optional<std::string> unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out.push_back(' ');
        } else if (text[i] == '%') {
            if (i + 2 >= text.size()) {
                return std::nullopt;
            }
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

}   // namespace

std::optional<Fields> parse_form(std::string_view body) {
    Fields fields;
    std::size_t at = 0;
    while (at < body.size()) {
        const std::size_t end = std::min(body.find('&', at), body.size());
        const std::string_view pair = body.substr(at, end - at);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = unescape(pair.substr(0, equals));
        auto value = unescape(equals < pair.size() ? pair.substr(equals + 1) : std::string_view());
        if (!name || !value) {
            return std::nullopt;
        }
        if (!pair.empty()) {
            fields.emplace_back(std::move(*name), std::move(*value));
        }
        at = end + 1;
    }
    return fields;
}

sdk::Task<sdk::Result<json::Value>> read_json(http::Request& request, std::size_t bytes_max) {
    auto body = co_await sdk::read_all(*request.body, bytes_max);
    if (!body) {
        co_return body.error();
    }
    if (body->empty()) {
        co_return json::Value::object();
    }
    json::ParseLimits limits;
    limits.bytes_max = bytes_max;
    co_return json::parse_or_failure(*body, limits);
}

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return std::nullopt;
    }
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void write_file(const std::string& path, std::string_view text) {
    const std::string next = path + ".next";
    {
        std::ofstream file(next, std::ios::binary | std::ios::trunc);
        file.write(text.data(), static_cast<std::streamsize>(text.size()));
        file.flush();
        if (!file) {
            throw std::runtime_error("cannot write " + next);
        }
    }
    std::filesystem::permissions(next, std::filesystem::perms::owner_read |
                                           std::filesystem::perms::owner_write);
    std::filesystem::rename(next, path);
}

void make_directory(const std::string& path) {
    std::filesystem::create_directories(path);
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1) {
        throw std::runtime_error("the operating system gave no random bytes");
    }
    return out;
}

std::string random_uuid() {
    const std::string bytes = random_bytes(16);
    core::Uuid uuid;
    for (std::size_t i = 0; i < 16; ++i) {
        uuid.bytes[i] = static_cast<std::uint8_t>(bytes[i]);
    }
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0FU) | 0x40U);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3FU) | 0x80U);
    return uuid.to_string();
}

}   // namespace gateway::standin
