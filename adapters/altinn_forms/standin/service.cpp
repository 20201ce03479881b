#include "adapters/altinn_forms/standin/service.hpp"

#include "adapters/altinn_forms/standin/answers.hpp"
#include "adapters/altinn_forms/standin/events.hpp"
#include "adapters/altinn_forms/standin/instance_calls.hpp"
#include "adapters/altinn_forms/standin/storage_query.hpp"
#include "adapters/common/standin/altinn_access.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/system_users.hpp"

#include <stdexcept>

namespace gateway::altinn_forms::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr const char* default_organisation = "310000019";
constexpr const char* org = "sandkassa";
constexpr double default_time_scale = 20;
constexpr std::size_t command_bytes_max = 16U << 20U;
constexpr std::int64_t forms_max = 20'000;   // made by one command
constexpr std::string_view events_base = "/events/api/v1/";
constexpr std::string_view storage_base = "/storage/api/v1/instances";

Pace pace_of(const kit::World& world) {
    const double faster = world.options.number("time-scale", default_time_scale);
    const double lag = world.options.number("subscription-lag", 0);
    if (!(faster > 0) || !(lag >= 0) || lag > 86'400) {
        throw std::invalid_argument("--time-scale is above 0, --subscription-lag 0 to 86400 s");
    }
    Pace pace{std::chrono::seconds(static_cast<std::int64_t>(lag))};
    pace.scale(faster);
    return pace;
}

std::shared_ptr<http::TlsContext> webhook_tls(const kit::World& world) {
    const std::string path = world.options.text("webhook-ca", "");
    const auto roots = path.empty() ? std::optional<std::string>("") : kit::read_file(path);
    auto tls = http::TlsContext::create(roots.value_or(""), "", "");
    if (!roots || !tls) {
        throw std::invalid_argument("--webhook-ca cannot be read");
    }
    return *tls;
}

http::Response wrong_command(std::string text) {
    Value body;
    body.set("error", std::move(text));
    return kit::json_response(400, body);
}

http::Response done(Value body = Value::object()) {
    body.set("ok", true);
    return kit::json_response(200, body);
}

Value default_data() {
    Value model;
    model.set("dataType", "model").set("contentType", "application/xml");
    model.set("text",
              "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<skjema><svar>ja</svar></skjema>\n");
    Value receipt;
    receipt.set("dataType", "ref-data-as-pdf").set("contentType", "application/pdf");
    receipt.set("filename", "kvittering.pdf").set("text", "%PDF-1.4\n%%EOF\n");
    Value attachment;
    attachment.set("dataType", "vedlegg").set("contentType", "image/png");
    attachment.set("filename", "bilde.png").set("text", "\x89PNG\r\n");
    return Value::array()
        .push(std::move(model))
        .push(std::move(receipt))
        .push(std::move(attachment));
}

class AltinnForms final : public kit::Service {
public:
    explicit AltinnForms(kit::World& world)
        : world_(world),
          organisation_(world.options.text("organisation", default_organisation)),
          pace_(pace_of(world)),
          journal_(world.options.state + "/journal.jsonl"),
          access_(world,
                  [this](const std::string& number) {
                      return number == organisation_ ? std::optional<std::string>(org)
                                                     : std::nullopt;
                  }),
          instances_(world.options.state + "/files", journal_, world.clock, pace_),
          events_({journal_, world.faults, world.clock, pace_, webhook_tls(world)}),
          calls_(
              instances_, world.faults,
              [this](const std::string& type, const Value& instance) { publish(type, instance); }),
          system_users_(world, organisation_) {}

    void open(const std::string& url) override {
        url_ = world_.options.text("public-url", url);
        access_.open(url_);
        events_.open(url_);
        system_users_.open(url_);
    }
    sdk::Task<http::Response> handle(http::Request& request) override;
    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;
    void reset() override {
        events_.clear();
        instances_.clear();
        system_users_.clear();
        journal_.clear();
    }
    Value material() override {
        Value material;
        material.set("organisation", organisation_).set("org", org);
        material.set("system", system_users_.system());
        material.set("apps", Value::array().push("sandkassa/skjema"));
        Value out;
        out.set("material", std::move(material));
        return out;
    }

private:
    sdk::Task<http::Response> answer(http::Request& request);
    sdk::Task<http::Response> events(http::Request& request, const kit::AltinnCaller& caller);
    sdk::Task<http::Response> instances(http::Request& request, const kit::AltinnCaller& caller);
    void publish(const std::string& type, const Value& instance);
    /// Its id, or nothing when the command is wrong.
    std::string make_form(const Value& command);
    Owner owner_of(const kit::AltinnCaller& caller) const;

