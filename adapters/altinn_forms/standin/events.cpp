#include "adapters/altinn_forms/standin/events.hpp"

#include "adapters/altinn_forms/standin/answers.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace gateway::altinn_forms::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t request_bytes_max = 64U << 10U;
constexpr std::int64_t page_default = 50;
constexpr std::int64_t page_max = 1000;
constexpr std::string_view resource_prefix = "urn:altinn:resource:";
constexpr const char* filters[] = {"sourceFilter", "resourceFilter", "subjectFilter",
                                   "alternativeSubjectFilter", "typeFilter"};

std::string padded(std::int64_t number) {
    char text[24];
    std::snprintf(text, sizeof text, "%012lld", static_cast<long long>(number));
    return text;
}

/// SQL LIKE with % alone.
bool like(std::string_view pattern, std::string_view text) {
    const auto percent = pattern.find('%');
    if (percent == std::string_view::npos) {
        return pattern == text;
    }
    if (!text.starts_with(pattern.substr(0, percent))) {
        return false;
    }
    const auto rest = pattern.substr(percent + 1);
    for (std::size_t from = percent; from <= text.size(); ++from) {
        if (like(rest, text.substr(from))) {
            return true;
        }
    }
    return false;
}

std::int64_t number_of(const std::string& text, std::int64_t otherwise) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

bool is_absolute_url(const std::string& text) {
    return http::parse_url(text).has_value();
}

http::Response subscription_answer(int status, const Value& subscription) {
    return kit::json_response(status, shown(subscription));
}

}   // namespace

Events::Events(EventsParts parts) : parts_(std::move(parts)) {
    for (auto& [id, event] : parts_.journal.take("event")) {
        const auto at = core::parse_rfc3339(event["_at"].as_string());
        if (events_.empty()) {
            first_ = number_of(id, 1);
        }
        positions_[event["id"].as_string()] = first_ + std::ssize(events_);
        events_.push_back({event, at ? *at : core::Time{}});
    }
    for (auto& [id, subscription] : parts_.journal.take("subscription")) {
        const int number = static_cast<int>(number_of(id, 0));
        last_subscription_ = std::max(last_subscription_, number);
        subscriptions_.emplace(number, subscription);
    }
}

void Events::publish(Value event) {
    forget_old();
    const auto now = parts_.clock.now();
    if (event["id"].as_string().empty()) {
        event.set("id", kit::random_uuid());
    }
    if (event["time"].is_null()) {
        event.set("time", written(now));
    }
    event.set("_at", core::to_rfc3339(now));
    const std::int64_t position = first_ + std::ssize(events_);
    parts_.journal.put("event", padded(position), event);
    positions_[event["id"].as_string()] = position;
    for (const auto& [id, subscription] : subscriptions_) {
        if (takes(subscription, event)) {
            due_.emplace(now, Sending{id, position, 0});
        }
    }
    events_.push_back({std::move(event), now});
}

/// Deleted after 90 days.
void Events::forget_old() {
    const auto oldest = parts_.clock.now() - parts_.pace.feed_keeps;
    while (!events_.empty() && events_.front().at < oldest) {
        positions_.erase(events_.front().event["id"].as_string());
        parts_.journal.remove("event", padded(first_));
        events_.pop_front();
        ++first_;
    }
}

bool Events::takes(const Value& subscription, const Value& event) const {
    const auto bites = core::parse_rfc3339(subscription["_bites"].as_string());
    if (!subscription["validated"].as_bool() || !bites || *bites > parts_.clock.now()) {
        return false;
    }
    const std::pair<const char*, const char*> equal[] = {
        {"resourceFilter", "resource"},
        {"subjectFilter", "subject"},
        {"alternativeSubjectFilter", "alternativesubject"}};
    for (const auto& [filter, member] : equal) {
        const std::string& wanted = subscription[filter].as_string();
        if (!wanted.empty() && wanted != event[member].as_string()) {
            return false;
        }
    }
    const std::string& source = subscription["sourceFilter"].as_string();
    const std::string& type = subscription["typeFilter"].as_string();
    return (source.empty() || event["source"].as_string().starts_with(source + "/")) &&
           (type.empty() || like(type, event["type"].as_string()));
}

sdk::Task<http::Response> Events::subscriptions(http::Request& request, const std::string& org,
                                                const std::vector<std::string>& parts) {
    if (parts.empty() && request.method == "POST") {
        co_return co_await subscribe(request, org);
    }
    if (parts.empty() && request.method == "GET") {
        Value list = Value::array();
        for (const auto& [id, subscription] : subscriptions_) {
            if (subscription["consumer"].as_string() == "/org/" + org) {
                list.push(shown(subscription));
            }
        }
        Value out;
        out.set("count", static_cast<std::int64_t>(list.items().size()));
        out.set("subscriptions", std::move(list));
        co_return kit::json_response(200, out);
    }
    const auto found = parts.size() == 1
                           ? subscriptions_.find(static_cast<int>(number_of(parts[0], -1)))
                           : subscriptions_.end();
    if (found == subscriptions_.end()) {
        co_return problem(404, "Not Found");
    }
    if (found->second["consumer"].as_string() != "/org/" + org) {
        co_return http::Response(403);
    }
    if (request.method == "GET") {
        co_return subscription_answer(200, found->second);
    }
    if (request.method == "DELETE") {
        parts_.journal.remove("subscription", std::to_string(found->first));
        subscriptions_.erase(found);
        co_return http::Response(200);
    }
    co_return http::Response(405);
}

