#include "gateway/seal/crl.hpp"

#include "gateway/crypto/handle.hpp"
#include "gateway/seal/asn1_values.hpp"
#include "gateway/seal/certificate_details.hpp"
#include "gateway/seal/revocation_parts.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <limits>

namespace gateway::seal {
namespace {

using crypto::Handle;
using List = Handle<X509_CRL, X509_CRL_free>;

constexpr std::size_t entries_max = 300'000;

List parse(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const auto* const end = at + der.size();
    List list(der.size() > crl_bytes_max
                  ? nullptr
                  : d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    return at == end ? std::move(list) : List();
}

std::optional<Finding> judge_signature(X509_CRL* list, std::string_view issuer_der) {
    const auto issuer = parse_x509(issuer_der);
    const auto details = read_certificate(issuer_der);
    if (!issuer || !details ||
        X509_NAME_cmp(X509_CRL_get_issuer(list),
                      X509_get_subject_name(static_cast<X509*>(issuer.get()))) != 0) {
        return revocation_refused("issuer");
    }
    if (details->key_usage.stated && !details->key_usage.crl_signing) {
        return revocation_refused("usage");
    }
    if (!is_strong_signature(X509_CRL_get_signature_nid(list))) {
        return revocation_refused("algorithm");
    }
    const bool good =
        X509_CRL_verify(list, X509_get0_pubkey(static_cast<X509*>(issuer.get()))) == 1;
    ERR_clear_error();
    return good ? std::nullopt : std::optional(revocation_refused("signature"));
}

std::optional<Finding> judge_extensions(const X509_CRL* list) {
    for (int i = 0; i < X509_CRL_get_ext_count(list); ++i) {
        X509_EXTENSION* extension = X509_CRL_get_ext(list, i);
        const int kind = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
        if (kind == NID_delta_crl) {
            return revocation_refused("delta");
        }
        if (X509_EXTENSION_get_critical(extension) != 0 && kind != NID_issuing_distribution_point) {
            return revocation_refused("extension");
        }
    }
    return std::nullopt;
}

std::vector<std::string> part_addresses(const ISSUING_DIST_POINT* point) {
    std::vector<std::string> addresses;
    if (point->distpoint == nullptr) {
        return addresses;
    }
    if (point->distpoint->type == 0) {
        const GENERAL_NAMES* names = point->distpoint->name.fullname;
        for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
            const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
            if (name->type == GEN_URI) {
                addresses.push_back(asn1_text(name->d.uniformResourceIdentifier));
            }
        }
    }
    if (addresses.empty()) {
        addresses.emplace_back();   // a part we cannot name: nobody's
    }
    return addresses;
}

}   // namespace

std::string crl_issuer(std::string_view der) {
    const List list = parse(der);
    if (!list) {
        return {};
    }
    return asn1_name(X509_CRL_get_issuer(list.get()));
}

Judged<RevocationList> RevocationList::read(std::string_view der, std::string_view issuer,
                                            core::Time now) {
    if (der.size() > crl_bytes_max) {
        return revocation_refused("too_large");
    }
    const List list = parse(der);
    if (!list) {
        return revocation_refused("malformed");
    }
    if (const auto refused = judge_signature(list.get(), issuer)) {
        return *refused;
    }
    if (const auto refused = judge_extensions(list.get())) {
        return *refused;
    }
    RevocationList read;
    read.this_update_ = asn1_time(X509_CRL_get0_lastUpdate(list.get()));
    read.next_update_ = asn1_time(X509_CRL_get0_nextUpdate(list.get()));
    if (read.this_update_ > now + revocation_clock_skew) {
        return revocation_refused("future");
    }
    if (read.next_update_ <= read.this_update_) {
        return revocation_refused("no_end");
    }
    const Handle<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free> point(
        static_cast<ISSUING_DIST_POINT*>(
            X509_CRL_get_ext_d2i(list.get(), NID_issuing_distribution_point, nullptr, nullptr)));
    if (!point && X509_CRL_get_ext_by_NID(list.get(), NID_issuing_distribution_point, -1) >= 0) {
        return revocation_refused("malformed");
    }
    if (point) {
        if (point->indirectCRL > 0) {
            return revocation_refused("indirect");
        }
        if (point->onlysomereasons != nullptr || point->onlyattr > 0) {
            return revocation_refused("reasons");
        }
        read.users_only_ = point->onlyuser > 0;
        read.authorities_only_ = point->onlyCA > 0;
        read.parts_ = part_addresses(point.get());
    }
    STACK_OF(X509_REVOKED)* const revoked = X509_CRL_get_REVOKED(list.get());
    const auto count = static_cast<std::size_t>(std::max(sk_X509_REVOKED_num(revoked), 0));
    if (count > entries_max) {
        return revocation_refused("too_large");
    }
    read.entries_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        X509_REVOKED* one = sk_X509_REVOKED_value(revoked, static_cast<int>(i));
        const auto reason = revocation_reason_of(one);
        if (!reason) {
            return revocation_refused("extension");
        }
        read.entries_.push_back({asn1_integer(X509_REVOKED_get0_serialNumber(one)),
                                 asn1_time(X509_REVOKED_get0_revocationDate(one)), *reason});
    }
    std::sort(read.entries_.begin(), read.entries_.end(),
              [](const Entry& a, const Entry& b) { return a.serial < b.serial; });
    return read;
}

bool RevocationList::covers(bool authority, const std::vector<std::string>& crl_urls) const {
    if ((authority && users_only_) || (!authority && authorities_only_)) {
        return false;
    }
    return parts_.empty() || std::any_of(parts_.begin(), parts_.end(), [&](const auto& part) {
               return std::find(crl_urls.begin(), crl_urls.end(), part) != crl_urls.end();
           });
}

std::optional<Revocation> RevocationList::find(std::string_view serial_der) const {
    const auto at = std::lower_bound(
        entries_.begin(), entries_.end(), serial_der,
        [](const Entry& entry, std::string_view serial) { return entry.serial < serial; });
    if (at == entries_.end() || at->serial != serial_der) {
        return std::nullopt;
    }
    return Revocation{at->at, revocation_reason_name(at->reason)};
}

}   // namespace gateway::seal
