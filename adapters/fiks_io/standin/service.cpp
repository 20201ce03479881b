#include "adapters/fiks_io/standin/service.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/fiks_io/standin/archive.hpp"
#include "adapters/fiks_io/standin/broker_house.hpp"
#include "adapters/fiks_io/standin/catalogue.hpp"
#include "adapters/fiks_io/standin/certificate_facts.hpp"
#include "adapters/fiks_io/standin/dead_letters.hpp"
#include "adapters/fiks_io/standin/echo.hpp"
#include "adapters/fiks_io/standin/sending.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr const char* default_organisation = "310000019";
constexpr double default_inline_bytes = 5'000'000;   // "5 MB": which of the two is not public
constexpr std::size_t command_bytes_max = 64U << 20U;
constexpr std::size_t secret_bytes = 24;
constexpr const char* operator_file = "/operator.password";

// Always the same, so that a configuration can name them.
constexpr const char* integration_id = "5d1f2a30-7c44-4c1b-9a5e-310000019001";
constexpr const char* own_account = "0b9cf8a4-2f60-4f4e-8d0a-310000019001";
constexpr const char* archive_account = "0b9cf8a4-2f60-4f4e-8d0a-310000019002";
constexpr const char* echo_account = "0b9cf8a4-2f60-4f4e-8d0a-312345676001";
constexpr const char* other_account = "0b9cf8a4-2f60-4f4e-8d0a-310002003001";

http::Response wrong_command(std::string text) {
    Value body;
    body.set("error", std::move(text));
    return kit::json_response(400, body);
}

http::Response done() {
    Value body;
    body.set("ok", true);
    return kit::json_response(200, body);
}

http::Response outcome_of(const std::optional<std::string>& mistake) {
    return mistake ? wrong_command(*mistake) : done();
}

Account make_account(const char* id, const char* name, const std::string& organisation,
                     const char* organisation_name) {
    Account account;
    account.id = id;
    account.name = name;
    account.organisation = organisation;
    account.organisation_name = organisation_name;
    account.municipality = "9999";
    return account;
}

class FiksIo final : public kit::Service {
public:
    explicit FiksIo(kit::World& world)
        : world_(world),
          book_(world.options.state),
          access_(world, book_),
          house_(world, access_, book_, [this](Taken taken) { return take(std::move(taken)); }),
          post_(book_, house_.publisher(), world.clock,
                static_cast<std::int64_t>(
                    world.options.number("inline-bytes", default_inline_bytes))),
          sending_(book_, post_),
          catalogue_(book_, house_.publisher(), world.clock),
          dead_letters_(book_, post_) {}

    void open(const std::string& url) override;
    sdk::Task<http::Response> handle(http::Request& request) override;
    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;
    void reset() override;
    Value material() override;

private:
    void furnish();
    sdk::Task<bool> take(Taken taken);
    sdk::Task<http::Response> answer(http::Request& request, std::vector<std::string> parts);
    sdk::Task<http::Response> of_integration(http::Request& request, const Integration& caller,
                                             std::vector<std::string> parts);
    http::Response to_http(const http::Request& request, const std::variant<Value, Refusal>& result,
                           int status = 200) const;
    sdk::Task<http::Response> command(const std::string& path, Value body);
    std::optional<std::string> set_account(const Value& body);
    std::string password_path() const { return world_.options.state + "/integration.password"; }
    void know(const Account& account);

    kit::World& world_;
    Book book_;
    Access access_;
    BrokerHouse house_;
    PostOffice post_;
    Sending sending_;
    Catalogue catalogue_;
    DeadLetters dead_letters_;
    std::optional<Party> archive_party_;
    std::optional<Party> echo_party_;
    std::optional<Archive> archive_;
    std::optional<Echo> echo_;
};

/// Who is there at the first start.
void FiksIo::furnish() {
    const std::string organisation = world_.options.text("organisation", default_organisation);
    Integration integration;
    integration.id = integration_id;
    integration.organisation = organisation;
    integration.password = kit::base64url(kit::random_bytes(secret_bytes));
    kit::write_file(password_path(), integration.password + "\n");
    book_.put(integration);
    Account own = make_account(own_account, "Fagsystem", organisation, "Sandkassa kommune");
    own.integrations = {integration_id};
    book_.put(own);
    Account archive = make_account(archive_account, "Arkiv", organisation, "Sandkassa kommune");
    archive.part = Part::archive;
    book_.put(archive);
    Account echo = make_account(echo_account, "Fagsystem", "312345676", "Nabo kommune");
    echo.part = Part::echo;
    book_.put(echo);
    Account other = make_account(other_account, "Fagsystem", "310002003", "Tredje kommune");
    other.integrations = {integration_id};
    book_.put(other);
}