sdk::Task<http::Response> Events::subscribe(http::Request& request, const std::string& org) {
    const auto body = co_await kit::read_json(request, request_bytes_max);
    if (!body || !body->is_object() || !is_absolute_url((*body)["endPoint"].as_string())) {
        co_return bare_string(400, "Missing or invalid endpoint to push events towards");
    }
    const std::string& source = (*body)["sourceFilter"].as_string();
    const std::string& resource = (*body)["resourceFilter"].as_string();
    if (source.empty() && resource.empty()) {
        co_return bare_string(400, "A valid app id or resource must be provided");
    }
    if (!source.empty() && (!source.starts_with("https://") && !source.starts_with("http://"))) {
        co_return bare_string(400, "SourceFilter is not a valid absolute URI");
    }
    if (!resource.empty() && !resource.starts_with(resource_prefix)) {
        co_return bare_string(400, "ResourceFilter is not a valid urn");
    }
    const std::string consumer = "/org/" + org;
    for (const auto& [id, other] : subscriptions_) {
        bool same = other["endPoint"].as_string() == (*body)["endPoint"].as_string() &&
                    other["consumer"].as_string() == consumer;
        for (const char* filter : filters) {
            same = same && other[filter].as_string() == (*body)[filter].as_string();
        }
        if (same) {
            start_validation(id);
            co_return subscription_answer(201, other);
        }
    }
    const int id = ++last_subscription_;
    Value made;
    made.set("id", id).set("endPoint", (*body)["endPoint"]);
    for (const char* filter : filters) {
        if ((*body)[filter].is_string()) {
            made.set(filter, (*body)[filter]);
        }
    }
    made.set("consumer", consumer).set("createdBy", consumer);
    made.set("created", written(parts_.clock.now())).set("validated", false);
    made.set("includeSubunits", (*body)["includeSubunits"].as_bool());
    made.set("_bites", core::to_rfc3339(parts_.clock.now() + parts_.pace.subscription_lag));
    parts_.journal.put("subscription", std::to_string(id), made);
    http::Response response = subscription_answer(201, made);
    response.headers.emplace_back("Location", "/events/api/v1/subscription/" + std::to_string(id));
    subscriptions_.emplace(id, std::move(made));
    start_validation(id);
    co_return response;
}

void Events::start_validation(int subscription) {
    due_.emplace(parts_.clock.now(), Sending{subscription, -1, 0});
}

/// An id that is not known counts as the beginning.
std::int64_t Events::position_after(const std::string& id) const {
    const auto found = positions_.find(id);
    return found == positions_.end() ? first_ : found->second + 1;
}

http::Response Events::feed(const http::Request& request, const std::string& of_app) {
    const auto resource = of_app.empty() ? request.query_value("resource").value_or("") : of_app;
    const auto after = request.query_value("after");
    const auto type = request.header("Content-Type");
    if (!type.empty() && type != "application/json") {
        return http::Response(415);
    }
    if (!resource.starts_with(resource_prefix)) {
        return bare_string(400, "The parameter resource must begin with `urn:altinn:resource:`");
    }
    if (!after && !request.query_value("from")) {
        return bare_string(400, "The parameter after must be defined.");
    }
    forget_old();
    const auto most = std::clamp(number_of(request.query_value("size").value_or(""), page_default),
                                 std::int64_t{1}, page_max);
    const auto newest = parts_.clock.now() - parts_.pace.held_back;
    Value page = Value::array();
    std::string last;
    bool more = false;
    for (auto at = position_after(after.value_or("")); at < first_ + std::ssize(events_); ++at) {
        const Stored& stored = events_[static_cast<std::size_t>(at - first_)];
        if (stored.at > newest) {
            break;   // and what is younger
        }
        bool asked = stored.event["resource"].as_string() == resource;
        bool any_type = false;
        bool typed = false;
        for (const auto& [name, value] : request.query) {
            if (name == "type") {
                any_type = true;
                typed = typed || like(value, stored.event["type"].as_string());
            } else if (name == "subject") {
                asked = asked && stored.event["subject"].as_string() == value;
            }
        }
        if (!asked || (any_type && !typed)) {
            continue;
        }
        if (std::ssize(page.items()) == most) {
            more = true;
            break;
        }
        page.push(shown(stored.event));
        last = stored.event["id"].as_string();
    }
    http::Response response = kit::json_response(200, page);
    for (auto& [name, value] : response.headers) {
        if (name == "Content-Type") {
            value = "application/cloudevents+json";
        }
    }
    if (more || !last.empty()) {
        std::string next = url_ + request.path + "?resource=" + resource + "&after=" + last +
                           "&size=" + std::to_string(most);
        for (const auto& [name, value] : request.query) {
            if (name == "type") {
                next += "&type=" + value;
            }
        }
        response.headers.emplace_back("next", next);
    }
    return response;
}

Value Events::state() const {
    Value list = Value::array();
    for (const auto& [id, subscription] : subscriptions_) {
        list.push(shown(subscription));
    }
    Value counts = Value::object();
    for (const auto& [what, count] : counts_) {
        counts.set(what, count);
    }
    Value out;
    out.set("subscriptions", std::move(list)).set("webhooks", std::move(counts));
    out.set("events", static_cast<std::int64_t>(events_.size()));
    out.set("underWay", static_cast<std::int64_t>(due_.size()));
    return out;
}

void Events::clear() {
    first_ += std::ssize(events_);
    subscriptions_.clear();
    events_.clear();
    positions_.clear();
    due_.clear();
    counts_.clear();
}

}   // namespace gateway::altinn_forms::standin
