#pragma once

// SvarUt's certificate for what is sent at the highest level: configured, or fetched and kept for
// an hour, and only one whose fingerprint is believed where fingerprints are configured.

#include "adapters/svarut/svarut_settings.hpp"
#include "gateway/sdk/host.hpp"

#include <optional>
#include <string>

namespace gateway::svarut {

/// Lives on its connection's strand; both outlive it.
class PublicKey {
public:
    PublicKey(const Settings& settings, sdk::Host& host) : settings_(settings), host_(host) {}

    /// The certificate (DER), or what to make of not having one.
    struct Answer {
        std::optional<std::string> certificate;
        sdk::Outcome outcome;   // without a certificate

        Answer() = default;
    };
    /// Where SvarUt does not give it now, the one that was fetched before serves for a day.
    sdk::Task<Answer> get(sdk::Deadline deadline);

private:
    Answer judge(const std::string& pem);

    const Settings& settings_;
    sdk::Host& host_;
    std::string known_;   // DER
    core::SteadyTime fresh_until_{};
    core::SteadyTime good_until_{};
};

}   // namespace gateway::svarut