    kit::World& world_;
    std::string organisation_;
    Pace pace_;
    kit::Journal journal_;
    kit::AltinnAccess access_;
    Instances instances_;
    Events events_;
    InstanceCalls calls_;
    kit::SystemUsers system_users_;
    std::string url_;
    std::size_t token_bytes_ = 60;
};

Owner AltinnForms::owner_of(const kit::AltinnCaller& caller) const {
    Owner owner;
    const bool service_owner =
        std::any_of(caller.scopes.begin(), caller.scopes.end(), [](const std::string& scope) {
            return scope.starts_with("altinn:serviceowner");
        });
    if (caller.organisation == organisation_ && service_owner) {
        owner.org = org;
        owner.number = organisation_;
    }
    owner.reads = caller.may("altinn:serviceowner/instances.read");
    owner.writes = caller.may("altinn:serviceowner/instances.write");
    return owner;
}

void AltinnForms::publish(const std::string& type, const Value& instance) {
    const std::string& app = instance["appId"].as_string();
    const std::string& id = instance["id"].as_string();
    const Value& owner = instance["instanceOwner"];
    Value event;
    event.set("specversion", "1.0").set("type", type);
    event.set("source", url_ + "/" + app + "/instances/" + id);
    event.set("subject", "/party/" + owner["partyId"].as_string());
    if (owner["organisationNumber"].is_string()) {
        event.set("alternativesubject", "/org/" + owner["organisationNumber"].as_string());
    } else if (owner["personNumber"].is_string()) {
        event.set("alternativesubject", "/person/" + owner["personNumber"].as_string());
    }
    std::string resource = app;
    resource.replace(resource.find('/'), 1, "_");
    event.set("resource", "urn:altinn:resource:app_" + resource).set("resourceinstance", id);
    events_.publish(std::move(event));
}

sdk::Task<http::Response> AltinnForms::handle(http::Request& request) {
    instances_.advance();
    http::Response response = co_await answer(request);
    co_await events_.keep_sending();
    co_return response;
}

sdk::Task<http::Response> AltinnForms::answer(http::Request& request) {
    auto own = co_await access_.handle(request);
    if (own) {
        co_return std::move(*own);
    }
    const auto caller = co_await access_.identify(request);
    if (!caller) {
        co_return http::Response(401);
    }
    if (kit::SystemUsers::is_for(request.path)) {
        co_return co_await system_users_.handle(request, *caller);
    }
    if (request.path.starts_with(events_base)) {
        co_return co_await events(request, *caller);
    }
    co_return co_await instances(request, *caller);
}

sdk::Task<http::Response> AltinnForms::events(http::Request& request,
                                              const kit::AltinnCaller& caller) {
    const Owner owner = owner_of(caller);
    if (owner.org.empty() || !caller.may("altinn:events.subscribe")) {
        co_return http::Response(403);
    }
    auto parts = kit::segments(std::string_view(request.path).substr(events_base.size() - 1));
    if (parts.empty()) {
        co_return http::Response(404);
    }
    const std::string what = parts.front();
    parts.erase(parts.begin());
    if (what == "subscriptions") {
        co_return co_await events_.subscriptions(request, owner.org, parts);
    }
    if (what == "events" && parts.empty() && request.method == "GET") {
        co_return events_.feed(request, "");
    }
    if (what == "app" && parts.size() == 2 && request.method == "GET") {
        if (parts[0] != owner.org) {
            co_return http::Response(403);
        }
        co_return events_.feed(request, "urn:altinn:resource:app_" + parts[0] + "_" + parts[1]);
    }
    co_return http::Response(404);
}

sdk::Task<http::Response> AltinnForms::instances(http::Request& request,
                                                 const kit::AltinnCaller& caller) {
    const Owner owner = owner_of(caller);
    if (owner.org.empty()) {
        co_return http::Response(403);
    }
    auto parts = kit::segments(request.path);
    std::string app;
    if (request.path.starts_with(storage_base)) {
        parts.erase(parts.begin(), parts.begin() + 4);
        if (parts.empty() && request.method == "GET") {
            if (!owner.reads) {
                co_return http::Response(403);
            }
            co_return list_instances(instances_, request, owner.org, url_, token_bytes_);
        }
    } else {
        if (parts.size() < 3 || parts[2] != "instances") {
            co_return http::Response(404);
        }
        app = parts[0] + "/" + parts[1];
        parts.erase(parts.begin(), parts.begin() + 3);
        if (parts.size() == 1 && parts[0] == "create" && request.method == "POST") {
            co_return co_await calls_.instantiate(request, owner, app);
        }
    }
    co_return co_await calls_.one(request, owner, parts, app);
}

