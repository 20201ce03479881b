#include "adapters/common/standin/jose.hpp"

#include "gateway/core/ids.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

namespace gateway::standin {

namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::shared_ptr<EVP_PKEY> own(EVP_PKEY* key) {
    return {key, EVP_PKEY_free};
}

const unsigned char* data_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

const EVP_MD* digest_of(std::string_view algorithm) {
    if (algorithm == "RS256") {
        return EVP_sha256();
    }
    if (algorithm == "RS384") {
        return EVP_sha384();
    }
    if (algorithm == "RS512") {
        return EVP_sha512();
    }
    return nullptr;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string number_of(const EVP_PKEY* key, const char* name) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) {
        throw std::runtime_error("no RSA key");
    }
    Owned<BIGNUM> number(raw);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
    return bytes;
}

constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}   // namespace

std::string base64url(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 4 / 3 + 3);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        group = (group << 8U) | static_cast<unsigned char>(c);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            out.push_back(url_alphabet[(group >> bits) & 63U]);
        }
    }
    if (bits > 0) {
        out.push_back(url_alphabet[(group << (6 - bits)) & 63U]);
    }
    return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string out;
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::size_t value = url_alphabet.find(c);
        if (value == std::string_view::npos || c == '\0') {
            return std::nullopt;
        }
        group = ((group << 6U) | static_cast<std::uint32_t>(value)) & 0xFFFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out.push_back(static_cast<char>((group >> bits) & 0xFFU));
        }
    }
    if (text.size() % 4 == 1 || (group & ((1U << bits) - 1U)) != 0) {
        return std::nullopt;
    }
    return out;
}

std::string base64(std::string_view bytes) {
    std::string out = base64url(bytes);
    std::replace(out.begin(), out.end(), '-', '+');
    std::replace(out.begin(), out.end(), '_', '/');
    while (out.size() % 4 != 0) {
        out.push_back('=');
    }
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0 || text.find_first_of("-_") != std::string_view::npos) {
        return std::nullopt;
    }
    std::string out(text);
    for (int i = 0; i < 2 && !out.empty() && out.back() == '='; ++i) {
        out.pop_back();
    }
    std::replace(out.begin(), out.end(), '+', '-');
    std::replace(out.begin(), out.end(), '/', '_');
    return from_base64url(out);
}

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return core::to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Key Key::generate(unsigned bits) {
    EVP_PKEY* key = EVP_RSA_gen(bits);
    if (key == nullptr) {
        throw std::runtime_error("cannot make an RSA key");
    }
    return Key(own(key));
}

std::optional<Key> Key::from_private_pem(std::string_view pem) {
    Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
    return key != nullptr ? std::optional<Key>(Key(own(key))) : std::nullopt;
}

std::optional<Key> Key::from_public_pem(std::string_view pem) {
    Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    EVP_PKEY* key = PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr);
    return key != nullptr ? std::optional<Key>(Key(own(key))) : std::nullopt;
}

std::optional<Key> Key::from_jwk(const json::Value& jwk) {
    const auto n = from_base64url(jwk["n"].as_string());
    const auto e = from_base64url(jwk["e"].as_string());
    if (jwk["kty"].as_string() != "RSA" || !n || !e || n->empty() || e->empty()) {
        return std::nullopt;
    }
    Owned<BIGNUM> modulus(BN_bin2bn(data_of(*n), static_cast<int>(n->size()), nullptr));
    Owned<BIGNUM> exponent(BN_bin2bn(data_of(*e), static_cast<int>(e->size()), nullptr));
    Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder.get()));
    Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
        return std::nullopt;
    }
    return Key(own(key));
}

std::string Key::private_pem() const {
    Owned<BIO> bio(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
        1) {
        throw std::runtime_error("cannot write a private key");
    }
    return text_of(bio.get());
}

std::string Key::public_pem() const {
    Owned<BIO> bio(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PUBKEY(bio.get(), key_.get()) != 1) {
        throw std::runtime_error("cannot write a public key");
    }
    return text_of(bio.get());
}

json::Value Key::public_jwk(std::string_view kid) const {
    json::Value jwk;
    jwk.set("kty", "RSA").set("use", "sig").set("alg", "RS256").set("kid", kid);
    jwk.set("n", base64url(number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N)));
    jwk.set("e", base64url(number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E)));
    return jwk;
}

std::string Key::sign(std::string_view algorithm, std::string_view text) const {
    Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), nullptr, digest_of(algorithm), nullptr, key_.get()) !=
            1 ||
        EVP_DigestSign(context.get(), nullptr, &size, data_of(text), text.size()) != 1) {
        throw std::runtime_error("cannot sign");
    }
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       data_of(text), text.size()) != 1) {
        throw std::runtime_error("cannot sign");
    }
    signature.resize(size);
    return signature;
}

bool Key::verify(std::string_view algorithm, std::string_view text,
                 std::string_view signature) const {
    const EVP_MD* digest = digest_of(algorithm);
    if (digest == nullptr || !key_ || EVP_PKEY_base_id(key_.get()) != EVP_PKEY_RSA) {
        return false;
    }
    Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(text),
                            text.size()) == 1;
}

std::optional<Jws> split_jws(std::string_view compact) {
    const std::size_t first = compact.find('.');
    const std::size_t second =
        compact.find('.', first == std::string_view::npos ? first : first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos ||
        compact.find('.', second + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    const auto header = from_base64url(compact.substr(0, first));
    const auto payload = from_base64url(compact.substr(first + 1, second - first - 1));
    auto signature = from_base64url(compact.substr(second + 1));
    if (!header || !payload || !signature) {
        return std::nullopt;
    }
    auto header_json = json::parse(*header);
    auto payload_json = json::parse(*payload);
    if (!header_json || !payload_json || !header_json->is_object() || !payload_json->is_object()) {
        return std::nullopt;
    }
    Jws jws;
    jws.header = std::move(*header_json);
    jws.payload = std::move(*payload_json);
    jws.signed_text = std::string(compact.substr(0, second));
    jws.signature = std::move(*signature);
    return jws;
}

std::string make_jws(const Key& key, std::string_view kid, const json::Value& payload) {
    json::Value header;
    header.set("kid", kid).set("alg", "RS256");
    std::string text = base64url(json::write(header)) + "." + base64url(json::write(payload));
    const std::string signature = key.sign("RS256", text);
    return text + "." + base64url(signature);
}

bool is_rs_algorithm(std::string_view algorithm) {
    return digest_of(algorithm) != nullptr;
}

}   // namespace gateway::standin
