// Prints, as JSON, one grant by certificate and one by registered key, made by the adapter with a
// real RSA key, and what an independent reader needs to verify them.

#include "adapters/maskinporten/maskinporten_adapter.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <iostream>

using namespace gateway;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string sign(EVP_PKEY* key, const std::string& bytes) {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                    EVP_MD_CTX_free);
    std::size_t length = 0;
    const auto* input = reinterpret_cast<const unsigned char*>(bytes.data());
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
    EVP_DigestSign(context.get(), nullptr, &length, input, bytes.size());
    std::string signature(length, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                   input, bytes.size());
    signature.resize(length);
    return signature;
}

std::string self_signed(EVP_PKEY* key) {
    std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const unsigned char said[] = "Sluse test 991825827";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, said, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_sign(certificate.get(), key, EVP_sha256());
    unsigned char* der = nullptr;
    const int length = i2d_X509(certificate.get(), &der);
    std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
    OPENSSL_free(der);
    return bytes;
}

std::string public_pem(EVP_PKEY* key) {
    std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(memory.get(), key);
    char* data = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<std::size_t>(length));
}

/// The assertion the adapter posts to a Maskinporten that takes it.
std::string grant(EVP_PKEY* key, const std::string& settings) {
    boost::asio::io_context io;
    tests::FakeHost fake;
    fake.keys.signer = [key](const std::string& bytes) { return sign(key, bytes); };
    fake.keys.chain = {self_signed(key)};
    fake.http.expect("GET", "/.well-known/")
        .answer_json(
            200, R"({"issuer":"https://mp.example/","token_endpoint":"https://mp.example/token"})");
    fake.http.expect("POST", "/token")
        .answer_json(200, R"({"access_token":"t","expires_in":120,"scope":"a b"})");
    sdk::ConnectionFacts facts;
    facts.base_url = "https://mp.example";
    facts.settings = settings;
    auto adapter = std::move(*maskinporten::create(facts, *fake.host));
    sdk::TokenRequest request;
    request.scopes = {"b", "a"};
    request.consumer_org = "910753614";
    request.resource = {"https://api.example.no/"};
    request.system_user_org = "999888777";
    static_cast<void>(
        tests::run(io, adapter->tokens()->token(request, fake.in(std::chrono::seconds(30)))));
    tests::run(io, adapter->stop(fake.in(std::chrono::seconds(1))));
    const std::string& body = fake.http.calls().at(1).body;
    return body.substr(body.find("assertion=") + 10);
}

}   // namespace

TEST_CASE("grants: two are made and printed for a reader that is not ours") {
    const Key key(EVP_RSA_gen(2048), EVP_PKEY_free);
    json::Value said;
    said.set("public_key", public_pem(key.get()));
    said.set("by_certificate",
             grant(key.get(), R"({"client_id":"client-1","organisation":"991825827"})"));
    said.set("by_kid", grant(key.get(),
                             R"({"client_id":"client-1","organisation":"991825827","kid":"k-1"})"));
    said.set("now", "2026-01-15T12:00:00Z");
    CHECK_FALSE(said["by_kid"].as_string().empty());
    std::cout << json::write(said) << "\n";
}
