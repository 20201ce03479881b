#include "adapters/digital_post/standin/envelope.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <stdexcept>

namespace gateway::digital_post::standin {

namespace {

using core::Errc;
using core::Failure;

struct Free {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
    void operator()(CMS_ContentInfo* cms) const { CMS_ContentInfo_free(cms); }
    void operator()(RSA_OAEP_PARAMS* parameters) const { RSA_OAEP_PARAMS_free(parameters); }
    void operator()(X509_ALGOR* algorithm) const { X509_ALGOR_free(algorithm); }
    void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

constexpr int depth_max = 20;

Failure refused(const char* words) {
    return Failure(Errc::malformed, words);
}

/// Steps through BER, as far as the profile has to be seen: OpenSSL hides what EnvelopedData says
/// of its version and its cipher.
class Ber {
public:
    explicit Ber(std::string_view bytes) : left_(bytes) {}

    struct Item {
        int tag = 0;
        int kind = 0;   // V_ASN1_UNIVERSAL, V_ASN1_CONTEXT_SPECIFIC
        bool constructed = false;
        bool indefinite = false;
        std::string_view whole;     // header and content; of indefinite ones only the header
        std::string_view content;   // of definite ones
    };

    std::optional<Item> next() {
        const auto* at = reinterpret_cast<const unsigned char*>(left_.data());
        const unsigned char* const start = at;
        long length = 0;
        Item item;
        const int got =
            ASN1_get_object(&at, &length, &item.tag, &item.kind, static_cast<long>(left_.size()));
        if ((got & 0x80) != 0 || at == start) {
            ERR_clear_error();
            return std::nullopt;
        }
        item.constructed = (got & V_ASN1_CONSTRUCTED) != 0;
        item.indefinite = (got & 1) != 0;
        const auto head = static_cast<std::size_t>(at - start);
        const std::size_t size = item.indefinite ? 0 : static_cast<std::size_t>(length);
        item.whole = left_.substr(0, head + size);
        item.content = left_.substr(head, size);
        left_.remove_prefix(head + size);
        return item;
    }

    /// Into a constructed item that `next` gave: its content follows.
    void enter(const Item& item) {
        if (!item.indefinite) {
            left_ = item.content;
        }
    }

