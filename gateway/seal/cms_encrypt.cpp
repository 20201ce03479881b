#include "gateway/seal/cms_encrypt.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/aead.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/parsed_certificate.hpp"
#include "gateway/seal/cms_names.hpp"
#include "gateway/seal/refusal.hpp"
#include "gateway/seal/tlv.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace gateway::seal {
namespace {

using CipherContext = crypto::Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using KeyContext = crypto::Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using namespace std::string_view_literals;

constexpr std::size_t key_bytes = 32;
constexpr std::size_t iv_bytes = 16;
constexpr int bits_min = 2048;
constexpr int bits_max = 8192;
constexpr auto end_of_contents = "\0\0"sv;
constexpr auto null = "\x05\0"sv;

std::string sequence_of(std::string_view content) {
    std::string out;
    tlv::append(out, tlv::sequence, content);
    return out;
}

std::string identifier(std::string_view oid_content) {
    std::string out;
    tlv::append(out, tlv::object_identifier, oid_content);
    return out;
}

void append_tagged(std::string& out, std::uint8_t number, std::string_view content) {
    tlv::append(out, tlv::context | tlv::constructed | number, content);
}

/// As BouncyCastle writes it, and the samples have it: hash and mask said, label left out.
const std::string& oaep_sha256() {
    static const std::string algorithm = [] {
        const std::string hash = sequence_of(identifier(oid::sha256).append(null));
        std::string parameters;
        append_tagged(parameters, 0, hash);
        append_tagged(parameters, 1, sequence_of(identifier(oid::mgf1) + hash));
        return sequence_of(identifier(oid::rsa_oaep) + sequence_of(parameters));
    }();
    return algorithm;
}

unsigned char* octets(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// The certificate that the DER is, when an envelope may be made for it.
core::Result<std::shared_ptr<void>> usable_certificate(std::string_view der) {
    auto parsed = crypto::parse_certificate(der);
    auto* const certificate = static_cast<X509*>(parsed.get());
    EVP_PKEY* const key = parsed ? X509_get0_pubkey(certificate) : nullptr;
    const std::uint32_t flags = parsed ? X509_get_extension_flags(certificate) : 0;
    ERR_clear_error();
    if (key == nullptr || (flags & EXFLAG_INVALID) != 0) {
        return refused(Refusal::recipient_malformed);
    }
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        return refused(Refusal::recipient_not_rsa);
    }
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < bits_min || bits > bits_max) {
        return refused(Refusal::recipient_key_length, std::to_string(bits) + " bits");
    }
    if ((flags & EXFLAG_KUSAGE) != 0 &&
        (X509_get_key_usage(certificate) & KU_KEY_ENCIPHERMENT) == 0) {
        return refused(Refusal::recipient_no_key_encipherment);
    }
    return parsed;
}

core::Result<std::string> wrap(EVP_PKEY* key, std::string_view secret) {
    const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
    std::string wrapped(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    std::size_t length = wrapped.size();
    if (EVP_PKEY_encrypt_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()) != 1 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()) != 1 ||
        EVP_PKEY_encrypt(context.get(), octets(wrapped), &length, octets(secret), secret.size()) !=
            1) {
        ERR_clear_error();
        return refused(Refusal::recipient_malformed, "the key does not encrypt");
    }
    wrapped.resize(length);
    return wrapped;
}

template <class Object>
void append_encoded(std::string& out, int (*encode)(const Object*, unsigned char**),
                    const Object* object) {
    unsigned char* bytes = nullptr;
    const int size = encode(object, &bytes);
    GATEWAY_ASSERT(size > 0);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
}

core::Result<std::string> recipient_info(std::string_view certificate_der,
                                         std::string_view secret) {
    const auto usable = usable_certificate(certificate_der);
    if (usable.has_error()) {
        return usable.error();
    }
    const auto* const certificate = static_cast<const X509*>(usable->get());
    const auto wrapped = wrap(X509_get0_pubkey(certificate), secret);
    if (wrapped.has_error()) {
        return wrapped.error();
    }
    std::string who;
    append_encoded(who, i2d_X509_NAME, X509_get_issuer_name(certificate));
    append_encoded(who, i2d_ASN1_INTEGER, X509_get0_serialNumber(certificate));
    std::string info("\x02\x01\0"sv);   // version 0
    tlv::append(info, tlv::sequence, who);
    info += oaep_sha256();
    tlv::append(info, tlv::octet_string, *wrapped);
    return sequence_of(info);
}

void append_open(std::string& out, std::uint8_t identifier_octet) {
    out += static_cast<char>(identifier_octet);
    out += '\x80';
}

