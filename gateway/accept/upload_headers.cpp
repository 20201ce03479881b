#include "gateway/accept/upload_headers.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/checksum.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>

namespace gateway::accept {
namespace {

constexpr std::size_t metadata_bytes_max = 4096;
constexpr std::size_t metadata_pairs_max = 32;

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) {
        text.remove_prefix(1);
    }
    while (text.ends_with(' ')) {
        text.remove_suffix(1);
    }
    return text;
}

bool is_key(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}   // namespace

std::optional<std::vector<std::pair<std::string, std::string>>>
read_upload_metadata(std::string_view header) {
    std::vector<std::pair<std::string, std::string>> pairs;
    if (header.size() > metadata_bytes_max) {
        return std::nullopt;
    }
    while (!header.empty()) {
        const auto comma = header.find(',');
        const auto pair = trimmed(header.substr(0, comma));
        header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
        const auto space = pair.find(' ');
        const auto key = pair.substr(0, space);
        const auto value = space == std::string_view::npos
                               ? std::optional<std::string>(std::string())
                               : crypto::base64_decode(pair.substr(space + 1));
        const bool known = std::any_of(pairs.begin(), pairs.end(),
                                       [&](const auto& one) { return one.first == key; });
        const bool ends_in_comma = header.empty() && comma != std::string_view::npos;
        if (!is_key(key) || !value || known || ends_in_comma ||
            pairs.size() == metadata_pairs_max) {
            return std::nullopt;
        }
        pairs.emplace_back(key, *value);
    }
    return pairs;
}

std::optional<std::uint64_t> read_upload_number(std::string_view header) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), value);
    const bool whole = !header.empty() && error == std::errc{} &&
                       end == header.data() + header.size() && value <= most;
    return whole ? std::optional(value) : std::nullopt;
}

std::optional<ports::UploadChecksum> read_upload_checksum(std::string_view header) {
    const auto space = header.find(' ');
    if (space == std::string_view::npos) {
        return std::nullopt;
    }
    const auto name = header.substr(0, space);
    const bool sha1 = name == "sha1";
    if (!sha1 && name != "sha256" && name != "sha-256") {
        return std::nullopt;
    }
    auto bytes = crypto::base64_decode(header.substr(space + 1));
    const auto size = crypto::checksum_bytes(sha1 ? crypto::ChecksumAlgorithm::sha1
                                                  : crypto::ChecksumAlgorithm::sha256);
    if (!bytes || bytes->size() != size) {
        return std::nullopt;
    }
    return ports::UploadChecksum(sha1, std::move(*bytes));
}

std::string http_date(core::Time time) {
    constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    char text[64] = {};
    std::snprintf(text, sizeof(text), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text;
}

}   // namespace gateway::accept
