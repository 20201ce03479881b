#include "adapters/svarut/standin/envelope.hpp"

#include "adapters/common/standin/jose.hpp"
#include "adapters/common/standin/test_ca.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace gateway::svarut::standin {

namespace kit = gateway::standin;

namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
    void operator()(CMS_ContentInfo* cms) const { CMS_ContentInfo_free(cms); }
    void operator()(X509_ALGOR* algorithm) const { X509_ALGOR_free(algorithm); }
    void operator()(RSA_OAEP_PARAMS* parameters) const { RSA_OAEP_PARAMS_free(parameters); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> file_at(const std::string& path, const char* mode) {
    Owned<BIO> file(BIO_new_file(path.c_str(), mode));
    if (!file) {
        ERR_clear_error();
        throw std::runtime_error("cannot open " + path);
    }
    return file;
}

[[noreturn]] void give_up(const char* what) {
    ERR_clear_error();
    throw std::runtime_error(what);
}

/// RSAES-OAEP whose hash and mask both name SHA-256.
bool is_oaep_sha256(const X509_ALGOR* algorithm) {
    const ASN1_OBJECT* object = nullptr;
    const void* value = nullptr;
    int type = 0;
    X509_ALGOR_get0(&object, &type, &value, algorithm);
    if (OBJ_obj2nid(object) != NID_rsaesOaep || type != V_ASN1_SEQUENCE) {
        return false;
    }
    const auto* text = static_cast<const ASN1_STRING*>(value);
    const unsigned char* at = ASN1_STRING_get0_data(text);
    Owned<RSA_OAEP_PARAMS> parameters(d2i_RSA_OAEP_PARAMS(nullptr, &at, ASN1_STRING_length(text)));
    if (!parameters || parameters->hashFunc == nullptr || parameters->maskGenFunc == nullptr) {
        return false;
    }
    const ASN1_OBJECT* hash = nullptr;
    X509_ALGOR_get0(&hash, nullptr, nullptr, parameters->hashFunc);
    const ASN1_OBJECT* mask = nullptr;
    const void* of_mask = nullptr;
    int mask_type = 0;
    X509_ALGOR_get0(&mask, &mask_type, &of_mask, parameters->maskGenFunc);
    if (OBJ_obj2nid(hash) != NID_sha256 || OBJ_obj2nid(mask) != NID_mgf1 ||
        mask_type != V_ASN1_SEQUENCE) {
        return false;
    }
    const auto* bytes = static_cast<const ASN1_STRING*>(of_mask);
    at = ASN1_STRING_get0_data(bytes);
    Owned<X509_ALGOR> inner(d2i_X509_ALGOR(nullptr, &at, ASN1_STRING_length(bytes)));
    const ASN1_OBJECT* mask_hash = nullptr;
    if (inner) {
        X509_ALGOR_get0(&mask_hash, nullptr, nullptr, inner.get());
    }
    return mask_hash != nullptr && OBJ_obj2nid(mask_hash) == NID_sha256;
}

/// Exactly one recipient, this certificate, in KS's profile.
bool is_for(CMS_ContentInfo* cms, X509* certificate) {
    if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_enveloped) {
        return false;
    }
    STACK_OF(CMS_RecipientInfo)* recipients = CMS_get0_RecipientInfos(cms);
    if (sk_CMS_RecipientInfo_num(recipients) != 1) {
        return false;
    }
    CMS_RecipientInfo* info = sk_CMS_RecipientInfo_value(recipients, 0);
    if (CMS_RecipientInfo_type(info) != CMS_RECIPINFO_TRANS ||
        CMS_RecipientInfo_ktri_cert_cmp(info, certificate) != 0) {
        return false;
    }
    X509_ALGOR* algorithm = nullptr;
    CMS_RecipientInfo_ktri_get0_algs(info, nullptr, nullptr, &algorithm);
    return is_oaep_sha256(algorithm);
}

}   // namespace

void seal_file(const std::string& from, const std::string& to, const std::string& certificate) {
    const auto recipient = kit::Certificate::from_pem(certificate);
    if (!recipient) {
        throw std::runtime_error("a SvarInn system's certificate is none");
    }
    const unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_STREAM;
    Owned<BIO> in = file_at(from, "rb");
    Owned<BIO> out = file_at(to, "wb");
    Owned<CMS_ContentInfo> cms(CMS_encrypt(nullptr, nullptr, EVP_aes_256_cbc(), flags));
    CMS_RecipientInfo* info =
        cms ? CMS_add1_recipient_cert(cms.get(), recipient->get(), flags | CMS_KEY_PARAM) : nullptr;
    EVP_PKEY_CTX* context = info == nullptr ? nullptr : CMS_RecipientInfo_get0_pkey_ctx(info);
    if (context == nullptr || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) <= 0 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) <= 0 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) <= 0) {
        give_up("OpenSSL makes no envelope for a SvarInn system");
    }
    if (i2d_CMS_bio_stream(out.get(), cms.get(), in.get(), static_cast<int>(flags)) != 1 ||
        BIO_flush(out.get()) != 1) {
        give_up("OpenSSL cannot write an envelope");
    }
}

bool open_file(const std::string& from, const std::string& to, const std::string& key,
               const std::string& certificate) {
    const auto own_key = kit::Key::from_private_pem(key);
    const auto own = kit::Certificate::from_pem(certificate);
    if (!own_key || !own) {
        throw std::runtime_error("the service's own key cannot be read");
    }
    Owned<BIO> in = file_at(from, "rb");
    Owned<CMS_ContentInfo> cms(d2i_CMS_bio(in.get(), nullptr));
    if (!cms || !is_for(cms.get(), own->get())) {
        ERR_clear_error();
        return false;
    }
    Owned<BIO> out = file_at(to, "wb");
    const bool opened =
        CMS_decrypt(cms.get(), own_key->get(), own->get(), nullptr, out.get(), CMS_BINARY) == 1 &&
        BIO_flush(out.get()) == 1;
    ERR_clear_error();
    return opened;
}

}   // namespace gateway::svarut::standin