/// Everything before the first octet string of the content.
std::string envelope_head(std::string_view recipients, std::string_view iv) {
    std::string head;
    append_open(head, tlv::sequence);
    head += identifier(oid::enveloped_data);
    append_open(head, tlv::context | tlv::constructed);
    append_open(head, tlv::sequence);
    head += "\x02\x01\0"sv;   // version 0
    tlv::append(head, tlv::set, recipients);
    append_open(head, tlv::sequence);
    head += identifier(oid::data);
    std::string cipher = identifier(oid::aes256_cbc);
    tlv::append(cipher, tlv::octet_string, iv);
    tlv::append(head, tlv::sequence, cipher);
    append_open(head, tlv::context | tlv::constructed);
    return head;
}

}   // namespace

struct CmsEncrypter::Impl {
    CipherContext cipher{EVP_CIPHER_CTX_new()};
    crypto::Sha256Stream digest;
    std::uint64_t size = 0;
    std::string head;    // until the first bytes go out
    std::string chunk;   // encrypted, not yet an octet string

    Impl() { chunk.reserve(chunk_bytes + iv_bytes); }

    void put(std::string_view bytes, std::string& out) {
        digest.update(bytes);
        size += bytes.size();
        out += bytes;
    }

    void put_head(std::string& out) {
        put(head, out);
        head.clear();
    }

    void put_chunk(std::size_t length, std::string& out) {
        std::string header;
        tlv::append_header(header, tlv::octet_string, length);
        put(header, out);
        put(std::string_view(chunk).substr(0, length), out);
        chunk.erase(0, length);
    }
};

CmsEncrypter::CmsEncrypter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CmsEncrypter::CmsEncrypter(CmsEncrypter&&) noexcept = default;
CmsEncrypter& CmsEncrypter::operator=(CmsEncrypter&&) noexcept = default;
CmsEncrypter::~CmsEncrypter() = default;

core::Result<CmsEncrypter> CmsEncrypter::create(std::span<const std::string> certificates,
                                                core::Randomness& chance) {
    if (certificates.empty() || certificates.size() > recipients_max) {
        return core::Failure(core::Errc::invalid_argument,
                             "an envelope is for 1 to 100 recipients");
    }
    std::string secret(key_bytes + iv_bytes, '\0');
    chance.random({octets(secret), secret.size()});
    const std::string_view key = std::string_view(secret).substr(0, key_bytes);
    const std::string_view iv = std::string_view(secret).substr(key_bytes);
    std::string recipients;
    for (const auto& certificate : certificates) {
        const auto info = recipient_info(certificate, key);
        if (info.has_error()) {
            crypto::wipe(secret);
            return info.error();
        }
        recipients += *info;
    }
    auto impl = std::make_unique<Impl>();
    impl->head = envelope_head(recipients, iv);
    GATEWAY_ASSERT(EVP_EncryptInit_ex2(impl->cipher.get(), EVP_aes_256_cbc(), octets(key),
                                       octets(iv), nullptr) == 1);
    crypto::wipe(secret);
    return CmsEncrypter(std::move(impl));
}

void CmsEncrypter::write(std::string_view plain, std::string& out) {
    impl_->put_head(out);
    while (!plain.empty()) {
        const std::size_t before = impl_->chunk.size();
        const std::string_view piece = plain.substr(0, chunk_bytes - before);
        impl_->chunk.resize(before + piece.size() + iv_bytes);
        int made = 0;
        GATEWAY_ASSERT(EVP_EncryptUpdate(impl_->cipher.get(), octets(impl_->chunk) + before, &made,
                                         octets(piece), static_cast<int>(piece.size())) == 1);
        impl_->chunk.resize(before + static_cast<std::size_t>(made));
        if (impl_->chunk.size() >= chunk_bytes) {
            impl_->put_chunk(chunk_bytes, out);
        }
        plain.remove_prefix(piece.size());
    }
}

SealedEnvelope CmsEncrypter::finish(std::string& out) {
    impl_->put_head(out);
    const std::size_t before = impl_->chunk.size();
    impl_->chunk.resize(before + iv_bytes);
    int made = 0;
    GATEWAY_ASSERT(EVP_EncryptFinal_ex(impl_->cipher.get(), octets(impl_->chunk) + before, &made) ==
                   1);
    impl_->chunk.resize(before + static_cast<std::size_t>(made));
    impl_->put_chunk(impl_->chunk.size(), out);
    // Content, content info, enveloped data, [0], content info.
    for (int open = 0; open < 5; ++open) {
        impl_->put(end_of_contents, out);
    }
    return {impl_->size, impl_->digest.finish()};
}

}   // namespace gateway::seal
