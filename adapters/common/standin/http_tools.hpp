#pragma once

// Small things every stand-in needs around requests and responses.

#include "gateway/http/message.hpp"
#include "gateway/json/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::standin {

using Fields = std::vector<std::pair<std::string, std::string>>;

http::Response json_response(int status, const json::Value& value);
http::Response text_response(int status, std::string text);

/// "/a/b/" -> {"a", "b"}.
std::vector<std::string> segments(std::string_view path);

std::string lower(std::string_view text);

/// The media type without parameters, lower case.
std::string media_type(const http::Request& request);

/// One parameter of a header value such as Content-Type, unquoted.
std::optional<std::string> header_parameter(std::string_view value, std::string_view name);

/// The token of `Authorization: Bearer <token>`; empty when there is none.
std::string bearer_token(const http::Request& request);

/// application/x-www-form-urlencoded; nothing when an escape is broken.
std::optional<Fields> parse_form(std::string_view body);

/// The body as JSON; `malformed` or `too_large` otherwise. An empty body is an empty object.
sdk::Task<sdk::Result<json::Value>> read_json(http::Request& request, std::size_t bytes_max);

/// The text of a small file; nothing when it is absent.
std::optional<std::string> read_file(const std::string& path);
/// Replaces the file in one step. Throws std::runtime_error when the disk refuses.
void write_file(const std::string& path, std::string_view text);
/// With parents. Throws std::filesystem::filesystem_error.
void make_directory(const std::string& path);

/// Random bytes from the operating system.
std::string random_bytes(std::size_t count);
/// UUID version 4, lower case.
std::string random_uuid();

}   // namespace gateway::standin
