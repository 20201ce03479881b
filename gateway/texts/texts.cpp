#include "gateway/texts/texts.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/json/value.hpp"
#include "texts_data.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace gateway::texts {
namespace {

constexpr json::ParseLimits own_data{.bytes_max = 4U << 20U, .depth_max = 8, .values_max = 100'000};

std::map<std::string, Text, std::less<>> read_texts(std::string_view data) {
    const auto parsed = json::parse(data, own_data);
    GATEWAY_ASSERT(parsed.has_value());   // embedded at build, checked by a test
    std::map<std::string, Text, std::less<>> texts;
    for (const auto& [code, text] : parsed->members()) {
        texts.emplace(code, Text{text["title"].as_string(), text["detail"].as_string(),
                                 text["action"].as_string()});
    }
    return texts;
}

std::map<std::string, CodeFacts, std::less<>> read_facts(std::string_view data) {
    const auto parsed = json::parse(data, own_data);
    GATEWAY_ASSERT(parsed.has_value());
    std::map<std::string, CodeFacts, std::less<>> facts;
    for (const auto& [code, about] : parsed->members()) {
        facts.emplace(code, CodeFacts{about["owner"].as_string(),
                                      static_cast<int>(about["status"].as_int(0))});
    }
    return facts;
}

const std::map<std::string, Text, std::less<>>& table(Language language) {
    static const auto nb = read_texts(embedded::nb);
    static const auto nn = read_texts(embedded::nn);
    static const auto en = read_texts(embedded::en);
    return language == Language::nn ? nn : language == Language::en ? en : nb;
}

const std::map<std::string, CodeFacts, std::less<>>& facts_table() {
    static const auto facts = read_facts(embedded::codes);
    return facts;
}

std::string fill(std::string_view pattern, const core::Params& params) {
    std::string out;
    while (!pattern.empty()) {
        const auto open = pattern.find('{');
        out.append(pattern.substr(0, open));
        if (open == std::string_view::npos) {
            break;
        }
        const auto close = pattern.find('}', open);
        if (close == std::string_view::npos) {
            out.append(pattern.substr(open));
            break;
        }
        const auto name = pattern.substr(open + 1, close - open - 1);
        const auto found = std::find_if(params.begin(), params.end(),
                                        [&](const auto& param) { return param.first == name; });
        out.append(found == params.end() ? std::string_view("–") : std::string_view(found->second));
        pattern.remove_prefix(close + 1);
    }
    return out;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

/// The weight of one Accept-Language item; 1 when none is given, 0 when it cannot be read.
double weight(std::string_view item) {
    const auto q = item.find("q=");
    if (q == std::string_view::npos) {
        return 1;
    }
    const auto text = trim(item.substr(q + 2));
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

}   // namespace

Language choose_language(std::string_view accept_language) {
    Language best = Language::nb;
    double best_weight = 0;
    for (int items = 0; !accept_language.empty() && items < 32; ++items) {
        const auto comma = accept_language.find(',');
        const auto item = trim(accept_language.substr(0, comma));
        accept_language.remove_prefix(comma == std::string_view::npos ? accept_language.size()
                                                                      : comma + 1);
        const double w = weight(item);
        const auto name = item.substr(0, 2);
        const bool known = name == "nb" || name == "no" || name == "nn" || name == "en";
        if (known && w > best_weight) {
            best_weight = w;
            best = name == "nn" ? Language::nn : name == "en" ? Language::en : Language::nb;
        }
    }
    return best;
}

std::string_view tag(Language language) {
    return language == Language::nn ? "nn" : language == Language::en ? "en" : "nb";
}

Text render(const core::Code& code, const core::Params& params, Language language) {
    const auto& texts = table(language);
    const auto found = texts.find(code.value);
    if (found == texts.end()) {
        return Text{code.value, {}, {}};
    }
    return Text{fill(found->second.title, params), fill(found->second.detail, params),
                fill(found->second.action, params)};
}

CodeFacts facts(const core::Code& code) {
    const auto found = facts_table().find(code.value);
    return found == facts_table().end() ? CodeFacts{} : found->second;
}

bool knows(const core::Code& code) {
    return facts_table().contains(code.value);
}

}   // namespace gateway::texts
