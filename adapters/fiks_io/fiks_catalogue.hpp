#pragma once

// Fiks IO's catalogue: whose an account is, how it is, and the certificate that messages to it are
// closed for. Facts: ks-no.github.io, static/api/fiksio-katalog-api-v1.json.

#include "adapters/common/fiks/fiks_client.hpp"
#include "adapters/fiks_io/fiks_settings.hpp"
#include "gateway/seal/certificate_details.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace gateway::fiks_io {

/// The certificate of an account.
struct ReceiverKey {
    seal::CertificateDetails details;   // details.der
    /// Used all the same, but to be told: `fiks_io.certificate_expired` {at},
    /// `fiks_io.certificate_not_yet_valid` {from}, `fiks_io.certificate_not_valid` (Fiks says so).
    seal::Findings warnings;

    ReceiverKey() = default;
};

struct AccountFacts {
    std::string account;
    std::string name;
    std::string organisation;   // 9 digits; empty when the catalogue does not say
    std::string organisation_name;

    AccountFacts() = default;
};

struct AccountStatus {
    bool valid_sender = false;
    bool valid_receiver = false;
    std::int64_t consumers = 0;
    std::int64_t unfetched = 0;

    AccountStatus() = default;
};

/// What was asked for, or what to make of not having it.
template <class T>
struct Looked {
    std::optional<T> value;
    sdk::Outcome outcome;   // without a value

    Looked() = default;
    explicit Looked(T found) : value(std::move(found)) {}
    explicit Looked(sdk::Outcome failed) : outcome(std::move(failed)) {}
};

/// Lives on its connection's strand; `settings` outlives it.
class Catalogue {
public:
    Catalogue(const Settings& settings, sdk::Host& host);

    /// Kept ten minutes, of a hundred accounts; `fresh`: from Fiks. Final:
    /// `fiks_io.receiver_without_key`, `fiks_io.receiver_key_unusable` {reason},
    /// `fiks_io.certificate_not_pinned` {sha256}.
    sdk::Task<Looked<ReceiverKey>> receiver_key(std::string account, sdk::Deadline deadline,
                                                bool fresh = false);
    /// Kept as long. Final: `fiks_io.account_unknown`.
    sdk::Task<Looked<AccountFacts>> account(std::string account, sdk::Deadline deadline);
    /// Never kept.
    sdk::Task<Looked<AccountStatus>> status(std::string account, sdk::Deadline deadline);

private:
    template <class T>
    struct Kept {
        T value;
        core::SteadyTime until{};
    };

    sdk::Task<Looked<json::Value>> ask(std::string path, const char* unknown,
                                       sdk::Deadline deadline);
    sdk::Task<Looked<json::Value>> ask_for_key(std::string account, sdk::Deadline deadline);
    Looked<ReceiverKey> read_key(const std::string& account, const json::Value& body) const;

    const Settings& settings_;
    sdk::Host& host_;
    fiks_platform::Client client_;
    std::map<std::string, Kept<ReceiverKey>> keys_;
    std::map<std::string, Kept<AccountFacts>> accounts_;
};

}   // namespace gateway::fiks_io
