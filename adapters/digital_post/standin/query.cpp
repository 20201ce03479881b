#include "adapters/digital_post/standin/query.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>
#include <charconv>

namespace gateway::digital_post::standin {

namespace {

constexpr std::size_t channel_length_max = 28;
constexpr std::size_t page_size_max = 1000;
constexpr std::size_t page_max = 1'000'000;
constexpr std::size_t sender_unit_length_max = 100;

bool is_channel(const std::string& text) {
    return !text.empty() && text.size() <= channel_length_max &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
           });
}

bool read_number(const http::Request& request, const char* name, std::size_t least,
                 std::size_t most, std::size_t& out) {
    const auto text = request.query_value(name);
    if (!text) {
        return true;
    }
    const char* end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data(), end, out);
    return error == std::errc() && stopped == end && out >= least && out <= most;
}

}   // namespace

std::variant<Query, Refusal> read_query(const http::Request& request) {
    Query query;
    if (const auto channel = request.query_value("kanal")) {
        if (!is_channel(*channel)) {
            return Refusal(400, "kanal has at most 28 characters of a-z, A-Z, 0-9, _ and -");
        }
        query.channel = gateway::standin::lower(*channel);
    }
    query.sender_unit = request.query_value("avsenderidentifikator");
    if (query.sender_unit && query.sender_unit->size() > sender_unit_length_max) {
        return Refusal(400, "avsenderidentifikator has at most 100 characters");
    }
    if (!read_number(request, "page_size", 1, page_size_max, query.page_size)) {
        return Refusal(400, "page_size is a number from 1 to 1000");
    }
    if (!read_number(request, "page", 0, page_max, query.page)) {
        return Refusal(400, "page is a number from 0");
    }
    return query;
}

}   // namespace gateway::digital_post::standin
