#include "tests/contract/standins/grants.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

namespace gateway::tests::standins {

using json::Value;

namespace {

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                    reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    return out;
}

std::string first_certificate(const std::string& pem) {
    std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
    std::unique_ptr<X509, decltype(&X509_free)> leaf(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    REQUIRE(leaf != nullptr);
    std::string der(static_cast<std::size_t>(i2d_X509(leaf.get(), nullptr)), '\0');
    auto* at = reinterpret_cast<unsigned char*>(der.data());
    i2d_X509(leaf.get(), &at);
    return base64(der);
}

}   // namespace

std::string base64url(std::string_view bytes) {
    std::string text = base64(bytes);
    while (!text.empty() && text.back() == '=') {
        text.pop_back();
    }
    for (char& c : text) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return text;
}

std::string sign(const Value& header, const Value& claims, const std::string& key_pem) {
    std::string text = base64url(json::write(header)) + "." + base64url(json::write(claims));
    std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
        BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())), BIO_free_all);
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    REQUIRE(key != nullptr);
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                    EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
    std::size_t size = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSign(context.get(), nullptr, &size, data, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                   text.size());
    return text + "." + base64url(signature);
}

Grants::Grants(const Child& maskinporten) : maskinporten_(maskinporten) {
    const Value& material = maskinporten.line()["material"];
    key_ = read(material["key"].as_string());
    leaf_ = first_certificate(read(material["certificate"].as_string()));
}

Value Grants::header() const {
    Value out;
    out.set("alg", "RS256").set("x5c", Value::array().push(leaf_));
    return out;
}

Value Grants::claims() const {
    const auto now = std::chrono::system_clock::now();
    const std::int64_t seconds =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    std::string id(16, '\0');
    RAND_bytes(reinterpret_cast<unsigned char*>(id.data()), 16);
    Value out;
    out.set("aud", maskinporten_.line()["issuer"]);
    out.set("iss", maskinporten_.line()["material"]["client_id"]);
    out.set("scope", "altinn:serviceowner altinn:correspondence.write");
    out.set("iat", seconds).set("exp", seconds + 120).set("jti", base64url(id));
    return out;
}

std::string Grants::key() const {
    return key_;
}

Answer Grants::token(const Value& header, const Value& claims, const std::string& key_pem) const {
    Ask request;
    request.method = "POST";
    request.url = maskinporten_.url() + "/token";
    request.headers["Content-Type"] = "application/x-www-form-urlencoded";
    request.body = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                   sign(header, claims, key_pem);
    return ask(request);
}

std::string Grants::access_token() const {
    const Answer answer = token(claims());
    REQUIRE(answer.status == 200);
    return answer.json()["access_token"].as_string();
}

}   // namespace gateway::tests::standins
