#include "adapters/common/standin/containers/cms.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace gateway::standin {

namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* thing) const {
        free(thing);
    }
};
using Message = std::unique_ptr<CMS_ContentInfo, Free<CMS_ContentInfo_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

[[noreturn]] void refuse(const char* what) {
    ERR_clear_error();
    throw std::runtime_error(std::string("OpenSSL refuses ") + what);
}

Bio reading(std::string_view bytes) {
    Bio bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    if (!bio) {
        refuse("memory");
    }
    return bio;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

void use_oaep(CMS_RecipientInfo* recipient) {
    EVP_PKEY_CTX* context = CMS_RecipientInfo_get0_pkey_ctx(recipient);
    if (context == nullptr || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) <= 0 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) <= 0 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) <= 0) {
        refuse("OAEP");
    }
}

/// RSAES-OAEP with SHA-256 for both its digests, as the parameters say in so many bytes.
bool says_oaep_sha256(CMS_RecipientInfo* recipient) {
    X509_ALGOR* algorithm = nullptr;
    CMS_RecipientInfo_ktri_get0_algs(recipient, nullptr, nullptr, &algorithm);
    const ASN1_OBJECT* object = nullptr;
    int type = 0;
    const void* value = nullptr;
    X509_ALGOR_get0(&object, &type, &value, algorithm);
    if (OBJ_obj2nid(object) != NID_rsaesOaep || type != V_ASN1_SEQUENCE) {
        return false;
    }
    const auto* text = static_cast<const ASN1_STRING*>(value);
    const std::string_view bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                                 static_cast<std::size_t>(ASN1_STRING_length(text)));
    // id-sha256 once for the hash, once for the mask.
    constexpr std::string_view sha256("\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9);
    const std::size_t first = bytes.find(sha256);
    return first != std::string_view::npos &&
           bytes.find(sha256, first + sha256.size()) != std::string_view::npos;
}

Message parse(std::string_view bytes) {
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const unsigned char* const end = at + bytes.size();
    Message message(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(bytes.size())));
    if (at != end) {
        message.reset();
    }
    ERR_clear_error();
    return message;
}

}   // namespace

std::string seal_envelope(std::string_view content, const std::vector<EnvelopeRecipient>& to) {
    constexpr unsigned flags = CMS_BINARY | CMS_STREAM | CMS_PARTIAL;
    const Message message(CMS_encrypt(nullptr, nullptr, EVP_aes_256_cbc(), flags));
    if (!message) {
        refuse("an envelope");
    }
    for (const EnvelopeRecipient& each : to) {
        CMS_RecipientInfo* recipient =
            CMS_add1_recipient_cert(message.get(), each.certificate.get(), CMS_KEY_PARAM);
        if (recipient == nullptr) {
            refuse("a recipient");
        }
        if (each.transport == KeyTransport::oaep_sha256) {
            use_oaep(recipient);
        }
    }
    const Bio in = reading(content);
    const Bio out(BIO_new(BIO_s_mem()));
    if (i2d_CMS_bio_stream(out.get(), message.get(), in.get(), static_cast<int>(flags)) != 1) {
        refuse("to encrypt");
    }
    return text_of(out.get());
}

std::optional<OpenedEnvelope> open_envelope(std::string_view cms, const std::vector<Key>& keys) {
    const Message message = parse(cms);
    if (!message || OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_enveloped) {
        return std::nullopt;
    }
    STACK_OF(CMS_RecipientInfo)* recipients = CMS_get0_RecipientInfos(message.get());
    OpenedEnvelope opened;
    opened.recipients = static_cast<std::size_t>(sk_CMS_RecipientInfo_num(recipients));
    for (int i = 0; i < sk_CMS_RecipientInfo_num(recipients); ++i) {
        CMS_RecipientInfo* recipient = sk_CMS_RecipientInfo_value(recipients, i);
        if (CMS_RecipientInfo_type(recipient) != CMS_RECIPINFO_TRANS) {
            continue;
        }
        for (const Key& key : keys) {
            EVP_PKEY_up_ref(key.get());
            CMS_RecipientInfo_set0_pkey(recipient, key.get());
            const bool fits = CMS_RecipientInfo_decrypt(message.get(), recipient) == 1;
            CMS_RecipientInfo_set0_pkey(recipient, nullptr);
            const Bio out(BIO_new(BIO_s_mem()));
            if (!fits ||
                CMS_decrypt(message.get(), nullptr, nullptr, nullptr, out.get(), CMS_BINARY) != 1) {
                ERR_clear_error();
                continue;
            }
            opened.content = text_of(out.get());
            opened.oaep_sha256 = says_oaep_sha256(recipient);
            return opened;
        }
    }
    return std::nullopt;
}

std::string sign_detached(std::string_view content, const Issued& signer, SignatureDigest digest,
                          int signers) {
    constexpr unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL;
    const Bio in = reading(content);
    const Message message(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags));
    if (!message || CMS_add1_cert(message.get(), signer.issuer.get()) != 1) {
        refuse("a signature");
    }
    const EVP_MD* md = digest == SignatureDigest::sha1 ? EVP_sha1() : EVP_sha256();
    for (int i = 0; i < signers; ++i) {
        const unsigned more = i == 0 ? 0U : static_cast<unsigned>(CMS_NOCERTS);
        if (CMS_add1_signer(message.get(), signer.certificate.get(), signer.key.get(), md,
                            flags | CMS_NOSMIMECAP | more) == nullptr) {
            refuse("a signer");
        }
    }
    const Bio out(BIO_new(BIO_s_mem()));
    if (CMS_final(message.get(), in.get(), nullptr, flags) != 1 ||
        i2d_CMS_bio(out.get(), message.get()) != 1) {
        refuse("to sign");
    }
    return text_of(out.get());
}

std::optional<Certificate> signer_of(std::string_view signature, std::string_view content) {
    const Message message = parse(signature);
    if (!message || OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_signed) {
        return std::nullopt;
    }
    const Bio in = reading(content);
    const Bio out(BIO_new(BIO_s_null()));
    constexpr unsigned flags = CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY;
    if (CMS_verify(message.get(), nullptr, nullptr, in.get(), out.get(), flags) != 1) {
        ERR_clear_error();
        return std::nullopt;
    }
    STACK_OF(X509)* signers = CMS_get0_signers(message.get());
    std::optional<Certificate> found;
    if (signers != nullptr && sk_X509_num(signers) > 0) {
        X509* leaf = sk_X509_value(signers, 0);
        X509_up_ref(leaf);
        found.emplace(std::shared_ptr<x509_st>(leaf, X509_free));
    }
    sk_X509_free(signers);
    return found;
}

}   // namespace gateway::standin
