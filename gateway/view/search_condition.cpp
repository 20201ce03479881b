#include "gateway/view/search_condition.hpp"

#include "gateway/ports/search_by_id.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace gateway::view {
namespace {

constexpr std::size_t value_bytes_max = 1024;
constexpr std::size_t person_digits = 11;
constexpr std::size_t organisation_digits = 9;

const std::map<std::string_view, crypto::TokenKind> business_keys{
    {"reference", crypto::TokenKind::reference},    {"case", crypto::TokenKind::case_id},
    {"recipient", crypto::TokenKind::recipient},    {"fileName", crypto::TokenKind::file_name},
    {"journal", crypto::TokenKind::journal_number}, {"archive", crypto::TokenKind::archive_id},
    {"upstream", crypto::TokenKind::upstream_id},
};

ports::SearchToken token_of(const crypto::Vault& vault, crypto::TokenKind kind,
                            std::string_view value) {
    return {static_cast<std::uint8_t>(kind), vault.token(kind, value)};
}

bool is_number(std::string_view text, std::size_t digits) {
    return text.size() == digits &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// False for an unknown name or a value that does not fit.
bool set_condition(ports::SearchQuery& query, const crypto::Vault& vault, std::string_view name,
                   const std::string& value) {
    if (value.empty() || value.size() > value_bytes_max) {
        return false;
    }
    if (const auto key = business_keys.find(name); key != business_keys.end()) {
        query.token = token_of(vault, key->second, value);
        const auto id = core::MessageId::parse(value);
        if (id && key->second == crypto::TokenKind::reference) {
            query.token = ports::token_or_id(*query.token, *id);
        }
        return true;
    }
    if (name == "type") {
        query.type = value.find('/') == std::string::npos ? value + "/v1" : value;
        return true;
    }
    if (name == "state") {
        query.state = core::parse_delivery_state(value);
        return query.state.has_value();
    }
    if (name == "connection") {
        query.connection = core::ConnectionId(value);
        return true;
    }
    if (name == "from" || name == "to") {
        const auto at = core::parse_rfc3339(value);
        if (at) {
            (name == "from" ? query.from : query.until) = *at;
        }
        return at.has_value();
    }
    if (name == "limit") {
        const auto limit = read_limit(value, page_max);
        query.limit = limit.value_or(page_default);
        return limit.has_value();
    }
    if (name == "cursor") {
        query.cursor = value;
        return true;
    }
    return false;
}

}   // namespace

std::optional<std::size_t> read_limit(std::string_view text, std::size_t most) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fits =
        error == std::errc{} && end == text.data() + text.size() && value >= 1 && value <= most;
    return fits ? std::optional(value) : std::nullopt;
}

Condition condition_of(const std::string& name, const json::Value& value) {
    if (name == "limit" && value.is_int()) {
        return {name, std::to_string(value.as_int())};
    }
    if (name != "recipient") {
        return {name, value.as_string()};
    }
    const auto& person = value["person"].as_string();
    const auto& organisation = value["organisation"].as_string();
    const bool is_one =
        value.members().size() == 1 &&
        (is_number(person, person_digits) || is_number(organisation, organisation_digits));
    return {name, is_one ? value.members().front().second.as_string() : std::string()};
}

std::optional<ports::Refusal> apply_condition(ports::SearchQuery& query, const crypto::Vault& vault,
                                              const Condition& condition, Refuse refuse) {
    if (business_keys.contains(condition.name) && query.token) {
        return ports::Refusal("request.one_key");   // each has an index of its own
    }
    if (!set_condition(query, vault, condition.name, condition.value)) {
        return refuse(condition.name);
    }
    if (query.from && query.until && *query.from > *query.until) {
        return ports::Refusal("request.from_after_to");
    }
    return std::nullopt;
}

}   // namespace gateway::view
