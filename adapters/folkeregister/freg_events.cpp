#include "adapters/folkeregister/freg_events.hpp"

#include "adapters/common/registers/dates.hpp"
#include "adapters/common/registers/register_failures.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace gateway::folkeregister {

using json::Value;
using registers::make_failure;

namespace {

constexpr std::size_t page_max = 1000;   // as the register has it
constexpr std::size_t answer_bytes_max = 16U << 20U;
constexpr std::size_t details_bytes_max = 64U << 20U;
constexpr std::size_t values_max = 5'000'000;
constexpr std::size_t tag_bytes_max = 200;
constexpr std::size_t id_bytes_max = 100;

constexpr std::string_view renumbered = "endringIIdentifikasjonsnummer";

struct Meaning {
    std::string_view type;
    const char* event;
};

/// All others only mean that the person is to be asked for anew.
constexpr std::array<Meaning, 10> meanings{
    {{"endringIBostedsadresse", "person.moved"},
     {"endringIInnflytting", "person.moved"},
     {"endringIUtflytting", "person.moved"},
     {"endringIDoedsfall", "person.died"},
     {"endringIFoedselINorge", "person.born"},
     {"endringIPostadresse", "person.contact-changed"},
     {"endringIPostadresseIUtlandet", "person.contact-changed"},
     {"endringIOppholdsadresse", "person.contact-changed"},
     {"endringIKontaktinformasjon", "person.contact-changed"},
     {renumbered, "person.contact-changed"}}};

/// Who stands in the register no more, or under another number.
bool is_gone(std::string_view type) {
    return type == "personErOpphoert" || type == "personErOpphoertSomDublett";
}

std::string base_of(const Settings& settings) {
    return settings.access.base_url + "/folkeregister/api/v1/" + settings.feed_role +
           "/v1/hendelser/";
}

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

bool is_document_id(const std::string& text) {
    return text.size() <= id_bytes_max && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-';
           });
}

std::optional<Events::Event> event_of(std::uint64_t number, const Value& said) {
    const std::string& person = said["folkeregisteridentifikator"].as_string();
    const std::string& type = said["hendelsestype"].is_string()
                                  ? said["hendelsestype"].as_string()
                                  : said["hendelsetype"].as_string();   // both are documented
    const auto at = registers::read_time(said["ajourholdstidspunkt"].as_string());
    Events::Event event;
    event.number = number;
    event.document = said["hendelsesdokument"].as_string();
    if (person.size() != 11 || person.find_first_not_of("0123456789") != std::string::npos ||
        type.empty() || !at || !is_document_id(event.document)) {
        return std::nullopt;
    }
    event.change.id = event.document.empty() ? "seq-" + std::to_string(number) : event.document;
    event.change.dataset = "person";
    event.change.key = person;
    event.change.at = *at;
    event.change.gone = is_gone(type);
    event.change.renumbered = type == renumbered;
    for (const Meaning& meaning : meanings) {
        if (meaning.type == type) {
            event.change.events = {meaning.event};
        }
    }
    return event;
}

Events failed(sdk::RegisterFailure failure) {
    Events events;
    events.failure = std::move(failure);
    return events;
}

/// The documents of the answer: an array, or the one array in an object; how is not documented.
const json::Array& documents_in(const Value& details) {
    if (details.is_object()) {
        for (const auto& [name, value] : details.members()) {
            if (value.is_array()) {
                return value.items();
            }
        }
    }
    return details.items();
}

/// Something that is new, as opposed to corrected or taken back.
bool is_news(const Value& event) {
    const auto& changes = event["egenskapshendelse"].items();
    return changes.empty() || std::any_of(changes.begin(), changes.end(), [](const Value& change) {
               const std::string& kind = change["entitetsendring"].as_string();
               return kind.empty() || kind == "registrereNy";
           });
}

}   // namespace

std::string Place::text() const {
    return "1;" + std::to_string(last) + ";" + tag;
}

