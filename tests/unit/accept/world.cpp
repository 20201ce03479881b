#include "world.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/http/target.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace tests::accept {

sdk::Task<core::Result<std::size_t>> SlicedBody::read(std::span<char> out) {
    const auto count = std::min({out.size(), slice_, text_.size() - at_});
    if (count == 0 && end_) {
        co_return core::Failure(*end_);
    }
    std::copy_n(text_.data() + at_, count, out.data());
    at_ += count;
    co_return count;
}

RuleConnection::RuleConnection() {
    capability_.message_type = "letter/v1";
    capability_.can_cancel = true;
}

sdk::Task<sdk::Outcome> RuleConnection::send(core::Delivery, sdk::Progress&, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::unknown);
}
sdk::Task<sdk::Outcome> RuleConnection::look_up(core::Delivery, sdk::Progress&, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::unknown);
}
sdk::Task<core::Result<sdk::Receipts>> RuleConnection::poll_receipts(core::Delivery,
                                                                     sdk::Deadline) {
    co_return sdk::Receipts();
}
sdk::Task<sdk::Outcome> RuleConnection::cancel(core::Delivery, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::unknown);
}
sdk::Task<sdk::Outcome> RuleConnection::settled(sdk::InboundSettled, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::accepted);
}
sdk::Task<sdk::Health> RuleConnection::check_health(sdk::Deadline) {
    co_return sdk::Health();
}

namespace {

core::TenantConfig tenant(const char* number,
                          std::map<std::string, std::set<std::string>> systems) {
    core::TenantConfig config;
    config.id = core::TenantId(number);
    config.name = "Prøve";
    for (auto& [id, grants] : systems) {
        core::SystemConfig system;
        system.id = core::SystemId(id);
        system.grants = grants;
        config.systems.emplace(system.id, system);
    }
    core::RouteConfig route;
    route.id = "brev";
    route.type = "letter/v1";
    core::RouteTarget target;
    target.connection = core::ConnectionId("altinn-test");
    target.with = R"({"resource":"sluse-brev"})";
    route.use.push_back(target);
    config.routes.push_back(route);
    return config;
}

}   // namespace

World::World()
    : ids(runtime::make_seeded_ids(clock, 1)),
      store(store::make_memory_store()),
      documents(*store, clock),
      configuration(std::make_shared<core::Configuration>()),
      connection(std::make_shared<RuleConnection>()) {
    auto first = tenant("310001007", {{"byggesak", {"send:letter"}},
                                      {"oppvekst", {"send:letter"}},
                                      {"arkivar", {"messages:read-all"}}});
    auto second = tenant("310005002", {{"byggesak", {"send:letter"}}});
    core::ConnectionConfig altinn;
    altinn.id = core::ConnectionId("altinn-test");
    altinn.adapter = "altinn";
    altinn.tenants = {first.id, second.id};
    configuration->connections.emplace(altinn.id, altinn);
    for (auto* one : {&first, &second}) {
        std::array<std::uint8_t, 32> bytes{};
        ids->random(bytes);
        vaults.put(one->id, std::make_shared<crypto::Vault>(crypto::SecretKey(bytes)));
        configuration->tenants.emplace(one->id, *one);
    }
    schemas = std::move(*validate::make_schema_set());
    intake = app::make_intake({*store, *schemas, *this, *this, vaults, clock, *ids,
                               runtime::null_log(), metrics, disk_full});
    uploads = uploads::make_uploads(documents, vaults, disk, executor, io.get_executor(), clock,
                                    *ids, {});
    auto make_http =
        [this](const core::TokenIssuerConfig&) -> core::Result<std::unique_ptr<sdk::HttpClient>> {
        auto client = std::make_unique<ScriptedHttpClient>(clock);
        issuer = client.get();
        if (script_issuer) {
            script_issuer(*client);
        }
        return std::unique_ptr<sdk::HttpClient>(std::move(client));
    };
    sign_in = std::make_unique<signin::SignIn>(signin::SignInParts{
        *this, clock, runtime::null_log(), metrics, io.get_executor(), make_http});
    open_api(nullptr);
    key = add_key("310001007", "byggesak");
    other_key = add_key("310001007", "oppvekst");
    reader_key = add_key("310001007", "arkivar");
    foreign_key = add_key("310005002", "byggesak");
}

