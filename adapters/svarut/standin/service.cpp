#include "adapters/svarut/standin/service.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/svarut/standin/access.hpp"
#include "adapters/svarut/standin/queries.hpp"
#include "adapters/svarut/standin/refusal.hpp"
#include "adapters/svarut/standin/sending.hpp"
#include "adapters/svarut/standin/svarinn.hpp"

#include <stdexcept>

namespace gateway::svarut::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr const char* default_organisation = "310000019";
constexpr const char* integration_id = "5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001";
constexpr const char* integration_password = "sandkasse-integrasjon";
constexpr const char* account_id = "5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0002";
constexpr const char* mailbox_user = "sandkasse-svarinn";
constexpr const char* mailbox_password = "sandkasse-svarinn-passord";
constexpr double default_time_scale = 20;
constexpr std::size_t request_bytes_max = 1U << 20U;
constexpr std::chrono::hours own_certificate_life{24 * 3650};

http::Response command_done(Value body = Value::object()) {
    return kit::json_response(200, body.set("ok", true));
}

http::Response wrong_command(std::string text) {
    Value body;
    body.set("error", std::move(text));
    return kit::json_response(400, body);
}

double time_scale(const kit::World& world) {
    const double faster = world.options.number("time-scale", default_time_scale);
    if (!(faster > 0)) {
        throw std::invalid_argument("--time-scale is above 0: how many times faster than SvarUt");
    }
    return faster;
}

struct Pair {
    std::string key;
    std::string certificate;
};

Pair self_signed(const std::string& organisation, core::Time now) {
    const auto key = kit::Key::generate(2048);
    kit::CertificateOrder order;
    order.name = "Sandkassa";
    order.organisation = organisation;
    order.bits = 2048;
    order.self_signed = true;
    order.not_before = kit::seconds(now) - 3600;
    order.not_after = kit::seconds(now + own_certificate_life);
    const auto issued = kit::issue(order, kit::make_authority("Sandkassa", key), key);
    return {issued.key.private_pem(), issued.certificate.pem()};
}

/// A key pair in two files, made when they are not there.
Pair pair_at(const std::string& stem, const std::string& organisation, core::Time now) {
    auto key = kit::read_file(stem + ".key.pem");
    auto certificate = kit::read_file(stem + ".pem");
    if (key && certificate) {
        return {std::move(*key), std::move(*certificate)};
    }
    auto made = self_signed(organisation, now);
    kit::write_file(stem + ".key.pem", made.key);
    kit::write_file(stem + ".pem", made.certificate);
    return made;
}

Value first_settings(const std::string& organisation, const std::string& mailbox_of,
                     const std::string& certificate) {
    Value integration;
    integration.set("id", integration_id).set("password", integration_password);
    integration.set("organisation", organisation);
    integration.set("accounts", Value::array().push(account_id));
    Value account;
    account.set("id", account_id).set("organisation", organisation);
    account.set("name", "Sandkassa kommune");
    Value mailbox;
    mailbox.set("id", mailbox_user).set("name", "Sluse").set("user", mailbox_user);
    mailbox.set("password", mailbox_password).set("organisation", mailbox_of);
    mailbox.set("type", "").set("level", 4).set("certificate", certificate);
    Value out;
    out.set("integrations", Value::array().push(std::move(integration)));
    out.set("accounts", Value::array().push(std::move(account)));
    out.set("mailboxes", Value::array().push(std::move(mailbox)));
    out.set("reserved", Value::array()).set("sdp", Value::array());
    out.set("unknown_her_ids", Value::array()).set("shape", "nested");
    return out;
}

class SvarUt final : public kit::Service {
public:
    explicit SvarUt(kit::World& world)
        : world_(world),
          organisation_(world.options.text("organisation", default_organisation)),
          mailbox_of_(world.options.text("mailbox-of", organisation_)),
          own_(own_key(world, organisation_)),
          mailbox_(pair_at(world.options.state + "/mailbox", mailbox_of_, world.clock.now())),
          book_(world.options.state,
                first_settings(organisation_, mailbox_of_, mailbox_.certificate), world.clock,
                time_scale(world)),
          access_(world, book_),
          queries_(world, book_, shapes_),
          svarinn_(world, book_, shapes_) {}

    void open(const std::string& url) override {
        url_ = url;
        kit::write_file(password_path("integration"), std::string(integration_password) + "\n");
        kit::write_file(password_path("mailbox"), std::string(mailbox_password) + "\n");
    }
    sdk::Task<http::Response> handle(http::Request& request) override;
    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;
    void reset() override { book_.clear(); }
    Value material() override {
        Value material;
        material.set("integration_id", integration_id);
        material.set("integration_password", integration_password);
        material.set("integration_password_file", password_path("integration"));
        material.set("account", account_id).set("organisation", organisation_);
        material.set("mailbox_user", mailbox_user).set("mailbox_password", mailbox_password);
        material.set("mailbox_password_file", password_path("mailbox"));
        material.set("mailbox_of", mailbox_of_);
        material.set("mailbox_key", world_.options.state + "/mailbox.key.pem");
        Value out;
        out.set("material", std::move(material));
        return out;
    }

private:
    std::string password_path(const char* whose) const {
        return world_.options.state + "/" + whose + ".password";
    }
    static OwnKey own_key(const kit::World& world, const std::string& organisation) {
        auto pair = pair_at(world.options.state + "/svarut", organisation, world.clock.now());
        return {std::move(pair.key), std::move(pair.certificate)};
    }
    sdk::Task<http::Response> api(http::Request& request, std::vector<std::string> path);
    sdk::Task<http::Response> of_account(http::Request& request, const Value& integration,
                                         std::vector<std::string> path);

