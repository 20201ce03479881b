#include "gateway/texts/causes.hpp"

#include "causes_data.hpp"
#include "gateway/core/assert.hpp"
#include "gateway/json/value.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace gateway::texts {
namespace {

constexpr json::ParseLimits own_data{.bytes_max = 1U << 20U, .depth_max = 8, .values_max = 20'000};

constexpr std::array<std::pair<Press, std::string_view>, 9> names{
    {{Press::retry, "retry"},
     {Press::retry_later, "retry_later"},
     {Press::mend, "mend"},
     {Press::ask, "ask"},
     {Press::correct, "correct"},
     {Press::other_way, "other_way"},
     {Press::look_first, "look_first"},
     {Press::release, "release"},
     {Press::nothing, "nothing"}}};

Press press_of(std::string_view text) {
    const auto* const found = std::find_if(names.begin(), names.end(),
                                           [&](const auto& pair) { return pair.second == text; });
    GATEWAY_ASSERT(found != names.end());   // embedded at build, checked by a test
    return found->first;
}

using Table = std::map<std::string, Cause, std::less<>>;   // by code

Table read() {
    const auto parsed = json::parse(embedded::causes, own_data);
    GATEWAY_ASSERT(parsed.has_value());
    Table table;
    for (const auto& [code, about] : (*parsed)["causes"].members()) {
        Cause cause;
        cause.id = code;
        cause.press = press_of(about["press"].as_string());
        cause.owner = facts(core::Code(code)).owner;
        for (const auto& other : about["also"].items()) {
            table.emplace(other.as_string(), cause);
        }
        table.emplace(code, std::move(cause));
    }
    return table;
}

const Table& table() {
    static const auto all = read();
    return all;
}

}   // namespace

Cause cause_of(const core::Code& code) {
    const auto found = table().find(code.value);
    return found == table().end() ? Cause() : found->second;
}

std::string_view name(Press press) {
    const auto* const found = std::find_if(names.begin(), names.end(),
                                           [&](const auto& pair) { return pair.first == press; });
    return found == names.end() ? std::string_view("look_first") : found->second;
}

Text render(const Cause& cause, const core::Code& code, const core::Params& params,
            Language language) {
    if (cause.known()) {
        return render(core::Code(cause.id), params, language);
    }
    const core::Params what{{"code", code.empty() ? std::string("–") : code.value}};
    return render(core::Code("cause.unknown"), what, language);
}

Text render(Press press, Language language) {
    return render(core::Code("press." + std::string(name(press))), {}, language);
}

std::vector<std::string> causes() {
    std::vector<std::string> ids;
    for (const auto& [code, cause] : table()) {
        if (code == cause.id) {
            ids.push_back(code);
        }
    }
    return ids;
}

}   // namespace gateway::texts
