#pragma once

// Whose certificates are believed: operators', to close letters for and to take receipts from, and
// our own. Held against the connection's trust file and against what is known of revoked ones.
// Lives on the connection's strand; the mathematics is done in Host.work.

#include "adapters/digital_post/dpi_receipt.hpp"
#include "adapters/digital_post/dpi_settings.hpp"
#include "gateway/seal/revocation_cache.hpp"
#include "gateway/seal/trust.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::digital_post {

/// Our own certificate, ready to sign with.
struct Signer {
    std::vector<std::string> chain;   // DER, leaf first; up to the root where the trust file has it
    core::Time not_after{};

    Signer() = default;
};

/// Why a certificate is not believed. Passing: nothing speaks against it, but nobody could be asked
/// whether it is revoked.
struct Doubt {
    seal::Finding finding;
    bool passing = false;

    Doubt() = default;
    explicit Doubt(seal::Finding what, bool may_pass = false)
        : finding(std::move(what)), passing(may_pass) {}
};

class Trust {
public:
    /// `malformed`, `not_found` or `invalid_argument` as the trust file is.
    static core::Result<Trust> make(const Settings& settings, sdk::Host& host);

    /// Why a letter cannot be closed for this certificate (DER); nothing when it can.
    sdk::Task<std::optional<Doubt>> judge_recipient(const std::string& certificate,
                                                    sdk::Deadline deadline);
    /// The organisation whose business certificate signed the message.
    sdk::Task<boost::system::result<std::string, Doubt>> judge_signer(const SignedMessage& message,
                                                                      sdk::Deadline deadline);
    /// The connection's certificates, leaf first, as they were configured. Refused when the leaf is
    /// not the organisation's own or not valid today. An authority that the trust file does not
    /// know is the operators' matter, not ours.
    sdk::Task<seal::Judged<Signer>> judge_own(const std::vector<std::string>& chain,
                                              const std::string& organisation);

private:
    Trust(seal::TrustStore store, const std::vector<std::string>& lists,
          const seal::RevocationPolicy& policy, sdk::Host& host);

    sdk::Task<std::optional<Doubt>> revoked(const seal::TrustedChain& chain,
                                            sdk::Deadline deadline);
    sdk::Task<void> renew(sdk::Deadline deadline);

    seal::TrustStore store_;
    seal::RevocationCache revocations_;
    bool asks_for_revocations_;
    sdk::Host* host_;
};

[[noreturn]] void throw_exception_from_error(const Doubt&, const boost::source_location&);

}   // namespace gateway::digital_post
