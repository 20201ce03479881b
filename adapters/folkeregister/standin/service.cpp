#include "adapters/folkeregister/standin/service.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/folkeregister/standin/access.hpp"
#include "adapters/folkeregister/standin/documents.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace gateway::folkeregister::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t bulk_max = 1000;
constexpr std::size_t page_max = 1000;
constexpr std::size_t request_bytes_max = 256U << 10U;
constexpr double households_max = 100'000;
constexpr std::int64_t events_at_once_max = 1'000'000;

unsigned households_of(const kit::Options& options) {
    const double given = options.number("households", 100);
    if (given < 1 || given > households_max) {
        throw std::invalid_argument("--households is 1 to 100000");
    }
    return static_cast<unsigned>(given);
}

http::Response wrong_command(std::string text) {
    return kit::json_response(400, Value::object().set("error", std::move(text)));
}

class Freg final : public kit::Service {
public:
    explicit Freg(kit::World& world)
        : world_(world),
          access_(world),
          registry_(world.options.state, households_of(world.options), world.clock) {}

    void open(const std::string&) override {
        kit::write_file(password_file(), std::string(integration_password) + "\n");
    }
    sdk::Task<http::Response> handle(http::Request& request) override;
    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;
    void reset() override {
        access_.reset();
        registry_.reset();
    }
    Value material() override {
        Value material;
        material.set("integration_id", integration_id);
        material.set("integration_password", integration_password);
        material.set("integration_password_file", password_file());
        material.set("roles", Value::array().push("rolle-full").push("rolle-adresse"));
        material.set("feed_role", "rolle-hendelser");
        return Value::object().set("material", std::move(material));
    }

private:
    using Parts = std::set<std::string>;

    std::string password_file() const { return world_.options.state + "/integration.password"; }
    sdk::Task<http::Response> persons(http::Request& request, const Role& role,
                                      const std::string& what);
    std::optional<http::Response> choose(const http::Request& request, const Role& role,
                                         Parts& parts) const;
    http::Response bulk(const http::Request& request, const Value& numbers, const Parts& parts);
    void distort(Value& list, const http::Request& request);
    sdk::Task<http::Response> events(http::Request& request, const std::vector<std::string>& parts);
    http::Response list(const http::Request& request);
    http::Response details(const http::Request& request, const Value& ids);

    kit::World& world_;
    Access access_;
    Registry registry_;
    std::int64_t asked_ = 0;   // persons, all calls together
};

sdk::Task<http::Response> Freg::handle(http::Request& request) {
    const auto parts = kit::segments(request.path);
    // folkeregister/api/v1/{role}/v1/personer|hendelser/...
    if (parts.size() < 7 || parts[0] != "folkeregister" || parts[1] != "api" || parts[2] != "v1" ||
        parts[4] != "v1") {
        co_return refusal(request, 404, "Ukjent adresse");
    }
    auto refused = co_await access_.refuse(request);
    if (refused) {
        co_return std::move(*refused);
    }
    const Role* role = access_.role(parts[3]);
    if (role == nullptr || (parts[5] == "hendelser" && !role->events)) {
        co_return refusal(request, 403, "Integrasjonen mangler rollen");
    }
    if (parts[5] == "personer" && parts.size() == 7) {
        http::Response response = co_await persons(request, *role, parts[6]);
        co_return response;
    }
    if (parts[5] == "hendelser") {
        http::Response response = co_await events(request, parts);
        co_return response;
    }
    co_return refusal(request, 404, "Ukjent adresse");
}

/// The parts that are asked for, as far as the role has them.
std::optional<http::Response> Freg::choose(const http::Request& request, const Role& role,
                                           Parts& parts) const {
    for (const auto& [name, value] : request.query) {
        if (name == "part") {
            parts.insert(value);
        }
    }
    if (parts.empty() && role.parts != all_parts()) {
        return refusal(request, 400, "Rollen har ikke tilgang til person-basis");
    }
    if (parts.empty()) {
        parts = all_parts();
    }
    if (!std::includes(role.parts.begin(), role.parts.end(), parts.begin(), parts.end())) {
        return refusal(request, 400, "Rollen har ikke tilgang til alle parts");
    }
    return std::nullopt;
}

