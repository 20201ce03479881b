#include "gateway/http/response_head.hpp"

#include "gateway/http/body_decoder.hpp"
#include "gateway/http/control.hpp"

#include <array>
#include <charconv>

namespace gateway::http {
namespace {

void append_number(std::string& out, std::uint64_t value) {
    std::array<char, 24> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

void append_two(std::string& out, unsigned value) {
    out.push_back(static_cast<char>('0' + value / 10 % 10));
    out.push_back(static_cast<char>('0' + value % 10));
}

bool is_ours(std::string_view name) {
    constexpr std::array<std::string_view, 5> names{"content-length", "transfer-encoding",
                                                    "connection", "date", "server"};
    for (const std::string_view one : names) {
        if (one.size() == name.size() && same_word(one, name)) {
            return true;
        }
    }
    return false;
}

void append_clean(std::string& out, std::string_view text) {
    const std::size_t from = out.size();
    out.append(text);
    for (auto at = find_control(text, 0); at < text.size(); at = find_control(text, at + 1)) {
        if (text[at] != '\t') {
            out[from + at] = ' ';
        }
    }
}

void append_date(std::string& out, core::Time now) {
    constexpr std::string_view days = "SunMonTueWedThuFriSat";
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
    out.append(days.substr(std::chrono::weekday(day).c_encoding() * 3U, 3)).append(", ");
    append_two(out, static_cast<unsigned>(date.day()));
    out.push_back(' ');
    out.append(months.substr((static_cast<unsigned>(date.month()) - 1U) * 3U, 3)).push_back(' ');
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    append_two(out, year / 100);
    append_two(out, year % 100);
    out.push_back(' ');
    append_two(out, static_cast<unsigned>(time.hours().count()));
    out.push_back(':');
    append_two(out, static_cast<unsigned>(time.minutes().count()));
    out.push_back(':');
    append_two(out, static_cast<unsigned>(time.seconds().count()));
    out.append(" GMT");
}

}   // namespace

std::string_view reason_phrase(int status) {
    switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 423: return "Locked";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 460: return "Checksum Mismatch";   // tus
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 507: return "Insufficient Storage";
    default: return "Status";
    }
}

void append_http_date(std::string& out, core::Time now) {
    // Answers of one second have one date.
    thread_local std::string text;
    thread_local auto of = std::chrono::sys_seconds::min();
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second != of) {
        text.clear();
        append_date(text, now);
        of = second;
    }
    out.append(text);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    append_clean(out, name);
    out.append(": ");
    append_clean(out, value);
    out.append("\r\n");
}

void append_response_head(std::string& out, const ResponseFacts& facts,
                          const sdk::Headers& headers) {
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::uint64_t>(facts.status));
    out.push_back(' ');
    out.append(reason_phrase(facts.status)).append("\r\nServer: ").append(facts.server_name);
    out.append("\r\nDate: ");
    append_http_date(out, facts.now);
    out.append("\r\n");
    for (const auto& [name, value] : headers) {
        if (!is_ours(name)) {
            append_header(out, name, value);
        }
    }
    if (facts.framing == Framing::length) {
        out.append("Content-Length: ");
        append_number(out, facts.length);
        out.append("\r\n");
    } else if (facts.framing == Framing::chunked) {
        out.append("Transfer-Encoding: chunked\r\n");
    }
    if (facts.close) {
        out.append("Connection: close\r\n");
    }
    out.append("\r\n");
}

}   // namespace gateway::http
