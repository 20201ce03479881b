#pragma once

#include "gateway/core/time.hpp"
#include "gateway/seal/finding.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::seal {

/// A signature that holds. Whether its signer is to be trusted is trust.hpp's matter.
struct VerifiedSignature {
    std::string signer;                       // DER of the certificate whose key signed
    std::vector<std::string> certificates;    // DER of what came along, the signer's among them
    std::optional<core::Time> signing_time;   // as the signer says
    Findings remarks;                         // accepted, but worth telling
};

}   // namespace gateway::seal