sdk::Task<http::Response> Freg::persons(http::Request& request, const Role& role,
                                        const std::string& what) {
    Parts parts;
    if (auto refused = choose(request, role, parts)) {
        co_return std::move(*refused);
    }
    if (what == "bulkoppslag") {
        if (request.method != "POST" || kit::media_type(request) != "application/json") {
            co_return refusal(request, 400, "bulkoppslag er POST av application/json");
        }
        const auto body = co_await kit::read_json(request, request_bytes_max);
        if (!body) {
            co_return refusal(request, 400, "Ugyldig JSON");
        }
        co_return bulk(request, (*body)["foedselsEllerDNummer"], parts);
    }
    const Value* person = registry_.find(what);
    if (request.method != "GET" || person == nullptr) {
        co_return refusal(request, 404, "Finner ikke personen");
    }
    ++asked_;
    co_return kit::json_response(200, document_of(*person, parts));
}

http::Response Freg::bulk(const http::Request& request, const Value& numbers, const Parts& parts) {
    const auto& items = numbers.items();
    const bool wrong = std::any_of(items.begin(), items.end(), [](const Value& item) {
        const std::string& text = item.as_string();
        return text.size() != 11 || text.find_first_not_of("0123456789") != std::string::npos;
    });
    if (items.empty() || items.size() > bulk_max || wrong) {
        return refusal(request, 400, "foedselsEllerDNummer har 1 til 1000 nummer");
    }
    Parts once;
    Value list = Value::array();
    for (const Value& item : items) {
        const Value* person = registry_.find(item.as_string());
        if (person != nullptr && once.insert((*person)["number"].as_string()).second) {
            Value one;
            one.set("foedselsEllerDNummer", (*person)["number"]);
            list.push(one.set("folkeregisterperson", document_of(*person, parts)));
        }
    }
    asked_ += static_cast<std::int64_t>(items.size());
    distort(list, request);
    return kit::json_response(200, Value::object().set("oppslag", std::move(list)));
}

/// Answers that a register never gives, on demand.
void Freg::distort(Value& list, const http::Request& request) {
    auto& items = list.mutable_items();
    if (items.empty()) {
        return;
    }
    if (world_.faults.take("wrong_person", request)) {
        items.front().set("foedselsEllerDNummer", "01817012345");
    }
    if (const auto fault = world_.faults.take("person_members", request)) {
        Value document = items.front()["folkeregisterperson"];
        for (const auto& [name, value] : fault->with["set"].members()) {
            document.set(name, value);
        }
        for (const Value& name : fault->with["remove"].items()) {
            document.remove(name.as_string());
        }
        items.front().set("folkeregisterperson", std::move(document));
    }
    if (world_.faults.take("contradiction", request)) {
        Value other = items.front();
        Value document = other["folkeregisterperson"];
        other.set("folkeregisterperson", document.set("status", Value::array()));
        items.push_back(std::move(other));
    }
    if (world_.faults.take("missing_person", request)) {
        items.erase(items.begin());
    }
}

sdk::Task<http::Response> Freg::events(http::Request& request,
                                       const std::vector<std::string>& parts) {
    const std::string& what = parts[6];
    if (what == "bulkoppslag" && request.method == "POST") {
        const auto body = co_await kit::read_json(request, request_bytes_max);
        if (!body) {
            co_return refusal(request, 400, "Ugyldig JSON");
        }
        co_return details(request, (*body)["dokumentidentifikator"]);
    }
    if (request.method != "GET") {
        co_return http::Response(405);
    }
    if (what == "feed") {
        co_return list(request);
    }
    if (what == "siste" && parts.size() == 8 && parts[7] == "sekvensnummer") {
        const auto back = world_.faults.take("feed_rolled_back", request);
        const std::int64_t number =
            registry_.last_number() - (back ? back->number("by", 10) : std::int64_t{0});
        co_return kit::json_response(200, Value::object().set("sekvensnummer", number));
    }
    if (const Event* event = registry_.find_event(what)) {
        co_return kit::json_response(200, detailed(*event));
    }
    co_return refusal(request, 404, "Finner ikke hendelsen");
}

