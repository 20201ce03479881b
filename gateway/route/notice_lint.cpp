#include "gateway/route/notice_lint.hpp"

#include "gateway/json/utf8.hpp"
#include "gateway/route/sms_length.hpp"

#include <algorithm>
#include <array>

namespace gateway::route {
namespace {

/// Shorter titles say too little, and stand in other words by chance.
constexpr std::size_t title_bytes_min = 4;

constexpr std::array<const char*, 4> open_texts{"/notify/email/subject", "/notify/email/body",
                                                "/notify/sms/body", "/nonSensitiveTitle"};

/// Lower case of the Latin letters that Norwegian, Sami and their neighbours are written with.
char32_t lower(char32_t c) {
    if ((c >= U'A' && c <= U'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7)) {
        return c + 0x20;
    }
    const bool pairs_from_even = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177);
    const bool pairs_from_odd = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if ((pairs_from_even && c % 2 == 0) || (pairs_from_odd && c % 2 == 1)) {
        return c + 1;
    }
    return c;
}

bool is_of_a_word(char32_t c) {
    const bool ascii = (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9');
    const bool beyond = c >= 0xC0 && c != 0xD7 && c != 0xF7 && (c < 0x2000 || c > 0x2BFF) &&
                        (c < 0x3000 || c > 0x303F);
    return ascii || beyond;
}

void append(std::string& text, char32_t c) {
    const auto byte = [&](char32_t bits) { text.push_back(static_cast<char>(bits)); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0 | (c >> 6U));
        byte(0x80 | (c & 0x3FU));
    } else if (c < 0x10000) {
        byte(0xE0 | (c >> 12U));
        byte(0x80 | ((c >> 6U) & 0x3FU));
        byte(0x80 | (c & 0x3FU));
    } else {
        byte(0xF0 | (c >> 18U));
        byte(0x80 | ((c >> 12U) & 0x3FU));
        byte(0x80 | ((c >> 6U) & 0x3FU));
        byte(0x80 | (c & 0x3FU));
    }
}

bool is_sensitive(const json::Value& letter) {
    const auto& confidentiality = letter["confidentiality"];
    const auto& level = confidentiality["level"].as_string();
    return level == "confidential" || level == "strict" || confidentiality["health"].as_bool() ||
           confidentiality["child"].as_bool();
}

/// " vedtak*": at the beginning of a word; " decided": a whole one.
bool holds_word(const std::string& words, const std::string& telling) {
    if (telling.ends_with('*')) {
        return words.find(" " + telling.substr(0, telling.size() - 1)) != std::string::npos;
    }
    return words.find(" " + telling + " ") != std::string::npos;
}

}   // namespace

std::string words_of(std::string_view text) {
    std::string words = " ";
    for (std::size_t at = 0; at < text.size();) {
        char32_t c = 0;
        const auto bytes = json::utf8_next(text, at, c);
        at += std::max<std::size_t>(bytes, 1);
        c = lower(c);
        if (bytes > 0 && is_of_a_word(c)) {
            append(words, c);
        } else if (words.back() != ' ') {
            words.push_back(' ');
        }
    }
    if (words.back() != ' ') {
        words.push_back(' ');
    }
    return words;
}

std::vector<core::Problem> check_notice(const json::Value& letter, const duties::DutyBook& book,
                                        core::Time now) {
    std::vector<core::Problem> problems;
    const bool says_nothing = book.duties(letter["kind"].as_string(), now).notice_says_nothing;
    if (!says_nothing && !is_sensitive(letter)) {
        return problems;
    }
    const auto title = words_of(letter["title"].as_string());
    // A title that the sender shows to everybody gives nothing away.
    const bool title_is_open = title == words_of(letter["nonSensitiveTitle"].as_string());
    for (const auto* pointer : open_texts) {
        const auto* text = letter.at(pointer);
        if (text == nullptr) {
            continue;
        }
        const auto words = words_of(text->as_string());
        if (title.size() >= title_bytes_min + 2 && !title_is_open &&
            words.find(title) != std::string::npos) {
            problems.emplace_back(pointer, "letter.notice_tells_title");
        }
        if (!says_nothing) {
            continue;
        }
        const auto& telling = book.telling();
        const auto found =
            std::find_if(telling.begin(), telling.end(),
                         [&](const std::string& word) { return holds_word(words, word); });
        if (found != telling.end()) {
            problems.emplace_back(pointer, "letter.notice_tells_decision",
                                  core::Params{{"word", *found}});
        }
    }
    return problems;
}

std::vector<core::Problem> warn_of_notice(const json::Value& letter) {
    std::vector<core::Problem> warnings;
    if (const auto* text = letter.at("/notify/sms/body")) {
        const auto length = sms_length(text->as_string());
        if (length.is_shrunk()) {
            warnings.emplace_back(
                "/notify/sms/body", "letter.sms_not_gsm",
                core::Params{{"character", length.odd},
                             {"place", std::to_string(length.odd_place)},
                             {"parts", std::to_string(length.parts)},
                             {"fewer", std::to_string(length.parts_without_odd)}});
        }
    }
    return warnings;
}

}   // namespace gateway::route
