#include "tests/unit/adapter_digital_post/dpi_world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <map>
#include <stdexcept>

namespace dpi_world {

using gateway::crypto::base64_encode;

const tests::BusinessAuthority& authority() {
    static const tests::BusinessAuthority made;
    return made;
}

const tests::BusinessIdentity& identity(const std::string& organisation) {
    static std::map<std::string, tests::BusinessIdentity> all;
    auto found = all.find(organisation);
    if (found == all.end()) {
        tests::BusinessWishes wishes;
        wishes.subject[2].second = "NTRNO-" + organisation;
        wishes.key = all.size() + 1;
        found = all.emplace(organisation, authority().issue(wishes)).first;
    }
    return found->second;
}

std::string trust_file() {
    const auto list = [](const std::string& der) {
        json::Value one;
        one.set("der_base64", base64_encode(der));
        json::Value all;
        all.push(std::move(one));
        return all;
    };
    json::Value policies;
    policies.push("2.16.578.1.26.1.3.*");
    json::Value environment;
    environment.set("roots", list(authority().root()))
        .set("intermediates", list(authority().intermediate()))
        .set("policies", std::move(policies));
    json::Value file;
    file.set("test", std::move(environment));
    return json::write(file);
}

json::Value contact() {
    return letters::parsed(R"({"status":"active","reserved":false,"canNotify":true,"language":"nn",
        "email":{"address":"kari@example.no"},"mobile":{"number":"+4790000000"},
        "mailbox":{"address":"kari.nordmann#4F2K","operator":"984661185"},"certificate":")" +
                           base64_encode(identity(receipts::mailbox_operator).der) + "\"}");
}

sdk::Task<sdk::Result<sdk::HttpResponse>> RevocationServer::send(sdk::HttpRequest request,
                                                                 sdk::Deadline deadline) {
    if (request.url.find("crl.example.test") == std::string::npos) {
        co_return co_await others_.send(std::move(request), deadline);
    }
    ++asked;
    if (down) {
        co_return core::Failure(core::Errc::unreachable);
    }
    tests::RevocationListWishes wishes;
    wishes.revoked = revoked;
    wishes.extensions.clear();
    const bool of_root = request.url.find("root") != std::string::npos;
    co_return sdk::HttpResponse(of_root ? 404 : 200, authority().revocation_list(wishes));
}

std::unique_ptr<sdk::Adapter> World::make(sdk::Host& with) const {
    auto made = dpi::create(facts, with);
    if (!made) {
        throw std::runtime_error(made.error().to_string());
    }
    return std::move(*made);
}

World::World(const Wishes& wishes)
    : host{revocations,    fake.streams, fake.tokens, fake.documents, fake.keys,
           fake.state,     *fake.ids,    fake.clock,  fake.log,       fake.metrics,
           fake.registers, fake.inbound, fake.spools, fake.work} {
    const auto& own = identity(wishes.organisation);
    fake.keys.chain = {own.der, authority().intermediate()};
    fake.keys.signer = [&own](const std::string& bytes) { return own.sign(bytes); };
    fake.registers.knows("contact", letters::person, contact());
    json::Value print;
    print.set("operator", print_operator)
        .set("certificate", base64_encode(identity(print_operator).der));
    fake.registers.knows("print", "", std::move(print));
    facts = letters::facts({}, wishes.organisation);
    facts.environment = "test";
    json::Value settings = letters::parsed(R"({"organisation":")" + wishes.organisation + "\"" +
                                           wishes.settings + "}");
    settings.set("trust_file", trust_file());
    facts.settings = json::write(settings);
    adapter = make(host);
}

core::Delivery World::delivery(const json::Value& content, const std::string& with,
                               const std::string& bytes) {
    auto made = letters::delivery(content, with);
    made.accepted_at = fake.clock.now();
    for (auto& document : made.documents) {
        const auto stored = fake.documents.add(document.name, bytes);
        document.sha256 = stored.sha256;
        document.size = stored.size;
    }
    return made;
}

void World::receive() {
    boost::asio::cancellation_signal signal;
    bool ended = false;
    boost::asio::co_spawn(io, adapter->receiver()->receive(),
                          boost::asio::bind_cancellation_slot(
                              signal.slot(), [&](const std::exception_ptr&) { ended = true; }));
    tests::run_until(
        io, fake.clock, [&] { return fake.http.steps_left() == 0; }, std::chrono::hours(1));
    io.restart();
    io.poll();
    signal.emit(boost::asio::cancellation_type::terminal);
    io.restart();
    io.poll();
    if (!ended) {
        throw std::runtime_error("the receiver does not end when it is cancelled");
    }
}

std::string World::signed_receipt(const json::Value& payload, const std::string& signer) const {
    const auto& who = identity(signer);
    const std::string header = R"({"x5c":[")" + base64_encode(who.der) + R"("],"alg":"RS256"})";
    auto input = gateway::crypto::jws_signing_input(header, json::write(payload));
    const auto signature = who.sign(input);
    return gateway::crypto::jws_compact(std::move(input), signature);
}

std::string World::unread(const std::vector<std::string>& jws) {
    auto list = json::Value::array();
    for (const auto& one : jws) {
        json::Value item;
        item.set("forretningsmelding", one)
            .set("downloadurl", "https://corner2.example/api/v2/dpi/messages/in/" +
                                    std::string(receipts::receipt_id));
        list.push(std::move(item));
    }
    return json::write(list);
}

Posted read_posted(const tests::SentRequest& request) {
    const auto type = std::string(request.header("Content-Type"));
    const std::string boundary = "--" + type.substr(type.find("boundary=") + 9);
    const auto part = [&](const std::string& name) {
        const auto head = request.body.find("name=\"" + name + "\"");
        const auto begin = request.body.find("\r\n\r\n", head) + 4;
        return request.body.substr(begin, request.body.find("\r\n" + boundary, begin) - begin);
    };
    Posted posted;
    posted.jws = part("forretningsmelding");
    posted.envelope = part("dokumentpakke");
    const auto parts = gateway::crypto::jws_split(posted.jws);
    posted.message = *json::parse(parts->payload_json);
    return posted;
}

}   // namespace dpi_world