http::Response Freg::list(const http::Request& request) {
    const std::int64_t from =
        std::strtoll(request.query_value("seq").value_or("0").c_str(), nullptr, 10);
    const std::string tag =
        "\"" + std::to_string(from) + "-" + std::to_string(registry_.last_number()) + "\"";
    if (request.header("If-None-Match") == tag) {
        http::Response unchanged(304);
        unchanged.headers.emplace_back("ETag", tag);
        return unchanged;
    }
    Value all = Value::array();
    const auto& events = registry_.events();
    auto next = std::lower_bound(
        events.begin(), events.end(), from,
        [](const Event& event, std::int64_t number) { return event.number < number; });
    for (; next != events.end() && all.items().size() < page_max; ++next) {
        all.push(listed(*next));
    }
    auto& items = all.mutable_items();
    if (items.size() > 2 && world_.faults.take("feed_gap", request)) {
        items.erase(items.begin() + 1);
    }
    if (items.size() > 1 && world_.faults.take("feed_disorder", request)) {
        std::swap(items.front(), items.back());
    }
    if (!items.empty() && world_.faults.take("feed_repeat", request)) {
        items.insert(items.begin(), Value(items.front()));
    }
    auto response = kit::json_response(200, all);
    response.headers.emplace_back("ETag", tag);
    return response;
}

http::Response Freg::details(const http::Request& request, const Value& ids) {
    if (ids.items().empty() || ids.items().size() > bulk_max) {
        return refusal(request, 400, "dokumentidentifikator har 1 til 1000 id-er");
    }
    const bool wrong = world_.faults.take("wrong_details", request).has_value();
    Value documents = Value::array();
    for (const Value& id : ids.items()) {
        if (const Event* event = registry_.find_event(id.as_string())) {
            Event told = *event;
            told.person = wrong ? "01817012345" : event->person;
            documents.push(detailed(told));
        }
    }
    return kit::json_response(200, Value::object().set("hendelsesdokument", std::move(documents)));
}

sdk::Task<http::Response> Freg::control(http::Request& request) {
    if (request.method == "GET" && request.path == "/control/people") {
        Value list = Value::array();
        for (const auto& [number, person] : registry_.people()) {
            list.push(person);
        }
        co_return kit::json_response(200, list);
    }
    const auto body = co_await kit::read_json(request, request_bytes_max);
    if (!body) {
        co_return wrong_command(body.error().to_string());
    }
    const Value& command = *body;
    Value done = Value::object().set("ok", true);
    if (request.path == "/control/person") {
        if (const auto mistake = registry_.act(command, done)) {
            co_return wrong_command(*mistake);
        }
    } else if (request.path == "/control/events") {
        const std::int64_t count = command["count"].as_int();
        if (count < 1 || count > events_at_once_max) {
            co_return wrong_command("count is 1 to 1000000");
        }
        registry_.move_many(count);
    } else if (request.path == "/control/roles") {
        Role role;
        for (const Value& part : command["parts"].items()) {
            role.parts.insert(part.as_string());
        }
        role.events = command["events"].as_bool();
        access_.put(command["role"].as_string(), std::move(role));
    } else {
        co_return http::Response(404);
    }
    co_return kit::json_response(200, done);
}

Value Freg::state() {
    Value out;
    out.set("people", static_cast<std::int64_t>(registry_.people().size()));
    out.set("persons_asked", asked_).set("last_event", registry_.last_number());
    return out;
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<Freg>(world);
}

}   // namespace gateway::folkeregister::standin
