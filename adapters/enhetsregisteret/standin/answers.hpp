#pragma once

// The register's answers as HAL: lists with their page, units with their links.

#include "adapters/enhetsregisteret/standin/book.hpp"
#include "gateway/http/message.hpp"

#include <optional>
#include <string>

namespace gateway::enhetsregisteret::standin {

inline constexpr const char* root = "/enhetsregisteret/api";

const char* path_of(Kind kind);

/// `page` and `size` of a request; a refusal where they go beyond what the register gives.
struct Page {
    std::size_t number = 0;
    std::size_t size = 20;
    std::optional<http::Response> refusal;

    Page() = default;
};
Page page_of(const http::Request& request, std::size_t size_max);

http::Response refusal(const http::Request& request, int status, const std::string& message);
/// With links to itself and to what it belongs to.
json::Value linked(json::Value unit, Kind kind, const std::string& url);
/// `items` are those of the page, `all` how many there are.
json::Value list_of(const char* name, json::Value items, const Page& page, std::size_t all,
                    const http::Request& request, const std::string& url);
json::Value update_of(const Update& update, Kind kind, bool with_changes, const std::string& url);
http::Response hal(const json::Value& value);

}   // namespace gateway::enhetsregisteret::standin
