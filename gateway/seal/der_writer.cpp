#include "gateway/seal/der_writer.hpp"

#include "gateway/core/assert.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <numeric>

namespace gateway::seal::der {
namespace {

constexpr unsigned char tag_integer = 0x02;
constexpr unsigned char tag_octet_string = 0x04;
constexpr unsigned char tag_null = 0x05;
constexpr unsigned char tag_object_identifier = 0x06;
constexpr unsigned char tag_utc_time = 0x17;
constexpr unsigned char tag_generalized_time = 0x18;
constexpr unsigned char tag_sequence = 0x30;
constexpr unsigned char tag_set = 0x31;
constexpr unsigned char tag_context_constructed = 0xa0;

std::string sorted(std::vector<std::string> elements) {
    std::sort(elements.begin(), elements.end(),
              [](const std::string& a, const std::string& b) { return a < b; });
    return std::accumulate(elements.begin(), elements.end(), std::string());
}

/// Base 128, most significant first, all but the last with the high bit.
void append_arc(std::string& out, std::uint32_t arc) {
    std::string reversed(1, static_cast<char>(arc & 0x7fU));
    while ((arc >>= 7U) != 0) {
        reversed.push_back(static_cast<char>(0x80U | (arc & 0x7fU)));
    }
    out.append(reversed.rbegin(), reversed.rend());
}

std::string two_digits(unsigned value) {
    return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

}   // namespace

std::string element(unsigned char tag, std::string_view content) {
    std::string out(1, static_cast<char>(tag));
    std::size_t size = content.size();
    if (size < 0x80) {
        out.push_back(static_cast<char>(size));
    } else {
        std::string reversed;
        for (; size != 0; size >>= 8U) {
            reversed.push_back(static_cast<char>(size & 0xffU));
        }
        out.push_back(static_cast<char>(0x80U | reversed.size()));
        out.append(reversed.rbegin(), reversed.rend());
    }
    return out.append(content);
}

std::string sequence(std::initializer_list<std::string_view> elements) {
    std::string content;
    for (const auto& one : elements) {
        content.append(one);
    }
    return element(tag_sequence, content);
}

std::string set_of(std::vector<std::string> elements) {
    return element(tag_set, sorted(std::move(elements)));
}

std::string tagged_set_of(unsigned number, std::vector<std::string> elements) {
    return element(static_cast<unsigned char>(tag_context_constructed | number),
                   sorted(std::move(elements)));
}

std::string octet_string(std::string_view bytes) {
    return element(tag_octet_string, bytes);
}

std::string object_identifier(std::string_view dotted) {
    std::vector<std::uint32_t> arcs;
    while (!dotted.empty()) {
        const std::string_view arc = dotted.substr(0, dotted.find('.'));
        std::uint32_t value = 0;
        const auto read = std::from_chars(arc.data(), arc.data() + arc.size(), value);
        GATEWAY_ASSERT(read.ec == std::errc() && read.ptr == arc.data() + arc.size());
        arcs.push_back(value);
        dotted.remove_prefix(std::min(arc.size() + 1, dotted.size()));
    }
    GATEWAY_ASSERT(arcs.size() >= 2);
    std::string content;
    append_arc(content, arcs[0] * 40 + arcs[1]);
    for (std::size_t i = 2; i < arcs.size(); ++i) {
        append_arc(content, arcs[i]);
    }
    return element(tag_object_identifier, content);
}

std::string small_integer(unsigned char value) {
    GATEWAY_ASSERT(value < 0x80);
    return element(tag_integer, std::string(1, static_cast<char>(value)));
}

std::string null() {
    return element(tag_null, {});
}

std::string time(core::Time at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(seconds - day);
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    const bool short_year = year >= 1950 && year < 2050;
    std::string text = short_year ? std::string() : two_digits(year / 100);
    text += two_digits(year % 100) + two_digits(static_cast<unsigned>(date.month())) +
            two_digits(static_cast<unsigned>(date.day())) +
            two_digits(static_cast<unsigned>(clock.hours().count())) +
            two_digits(static_cast<unsigned>(clock.minutes().count())) +
            two_digits(static_cast<unsigned>(clock.seconds().count())) + "Z";
    return element(short_year ? tag_utc_time : tag_generalized_time, text);
}

}   // namespace gateway::seal::der
