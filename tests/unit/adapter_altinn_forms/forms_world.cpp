#include "tests/unit/adapter_altinn_forms/forms_world.hpp"

#include "gateway/runtime/ids.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

namespace forms_world {
namespace {

constexpr const char* platform = "https://platform.test";
constexpr const char* apps = "https://ttd.apps.test";
constexpr auto held_back = 30s;

std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> parts_of(const std::string& query) {
    std::vector<std::pair<std::string, std::string>> parts;
    for (std::size_t at = 0; at < query.size();) {
        const auto end = std::min(query.find('&', at), query.size());
        const auto part = query.substr(at, end - at);
        const auto equal = part.find('=');
        parts.emplace_back(part.substr(0, equal), unescaped(part.substr(equal + 1)));
        at = end + 1;
    }
    return parts;
}

std::string value_of(const std::string& query, const std::string& name) {
    for (const auto& [one, value] : parts_of(query)) {
        if (one == name) {
            return value;
        }
    }
    return {};
}

sdk::HttpResponse json_answer(int status, const json::Value& value) {
    sdk::HttpResponse response(status, json::write(value));
    response.headers.emplace_back("Content-Type", "application/json");
    return response;
}

}   // namespace

Form& FakeAltinn::add_form(const std::string& app) {
    Form form;
    form.app = app;
    form.guid = host_.ids->uuid().to_string();
    form.changed = host_.clock.now();
    const std::string id = form.id();
    Form& kept = forms[id] = std::move(form);
    order_.push_back(&kept);
    return kept;
}

std::string FakeAltinn::add_file(Form& form, const std::string& data_type, const std::string& type,
                                 const std::string& name, const std::string& bytes,
                                 const std::string& scan) {
    const std::string id = host_.ids->uuid().to_string();
    json::Value element;
    element.set("id", id).set("dataType", data_type).set("contentType", type);
    if (!name.empty()) {
        element.set("filename", name);
    }
    element.set("size", static_cast<std::int64_t>(bytes.size())).set("fileScanResult", scan);
    form.data.push(std::move(element));
    form.bytes[id] = bytes;
    return id;
}

json::Value FakeAltinn::event_of(const Form& form) {
    json::Value event;
    event.set("id", host_.ids->uuid().to_string()).set("specversion", "1.0");
    event.set("type", "app.instance.process.completed");
    event.set("source", std::string(apps) + "/ttd/" + form.app + "/instances/" + form.id());
    event.set("resource", "urn:altinn:resource:app_ttd_" + form.app);
    event.set("resourceinstance", form.id()).set("alternativesubject", "/person/17859130003");
    return event;
}

std::string FakeAltinn::publish(const Form& form) {
    auto event = event_of(form);
    events.emplace_back(host_.clock.now(), event);
    return json::write(event);
}

json::Value FakeAltinn::instance(const Form& form) const {
    json::Value process = json::Value::object();
    if (form.ended) {
        process.set("ended", core::to_rfc3339(form.changed));
    }
    json::Value confirmations = json::Value::array();
    if (form.confirmed || form.confirmed_first) {
        confirmations.push(json::Value::object().set("stakeholderId", "ttd"));
    }
    json::Value value;
    value.set("id", form.id()).set("appId", "ttd/" + form.app).set("org", "ttd");
    value.set("instanceOwner",
              json::Value::object().set("partyId", form.party).set("personNumber", "17859130003"));
    value.set("process", std::move(process));
    value.set("status", json::Value::object().set("isHardDeleted", form.hard_deleted));
    value.set("completeConfirmations", std::move(confirmations)).set("data", form.data);
    value.set("created", core::to_rfc3339(form.changed));
    value.set("lastChanged", core::to_rfc3339(form.changed)).set("somethingNew", 1);
    value.set("presentationTexts", json::Value::object().set("title", "Flytting"));
    return value;
}

std::size_t FakeAltinn::count(const std::string& method, const std::string& part) const {
    return static_cast<std::size_t>(
        std::count_if(asked.begin(), asked.end(), [&](const Asked& one) {
            return one.method == method && one.url.find(part) != std::string::npos;
        }));
}

sdk::Task<sdk::Result<sdk::HttpResponse>> FakeAltinn::send(sdk::HttpRequest request,
                                                           sdk::Deadline) {
    Asked one{request.method, request.url, request.body, "", "", ""};
    for (const auto& [name, value] : request.headers) {
        if (name == "Content-Disposition") {
            one.disposition = value;
        } else if (name == "Content-Type") {
            one.media_type = value;
        } else if (name == "X-Ai-InstanceOwnerIdentifier") {
            one.owner = value;
        }
    }
    if (request.stream) {
        auto body = co_await sdk::read_all(*request.stream, 1U << 20U);
        REQUIRE(body.has_value());
        one.body = *body;
    }
    CHECK(request.url.find("17859130003") == std::string::npos);
    asked.push_back(one);
    if (instead) {
        if (auto said = instead(one)) {
            if (*said && request.answer_sink != nullptr && (*said)->status == 200) {
                const auto written = co_await request.answer_sink->write((*said)->body);
                if (!written) {
                    co_return written.error();
                }
                (*said)->body.clear();
            }
            co_return std::move(*said);
        }
    }
    auto response = answer(one);
    if (request.answer_sink != nullptr && response.status == 200) {
        const auto written = co_await request.answer_sink->write(response.body);
        if (!written) {
            co_return written.error();
        }
        response.body.clear();
    }
    co_return response;
}

sdk::HttpResponse FakeAltinn::answer(const Asked& request) {
    if (request.url.size() > url_length_max) {
        return sdk::HttpResponse(414, "");
    }
    std::string path = request.url;
    for (const char* base : {platform, apps}) {
        if (path.starts_with(base)) {
            path.erase(0, std::string(base).size());
        }
    }
    const auto question = path.find('?');
    const std::string query = question == std::string::npos ? "" : path.substr(question + 1);
    path = path.substr(0, question);
    if (path == "/storage/api/v1/instances") {
        return list(query);
    }
    if (path == "/events/api/v1/events") {
        return feed(query);
    }
    if (path.starts_with("/events/api/v1/subscriptions")) {
        return of_subscription(request, path.substr(28));
    }
    const auto at = path.find("/instances/");
    return at == std::string::npos ? sdk::HttpResponse(404, "") : one(path.substr(at + 11));
}

sdk::HttpResponse FakeAltinn::list(const std::string& query) {
    const bool unconfirmed = !value_of(query, "excludeConfirmedBy").empty();
    const auto app = value_of(query, "appId");
    core::Time first = core::Time::min();
    core::Time end = core::Time::max();
    for (const auto& [name, value] : parts_of(query)) {
        if (name == "lastChanged") {
            const auto limit = core::parse_rfc3339(value.substr(value.find(':') + 1));
            REQUIRE(limit.has_value());
            (value.starts_with("gte") ? first : end) = *limit;
        }
    }
    std::vector<const Form*> found;
    for (const Form* form : order_) {
        if ("ttd/" + form->app == app && form->ended && form->listed && form->changed >= first &&
            form->changed < end && !(unconfirmed && (form->confirmed || form->confirmed_first))) {
            found.push_back(form);
        }
    }
    std::size_t from = 0;
    const auto token = value_of(query, "continuationToken");
    if (!token.empty()) {
        from = static_cast<std::size_t>(std::stoul(token));
    }
    const auto size = static_cast<std::size_t>(std::stoul(value_of(query, "size")));
    json::Value page = json::Value::array();
    for (std::size_t i = from; i < std::min(from + size, found.size()); ++i) {
        auto one = instance(*found[i]);
        one.set("data", json::Value::array());
        page.push(std::move(one));
    }
    json::Value out;
    out.set("count", static_cast<std::int64_t>(page.items().size()));
    if (from + size < found.size()) {
        std::string next = std::to_string(from + size);
        next.insert(0, token_length > next.size() ? token_length - next.size() : 0, '0');
        const auto base = query.substr(0, query.find("&continuationToken"));
        out.set("next", std::string(platform) + "/storage/api/v1/instances?" + base +
                            "&continuationToken=" + next);
    }
    out.set("instances", std::move(page));
    return json_answer(200, out);
}

sdk::HttpResponse FakeAltinn::feed(const std::string& query) {
    const auto after = value_of(query, "after");
    std::size_t from = 0;
    for (std::size_t i = events.size(); i > 0; --i) {
        if (events[i - 1].second["id"].as_string() == after) {
            from = i;
            break;
        }
    }
    const auto size = std::stoul(value_of(query, "size"));
    json::Value page = json::Value::array();
    bool more = false;
    for (; from < events.size() && events[from].first + held_back <= host_.clock.now(); ++from) {
        if (events[from].second["resource"].as_string() != value_of(query, "resource")) {
            continue;
        }
        if (page.items().size() == size) {
            more = true;
            break;
        }
        page.push(events[from].second);
    }
    auto response = json_answer(200, page);
    if (more || !page.items().empty()) {
        response.headers.emplace_back("next", std::string(platform) + "/events/api/v1/events?x");
    }
    return response;
}

sdk::HttpResponse FakeAltinn::of_subscription(const Asked& request, const std::string& rest) {
    if (request.method == "POST") {
        const auto body = json::parse(request.body);
        REQUIRE(body.has_value());
        for (const auto& [id, known] : subscriptions) {
            if (known["endPoint"] == (*body)["endPoint"] &&
                known["resourceFilter"] == (*body)["resourceFilter"]) {
                return json_answer(201, known);
            }
        }
        const int id = ++next_subscription_;
        json::Value made = *body;
        made.set("id", id).set("validated", false).set("consumer", "/org/ttd");
        subscriptions[id] = made;
        return json_answer(201, made);
    }
    if (request.method == "DELETE") {
        subscriptions.erase(std::stoi(rest.substr(1)));
        return sdk::HttpResponse(200, "");
    }
    json::Value all = json::Value::array();
    for (const auto& [id, subscription] : subscriptions) {
        all.push(subscription);
    }
    json::Value out;
    out.set("count", static_cast<std::int64_t>(subscriptions.size()));
    out.set("subscriptions", std::move(all));
    return json_answer(200, out);
}

sdk::HttpResponse FakeAltinn::one(const std::string& path) {
    const auto second = path.find('/', path.find('/') + 1);
    const auto found = forms.find(path.substr(0, second));
    if (found == forms.end()) {
        return sdk::HttpResponse(404, "");
    }
    Form& form = found->second;
    const std::string what = second == std::string::npos ? "" : path.substr(second);
    if (what.empty()) {
        return json_answer(200, instance(form));
    }
    if (what == "/complete") {
        if (on_confirm) {
            on_confirm(form);
        }
        form.confirmed = true;
        ++form.confirmations;
        return json_answer(200, instance(form));
    }
    if (what == "/data") {
        return take_upload(form, asked.back());
    }
    if (what == "/substatus") {
        return json_answer(200, instance(form));
    }
    const auto bytes = form.bytes.find(what.substr(what.rfind('/') + 1));
    return bytes == form.bytes.end() ? sdk::HttpResponse(404, "")
                                     : sdk::HttpResponse(200, bytes->second);
}

/// A file of the service owner's, as Storage keeps it.
sdk::HttpResponse FakeAltinn::take_upload(Form& form, const Asked& request) {
    const auto type = value_of(request.url.substr(request.url.find('?') + 1), "dataType");
    const auto name = request.disposition.find("filename=\"");
    REQUIRE(name != std::string::npos);
    std::string file = request.disposition.substr(name + 10);
    file.pop_back();
    add_file(form, type, request.media_type, unescaped(file), request.body, "Pending");
    return sdk::HttpResponse(201, "{}");
}

World::World(const std::string& settings)
    : host{altinn,          fakes.streams, fakes.tokens, fakes.documents, fakes.keys,
           fakes.state,     *fakes.ids,    fakes.clock,  fakes.log,       fakes.metrics,
           fakes.registers, fakes.inbound, fakes.spools, fakes.work} {
    restart(settings);
}

void World::restart(const std::string& settings) {
    adapter.reset();
    sdk::ConnectionFacts facts;
    facts.connection = "altinn-skjema";
    facts.environment = "test";
    facts.base_url = platform;
    auto with = *json::parse(settings);
    with.set("apps_url", apps);
    facts.settings = json::write(with);
    auto made = forms::create(facts, host);
    REQUIRE(made.has_value());
    adapter = std::move(*made);
}

void World::run_for(core::Duration time) {
    boost::asio::cancellation_signal stop;
    bool ended = false;
    boost::asio::co_spawn(io, adapter->receiver()->receive(),
                          boost::asio::bind_cancellation_slot(
                              stop.slot(), [&](const std::exception_ptr&) { ended = true; }));
    const auto until = fakes.clock.steady() + time;
    io.restart();
    for (;;) {
        while (io.poll() > 0) {
        }
        const auto next = fakes.clock.next();
        if (!next || *next > until) {
            break;
        }
        io.restart();
        fakes.clock.advance(
            std::chrono::duration_cast<core::Duration>(*next - fakes.clock.steady()) + 1us);
    }
    stop.emit(boost::asio::cancellation_type::terminal);
    io.restart();
    io.run();
    REQUIRE(ended);
    if (fakes.clock.steady() < until) {
        fakes.clock.advance(
            std::chrono::duration_cast<core::Duration>(until - fakes.clock.steady()));
    }
}

sdk::CallbackAnswer World::call_back(const std::string& secret, const std::string& body) {
    sdk::Callback call;
    call.secret = secret;
    call.content_type = "application/json";
    call.body = body;
    return tests::run(io, adapter->receiver()->on_callback(call, fakes.in(10s)));
}

std::string World::secret(const std::string& app) const {
    std::string found;
    for (const auto& [id, subscription] : altinn.subscriptions) {
        const std::string& end_point = subscription["endPoint"].as_string();
        if (subscription["resourceFilter"].as_string() == "urn:altinn:resource:app_ttd_" + app) {
            found = end_point.substr(end_point.rfind('/') + 1);   // of the newest
        }
    }
    return found;
}

void World::validate() {
    for (auto& [id, subscription] : altinn.subscriptions) {
        json::Value event;
        event.set("id", fakes.ids->uuid().to_string()).set("specversion", "1.0");
        event.set("type", "platform.events.validatesubscription");
        event.set("source",
                  std::string(platform) + "/events/api/v1/subscriptions/" + std::to_string(id));
        const std::string& end_point = subscription["endPoint"].as_string();
        if (call_back(end_point.substr(end_point.rfind('/') + 1), json::write(event)) ==
            sdk::CallbackAnswer::taken) {
            subscription.set("validated", true);
        }
    }
}

}   // namespace forms_world
