#include "gateway/accept/record_calls.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/search_condition.hpp"

#include <algorithm>

namespace gateway::accept {
namespace {

constexpr std::size_t header_max = 255;
constexpr std::size_t fields_max = 200;
constexpr std::size_t name_max = 127;

bool is_text(std::string_view text) {
    return text.size() <= header_max && std::none_of(text.begin(), text.end(), [](unsigned char c) {
               return c < 0x20 || c == 0x7F;
           });
}

/// A list of short texts, or nothing when it is none.
std::optional<std::vector<std::string>> texts_in(const json::Value& list, std::size_t most,
                                                 std::size_t longest) {
    if (!list.is_array() || list.items().empty() || list.items().size() > most) {
        return std::nullopt;
    }
    std::vector<std::string> all;
    for (const auto& item : list.items()) {
        if (!item.is_string() || item.as_string().size() > longest) {
            return std::nullopt;
        }
        all.push_back(item.as_string());
    }
    return all;
}

json::Value origin_json(const ports::FieldOrigin& origin) {
    auto value = json::Value::object();
    value.set("source", origin.source);
    if (!origin.authority.empty()) {
        value.set("authority", origin.authority);
    }
    value.set("freshness", origin.freshness)
        .set("fetched", core::to_rfc3339(origin.fetched))
        .set("validUntil", core::to_rfc3339(origin.valid_until));
    if (origin.register_time) {
        value.set("registerTime", core::to_rfc3339(*origin.register_time));
    }
    if (origin.corrected_until) {
        value.set("correctedUntil", core::to_rfc3339(*origin.corrected_until));
    }
    return value;
}

}   // namespace

std::optional<ports::Refusal> read_asker(const Call& call, ports::RecordAsker& asker) {
    asker.caller = call.caller;
    const std::pair<const char*, std::string*> headers[] = {
        {"Purpose", &asker.purpose}, {"Case", &asker.case_reference}, {"Actor", &asker.actor}};
    for (const auto& [name, value] : headers) {
        const auto text = call.request.header(name);
        if (!is_text(text)) {
            return ports::Refusal("request.bad_header", {{"name", name}});
        }
        *value = std::string(text);
    }
    return std::nullopt;
}

std::optional<ports::Refusal> read_look_up(const json::Value& body, ports::RecordLookUp& question) {
    constexpr std::size_t keys_max = 1'000;
    constexpr std::size_t key_max = 32;
    if (!body.is_object()) {
        return view::no_object();
    }
    const std::string one =
        question.kind == core::RecordKeyKind::person ? "person" : "organisation";
    for (const auto& [name, value] : body.members()) {
        if (name == one && value.is_string() && question.keys.empty() &&
            value.as_string().size() <= key_max) {
            question.keys.push_back(value.as_string());
        } else if (name == one + "s" && question.keys.empty()) {
            auto keys = texts_in(value, keys_max, key_max);
            if (!keys) {
                return view::bad_member(name);
            }
            question.keys = std::move(*keys);
        } else if (name == "dataset" && value.is_string() && value.as_string().size() <= name_max) {
            question.dataset = value.as_string();
        } else if (name == "fields") {
            question.fields = texts_in(value, fields_max, name_max);
            if (!question.fields) {
                return view::bad_member(name);
            }
        } else {
            const bool known = name == one || name == one + "s" || name == "dataset";
            return view::bad_member(known ? name : "?");
        }
    }
    if (question.keys.empty()) {
        return view::bad_member(one);
    }
    return std::nullopt;
}

std::optional<ports::Refusal> read_query(const http::Request& request,
                                         ports::RecordLookUp& question) {
    for (const auto& [name, value] : request.query) {
        if (name == "dataset" && value.size() <= name_max) {
            question.dataset = value;
        } else if (name == "fields" && !value.empty() && value.size() <= fields_max * name_max) {
            std::vector<std::string> fields;
            std::size_t from = 0;
            while (from <= value.size() && fields.size() <= fields_max) {
                const auto comma = std::min(value.find(',', from), value.size());
                fields.push_back(value.substr(from, comma - from));
                from = comma + 1;
            }
            question.fields = std::move(fields);
        } else {
            return view::bad_parameter(name == "dataset" || name == "fields" ? name : "?");
        }
    }
    return std::nullopt;
}

std::optional<ports::Refusal> read_page(const http::Request& request, std::size_t limit_max,
                                        std::uint64_t& after, std::size_t& limit) {
    for (const auto& [name, value] : request.query) {
        const auto position = name == "after" ? view::read_cursor(value) : std::nullopt;
        const auto wanted = name == "limit" ? view::read_limit(value, limit_max) : std::nullopt;
        if (position) {
            after = *position;
        } else if (wanted) {
            limit = *wanted;
        } else if (name == "after") {
            return ports::Refusal("request.bad_cursor");
        } else {
            return view::bad_parameter(name == "limit" ? name : "?");
        }
    }
    return std::nullopt;
}

json::Value found_record(const ports::FoundRecord& record, texts::Language language) {
    auto value = json::Value::object();
    value.set("handle", record.handle.to_string());
    if (!record.key.empty()) {
        value.set("key", record.key);
    }
    if (record.failure) {
        const auto& why = *record.failure;
        value.set("problem",
                  texts::problem_item(core::Problem("", why.code, why.params), language));
        return value;
    }
    value.set("known", record.known).set("values", record.values);
    auto fields = json::Value::object();
    for (const auto& [name, origin] : record.fields) {
        fields.set(name, origin_json(origin));
    }
    value.set("fields", std::move(fields));
    if (record.ended) {
        value.set("ended", true);
    }
    if (record.replaced_by) {
        value.set("replacedBy", record.replaced_by->to_string());
    }
    if (!record.withheld.empty()) {
        auto withheld = json::Value::array();
        for (const auto& name : record.withheld) {
            withheld.push(name);
        }
        value.set("withheld", std::move(withheld));
    }
    return value;
}

std::string found_text(const ports::FoundRecord& record) {
    return json::write(found_record(record, texts::Language()));
}

http::Response refused(const ports::LookUpAnswer& answer, const CallContext& context) {
    auto response = problem(*answer.refusal, context);
    if (answer.retry_after) {
        std::erase_if(response.headers,
                      [](const auto& header) { return header.first == "Retry-After"; });
        response.headers.emplace_back("Retry-After", std::to_string(answer.retry_after->count()));
    }
    return response;
}

}   // namespace gateway::accept
