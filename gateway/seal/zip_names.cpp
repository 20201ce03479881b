#include "gateway/seal/zip_names.hpp"

#include "gateway/seal/refusal.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace gateway::seal {
namespace {

/// Takes one character off the front; nothing when it is no UTF-8 (RFC 3629).
std::optional<char32_t> take_character(std::string_view& text) {
    const auto first = static_cast<std::uint8_t>(text.front());
    std::size_t more = 0;
    char32_t value = first;
    if (first >= 0xf0) {
        more = 3;
        value = first & 0x07U;
    } else if (first >= 0xe0) {
        more = 2;
        value = first & 0x0fU;
    } else if (first >= 0xc0) {
        more = 1;
        value = first & 0x1fU;
    }
    if (first > 0xf7 || (first >= 0x80 && first < 0xc0) || text.size() <= more) {
        return std::nullopt;
    }
    for (std::size_t i = 1; i <= more; ++i) {
        const auto next = static_cast<std::uint8_t>(text[i]);
        if ((next & 0xc0U) != 0x80) {
            return std::nullopt;
        }
        value = value << 6U | (next & 0x3fU);
    }
    constexpr char32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (value < least[more] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return std::nullopt;
    }
    text.remove_prefix(1 + more);
    return value;
}

void append_character(std::string& out, char32_t value) {
    const auto put = [&out](char32_t octet) { out += static_cast<char>(octet); };
    if (value < 0x80) {
        put(value);
    } else if (value < 0x800) {
        put(0xc0 | value >> 6U);
        put(0x80 | (value & 0x3fU));
    } else if (value < 0x10000) {
        put(0xe0 | value >> 12U);
        put(0x80 | (value >> 6U & 0x3fU));
        put(0x80 | (value & 0x3fU));
    } else {
        put(0xf0 | value >> 18U);
        put(0x80 | (value >> 12U & 0x3fU));
        put(0x80 | (value >> 6U & 0x3fU));
        put(0x80 | (value & 0x3fU));
    }
}

bool is_between(char32_t value, char32_t first, char32_t last) {
    return value >= first && value <= last;
}

char32_t lower(char32_t value) {
    if (is_between(value, 'A', 'Z') || (is_between(value, 0xc0, 0xde) && value != 0xd7) ||
        is_between(value, 0x391, 0x3a9) || is_between(value, 0x410, 0x42f)) {
        return value + 0x20;
    }
    if (is_between(value, 0x400, 0x40f)) {
        return value + 0x50;
    }
    // Latin Extended-A: pairs of capital and small letter.
    const bool even_capitals = is_between(value, 0x100, 0x12f) || is_between(value, 0x132, 0x137) ||
                               is_between(value, 0x14a, 0x177);
    const bool odd_capitals = is_between(value, 0x139, 0x148) || is_between(value, 0x179, 0x17e);
    if ((even_capitals && value % 2 == 0) || (odd_capitals && value % 2 == 1)) {
        return value + 1;
    }
    switch (value) {
    case 0x130: return 'i';     // with a dot above, which falls away in most foldings
    case 0x178: return 0xff;    // Y with diaeresis
    case 0x17f: return 's';     // long s
    case 0x212a: return 'k';    // Kelvin
    case 0x212b: return 0xe5;   // Angstrom
    default: return value;
    }
}

/// Small letters that Unicode also writes as a letter and a mark: three characters each.
constexpr std::u32string_view compositions =
    U"àa\u0300áa\u0301âa\u0302ãa\u0303äa\u0308åa\u030açc\u0327èe\u0300ée\u0301êe\u0302ëe\u0308"
    U"ìi\u0300íi\u0301îi\u0302ïi\u0308ñn\u0303òo\u0300óo\u0301ôo\u0302õo\u0303öo\u0308ùu\u0300"
    U"úu\u0301ûu\u0302üu\u0308ýy\u0301ÿy\u0308āa\u0304ăa\u0306ąa\u0328ćc\u0301ĉc\u0302ċc\u0307"
    U"čc\u030cďd\u030cēe\u0304ĕe\u0306ėe\u0307ęe\u0328ěe\u030cĝg\u0302ğg\u0306ġg\u0307ģg\u0327"
    U"ĥh\u0302ĩi\u0303īi\u0304ĭi\u0306įi\u0328ĵj\u0302ķk\u0327ĺl\u0301ļl\u0327ľl\u030cńn\u0301"
    U"ņn\u0327ňn\u030cōo\u0304ŏo\u0306őo\u030bŕr\u0301ŗr\u0327řr\u030cśs\u0301ŝs\u0302şs\u0327"
    U"šs\u030cţt\u0327ťt\u030cũu\u0303ūu\u0304ŭu\u0306ůu\u030aűu\u030bųu\u0328ŵw\u0302ŷy\u0302"
    U"źz\u0301żz\u0307žz\u030cйи\u0306ёе\u0308";
static_assert(compositions.size() % 3 == 0);

/// Letter and mark of a composed letter; nothing for any other.
std::optional<std::u32string_view> parts_of(char32_t letter) {
    static const auto table = [] {
        std::unordered_map<char32_t, std::u32string_view> made;
        for (std::size_t i = 0; i < compositions.size(); i += 3) {
            made.emplace(compositions[i], compositions.substr(i + 1, 2));
        }
        return made;
    }();
    const auto found = table.find(letter);
    return found == table.end() ? std::nullopt : std::optional(found->second);
}

bool is_drive(std::string_view name) {
    const char c = name.size() > 1 && name[1] == ':' ? name[0] : ' ';
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool has_unsafe_part(std::string_view name) {
    for (;;) {
        const std::size_t slash = name.find('/');
        const std::string_view part = name.substr(0, slash);
        if (part.empty() || part == "." || part == "..") {
            return true;
        }
        if (slash == std::string_view::npos || slash + 1 == name.size()) {
            return false;
        }
        name.remove_prefix(slash + 1);
    }
}

}   // namespace

core::Result<void> check_entry_name(std::string_view name, std::size_t bytes_max) {
    if (name.empty() || name.size() > bytes_max || is_drive(name) || has_unsafe_part(name)) {
        return refused(Refusal::zip_name_unsafe);
    }
    for (std::string_view rest = name; !rest.empty();) {
        const auto character = take_character(rest);
        if (!character) {
            return refused(Refusal::zip_name_not_text);
        }
        if (*character < 0x20 || is_between(*character, 0x7f, 0x9f) || *character == '\\') {
            return refused(Refusal::zip_name_unsafe);
        }
    }
    return {};
}

std::string folded_name(std::string_view checked_name) {
    std::string folded;
    if (checked_name.ends_with('/')) {
        checked_name.remove_suffix(1);
    }
    while (!checked_name.empty()) {
        const char32_t character = lower(take_character(checked_name).value_or(U'\ufffd'));
        if (const auto parts = parts_of(character)) {
            append_character(folded, parts->front());
            append_character(folded, parts->back());
        } else {
            append_character(folded, character);
        }
    }
    return folded;
}

}   // namespace gateway::seal