std::optional<Place> Place::parse(const std::string& text) {
    const auto second = text.find(';', 2);
    if (!text.starts_with("1;") || second == std::string::npos) {
        return std::nullopt;
    }
    const auto last = number_in(std::string_view(text).substr(2, second - 2));
    Place place;
    place.tag = text.substr(second + 1);
    if (!last || place.tag.size() > tag_bytes_max) {
        return std::nullopt;
    }
    place.last = *last;
    return place;
}

sdk::HttpRequest events_request(const Settings& settings, const Place& place) {
    sdk::HttpRequest request("GET",
                             base_of(settings) + "feed?seq=" + std::to_string(place.last + 1));
    request.headers.emplace_back("Accept", "application/json");
    if (!place.tag.empty()) {
        request.headers.emplace_back("If-None-Match", place.tag);
    }
    request.answer_bytes_max = answer_bytes_max;
    return request;
}

sdk::HttpRequest last_number_request(const Settings& settings) {
    sdk::HttpRequest request("GET", base_of(settings) + "siste/sekvensnummer");
    request.headers.emplace_back("Accept", "application/json");
    return request;
}

sdk::HttpRequest details_request(const Settings& settings, const std::vector<std::string>& ids) {
    Value list = Value::array();
    for (const auto& id : ids) {
        list.push(id);
    }
    sdk::HttpRequest request("POST", base_of(settings) + "bulkoppslag");
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Accept", "application/json");
    request.body = json::write(Value::object().set("dokumentidentifikator", std::move(list)));
    request.answer_bytes_max = details_bytes_max;
    return request;
}

Events read_events(const sdk::HttpResponse& response, std::uint64_t after) {
    if (auto failure = failure_of_status(response)) {
        return failed(std::move(*failure));
    }
    json::ParseLimits limits;
    limits.bytes_max = answer_bytes_max;
    limits.values_max = values_max;
    const auto body = json::parse(response.body, limits);
    if (!body || !body->is_array() || body->items().size() > page_max) {
        return failed(registers::failure_of_bad_answer(response));
    }
    Events events;
    std::uint64_t last = after;
    for (const Value& item : body->items()) {
        const std::int64_t said = item["sekvensnummer"].as_int(-1);
        const auto number = static_cast<std::uint64_t>(said);
        const bool repeated = !events.events.empty() && number == last;
        if (said < 0 || (number <= last && !repeated)) {
            return failed(make_failure("freg.feed_disorder"));
        }
        if (repeated) {
            continue;
        }
        auto event = event_of(number, item["hendelse"]);
        if (!event) {
            return failed(make_failure("freg.event_not_understood"));
        }
        events.missing += number - last - 1;
        last = number;
        events.events.push_back(std::move(*event));
    }
    return events;
}

std::optional<std::uint64_t> read_last_number(const sdk::HttpResponse& response) {
    const auto body = json::parse(response.body);
    if (!body) {
        return std::nullopt;
    }
    const Value& number = body->is_object() ? (*body)["sekvensnummer"] : *body;
    if (!number.is_int() || number.as_int() < 0) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(number.as_int());
}

std::vector<std::string> details_wanted(const Events& events) {
    std::vector<std::string> ids;
    for (const auto& event : events.events) {
        if (!event.change.events.empty() && !event.document.empty()) {
            ids.push_back(event.document);
        }
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

bool apply_details(const Value& details, Events& events) {
    std::map<std::string, const Value*> by_id;
    for (const Value& document : documents_in(details)) {
        by_id.emplace(document["dokumentidentifikator"].as_string(), &document["hendelse"]);
    }
    for (auto& event : events.events) {
        const auto found = by_id.find(event.document);
        if (event.document.empty() || found == by_id.end()) {
            continue;
        }
        const std::string& person = (*found->second)["folkeregisteridentifikator"].as_string();
        if (!person.empty() && person != event.change.key) {
            return false;
        }
        if (!is_news(*found->second)) {
            event.change.events.clear();
        }
    }
    return true;
}

}   // namespace gateway::folkeregister
