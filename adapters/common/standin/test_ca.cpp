#include "adapters/common/standin/test_ca.hpp"

#include "adapters/common/standin/folder_lock.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>

namespace gateway::standin {

namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
    void operator()(PKCS12* p12) const { PKCS12_free(p12); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(CONF* configuration) const { NCONF_free(configuration); }
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

constexpr std::int64_t ten_years = 3650LL * 24 * 3600;
constexpr const char* business_policy = "2.16.578.1.1.1.1.100";   // Digdir's self-made test policy

Certificate own(X509* certificate) {
    return Certificate(std::shared_ptr<X509>(certificate, X509_free));
}

void require(bool ok, const char* what) {
    if (!ok) {
        ERR_clear_error();
        throw std::runtime_error(what);
    }
}

bool nine_digits(std::string_view text) {
    return text.size() == 9 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string attribute(X509* certificate, int nid) {
    X509_NAME* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, nid, -1);
    if (at < 0) {
        return {};
    }
    unsigned char* text = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) {
        return {};
    }
    std::string out(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return out;
}

void add_name(X509* certificate, int nid, const std::string& value) {
    require(X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), nid, MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(value.data()),
                                       static_cast<int>(value.size()), -1, 0) == 1,
            "cannot set a certificate's name");
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    Owned<CONF> nothing(
        NCONF_new(nullptr));   // policies are not read without a configuration, even an empty one
    X509V3_set_nconf(&context, nothing.get());
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    require(extension != nullptr, "cannot make a certificate's extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

X509* begin(const Key& key, std::int64_t not_before, std::int64_t not_after) {
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    std::string serial = random_bytes(16);
    serial[0] = static_cast<char>(serial[0] & 0x7F);
    Owned<BIGNUM> number(BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()),
                                   static_cast<int>(serial.size()), nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
    ASN1_TIME_set(X509_getm_notBefore(certificate), static_cast<std::time_t>(not_before));
    ASN1_TIME_set(X509_getm_notAfter(certificate), static_cast<std::time_t>(not_after));
    X509_set_pubkey(certificate, key.get());
    add_name(certificate, NID_countryName, "NO");
    return certificate;
}

Certificate authority(const std::string& name, const Key& key, X509* issuer,
                      const Key& issuer_key) {
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    X509* certificate = begin(key, now - 24 * 3600, now + ten_years);
    Certificate out = own(certificate);
    add_name(certificate, NID_organizationName, "Sluse sandbox");
    add_name(certificate, NID_commonName, name);
    X509* above = issuer != nullptr ? issuer : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(above));
    add_extension(certificate, above, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, above, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(certificate, above, NID_subject_key_identifier, "hash");
    require(X509_sign(certificate, issuer_key.get(), EVP_sha256()) > 0,
            "cannot sign a certificate");
    return out;
}

bool is_address(const std::string& host) {
    return host.find(':') != std::string::npos ||
           host.find_first_not_of("0123456789.") == std::string::npos;
}

}   // namespace

std::optional<Certificate> Certificate::from_der(std::string_view der) {
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    const unsigned char* end = data;
    X509* certificate = d2i_X509(nullptr, &end, static_cast<long>(der.size()));
    if (certificate == nullptr) {
        ERR_clear_error();
        return std::nullopt;
    }
    Certificate out = own(certificate);
    return end == data + der.size() ? std::optional<Certificate>(out) : std::nullopt;
}

std::optional<Certificate> Certificate::from_pem(std::string_view pem) {
    Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr);
    if (certificate == nullptr) {
        ERR_clear_error();
        return std::nullopt;
    }
    return own(certificate);
}

