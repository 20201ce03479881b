#include "tests/contract/standins/fiks_world.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"

#include <catch2/catch.hpp>

#include <cstdio>

namespace gateway::tests::standins {

using json::Value;

FiksWorld::FiksWorld(std::vector<std::string> options)
    : more(std::move(options)),
      maskinporten("maskinporten", folder.path() + "/maskinporten"),
      grants(maskinporten) {
    start();
}

void FiksWorld::start() {
    fiks.reset();
    const std::string ca = folder.path() + "/maskinporten/ca";
    std::vector<std::string> options{"--maskinporten-url",
                                     maskinporten.url(),
                                     "--broker",
                                     "yes",
                                     "--ca",
                                     ca,
                                     "--certificate",
                                     maskinporten.line()["material"]["certificate"].as_string()};
    options.insert(options.end(), more.begin(), more.end());
    fiks = std::make_unique<Child>("fiks_io", folder.path() + "/fiks", options);
}

std::string FiksWorld::password() const {
    std::string text =
        gateway::standin::read_file(material("integration_password_file")).value_or("");
    while (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

std::string FiksWorld::token() const {
    Value claims = grants.claims();
    claims.set("scope", "ks:fiks");
    const Answer answer = grants.token(claims);
    REQUIRE(answer.status == 200);
    return answer.json()["access_token"].as_string();
}

Answer FiksWorld::call(const char* method, const std::string& path, const std::string& body,
                       std::map<std::string, std::string> headers) const {
    Ask request;
    request.method = method;
    request.url = fiks->url() + path;
    request.body = body;
    request.headers = {{"Authorization", "Bearer " + token()},
                       {"IntegrasjonId", material("integration_id")},
                       {"IntegrasjonPassord", password()}};
    for (const auto& [name, value] : headers) {
        request.headers[name] = value;
    }
    return ask(request);
}

Value FiksWorld::order(const std::string& to, const std::string& type) const {
    Value headers;
    headers.set("klientMeldingId", gateway::standin::random_uuid());
    Value out;
    out.set("avsenderKontoId", material("account")).set("mottakerKontoId", to);
    out.set("meldingType", type).set("svarPaMelding", Value()).set("ttl", Value());
    out.set("headere", std::move(headers));
    return out;
}

Answer FiksWorld::send(const Value& metadata, const std::string& data) const {
    std::string body = "--grense\r\nContent-Disposition: form-data; name=\"metadata\"\r\n"
                       "Content-Type: application/json\r\n\r\n" +
                       json::write(metadata) + "\r\n";
    if (!data.empty()) {
        body += "--grense\r\nContent-Disposition: form-data; name=\"data\"; filename=\"x\"\r\n"
                "Content-Type: application/octet-stream\r\n\r\n" +
                data + "\r\n";
    }
    body += "--grense--\r\n";
    return call("POST", "/fiks-io/api/v1/send", body,
                {{"Content-Type", "multipart/form-data; boundary=grense"}});
}

std::string run_program(const std::string& command) {
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string out;
    std::array<char, 8192> block{};
    std::size_t count = 0;
    while ((count = std::fread(block.data(), 1, block.size(), pipe)) > 0) {
        out.append(block.data(), count);
    }
    INFO(command);
    REQUIRE(::pclose(pipe) == 0);
    return out;
}

std::vector<Value> FiksWorld::read(const Reader& reader) const {
    Value wanted;
    wanted.set("port", std::stoi(material("amqp_port"))).set("ca", material("amqp_ca"));
    wanted.set("user", reader.user.empty() ? material("integration_id") : reader.user);
    wanted.set("password", reader.password.empty() ? password() + " " + token() : reader.password);
    wanted.set("queue", reader.queue).set("count", reader.count).set("then", reader.then);
    wanted.set("waitMs", reader.wait_ms);
    const std::string file = folder.path() + "/reader.json";
    gateway::standin::write_file(file, json::write(wanted));
    const std::string peers = std::string(SLUSE_SOURCE_DIR) + "/tests/node/";
    const std::string out =
        run_program(peers + "node_modules/.bin/node " + peers + "fiks_amqp.mjs " + file);
    std::vector<Value> all;
    for (std::size_t at = 0; at < out.size();) {
        const std::size_t end = out.find('\n', at);
        Value line = object(out.substr(at, end - at));
        if (!line.has("consuming")) {
            all.push_back(std::move(line));
        }
        at = end + 1;
    }
    return all;
}

std::vector<Value> FiksWorld::read(int count, const char* then) const {
    Reader reader;
    reader.queue = queue();
    reader.count = count;
    reader.then = then;
    return read(reader);
}

Value FiksWorld::echo(const std::string& type, Value command) const {
    command.set("type", type).set("to", material("account"));
    const Answer answer = fiks->command("/control/message", command);
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return answer.json();
}

std::string bytes_of(const Value& message) {
    return gateway::standin::from_base64(message["body"].as_string()).value_or("");
}

}   // namespace gateway::tests::standins