void World::open_api(ports::Records* records) {
    const gateway::accept::ApiParts parts{
        *store, documents,           *uploads, *intake, *this,   *this,  vaults, *sign_in, clock,
        *ids,   runtime::null_log(), metrics,  nullptr, nullptr, records};
    api.reset();   // it has the store's one hint
    api = std::make_unique<gateway::accept::PublicApi>(
        parts, gateway::accept::PublicPages{"openapi: 3.1.0", "<html></html>"});
}

void World::serve_records(ports::Records& records) {
    open_api(&records);
}

World::~World() {
    run(io, uploads->stop());
    run(io, sign_in->stop());
    io.restart();
    io.poll();   // jobs of requests that were cut off
}

std::shared_ptr<ports::Connection> World::find(const core::ConnectionId& id) const {
    return id == connection->id() ? connection : nullptr;
}

std::string World::add_key(const std::string& tenant_id, const std::string& system,
                           const std::string& kind) {
    std::array<std::uint8_t, 32> bytes{};
    ids->random(bytes);
    const auto secret =
        crypto::base64url_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    ports::Credential credential;
    credential.key_id = core::to_hex({reinterpret_cast<const char*>(bytes.data()), 6});
    credential.tenant = core::TenantId(tenant_id);
    credential.system = core::SystemId(system);
    credential.kind = kind;
    credential.secret_hash = crypto::sha256(secret).to_bytes();
    credential.created = clock.now();
    REQUIRE(run(io, store->put_credential(credential)).has_value());
    return "slu_" + credential.key_id + "_" + secret;
}

http::Response World::call(Ask ask) {
    SlicedBody body(ask.body, ask.slice, ask.body_end);
    http::Request request;
    request.method = ask.method;
    request.target = ask.target;
    const auto parsed = http::parse_target(ask.target);
    REQUIRE(parsed.has_value());
    request.path = parsed->path;
    request.query = parsed->query;
    request.headers = ask.headers;
    if (!ask.without_key) {
        request.headers.emplace_back("Authorization",
                                     "Bearer " + (ask.key.empty() ? key : ask.key));
    }
    request.client_certificate = ask.certificate;
    request.body = &body;
    return run(io, api->handle(request));
}

json::Value World::json(const http::Response& response) {
    const auto value = json::parse(response.body);
    REQUIRE(value.has_value());
    return *value;
}

http::Response World::post_letter(const json::Value& message, const std::string& idempotency_key) {
    Ask ask{"POST", "/v1/messages", json::write(message), {{"Content-Type", "application/json"}}};
    if (!idempotency_key.empty()) {
        ask.headers.emplace_back("Idempotency-Key", idempotency_key);
    }
    return call(std::move(ask));
}

std::string World::multipart(const std::string& message,
                             const std::vector<std::pair<std::string, std::string>>& files) {
    std::string body = "--X\r\nContent-Disposition: form-data; name=\"message\"\r\nContent-Type: "
                       "application/json\r\n\r\n" +
                       message + "\r\n";
    for (const auto& [name, bytes] : files) {
        body += "--X\r\nContent-Disposition: form-data; name=\"" + name +
                "\"; filename=\"f.pdf\"\r\n\r\n" + bytes + "\r\n";
    }
    return body + "--X--\r\n";
}

json::Value World::letter() {
    return *json::parse(
        R"({"type":"letter","version":1,"reference":"LON-17","recipient":{"organisation":"310002003"},
        "title":"Varsel om tilsyn","body":"Vi kommer på tilsyn."})");
}

}   // namespace tests::accept