    /// Past the item; false when it does not end.
    bool skip(const Item& item, int depth = 0) {
        if (!item.indefinite) {
            return true;
        }
        while (depth < depth_max) {
            const auto inner = next();
            if (!inner) {
                return false;
            }
            if (inner->tag == V_ASN1_EOC && inner->kind == V_ASN1_UNIVERSAL) {
                return true;
            }
            if (!skip(*inner, depth + 1)) {
                return false;
            }
        }
        return false;
    }

private:
    std::string_view left_;
};

bool is(const std::optional<Ber::Item>& item, int tag, int kind = V_ASN1_UNIVERSAL) {
    return item && item->tag == tag && item->kind == kind;
}

int object_nid(std::string_view whole) {
    const auto* at = reinterpret_cast<const unsigned char*>(whole.data());
    Owned<ASN1_OBJECT> object(d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(whole.size())));
    ERR_clear_error();
    return object ? OBJ_obj2nid(object.get()) : NID_undef;
}

/// The words of what the profile forbids; nothing when all is well.
const char* profile_objection(std::string_view cms, bool& indefinite) {
    constexpr const char* no_cms = "Dokumentpakken er ikke en CMS";
    Ber ber(cms);
    auto item = ber.next();   // ContentInfo
    if (!is(item, V_ASN1_SEQUENCE)) {
        return no_cms;
    }
    indefinite = item->indefinite;
    ber.enter(*item);
    item = ber.next();
    if (!is(item, V_ASN1_OBJECT) || object_nid(item->whole) != NID_pkcs7_enveloped) {
        return "CMS-en er ikke EnvelopedData";
    }
    for (const int tag : {0, V_ASN1_SEQUENCE}) {   // [0], EnvelopedData
        item = ber.next();
        if (!is(item, tag, tag == 0 ? V_ASN1_CONTEXT_SPECIFIC : V_ASN1_UNIVERSAL)) {
            return no_cms;
        }
        ber.enter(*item);
    }
    item = ber.next();
    if (!is(item, V_ASN1_INTEGER) || item->content != std::string_view("\0", 1)) {
        return "EnvelopedData har versjon 0";
    }
    item = ber.next();
    if (!is(item, V_ASN1_SET) || !ber.skip(*item)) {   // originatorInfo would stand here
        return "EnvelopedData har ikke originatorInfo";
    }
    item = ber.next();   // EncryptedContentInfo
    if (!is(item, V_ASN1_SEQUENCE)) {
        return no_cms;
    }
    ber.enter(*item);
    item = ber.next();
    if (!is(item, V_ASN1_OBJECT) || object_nid(item->whole) != NID_pkcs7_data) {
        return "Innholdet i EnvelopedData er av typen data";
    }
    item = ber.next();
    if (!is(item, V_ASN1_SEQUENCE)) {
        return no_cms;
    }
    ber.enter(*item);
    item = ber.next();
    if (!is(item, V_ASN1_OBJECT) || object_nid(item->whole) != NID_aes_256_cbc) {
        return "Innholdet er kryptert med AES-256-CBC";
    }
    return nullptr;
}

int digest_of(const X509_ALGOR* algorithm) {
    const ASN1_OBJECT* object = nullptr;
    if (algorithm == nullptr) {
        return NID_sha1;   // the default of RSAES-OAEP-params
    }
    X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
    return OBJ_obj2nid(object);
}

/// The digest of RSAES-OAEP when both its uses are the same one; NID_undef otherwise.
int oaep_digest(const X509_ALGOR* algorithm) {
    const ASN1_OBJECT* object = nullptr;
    int type = 0;
    const void* value = nullptr;
    X509_ALGOR_get0(&object, &type, &value, algorithm);
    if (OBJ_obj2nid(object) != NID_rsaesOaep) {
        return NID_undef;
    }
    if (type != V_ASN1_SEQUENCE) {
        return NID_sha1;
    }
    const auto* text = static_cast<const ASN1_STRING*>(value);
    const unsigned char* at = ASN1_STRING_get0_data(text);
    Owned<RSA_OAEP_PARAMS> parameters(d2i_RSA_OAEP_PARAMS(nullptr, &at, ASN1_STRING_length(text)));
    if (!parameters || parameters->pSourceFunc != nullptr) {
        ERR_clear_error();
        return NID_undef;
    }
    const int digest = digest_of(parameters->hashFunc);
    int mask = NID_sha1;
    if (parameters->maskGenFunc != nullptr) {
        const void* inner = nullptr;
        X509_ALGOR_get0(&object, &type, &inner, parameters->maskGenFunc);
        if (OBJ_obj2nid(object) != NID_mgf1 || type != V_ASN1_SEQUENCE) {
            return NID_undef;
        }
        const auto* bytes = static_cast<const ASN1_STRING*>(inner);
        at = ASN1_STRING_get0_data(bytes);
        Owned<X509_ALGOR> hash(d2i_X509_ALGOR(nullptr, &at, ASN1_STRING_length(bytes)));
        mask = hash ? digest_of(hash.get()) : NID_undef;
    }
    return digest == mask ? digest : NID_undef;
}

}   // namespace

core::Result<Envelope> open_envelope(std::string_view cms,
                                     const gateway::standin::Certificate& recipient,
                                     const gateway::standin::Key& key, const std::string& out) {
    Envelope envelope;
    if (const char* words = profile_objection(cms, envelope.indefinite)) {
        return refused(words);
    }
    const auto* at = reinterpret_cast<const unsigned char*>(cms.data());
    const unsigned char* const end = at + cms.size();
    Owned<CMS_ContentInfo> content(
        d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(cms.size())));
    if (!content || at != end) {
        ERR_clear_error();
        return refused("Dokumentpakken er ikke en hel CMS");
    }
    STACK_OF(CMS_RecipientInfo)* recipients = CMS_get0_RecipientInfos(content.get());
    CMS_RecipientInfo* info = sk_CMS_RecipientInfo_num(recipients) == 1
                                  ? sk_CMS_RecipientInfo_value(recipients, 0)
                                  : nullptr;
    if (info == nullptr || CMS_RecipientInfo_type(info) != CMS_RECIPINFO_TRANS) {
        return refused("CMS-en har nøyaktig en mottaker, av typen KeyTransRecipientInfo");
    }
    if (CMS_RecipientInfo_ktri_cert_cmp(info, recipient.get()) != 0) {
        return refused("CMS-en er kryptert til et annet sertifikat enn postkassens");
    }
    X509_ALGOR* algorithm = nullptr;
    CMS_RecipientInfo_ktri_get0_algs(info, nullptr, nullptr, &algorithm);
    const int digest = oaep_digest(algorithm);
    if (digest != NID_sha256 && digest != NID_sha1) {
        return refused("Nøkkelen er kryptert med RSAES-OAEP med SHA-256");
    }
    envelope.key_transport = digest == NID_sha256 ? "RSAES-OAEP SHA-256" : "RSAES-OAEP SHA-1";
    Owned<BIO> file(BIO_new_file(out.c_str(), "wb"));
    if (!file) {
        throw std::runtime_error("cannot create " + out);
    }
    const bool opened = CMS_decrypt(content.get(), key.get(), recipient.get(), nullptr, file.get(),
                                    CMS_BINARY) == 1 &&
                        BIO_flush(file.get()) == 1;
    ERR_clear_error();
    if (!opened) {
        return refused("Dokumentpakken kan ikke dekrypteres");
    }
    return envelope;
}

}   // namespace gateway::digital_post::standin
