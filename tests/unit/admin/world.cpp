#include "tests/unit/admin/world.hpp"

#include "gateway/http/target.hpp"

namespace tests::admin {

namespace {

/// Whom webhooks are posted to.
class Receiver final : public sdk::HttpClient {
public:
    explicit Receiver(World& world) : world_(world) {}
    sdk::Task<core::Result<sdk::HttpResponse>> send(sdk::HttpRequest request,
                                                    sdk::Deadline) override {
        world_.called.push_back(request.body);
        co_return sdk::HttpResponse(world_.webhook_status, "");
    }

private:
    World& world_;
};

sdk::Task<core::Result<std::vector<core::IpAddress>>> public_address() {
    co_return std::vector<core::IpAddress>{*core::parse_ip_address("8.8.8.8")};
}

notify::Parts notify_parts(World& world) {
    notify::Parts parts{*world.store, world,         world.vaults, world.clock, *world.ids,
                        world.log,    world.metrics, {},           {}};
    parts.make_http = [&world](const auto&) -> core::Result<std::shared_ptr<sdk::HttpClient>> {
        return std::shared_ptr<sdk::HttpClient>(std::make_shared<Receiver>(world));
    };
    parts.look_up = [](const std::string&, std::uint16_t, sdk::Deadline) {
        return public_address();
    };
    return parts;
}

constexpr std::uint32_t own_uid = 997;

std::shared_ptr<core::Configuration> make_configuration() {
    auto configuration = std::make_shared<core::Configuration>();
    configuration->version = 3;
    for (const auto* id : {World::first, World::second}) {
        core::TenantConfig tenant;
        tenant.id = core::TenantId(id);
        core::SystemConfig system;
        system.id = core::SystemId("byggesak");
        tenant.systems.emplace(system.id, system);
        configuration->tenants.emplace(tenant.id, tenant);
    }
    return configuration;
}

}   // namespace

World::World()
    : ids(runtime::make_seeded_ids(clock, 7)),
      store(store::make_memory_store()),
      documents(*store, clock),
      configuration(make_configuration()) {
    std::uint8_t fill = 1;
    for (const auto& [tenant, settings] : configuration->tenants) {
        std::array<std::uint8_t, 32> bytes{};
        bytes.fill(fill++);
        vaults.put(tenant, std::make_shared<crypto::Vault>(crypto::SecretKey(bytes)));
    }
    gateway::admin::ListenerView listener;
    listener.name = "public";
    listener.address = "http://127.0.0.1:8080";
    listener.up = true;
    system.listeners.push_back(listener);
    system.free_bytes = 1ULL << 40U;
    config_answer.version = 4;
    store->on_events([this] { news.notify(); });
    notifier = std::make_unique<notify::Notifier>(notify_parts(*this), io.get_executor());
    subscriptions = std::make_unique<notify::Service>(notify_parts(*this), *notifier);
    const records::ServiceParts kept{store->records(), *this, *this, vaults, clock, *ids, log,
                                     metrics};
    keeping = std::make_unique<records::Keeping>(kept);
    retention = std::make_unique<records::RetentionPreview>(records::PreviewParts{
        *ports::retention_store_of(*store), store->records(), *this, vaults, clock,
        [this] { return std::make_shared<const core::MessageRetentions>(retentions); }});
    retries = std::make_unique<failures::Retries>(
        failures::RetryParts{*store, *this, vaults, clock, *ids, log});
    api = std::make_unique<gateway::admin::AdminApi>(parts());
}

gateway::admin::AdminParts World::parts() {
    gateway::admin::AdminParts made{
        *store,   documents,  *this,    *this,
        vaults,   clock,      *ids,     log,
        metrics,  news,       *this,    *this,
        *this,    *this,      *this,    *subscriptions,
        *keeping, *retention, *retries, [this](const std::string& id) { forgotten.push_back(id); },
        own_uid,  nullptr,    nullptr,  &alarm_news};
    made.intake = &taken_in;
    made.other_ways = &other_ways;
    made.second_person = [this] {
        return std::make_shared<const core::SecondPersonRules>(second_person);
    };
    return made;
}

sdk::Task<ports::IntakeAnswer> TakenIn::accept(ports::IntakeRequest request) {
    requests.push_back(request);
    ports::IntakeAnswer answer;
    answer.refusal = refusal;
    if (refusal || request.dry_run || !request.correction) {
        co_return answer;
    }
    const auto& correction = *request.correction;
    const auto vault = world_.vaults.find(request.caller.tenant);
    ports::ReplaceCommand command;
    command.old = correction.old;
    command.seen = correction.seen;
    command.seen_changed = correction.seen_changed;
    auto& message = command.message;
    message.tenant = request.caller.tenant;
    message.system = request.caller.system;
    message.message = world_.ids->next<core::MessageId>();
    message.type = request.message["type"].as_string() + "/v1";
    message.at = world_.clock.now();
    const auto owner = message.message.to_bytes();
    const auto key = vault->new_key(*world_.ids, owner);
    message.sealed_content =
        key.key.seal(*world_.ids, "content", owner, json::write(request.message));
    message.wrapped_key = key.wrapped;
    message.idempotency.emplace();
    message.idempotency->key_token = *request.idempotency_key;
    message.idempotency->fingerprint = json::write_canonical(request.message);
    message.delivery.id = world_.ids->next<core::DeliveryId>();
    message.delivery.upstream_key = message.delivery.id.to_string();
    message.delivery.due = message.at;
    command.closing.push_back(correction.closing);
    command.closing.back().params.emplace_back("replacedBy", message.message.to_string());
    const auto stored = co_await world_.store->replace(command);
    if (!stored || stored->result == ports::Accepted::conflict) {
        answer.refusal =
            ports::Refusal(stored ? "idempotency.conflict" : "message.changed_meanwhile");
        co_return answer;
    }
    answer.id = stored->message;
    answer.type = message.type;
    answer.replayed = stored->result == ports::Accepted::same;
    co_return answer;
}

sdk::Task<sdk::ActAnswer> World::act(core::ConnectionId connection, sdk::Act act, sdk::Deadline) {
    acts.emplace_back(connection.value, std::move(act));
    co_return act_answer;
}

std::string World::subscribe(const std::string& tenant) {
    ports::Caller caller;
    caller.tenant = core::TenantId(tenant);
    caller.system = core::SystemId("byggesak");
    auto body = json::parse(R"({"url":"https://fagsystem.eksempel.no/sluse"})").value();
    const auto made = run(io, subscriptions->create(caller, std::move(body)));
    return made.view["id"].as_string();
}

sdk::Task<gateway::admin::ConfigAnswer> World::apply(gateway::admin::Author author,
                                                     texts::Language) {
    config_authors.push_back(author);
    co_return config_answer;
}

sdk::Task<gateway::admin::ConfigAnswer> World::undo(gateway::admin::Author author,
                                                    texts::Language) {
    config_authors.push_back(author);
    co_return config_answer;
}

http::Response World::call(Ask ask) {
    const auto target = http::parse_target(ask.target).value();
    http::Request request;
    request.method = ask.method;
    request.target = ask.target;
    request.path = target.path;
    request.query = target.query;
    request.headers = ask.headers;
    request.peer_uid = ask.uid;
    if (!ask.body.empty()) {
        request.headers.emplace_back("Content-Type", "application/json");
    }
    if (!ask.key.empty()) {
        request.headers.emplace_back("Authorization", "Bearer " + ask.key);
    }
    sdk::StringSource body(ask.body);
    request.body = &body;
    return run(io, api->handle(request));
}

json::Value World::json(const http::Response& response) {
    return json::parse(response.body).value();
}

core::MessageId World::accept_letter(const std::string& reference, const std::string& tenant,
                                     const std::string& document) {
    const auto vault = vaults.find(core::TenantId(tenant));
    ports::AcceptCommand command;
    command.tenant = core::TenantId(tenant);
    command.system = sender;
    command.message = ids->next<core::MessageId>();
    command.type = "letter/v1";
    command.at = clock.now();
    const auto owner = command.message.to_bytes();
    const auto key = vault->new_key(*ids, owner);
    json::Value content = json::Value::object();
    content.set("type", "letter").set("version", 1);
    content.set("reference", reference).set("title", "Varsel om tilsyn");
    if (!document.empty()) {
        json::Value one = json::Value::object();
        one.set("name", "\"<b>.html").set("sha256", document).set("size", 25);
        one.set("mediaType", "text/html");
        json::Value attached = json::Value::array();
        attached.push(std::move(one));
        content.set("documents", std::move(attached));
    }
    command.sealed_content = key.key.seal(*ids, "content", owner, json::write(content));
    command.wrapped_key = key.wrapped;
    command.tokens.emplace_back(static_cast<std::uint8_t>(crypto::TokenKind::reference),
                                vault->token(crypto::TokenKind::reference, reference));
    command.delivery.id = ids->next<core::DeliveryId>();
    command.delivery.upstream_key = command.delivery.id.to_string();
    command.delivery.connection = core::ConnectionId("altinn-test");
    command.delivery.due = clock.now();
    ports::NewEvent event;
    event.id = ids->next<core::EventId>();
    event.at = clock.now();
    event.name = "accepted";
    event.code = "accepted";
    command.events.push_back(event);
    const auto id = command.message;
    run(io, store->accept(std::move(command))).value();
    return id;
}

void World::end_in(core::MessageId message_id, core::DeliveryState state, const std::string& code) {
    ports::ClaimCommand claim;
    claim.now = clock.now();
    claim.lease_until = clock.now() + std::chrono::minutes(1);
    claim.limit = 100;
    for (const auto& claimed : run(io, store->claim(claim)).value()) {
        if (claimed.row.message == message_id) {
            ports::FinishCommand finish;
            finish.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
            finish.fence = claimed.fence;
            finish.at = clock.now();
            finish.state = state;
            finish.code = core::Code(code.empty() ? std::string(core::to_string(state)) : code);
            run(io, store->finish(finish)).value();
        }
    }
}

ports::MessageView World::message(core::MessageId id, const std::string& tenant) {
    return run(io, store->get(core::TenantId(tenant), id)).value().value();
}

std::vector<json::Value> World::timeline(core::MessageId id) {
    return json(get("/admin/v1/messages/" + id.to_string() + "/events"))["items"].items();
}

}   // namespace tests::admin
