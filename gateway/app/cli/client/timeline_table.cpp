#include "gateway/app/cli/client/timeline_table.hpp"

#include <algorithm>
#include <array>

namespace gateway::app::client {
namespace {

constexpr std::size_t time_columns = 15;   // "03.02. 08:00:04"
constexpr std::size_t title_columns = 28;
constexpr std::size_t owner_columns = 10;
constexpr std::size_t gap = 2;
constexpr std::size_t detail_least = 30;
constexpr const char* plain = "\033[0m";

struct Owner {
    std::string_view owner;
    std::string_view nb;
    std::string_view en;
};

constexpr std::array<Owner, 4> owners{{
    {"us", "Sluse", "Sluse"},
    {"sender", "fagsystem", "sender"},
    {"recipient", "mottaker", "recipient"},
    {"national", "fellesk.", "national"},
}};

std::string owner_word(const std::string& owner, bool english) {
    for (const auto& one : owners) {
        if (one.owner == owner) {
            return std::string(english ? one.en : one.nb);
        }
    }
    return owner;
}

bool is_combining(unsigned char first, unsigned char second) {
    return first == 0xCC || (first == 0xCD && second < 0xB0);   // U+0300 to U+036F
}

/// Terminals obey control characters: what comes from outside must not hold any.
std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        out.push_back(control ? ' ' : c);
    }
    // C1 controls are two bytes in UTF-8: C2 80 to C2 9F.
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        const auto next = static_cast<unsigned char>(out[i + 1]);
        if (static_cast<unsigned char>(out[i]) == 0xC2 && next >= 0x80 && next < 0xA0) {
            out[i] = ' ';
            out[i + 1] = ' ';
        }
    }
    return out;
}

}   // namespace

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0U) == 0x80U) {
            continue;
        }
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
        columns += is_combining(byte, next) ? 0 : 1;
    }
    return columns;
}

std::string padded(std::string_view text, std::size_t width) {
    std::string out(text);
    const auto columns = columns_of(text);
    out.append(width > columns ? width - columns : 0, ' ');
    return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    const auto flush = [&] {
        lines.push_back(std::move(line));
        line.clear();
    };
    const std::string clean = printable(text);
    std::string_view rest = clean;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        std::string_view word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (word.empty()) {
            continue;
        }
        const auto space = line.empty() ? 0U : 1U;
        if (!line.empty() && columns_of(line) + space + columns_of(word) > width) {
            flush();
        }
        while (columns_of(word) > width) {   // a word longer than a line
            std::size_t bytes = 0;
            while (columns_of(word.substr(0, bytes)) < width ||
                   (static_cast<unsigned char>(word[bytes]) & 0xC0U) == 0x80U) {
                ++bytes;
            }
            lines.emplace_back(word.substr(0, bytes));
            word.remove_prefix(bytes);
        }
        line.append(line.empty() ? "" : " ").append(word);
    }
    if (!line.empty()) {
        flush();
    }
    return lines;
}

TimelineTable::TimelineTable(TableLook look)
    : look_(std::move(look)),
      english_(look_.language == texts::Language::en),
      time_width_(time_columns),
      detail_width_(std::max(detail_least, look_.width > time_columns + gap
                                               ? look_.width - time_columns - gap
                                               : detail_least)) {
    nothing_to_do_ = texts::render("accepted", {}, look_.language).action;
}

std::string TimelineTable::head() const {
    const auto line = padded(english_ ? "TIME" : "TID", time_width_ + gap) +
                      padded(english_ ? "EVENT" : "HENDELSE", title_columns + gap) +
                      padded(english_ ? "OWNER" : "ANSVAR", owner_columns + gap) +
                      (english_ ? "STATE" : "TILSTAND") + "\n";
    return look_.colour ? "\033[2m" + line + plain : line;
}

std::string TimelineTable::paint(const json::Value& item, const std::string& text) const {
    if (!look_.colour) {
        return text;
    }
    const auto& state = item["state"].as_string();
    const char* colour = state == "failed" || state == "expired" || state == "held" ? "\033[1;31m"
                         : state == "delivered" || state == "read"                  ? "\033[1;32m"
                                                                                    : "\033[1m";
    return colour + text + plain;
}

std::string TimelineTable::row(const json::Value& item) const {
    const std::string margin(time_width_ + gap, ' ');
    const auto title = wrap(item["title"].as_string(), title_columns);
    std::string out = padded(look_.time(item["at"].as_string()), time_width_ + gap);
    out += paint(item, padded(title.empty() ? "" : title.front(), title_columns + gap));
    out += padded(owner_word(item["owner"].as_string(), english_), owner_columns + gap);
    out += item["state"].as_string() + "\n";
    for (std::size_t i = 1; i < title.size(); ++i) {
        out += margin + paint(item, title[i]) + "\n";
    }
    const auto add = [&](const char* label, const std::string& text) {
        const std::string lead(columns_of(label), ' ');
        bool first = true;
        for (const auto& line : wrap(text, detail_width_ - lead.size())) {
            out += margin + (first ? label : lead) + line + "\n";
            first = false;
        }
    };
    add("", item["text"].as_string());
    if (const auto& upstream = item["upstream"].as_string(); !upstream.empty()) {
        add(english_ ? "Said: " : "Svar: ", upstream);
    }
    if (const auto& who = item["who"].as_string(); !who.empty()) {
        const auto& why = item["why"].as_string();
        add(english_ ? "By: " : "Av: ", who + (why.empty() ? "" : " – " + why));
    }
    const auto& action = item["action"].as_string();
    if (!action.empty() && action != nothing_to_do_) {
        add(english_ ? "Do: " : "Gjør: ", action);
    }
    if (const auto& next = item["next"].as_string(); !next.empty()) {
        add(english_ ? "Next: " : "Neste: ", look_.time(next));
    }
    return out;
}

}   // namespace gateway::app::client