std::string Certificate::der() const {
    unsigned char* data = nullptr;
    const int size = i2d_X509(certificate_.get(), &data);
    require(size > 0, "cannot write a certificate");
    std::string out(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return out;
}

std::string Certificate::pem() const {
    Owned<BIO> bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(bio.get(), certificate_.get()) == 1, "cannot write a certificate");
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Key Certificate::public_key() const {
    return Key(std::shared_ptr<EVP_PKEY>(X509_get_pubkey(certificate_.get()), EVP_PKEY_free));
}

std::optional<std::string> Certificate::organisation() const {
    const std::string serial = attribute(certificate_.get(), NID_serialNumber);
    if (nine_digits(serial)) {
        return serial;
    }
    const std::string name = attribute(certificate_.get(), NID_organizationName);
    const std::size_t dash = name.rfind('-');
    if (dash != std::string::npos) {
        std::string_view number = std::string_view(name).substr(dash + 1);
        while (!number.empty() && number.front() == ' ') {
            number.remove_prefix(1);
        }
        if (nine_digits(number)) {
            return std::string(number);
        }
    }
    const std::string identifier = attribute(certificate_.get(), NID_organizationIdentifier);
    if (nine_digits(identifier)) {
        return identifier;
    }
    const std::size_t hyphen = identifier.rfind('-');
    if (hyphen != std::string::npos && hyphen > 0 && nine_digits(identifier.substr(hyphen + 1))) {
        return identifier.substr(hyphen + 1);
    }
    return std::nullopt;
}

bool Certificate::valid_at(std::int64_t unix_seconds) const {
    auto point = static_cast<std::time_t>(unix_seconds);
    return X509_cmp_time(X509_get0_notBefore(certificate_.get()), &point) < 0 &&
           X509_cmp_time(X509_get0_notAfter(certificate_.get()), &point) > 0;
}

std::string Issued::pkcs12(const std::string& password) const {
    Owned<STACK_OF(X509)> chain(sk_X509_new_null());
    sk_X509_push(chain.get(), issuer.get());
    Owned<PKCS12> file(PKCS12_create(password.c_str(), "virksomhetssertifikat", key.get(),
                                     certificate.get(), chain.get(), NID_aes_256_cbc,
                                     NID_aes_256_cbc, 10'000, 10'000, 0));
    require(file != nullptr, "cannot make a PKCS#12 file");
    unsigned char* data = nullptr;
    const int size = i2d_PKCS12(file.get(), &data);
    require(size > 0, "cannot write a PKCS#12 file");
    std::string out(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return out;
}

Certificate make_authority(const std::string& name, const Key& key) {
    return authority(name, key, nullptr, key);
}

Issued issue(const CertificateOrder& order, const Certificate& above, const Key& above_key) {
    Key key = Key::generate(order.bits);
    X509* certificate = begin(key, order.not_before, order.not_after);
    Certificate leaf = own(certificate);
    X509* issuer = order.self_signed ? certificate : above.get();
    add_name(certificate, NID_organizationName, order.name);
    if (!order.organisation.empty()) {
        add_name(certificate, NID_commonName, order.name + " sandkasse");
        add_name(certificate, NID_organizationIdentifier, "NTRNO-" + order.organisation);
        add_extension(certificate, issuer, NID_key_usage,
                      "critical,digitalSignature,keyEncipherment");
        add_extension(certificate, issuer, NID_certificate_policies, business_policy);
    } else {
        add_name(certificate, NID_commonName, order.hosts.empty() ? "localhost" : order.hosts[0]);
        std::string names;
        for (const std::string& host : order.hosts) {
            names += (names.empty() ? "" : ",");
            names += (is_address(host) ? "IP:" : "DNS:") + host;
        }
        add_extension(certificate, issuer, NID_key_usage,
                      "critical,digitalSignature,keyEncipherment");
        add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth");
        add_extension(certificate, issuer, NID_subject_alt_name, names);
    }
    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    if (!order.self_signed) {
        add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
    }
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    const Key& signer = order.self_signed ? key : above_key;
    require(X509_sign(certificate, signer.get(), EVP_sha256()) > 0, "cannot sign a certificate");
    return Issued(leaf, key, order.self_signed ? leaf : above);
}

TestCa::TestCa(std::string folder) : folder_(std::move(folder)) {
    make_directory(folder_);
    const FolderLock lock(folder_ + "/authority.lock");   // two stand-ins may share the folder
    const auto root = read_file(folder_ + "/root.pem");
    const auto root_key = read_file(folder_ + "/root.key.pem");
    const auto issuing = read_file(folder_ + "/issuing.pem");
    const auto issuing_key = read_file(folder_ + "/issuing.key.pem");
    if (root && root_key && issuing && issuing_key) {
        root_ = Certificate::from_pem(*root);
        issuing_ = Certificate::from_pem(*issuing);
        const auto first = Key::from_private_pem(*root_key);
        const auto second = Key::from_private_pem(*issuing_key);
        require(root_ && issuing_ && first && second, "the sandbox authority's files are damaged");
        root_key_ = *first;
        issuing_key_ = *second;
        return;
    }
    root_key_ = Key::generate(2048);
    issuing_key_ = Key::generate(2048);
    root_ = authority("Sluse sandbox root", root_key_, nullptr, root_key_);
    issuing_ = authority("Sluse sandbox issuing", issuing_key_, root_->get(), root_key_);
    write_file(folder_ + "/root.key.pem", root_key_.private_pem());
    write_file(folder_ + "/issuing.pem", issuing_->pem());
    write_file(folder_ + "/issuing.key.pem", issuing_key_.private_pem());
    write_file(folder_ + "/root.pem", root_->pem());   // last: it says the rest is there
}

Issued TestCa::issue(const CertificateOrder& order) const {
    return standin::issue(order, *issuing_, issuing_key_);
}

bool TestCa::chain_holds(const Certificate& leaf) const {
    Owned<X509_STORE> store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), root_->get());
    X509_STORE_set_flags(store.get(), X509_V_FLAG_NO_CHECK_TIME);
    Owned<STACK_OF(X509)> between(sk_X509_new_null());
    sk_X509_push(between.get(), issuing_->get());
    Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), between.get());
    const bool holds = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    return holds;
}

std::string TestCa::chain_pem(const Issued& issued) const {
    return issued.certificate.pem() + issued.issuer.pem();
}

}   // namespace gateway::standin