std::string AltinnForms::make_form(const Value& command) {
    const Value& app = command["app"];
    Value owner = command["owner"];
    if (!owner.is_object()) {
        owner = Value::object().set("personNumber", "17859130003");
    }
    Value& instance =
        instances_.create(app.is_string() ? app.as_string() : "sandkassa/skjema", owner, "user");
    for (const char* member : {"presentationTexts", "dataValues"}) {
        if (command[member].is_object()) {
            instance.set(member, command[member]);
        }
    }
    publish("app.instance.created", instance);
    const Value data = command["data"].is_array() ? command["data"] : default_data();
    for (const Value& one : data.items()) {
        std::string bytes = one["text"].as_string();
        if (one["bytes"].is_int()) {
            bytes.resize(static_cast<std::size_t>(one["bytes"].as_int()), 'x');
        }
        instances_.add_data(instance, one["dataType"].as_string(), one["contentType"].as_string(),
                            one["filename"].as_string(), bytes, one);
    }
    if (command["completed"].as_bool(true)) {
        instances_.complete(instance);
        if (!world_.faults.take("no_event")) {
            publish("app.instance.process.completed", instance);
        }
    }
    return instance["id"].as_string();
}

sdk::Task<http::Response> AltinnForms::control(http::Request& request) {
    const std::string& path = request.path;
    instances_.advance();
    if (request.method != "POST") {
        co_return http::Response(404);
    }
    const auto read = co_await kit::read_json(request, command_bytes_max);
    if (!read) {
        co_return wrong_command(read.error().to_string());
    }
    const Value& body = *read;
    if (path == "/control/forms") {
        if (body["instance"].is_string()) {
            Value* const begun = instances_.find(body["instance"].as_string());
            if (begun == nullptr) {
                co_return wrong_command("no such instance");
            }
            instances_.complete(*begun);
            publish("app.instance.process.completed", *begun);
            co_await events_.keep_sending();
            co_return done();
        }
        const auto count = std::clamp<std::int64_t>(body["count"].as_int(1), 1, forms_max);
        Value ids = Value::array();
        for (std::int64_t i = 0; i < count; ++i) {
            ids.push(make_form(body));
        }
        Value out;
        out.set("instances", std::move(ids));
        co_await events_.keep_sending();
        co_return done(std::move(out));
    }
    if (path == "/control/event") {
        events_.publish(body);
        co_await events_.keep_sending();
        co_return done();
    }
    if (path == "/control/system_user") {
        const std::string mistake = system_users_.answer(body);
        co_return mistake.empty() ? done() : wrong_command(mistake);
    }
    if (path == "/control/pace") {
        if (body["subscription_lag_seconds"].is_int()) {
            pace_.subscription_lag =
                std::chrono::seconds(body["subscription_lag_seconds"].as_int());
        }
        if (body["held_back_ms"].is_int()) {
            pace_.held_back = std::chrono::milliseconds(body["held_back_ms"].as_int());
        }
        if (body["feed_keeps_ms"].is_int()) {
            pace_.feed_keeps = std::chrono::milliseconds(body["feed_keeps_ms"].as_int());
        }
        token_bytes_ = static_cast<std::size_t>(
            std::clamp<std::int64_t>(body["token_bytes"].as_int(60), 60, 12'000));
        co_return done();
    }
    if (path == "/control/keys/rollover") {
        access_.roll_over();
        co_return done();
    }
    if (path == "/control/token") {
        Value out;
        out.set("token", access_.token_for(body, organisation_,
                                           "altinn:serviceowner/instances.read "
                                           "altinn:serviceowner/instances.write "
                                           "altinn:events.subscribe"));
        co_return done(std::move(out));
    }
    co_return http::Response(404);
}

Value AltinnForms::state() {
    instances_.advance();
    Value list = Value::array();
    std::int64_t confirmed = 0;
    for (const auto& [id, instance] : instances_.all()) {
        Value one = shown(instance);
        Value hashes = Value::object();
        for (const Value& element : instance["data"].items()) {
            hashes.set(element["id"].as_string(), element["_sha256"]);
        }
        one.set("sha256", std::move(hashes));
        confirmed += instance["completeConfirmations"].items().empty() ? 0 : 1;
        list.push(std::move(one));
    }
    Value out;
    out.set("instances", std::move(list)).set("confirmed", confirmed);
    out.set("events", events_.state()).set("systemUserRequests", system_users_.state());
    return out;
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<AltinnForms>(world);
}

}   // namespace gateway::altinn_forms::standin