void FiksIo::know(const Account& account) {
    house_.publisher().know(queue_of(account.id));
    if (account.part != Part::nobody) {
        house_.take_from(queue_of(account.id));
    }
}

void FiksIo::open(const std::string&) {
    if (book_.is_new()) {
        furnish();
    }
    kit::write_file(world_.options.state + operator_file, house_.door().own().password + "\n");
    const std::string file = world_.options.text("certificate", "");
    if (!file.empty()) {
        const std::string password_file = world_.options.text("certificate-password", "");
        std::string password = kit::read_file(password_file).value_or("");
        while (password.ends_with('\n')) {
            password.pop_back();
        }
        Account own = *book_.account(own_account);
        own.certificate_pem = certificate_pem_of(kit::read_file(file).value_or(""), password);
        if (own.certificate_pem.empty()) {
            throw std::runtime_error("no certificate in " + file);
        }
        book_.put(std::move(own));
    }
    const std::string keys = world_.options.state + "/keys";
    archive_party_.emplace(world_, book_, post_, archive_account, keys);
    echo_party_.emplace(world_, book_, post_, echo_account, keys);
    archive_.emplace(world_, book_.journal(), *archive_party_);
    echo_.emplace(world_, *echo_party_);
    for (const auto& [id, account] : book_.accounts()) {
        know(account);
    }
    const std::string wanted = world_.options.text("broker", "auto");
    if (wanted == "yes" || (wanted == "auto" && RabbitBroker::is_installed())) {
        house_.start();
    } else {
        std::cerr << "standin-fiks_io: no RabbitMQ here: nothing can be sent or received\n";
    }
}

sdk::Task<bool> FiksIo::take(Taken taken) {
    if (taken.queue == Publisher::dead_letters) {
        co_return co_await dead_letters_.handle(std::move(taken));
    }
    const bool for_archive = taken.queue == queue_of(archive_account);
    Opened opened = for_archive ? archive_party_->open(taken) : echo_party_->open(taken);
    taken.body.clear();
    if (for_archive) {
        co_return co_await archive_->handle(std::move(opened));
    }
    co_return co_await echo_->handle(std::move(opened));
}

http::Response FiksIo::to_http(const http::Request& request,
                               const std::variant<Value, Refusal>& result, int status) const {
    if (const auto* refusal = std::get_if<Refusal>(&result)) {
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
            world_.clock.now().time_since_epoch());
        return to_response(*refusal, request.path, now.count());
    }
    return kit::json_response(status, std::get<Value>(result));
}

sdk::Task<http::Response> FiksIo::handle(http::Request& request) {
    std::vector<std::string> parts = kit::segments(request.path);
    http::Response response = co_await answer(request, std::move(parts));
    co_return response;
}

sdk::Task<http::Response> FiksIo::answer(http::Request& request, std::vector<std::string> parts) {
    const bool get = request.method == "GET";
    const std::string path = request.path;
    // The one call that anybody may make.
    if (get && parts.size() == 7 && path.starts_with("/fiks-io/katalog/api/v1/kontoer/") &&
        parts[6] == "offentligNokkel") {
        co_return to_http(request, catalogue_.public_key(parts[5]));
    }
    const auto caller = co_await access_.identify(request);
    if (const auto* refusal = std::get_if<Refusal>(&caller)) {
        co_return to_http(request, *refusal);
    }
    const Integration integration = std::get<Integration>(caller);
    co_return co_await of_integration(request, integration, std::move(parts));
}

sdk::Task<http::Response> FiksIo::of_integration(http::Request& request, const Integration& caller,
                                                 std::vector<std::string> parts) {
    const bool get = request.method == "GET";
    const std::string path = request.path;
    const std::size_t count = parts.size();
    if (request.method == "POST" && path == "/fiks-io/api/v1/send") {
        const auto sent = co_await sending_.take(request, caller);
        co_return to_http(request, sent, 202);
    }
    if (get && path.starts_with("/fiks-io/katalog/api/v1/kontoer/") &&
        (count == 6 || (count == 7 && parts[6] == "status"))) {
        const auto found = co_await catalogue_.account(parts[5], count == 7);
        co_return to_http(request, found);
    }
    if (path.starts_with("/fiks-io/konto/api/v1/kontoer/") && count == 7 &&
        parts[6] == "offentligNokkel") {
        co_return co_await catalogue_.own_key(request, caller, parts[5]);
    }
    if (get && count >= 3 && parts[0] == "dokumentlager" && parts[1] == "nedlasting") {
        const bool metadata = count == 4 && parts[3] == "metadata";
        if (count == 3 || metadata) {
            book_.forget_documents(world_.clock.now());
            co_return catalogue_.document(caller, parts[2], metadata);
        }
    }
    co_return to_http(request, Refusal(404, "Ingen slik ressurs"));   // also lookup: removed
}

