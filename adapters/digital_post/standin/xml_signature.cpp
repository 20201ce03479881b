#include "adapters/digital_post/standin/xml_signature.hpp"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/uri.h>
#include <libxml/valid.h>
#include <openssl/evp.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/keys.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

#include <memory>
#include <stdexcept>

namespace gateway::digital_post::standin {

using gateway::standin::ZipContent;

namespace {

struct Free {
    void operator()(xmlSecDSigCtx* context) const { xmlSecDSigCtxDestroy(context); }
    void operator()(xmlSecKey* key) const { xmlSecKeyDestroy(key); }
};

const xmlChar* text(const char* words) {
    return reinterpret_cast<const xmlChar*>(words);
}

/// The package that xmlsec1 reads from at the moment: its callbacks carry nothing of ours.
const Zip* open_package = nullptr;

int matches(const char* uri) {
    return open_package != nullptr && open_package->find(uri) != nullptr ? 1 : 0;
}
void* open_entry(const char* uri) {
    const ZipEntry* entry = open_package->find(uri);
    return entry == nullptr ? nullptr : new ZipContent(*open_package, *entry);
}
int read_entry(void* content, char* out, int size) {
    const auto got = static_cast<ZipContent*>(content)->read({out, static_cast<std::size_t>(size)});
    return got ? static_cast<int>(*got) : -1;
}
int close_entry(void* content) {
    delete static_cast<ZipContent*>(content);
    return 0;
}

void say_nothing(const char*, int, const char*, const char*, const char*, int, const char*) {}

void start_xmlsec() {
    static const bool started = [] {
        xmlInitParser();
        if (xmlSecInit() < 0 || xmlSecCryptoInit() < 0) {
            return false;
        }
        xmlSecErrorsSetCallback(say_nothing);
        xmlSecIOCleanupCallbacks();   // no files, no network
        return xmlSecIORegisterCallbacks(matches, open_entry, read_entry, close_entry) >= 0;
    }();
    if (!started) {
        throw std::runtime_error("xmlsec1 does not start");
    }
}

/// Every Id known to the document, each once.
bool register_ids(xmlDoc* document, xmlNode* node) {
    for (; node != nullptr; node = node->next) {
        if (node->type != XML_ELEMENT_NODE) {
            continue;
        }
        if (xmlAttr* id = xmlHasProp(node, text("Id"))) {
            xmlChar* value = xmlNodeListGetString(document, id->children, 1);
            const bool added =
                value != nullptr && (xmlGetID(document, value) == id ||
                                     xmlAddID(nullptr, document, value, id) != nullptr);
            xmlFree(value);
            if (!added) {
                return false;
            }
        }
        if (!register_ids(document, node->children)) {
            return false;
        }
    }
    return true;
}

bool allow(xmlSecDSigCtx* context) {
    return xmlSecDSigCtxEnableSignatureTransform(context, xmlSecTransformRsaSha256Id) >= 0 &&
           xmlSecDSigCtxEnableSignatureTransform(context, xmlSecTransformInclC14NId) >= 0 &&
           xmlSecDSigCtxEnableSignatureTransform(context, xmlSecTransformInclC14N11Id) >= 0 &&
           xmlSecDSigCtxEnableReferenceTransform(context, xmlSecTransformSha256Id) >= 0 &&
           xmlSecDSigCtxEnableReferenceTransform(context, xmlSecTransformInclC14NId) >= 0 &&
           xmlSecDSigCtxEnableReferenceTransform(context, xmlSecTransformInclC14N11Id) >= 0;
}

xmlSecKey* make_key(const gateway::standin::Key& from) {
    EVP_PKEY_up_ref(from.get());
    xmlSecKeyData* data = xmlSecOpenSSLEvpKeyAdopt(from.get());
    if (data == nullptr) {
        EVP_PKEY_free(from.get());
        return nullptr;
    }
    std::unique_ptr<xmlSecKey, Free> key(xmlSecKeyCreate());
    if (!key || xmlSecKeySetValue(key.get(), data) < 0) {
        xmlSecKeyDataDestroy(data);
        return nullptr;
    }
    return key.release();
}

}   // namespace

bool verify_xml_signature(const XmlDocument& document, XmlNode* signature,
                          const gateway::standin::Key& key, const Zip& zip) {
    start_xmlsec();
    auto* tree = reinterpret_cast<xmlDoc*>(document.get());
    const std::unique_ptr<xmlSecDSigCtx, Free> context(xmlSecDSigCtxCreate(nullptr));
    if (!context || !allow(context.get()) || !register_ids(tree, xmlDocGetRootElement(tree))) {
        return false;
    }
    context->signKey = make_key(key);   // the context's from here on
    if (context->signKey == nullptr) {
        return false;
    }
    open_package = &zip;
    const bool done =
        xmlSecDSigCtxVerify(context.get(), reinterpret_cast<xmlNode*>(signature)) >= 0;
    open_package = nullptr;
    return done && context->status == xmlSecDSigStatusSucceeded;
}

const ZipEntry* find_by_uri(const Zip& zip, const std::string& uri) {
    std::unique_ptr<char, decltype(xmlFree)> plain(xmlURIUnescapeString(uri.c_str(), 0, nullptr),
                                                   xmlFree);
    const ZipEntry* entry = plain ? zip.find(plain.get()) : nullptr;
    return entry != nullptr ? entry : zip.find(uri);
}

}   // namespace gateway::digital_post::standin
