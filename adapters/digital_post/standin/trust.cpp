#include "adapters/digital_post/standin/trust.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>

namespace gateway::digital_post::standin {

using gateway::standin::Certificate;

namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

bool signs_itself(X509* certificate) {
    return X509_self_signed(certificate, 1) == 1;
}

}   // namespace

void Trust::add(std::string_view pem) {
    Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::size_t count = 0;
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        auto& list = signs_itself(certificate) ? anchors_ : between_;
        list.emplace_back(std::shared_ptr<X509>(certificate, X509_free));
        ++count;
    }
    ERR_clear_error();   // the end of the text is an error to OpenSSL
    if (count == 0) {
        throw std::runtime_error("no certificate in PEM where trusted ones should be");
    }
}

bool Trust::is_anchor(const Certificate& certificate) const {
    return std::any_of(anchors_.begin(), anchors_.end(), [&](const Certificate& anchor) {
        return X509_cmp(anchor.get(), certificate.get()) == 0;
    });
}

std::optional<std::string> Trust::objection(const Certificate& leaf,
                                            const std::vector<Certificate>& between,
                                            std::int64_t unix_seconds) const {
    Owned<X509_STORE> store(X509_STORE_new());
    for (const Certificate& anchor : anchors_) {
        X509_STORE_add_cert(store.get(), anchor.get());
    }
    Owned<STACK_OF(X509)> help(sk_X509_new_null());
    for (const auto* list : {&between_, &between}) {
        for (const Certificate& certificate : *list) {
            sk_X509_push(help.get(), certificate.get());
        }
    }
    Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), help.get());
    X509_STORE_CTX_set_time(context.get(), 0, static_cast<std::time_t>(unix_seconds));
    if (X509_verify_cert(context.get()) != 1) {
        const int error = X509_STORE_CTX_get_error(context.get());
        ERR_clear_error();
        return std::string("certificate: ") + X509_verify_cert_error_string(error);
    }
    if (X509_check_ca(leaf.get()) != 0 && !signs_itself(leaf.get())) {
        return "certificate: it is an authority's";
    }
    const std::uint32_t usage = X509_get_key_usage(leaf.get());
    if ((usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
        return "certificate: its key is not for signatures";
    }
    if (!leaf.organisation()) {
        return "certificate: it names no organisation";
    }
    return std::nullopt;
}

}   // namespace gateway::digital_post::standin
