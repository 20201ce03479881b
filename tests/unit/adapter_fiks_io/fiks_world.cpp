#include "tests/unit/adapter_fiks_io/fiks_world.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/private_key.hpp"
#include "gateway/seal/certificate_details.hpp"

#include <map>
#include <stdexcept>

namespace fiks_world {

using gateway::crypto::base64_encode;

namespace {

const tests::BusinessIdentity& numbered(const std::string& organisation, int number) {
    static std::map<std::pair<std::string, int>, tests::BusinessIdentity> all;
    const auto name = std::make_pair(organisation, number);
    auto found = all.find(name);
    if (found == all.end()) {
        tests::BusinessWishes wishes;
        wishes.subject[2].second = "NTRNO-" + organisation;
        wishes.key = all.size() + 1;
        found = all.emplace(name, authority().issue(wishes)).first;
    }
    return found->second;
}

}   // namespace

const tests::BusinessAuthority& authority() {
    static const tests::BusinessAuthority made;
    return made;
}

const tests::BusinessIdentity& identity(const std::string& organisation) {
    return numbered(organisation, 1);
}

const tests::BusinessIdentity& second_identity(const std::string& organisation) {
    return numbered(organisation, 2);
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

std::string pem_of(const std::string& der) {
    const std::string text = base64_encode(der);
    std::string pem = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < text.size(); at += 64) {
        pem += text.substr(at, 64) + '\n';
    }
    return pem + "-----END CERTIFICATE-----\n";
}

std::function<std::string(core::KeyTransport, const std::string&, std::size_t)>
unwrapper_of(const tests::BusinessIdentity& identity) {
    const std::shared_ptr<gateway::crypto::PrivateKey> key =
        std::move(*gateway::crypto::load_pem_key(identity.key_pem, {}));
    return [key](core::KeyTransport transport, const std::string& wrapped, std::size_t bytes) {
        return key->unwrap_key(transport, wrapped, bytes).value();
    };
}

std::string public_key_of(const tests::BusinessIdentity& identity) {
    return seal::read_certificate(identity.der)->public_key_der;
}

std::string key_answer(const std::string& der) {
    json::Value body;
    body.set("nokkel", pem_of(der)).set("valid", true).set("statusMessage", "OK");
    return json::write(body);
}

std::string account_answer(const std::string& account, const std::string& organisation) {
    json::Value body;
    body.set("fiksOrgId", "1f1f1f1f-1f1f-4f1f-8f1f-1f1f1f1f1f1f").set("fiksOrgNavn", "Arkivet");
    body.set("organisasjonsnummer", organisation).set("kontoId", account);
    body.set("kontoNavn", "Arkiv").set("noeNytt", 1);
    return json::write(body);
}

std::string sent_answer(const std::string& id) {
    json::Value body;
    body.set("meldingId", id).set("ttl", 604800000).set("dokumentlagerId", json::Value());
    return json::write(body);
}

std::string settings_json(const std::string& more) {
    return R"({"integration_id":"0B2B6E7E-3f5e-4f4e-9d3c-5d0f6f3d1a11","integration_password":"p w",)"
           R"("accounts":[{"account":")" +
           std::string(our_account) + R"(","tenant":")" + municipality + "\"}]" + more + "}";
}

sdk::ConnectionFacts facts(const std::string& more) {
    sdk::ConnectionFacts made;
    made.connection = "fiks";
    made.environment = "test";
    made.base_url = base_url;
    made.settings = settings_json(more);
    return made;
}

World::World(const std::string& more) {
    const auto& own = identity(municipality);
    fake.keys.chain = {own.der, authority().intermediate()};
    fake.keys.signer = [&own](const std::string& bytes) { return own.sign(bytes); };
    fake.keys.unwrapper = unwrapper_of(own);
    fake.keys.public_keys = {public_key_of(own)};
    auto read = fiks::read_settings(facts(more));
    if (!read) {
        throw std::runtime_error(read.error().to_string());
    }
    settings = std::move(*read);
    catalogue = std::make_unique<fiks::Catalogue>(settings, host());
    answering = std::make_unique<fiks::Answering>(settings, *catalogue, host());
}

std::unique_ptr<fiks::Opener> World::opener() {
    auto made = fiks::Opener::make(settings, *catalogue, host());
    if (!made) {
        throw std::runtime_error(made.error().to_string());
    }
    return std::move(*made);
}

void World::knows_archive() {
    fake.http.always("GET", std::string(archive_account) + "/offentligNokkel")
        .answer_json(200, key_answer(identity(archive_owner).der));
}

std::string World::seal(fiks::Files files, const std::string& certificate) {
    const std::string whom = certificate.empty() ? identity(municipality).der : certificate;
    auto stream = tests::run(
        io, fiks::seal_files(host(), core::TenantId(municipality), std::move(files), whom));
    if (!stream.value) {
        throw std::runtime_error(stream.outcome.code.value);
    }
    auto bytes = tests::run(io, sdk::read_all(*stream.value->source, 64U << 20U));
    if (!bytes) {
        throw std::runtime_error((*stream.value->trouble)->code.value);
    }
    return std::move(*bytes);
}

fiks::Opening World::open(const std::string& envelope, const std::string& sender) {
    const auto made = opener();
    fiks::PackageSender from;
    from.to = our_account;
    from.organisation = sender;
    sdk::StringSource source(envelope);
    return tests::run(io, made->open(core::TenantId(municipality), from, source));
}

fiks::PackageFile World::document(const std::string& name, const std::string& bytes) {
    auto stored = fake.documents.add(name, bytes);
    return fiks::PackageFile(name, "application/octet-stream", std::move(stored));
}

core::Delivery World::delivery(const std::string& content, const std::string& with) {
    core::Delivery made;
    made.tenant = core::TenantId(municipality);
    made.system = core::SystemId("sak");
    made.message = core::MessageId(fake.ids->uuid());
    made.id = core::DeliveryId(fake.ids->uuid());
    made.upstream_key = made.id.to_string();
    made.type = "protocol/v1";
    made.attempt = 1;
    made.content = content;
    made.settings = with;
    made.accepted_at = fake.clock.now();
    return made;
}

sdk::Outcome World::send(const core::Delivery& delivery) {
    fiks::MessageSender sender(settings, *answering, host());
    return tests::run(io, sender.send(delivery, progress, in(60)));
}

Posted read_posted(const tests::SentRequest& request) {
    const auto type = std::string(request.header("Content-Type"));
    const std::string boundary = "--" + type.substr(type.find("boundary=") + 9);
    Posted posted;
    const auto part = [&](const std::string& name, std::string& out) {
        const auto head = request.body.find("name=\"" + name + "\"");
        if (head == std::string::npos) {
            return false;
        }
        const auto begin = request.body.find("\r\n\r\n", head) + 4;
        out = request.body.substr(begin, request.body.find("\r\n" + boundary, begin) - begin);
        return true;
    };
    std::string metadata;
    part("metadata", metadata);
    posted.metadata = *json::parse(metadata);
    posted.has_data = part("data", posted.data);
    return posted;
}

}   // namespace fiks_world
