#pragma once

// A certificate revocation list (RFC 5280), read, verified and packed: a few tens of bytes an
// entry. Pure; a list once read may be used by any thread.

#include "gateway/core/time.hpp"
#include "gateway/seal/finding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

inline constexpr std::size_t crl_bytes_max = 16U << 20U;   // some 300 000 revoked certificates

struct Revocation {
    core::Time at{};
    std::string reason;   // "keyCompromise", "certificateHold", ...; "unspecified" when not said
};

class RevocationList {
public:
    /// `issuer`: DER of the authority whose list it must be. `seal.revocation_answer_refused`
    /// {reason}: malformed, too_large, issuer, signature, algorithm, usage, future, no_end, delta,
    /// indirect, reasons, extension.
    static Judged<RevocationList> read(std::string_view der, std::string_view issuer,
                                       core::Time now);

    core::Time this_update() const { return this_update_; }
    core::Time next_update() const { return next_update_; }
    std::size_t size() const { return entries_.size(); }
    /// It speaks for a certificate of its issuer: of that kind, and with one of these addresses
    /// when the list is a part of a whole.
    bool covers(bool authority, const std::vector<std::string>& crl_urls) const;
    /// `serial_der`: the INTEGER.
    std::optional<Revocation> find(std::string_view serial_der) const;

private:
    struct Entry {
        std::string serial;
        core::Time at{};
        std::int8_t reason = 0;
    };
    RevocationList() = default;

    core::Time this_update_{};
    core::Time next_update_{};
    std::vector<Entry> entries_;   // by serial
    bool users_only_ = false;
    bool authorities_only_ = false;
    std::vector<std::string> parts_;   // addresses of the part it is; empty: the whole
};

/// The issuer's Name, DER, without any check; empty when the bytes are no list.
std::string crl_issuer(std::string_view der);

}   // namespace gateway::seal
