#include "adapters/altinn_forms/standin/storage_query.hpp"

#include "adapters/altinn_forms/standin/answers.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"

#include <algorithm>
#include <charconv>

namespace gateway::altinn_forms::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::int64_t size_default = 100;
constexpr std::int64_t size_max = 1000;

/// "gt:2026-..."; true when the filter is malformed as well, with `wrong` set.
bool time_fits(const std::string& filter, const Value& value, bool& wrong) {
    const auto colon = filter.find(':');
    const std::string how = filter.substr(0, colon);
    const auto limit = colon == std::string::npos ? core::parse_rfc3339("")
                                                  : core::parse_rfc3339(filter.substr(colon + 1));
    if (!limit || (how != "gt" && how != "gte" && how != "lt" && how != "lte" && how != "eq")) {
        wrong = true;
        return true;
    }
    const auto at = core::parse_rfc3339(value.as_string());
    if (!at) {
        return false;
    }
    if (how == "gt") {
        return *at > *limit;
    }
    if (how == "gte") {
        return *at >= *limit;
    }
    if (how == "lt") {
        return *at < *limit;
    }
    return how == "lte" ? *at <= *limit : *at == *limit;
}

bool confirmed_by(const Value& instance, const std::string& who) {
    for (const Value& confirmation : instance["completeConfirmations"].items()) {
        if (confirmation["stakeholderId"].as_string() == who) {
            return true;
        }
    }
    return false;
}

bool flag_fits(const std::string& asked, bool is) {
    return (asked == "true") == is;
}

bool owner_fits(const Value& owner, std::string_view header) {
    const auto colon = header.find(':');
    if (colon == std::string_view::npos) {
        return false;
    }
    const std::string kind = kit::lower(header.substr(0, colon));
    const auto number = header.substr(colon + 1);
    const char* member = kind == "person" ? "personNumber" : "organisationNumber";
    return owner[member].as_string() == number;
}

bool fits(const Value& instance, const http::Request& request, const std::string& org,
          bool& wrong) {
    if (instance["org"].as_string() != org) {
        return false;
    }
    const Value& status = instance["status"];
    const bool ended = instance["process"]["ended"].is_string();
    for (const auto& [name, asked] : request.query) {
        const bool same =
            name == "appId"                ? instance["appId"].as_string() == asked
            : name == "process.isComplete" ? flag_fits(asked, ended)
            : name == "process.currentTask"
                ? instance["process"]["currentTask"]["elementId"].as_string() == asked
            : name == "excludeConfirmedBy"   ? !confirmed_by(instance, asked)
            : name == "status.isArchived"    ? flag_fits(asked, status["isArchived"].as_bool())
            : name == "status.isSoftDeleted" ? flag_fits(asked, status["isSoftDeleted"].as_bool())
            : name == "status.isHardDeleted" ? flag_fits(asked, status["isHardDeleted"].as_bool())
            : name == "lastChanged"          ? time_fits(asked, instance["lastChanged"], wrong)
            : name == "created"              ? time_fits(asked, instance["created"], wrong)
            : name == "process.ended"        ? time_fits(asked, instance["process"]["ended"], wrong)
            : name == "instanceOwner.partyId"
                ? instance["instanceOwner"]["partyId"].as_string() == asked
            : name == "mainVersionInclude" ? asked == "3"
                                           : true;
        if (!same) {
            return false;
        }
    }
    const auto owner = request.header("X-Ai-InstanceOwnerIdentifier");
    return owner.empty() || owner_fits(instance["instanceOwner"], owner);
}

std::int64_t number_of(const std::string& text, std::int64_t otherwise) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

/// "<lastChanged>|<id>|" and filling.
std::string token_after(const Value& instance, std::size_t bytes) {
    std::string text = instance["lastChanged"].as_string() + "|" + instance["id"].as_string() + "|";
    text.resize(std::max(text.size(), bytes * 3 / 4), 'x');
    return kit::base64url(text);
}

std::pair<std::string, std::string> place_of(const Value& instance) {
    return {instance["lastChanged"].as_string(), instance["id"].as_string()};
}

}   // namespace

http::Response list_instances(const Instances& instances, const http::Request& request,
                              const std::string& org, const std::string& url,
                              std::size_t token_bytes) {
    const auto asked_org = request.query_value("org");
    const auto asked_app = request.query_value("appId");
    if (!asked_org && !asked_app) {
        return bare_string(400, "Org or AppId must be defined.");
    }
    if ((asked_org && *asked_org != org) || (asked_app && !asked_app->starts_with(org + "/"))) {
        return http::Response(403);
    }
    bool wrong = false;
    std::vector<const Value*> found;
    for (const auto& [id, instance] : instances.all()) {
        if (fits(instance, request, org, wrong)) {
            found.push_back(&instance);
        }
    }
    if (wrong) {
        return bare_string(400, "Invalid date filter.");
    }
    const bool ascending = request.query_value("order").value_or("").starts_with("asc");
    std::sort(found.begin(), found.end(), [ascending](const Value* a, const Value* b) {
        return ascending ? place_of(*a) < place_of(*b) : place_of(*b) < place_of(*a);
    });
    auto from = found.begin();
    if (const auto token = request.query_value("continuationToken")) {
        const auto text = kit::from_base64url(*token);
        const auto bar = text ? text->find('|') : std::string::npos;
        if (bar == std::string::npos) {
            return bare_string(400, "Invalid continuation token.");
        }
        const std::pair<std::string, std::string> last{
            text->substr(0, bar), text->substr(bar + 1, text->find('|', bar + 1) - bar - 1)};
        from = std::find_if(found.begin(), found.end(), [&](const Value* one) {
            return ascending ? last < place_of(*one) : place_of(*one) < last;
        });
    }
    const auto most = std::clamp(number_of(request.query_value("size").value_or(""), size_default),
                                 std::int64_t{1}, size_max);
    const bool whole = request.query_value("includeDataElements").value_or("true") != "false";
    Value page = Value::array();
    const Value* last = nullptr;
    for (; from != found.end() && std::ssize(page.items()) < most; ++from) {
        Value one = shown(**from);
        if (!whole) {
            one.set("data", Value::array());
        }
        page.push(std::move(one));
        last = *from;
    }
    Value out;
    out.set("count", static_cast<std::int64_t>(page.items().size()));
    out.set("self", url + request.target);
    if (from != found.end() && last != nullptr) {
        std::string next = request.target;
        if (const auto at = next.find("continuationToken="); at != std::string::npos) {
            next.erase(at - 1, next.find('&', at) - at + 1);
        }
        next += (next.find('?') == std::string::npos ? "?" : "&") +
                std::string("continuationToken=") + token_after(*last, token_bytes);
        out.set("next", url + next);
    } else {
        out.set("next", Value());
    }
    out.set("instances", std::move(page));
    return kit::json_response(200, out);
}

}   // namespace gateway::altinn_forms::standin
