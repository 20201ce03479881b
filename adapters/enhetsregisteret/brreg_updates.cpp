#include "adapters/enhetsregisteret/brreg_updates.hpp"

#include "adapters/common/registers/dates.hpp"
#include "adapters/common/registers/register_failures.hpp"

#include <algorithm>
#include <charconv>

namespace gateway::enhetsregisteret {

using json::Value;
using registers::make_failure;

namespace {

constexpr std::size_t answer_bytes_max = 16U << 20U;
constexpr std::size_t values_max = 1'000'000;

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

sdk::HttpRequest request_of(const Settings& settings, Kind kind, const std::string& from,
                            std::size_t size) {
    const char* path = kind == Kind::unit ? "enheter" : "underenheter";
    sdk::HttpRequest request("GET", settings.base_url + "/oppdateringer/" + path + "?" + from +
                                        "&page=0&size=" + std::to_string(size) + "&sort=id,ASC");
    request.headers.emplace_back("Accept", "application/json");
    request.answer_bytes_max = answer_bytes_max;
    return request;
}

/// What became of a unit, by the register's five words.
std::optional<sdk::Change> change_of(const Value& update, Kind kind) {
    const auto at = registers::read_time(update["dato"].as_string());
    const std::string& number = update["organisasjonsnummer"].as_string();
    const std::string& word = update["endringstype"].as_string();
    const bool deleted = word == "Sletting" || word == "Fjernet";
    if (!at || !is_number(number) ||
        (!deleted && word != "Ukjent" && word != "Ny" && word != "Endring")) {
        return std::nullopt;
    }
    sdk::Change change;
    change.id =
        (kind == Kind::unit ? "u-" : "s-") + std::to_string(update["oppdateringsid"].as_int());
    change.dataset = "organisation";
    change.key = number;
    change.events = {deleted ? "organisation.deleted" : "organisation.changed"};
    change.at = *at;
    change.gone = word == "Fjernet";
    return change;
}

Updates failed(sdk::RegisterFailure failure) {
    Updates updates;
    updates.failure = std::move(failure);
    return updates;
}

}   // namespace

std::string Position::text() const {
    return "1;u=" + std::to_string(unit) + ";s=" + std::to_string(sub_unit);
}

std::optional<Position> Position::parse(std::string_view text) {
    const auto sub = text.find(";s=");
    if (!text.starts_with("1;u=") || sub == std::string_view::npos) {
        return std::nullopt;
    }
    const auto unit = number_in(text.substr(4, sub - 4));
    const auto sub_unit = number_in(text.substr(sub + 3));
    if (!unit || !sub_unit) {
        return std::nullopt;
    }
    Position position;
    position.unit = *unit;
    position.sub_unit = *sub_unit;
    return position;
}

sdk::HttpRequest updates_request(const Settings& settings, Kind kind, std::uint64_t from,
                                 std::size_t size) {
    return request_of(settings, kind, "oppdateringsid=" + std::to_string(from), size);
}

sdk::HttpRequest updates_since_request(const Settings& settings, Kind kind, core::Time since,
                                       std::size_t size) {
    return request_of(settings, kind, "dato=" + core::to_rfc3339(since), size);
}

Updates read_updates(const sdk::HttpResponse& response, Kind kind, std::uint64_t from,
                     std::size_t size) {
    if (auto failure = failure_of_status(response)) {
        return failed(std::move(*failure));
    }
    json::ParseLimits limits;
    limits.bytes_max = answer_bytes_max;
    limits.values_max = values_max;
    const auto body = json::parse(response.body, limits);
    if (!body || !(*body)["page"].is_object()) {
        return failed(registers::failure_of_bad_answer(response));
    }
    const Value& list =
        (*body)["_embedded"][kind == Kind::unit ? "oppdaterteEnheter" : "oppdaterteUnderenheter"];
    // An empty page has no list; a page that says otherwise has lost it.
    if (!list.is_array() && (!list.is_null() || (*body)["page"]["totalElements"].as_int() != 0)) {
        return failed(registers::failure_of_bad_answer(response));
    }
    if (list.items().size() > size) {
        return failed(make_failure("brreg.feed_disorder"));
    }
    Updates updates;
    for (const Value& update : list.items()) {
        const std::int64_t said = update["oppdateringsid"].as_int(-1);
        if (said < 0 || static_cast<std::uint64_t>(said) < std::max(from, updates.last)) {
            return failed(make_failure("brreg.feed_disorder"));
        }
        const auto id = static_cast<std::uint64_t>(said);
        if (id == updates.last && !updates.changes.empty()) {
            continue;   // told twice
        }
        auto change = change_of(update, kind);
        if (!change) {
            return failed(make_failure("brreg.update_not_understood"));
        }
        if (updates.changes.empty()) {
            updates.first = id;
        }
        updates.last = id;
        updates.ids.push_back(id);
        updates.changes.push_back(std::move(*change));
    }
    return updates;
}

}   // namespace gateway::enhetsregisteret