    kit::World& world_;
    std::string url_;
    std::string organisation_;
    std::string mailbox_of_;
    OwnKey own_;
    Pair mailbox_;
    Book book_;
    Shapes shapes_;
    Access access_;
    Queries queries_;
    SvarInn svarinn_;
};

sdk::Task<http::Response> SvarUt::handle(http::Request& request) {
    book_.advance();
    auto path = kit::segments(request.path);
    if (request.method == "GET" && request.path == "/forsendelse/publickey/hent") {
        co_return http::Response(200, "application/x-pem-file", own_.certificate);
    }
    const bool known = path.size() > 1 && (path[0] == "api" || path[0] == "tjenester");
    if (known && path[1] == "svarinn") {
        const Value* mailbox = access_.mailbox(request);
        if (mailbox == nullptr) {
            http::Response refused = refusal(book_.now(), request, 401, "Unauthorized");
            refused.headers.emplace_back("WWW-Authenticate", "Basic realm=\"SvarInn\"");
            co_return refused;
        }
        std::string base = url_ + "/" + path[0] + "/svarinn";
        const Value whose = *mailbox;
        path.erase(path.begin(), path.begin() + 2);
        http::Response response =
            co_await svarinn_.handle(request, whose, std::move(path), std::move(base));
        co_return response;
    }
    if (!known || path[0] != "api") {
        co_return refusal(book_.now(), request, 404, "Not Found");
    }
    path.erase(path.begin());
    http::Response response = co_await api(request, std::move(path));
    co_return response;
}

sdk::Task<http::Response> SvarUt::api(http::Request& request, std::vector<std::string> path) {
    auto caller = co_await access_.identify(request);
    if (caller.integration == nullptr) {
        co_return std::move(caller.refusal);
    }
    const Value integration = *caller.integration;
    if (path.size() >= 4 && path[1] == "kontoer" && path[3] == "forsendelser") {
        http::Response response = co_await of_account(request, integration, std::move(path));
        co_return response;
    }
    http::Response response = co_await queries_.handle(request, integration, std::move(path));
    co_return response;
}

/// {version}/kontoer/{account}/forsendelser...
sdk::Task<http::Response> SvarUt::of_account(http::Request& request, const Value& integration,
                                             std::vector<std::string> path) {
    const std::string account = kit::lower(path[2]);
    if (!Access::may(integration, account) || book_.entry("accounts", "id", account) == nullptr) {
        co_return refusal(book_.now(), request, 403, "Integrasjonen mangler tilgang til kontoen");
    }
    Address to;
    to.version = path[0];
    to.account = account;
    const bool post = request.method == "POST";
    const bool v2 = path[0] == "v2" && path.size() == 4;
    if (path[0] == "v3" && path.size() == 5) {
        to.kind = path[4];
    }
    const bool v3 =
        to.kind == "person" || to.kind == "organisasjon" || to.kind == "nhn" || to.kind == "print";
    if (post && (v2 || v3)) {
        http::Response response =
            co_await take_shipment(request, std::move(to), book_, shapes_, own_);
        co_return response;
    }
    http::Response response = co_await queries_.of_account(request, std::move(to), std::move(path));
    co_return response;
}

sdk::Task<http::Response> SvarUt::control(http::Request& request) {
    book_.advance();
    const std::string& path = request.path;
    const auto parts = kit::segments(path);
    if (request.method == "GET" && parts.size() == 4 && parts[1] == "files") {
        const Shipment* shipment = book_.find(parts[2]);
        const auto bytes =
            shipment == nullptr
                ? std::nullopt
                : kit::read_file(book_.files() + "/" + shipment->id + "." + parts[3]);
        co_return bytes ? http::Response(200, "application/octet-stream", *bytes)
                        : http::Response(404);
    }
    const auto body = co_await kit::read_json(request, request_bytes_max);
    if (request.method != "POST" || !body) {
        co_return body ? http::Response(404) : wrong_command(body.error().to_string());
    }
    if (path == "/control/settings" && body->is_object()) {
        for (const auto& [name, value] : body->members()) {
            book_.set(name, value);
        }
        co_return command_done();
    }
    for (const char* list : {"integrations", "accounts", "mailboxes"}) {
        if (path == std::string("/control/") + list && (*body)["id"].is_string()) {
            book_.put(list, *body);
            co_return command_done();
        }
    }
    Shipment* shipment = book_.find((*body)["id"].as_string());
    if (shipment == nullptr) {
        co_return wrong_command("no such shipment");
    }
    if (path == "/control/status" && (*body)["status"].is_string()) {
        book_.set_status(*shipment, (*body)["status"].as_string(), book_.now(),
                         (*body)["words"].as_string());
        co_return command_done();
    }
    if (path == "/control/sign" && (*body)["status"].is_string()) {
        shipment->signing.emplace_back((*body)["status"].as_string(), book_.now());
        book_.save(*shipment);
        co_return command_done();
    }
    co_return http::Response(404);
}

Value SvarUt::state() {
    book_.advance();
    Value shipments = Value::array();
    for (const auto& [id, shipment] : book_.shipments()) {
        shipments.push(to_json(shipment));
    }
    Value out;
    out.set("shipments", std::move(shipments)).set("settings", book_.settings());
    return out;
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<SvarUt>(world);
}

}   // namespace gateway::svarut::standin