std::optional<std::string> FiksIo::set_account(const Value& body) {
    auto account = Account::from_json(body);
    if (!account) {
        return "an account has id (UUID) and organisation (nine digits)";
    }
    const Account* before = book_.account(account->id);
    if (before != nullptr) {   // what is not said stays
        Value merged = before->to_json();
        for (const auto& [name, value] : body.members()) {
            merged.set(name, value);
        }
        account = Account::from_json(merged);
    }
    if (account->part != Part::nobody && account->id != archive_account &&
        account->id != echo_account) {
        return "only the accounts that are there play a part";
    }
    know(*account);
    book_.put(std::move(*account));
    return std::nullopt;
}

sdk::Task<http::Response> FiksIo::command(const std::string& path, Value body) {
    if (path == "/control/message") {
        const Value sent = co_await echo_->send(std::move(body));
        co_return kit::json_response(sent.has("error") ? 400 : 200, sent);
    }
    if (path == "/control/package") {
        const Value packed = echo_->package(body);
        co_return kit::json_response(packed.has("error") ? 400 : 200, packed);
    }
    if (path == "/control/answers") {
        co_return outcome_of(echo_->set_answers(body));
    }
    if (path == "/control/accounts") {
        auto mistake = set_account(body);
        if (!mistake && house_.is_there()) {
            const bool ready = co_await house_.publisher().is_ready();
            mistake = ready ? std::nullopt : std::optional<std::string>("the broker is away");
        }
        co_return outcome_of(mistake);
    }
    if (path == "/control/integrations") {
        const Integration integration = Integration::from_json(body);
        if (integration.id.empty() || integration.password.empty()) {
            co_return wrong_command("an integration has id, organisation and password");
        }
        book_.put(integration);
        co_return done();
    }
    if (path == "/control/broker") {
        const auto mistake = co_await house_.act(std::move(body));
        co_return outcome_of(mistake);
    }
    if (path == "/control/queue") {
        const std::string queue = queue_of(uuid_of(body["account"].as_string()));
        const auto depth = co_await house_.publisher().depth(queue);
        if (!depth) {
            co_return wrong_command("no such queue, or the broker is away");
        }
        Value out;
        out.set("messages", depth->messages).set("consumers", depth->consumers);
        co_return kit::json_response(200, out);
    }
    co_return http::Response(404);
}

sdk::Task<http::Response> FiksIo::control(http::Request& request) {
    const std::string path = request.path;
    if (request.method != "POST") {
        co_return http::Response(404);
    }
    constexpr std::string_view door = "/control/door/";
    if (path.starts_with(door)) {
        co_return co_await house_.door().answer(request, path.substr(door.size()));
    }
    auto body = co_await kit::read_json(request, command_bytes_max);
    if (!body) {
        co_return wrong_command(body.error().to_string());
    }
    co_return co_await command(path, std::move(*body));
}

Value FiksIo::state() {
    Value out = book_.audit();
    out.set("archive", archive_->audit()).set("echo", echo_->audit());
    out.set("broker", house_.audit()).set("deadLetters", dead_letters_.audit());
    return out;
}

void FiksIo::reset() {
    std::vector<std::string> queues;
    for (const auto& [id, account] : book_.accounts()) {
        queues.push_back(queue_of(id));
    }
    if (house_.is_there()) {
        house_.empty(std::move(queues));
    }
    book_.clear();
    archive_->clear();
    echo_->clear();
    dead_letters_.clear();
}

Value FiksIo::material() {
    Value material;
    material.set("integration_id", integration_id);
    material.set("integration_password_file", password_path());
    material.set("account", own_account).set("archive_account", archive_account);
    material.set("echo_account", echo_account).set("other_account", other_account);
    if (house_.is_there()) {
        material.set("amqp_host", "127.0.0.1");
        material.set("amqp_port", std::to_string(house_.port()));
        material.set("amqp_ca", house_.ca_path());
        material.set("amqp_operator", house_.door().own().user);
        material.set("amqp_operator_password_file", world_.options.state + operator_file);
    }
    Value out;
    out.set("material", std::move(material));
    return out;
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<FiksIo>(world);
}

}   // namespace gateway::fiks_io::standin
