#include "adapters/maskinporten/standin/material.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>
#include <array>

namespace gateway::maskinporten::standin {

using gateway::standin::CertificateOrder;
using gateway::standin::Issued;
using gateway::standin::Key;
using gateway::standin::TestCa;
using json::Value;

namespace {

constexpr std::int64_t day = 24 * 3600;
constexpr std::int64_t three_years = 3 * 365 * day;   // the life of a business certificate
constexpr const char* certificate_client = "sluse-sandbox";
constexpr const char* key_client = "sluse-sandbox-key";

constexpr std::array<const char*, 14> sandbox_scopes{
    "altinn:authentication/systemuser.request.read",
    "altinn:authentication/systemuser.request.write",
    "altinn:correspondence.write",
    "altinn:correspondence.read",
    "altinn:serviceowner",
    "altinn:serviceowner/instances.read",
    "altinn:serviceowner/instances.write",
    "altinn:broker.write",
    "altinn:broker.read",
    "altinn:events.subscribe",
    "digitalpostinnbygger:send",
    "krr:global/kontaktinformasjon.read",
    "krr:global/digitalpost.read",
    "ks:fiks"};

Value scopes() {
    Value list = Value::array();
    for (const char* scope : sandbox_scopes) {
        list.push(scope);
    }
    return list;
}

/// A client of its own as it was registered, perhaps by an older version that knew fewer scopes.
/// Nothing when it has all of them.
std::optional<Value> with_missing_scopes(const Value& client) {
    const Value wanted = scopes();
    Value held = client["scopes"];
    const std::size_t before = held.items().size();
    for (const Value& scope : wanted.items()) {
        const auto& items = held.items();
        if (std::find(items.begin(), items.end(), scope) == items.end()) {
            held.push(scope);
        }
    }
    if (held.items().size() == before) {
        return std::nullopt;
    }
    Value whole = client;
    whole.set("scopes", std::move(held));
    return whole;
}

}   // namespace

Material::Material(std::string folder, std::string organisation)
    : folder_(std::move(folder)), organisation_(std::move(organisation)) {}

void Material::prepare(const TestCa& ca, Registry& registry, std::int64_t now) const {
    namespace kit = gateway::standin;
    kit::make_directory(folder_);
    if (!kit::read_file(folder_ + "/business.p12")) {
        CertificateOrder order;
        order.organisation = organisation_;
        order.not_before = now - day;
        order.not_after = now + three_years;
        const Issued issued = ca.issue(order);
        const std::string password = kit::base64url(kit::random_bytes(18));
        kit::write_file(folder_ + "/business.key.pem", issued.key.private_pem());
        kit::write_file(folder_ + "/business.pem", ca.chain_pem(issued));
        kit::write_file(folder_ + "/business.p12.password", password);
        kit::write_file(folder_ + "/business.p12", issued.pkcs12(password));
    }
    const auto key_text = kit::read_file(folder_ + "/registered.key.pem");
    auto key = key_text ? Key::from_private_pem(*key_text) : std::nullopt;
    if (!key) {
        key = Key::generate(2048);
        kit::write_file(folder_ + "/registered.key.pem", key->private_pem());
        kit::write_file(folder_ + "/registered.kid", kit::random_uuid());
    }
    if (registry.client(certificate_client) == nullptr) {
        Value client;
        client.set("client_id", certificate_client).set("organisation", organisation_);
        client.set("scopes", scopes());
        registry.add_client(client, now);
    }
    if (registry.client(key_client) == nullptr) {
        Value client;
        client.set("client_id", key_client).set("organisation", organisation_);
        client.set("scopes", scopes());
        const std::string kid = kit::read_file(folder_ + "/registered.kid").value_or("");
        client.set("keys", Value::array().push(key->public_jwk(kid)));
        registry.add_client(client, now);
    }
    for (const char* id : {certificate_client, key_client}) {
        if (const auto whole = with_missing_scopes(*registry.client(id))) {
            registry.add_client(*whole, now);
        }
    }
}

Value Material::describe(const TestCa& ca, const std::string& issuer) const {
    Value with_key;
    with_key.set("client_id", key_client).set("key", folder_ + "/registered.key.pem");
    with_key.set("kid", gateway::standin::read_file(folder_ + "/registered.kid").value_or(""));
    Value material;
    material.set("folder", folder_).set("organisation", organisation_);
    material.set("client_id", certificate_client);
    material.set("keystore", folder_ + "/business.p12");
    material.set("keystore_password_file", folder_ + "/business.p12.password");
    material.set("certificate", folder_ + "/business.pem");
    material.set("key", folder_ + "/business.key.pem");
    material.set("registered_key", std::move(with_key));
    material.set("ca", ca.root_path());
    Value out;
    out.set("issuer", issuer).set("material", std::move(material));
    return out;
}

std::optional<Value> order_certificate(const TestCa& ca, const std::string& other_ca_folder,
                                       const Value& wanted, std::int64_t now) {
    const std::string kind = wanted.has("kind") ? wanted["kind"].as_string() : "valid";
    CertificateOrder order;
    order.organisation = wanted["organisation"].as_string();
    order.bits = static_cast<unsigned>(wanted["bits"].as_int(2048));
    order.not_before = now - 30 * day;
    order.not_after = now + three_years;
    const TestCa* authority = &ca;
    std::optional<TestCa> other;
    if (kind == "expired") {
        order.not_after = now - day;
    } else if (kind == "not_yet_valid") {
        order.not_before = now + day;
    } else if (kind == "self_signed") {
        order.self_signed = true;
    } else if (kind == "other_ca") {
        other.emplace(other_ca_folder);
        authority = &*other;
    } else if (kind != "valid") {
        return std::nullopt;
    }
    const Issued issued = authority->issue(order);
    Value x5c = Value::array();
    x5c.push(gateway::standin::base64(issued.certificate.der()));
    x5c.push(gateway::standin::base64(issued.issuer.der()));
    Value out;
    out.set("certificate", issued.certificate.pem()).set("key", issued.key.private_pem());
    out.set("chain", authority->chain_pem(issued)).set("x5c", std::move(x5c));
    return out;
}

}   // namespace gateway::maskinporten::standin
