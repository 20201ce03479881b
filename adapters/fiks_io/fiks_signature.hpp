#pragma once

// Who signed a package, and whether that is to be believed. Pure; heavy: for Host.work.

#include "adapters/fiks_io/fiks_package.hpp"
#include "gateway/seal/cades_verifier.hpp"

namespace gateway::fiks_io {

struct SignedPackage {
    seal::CadesParts parts;   // empty where they are missing
    std::vector<seal::ContainerFile> files;
    std::optional<seal::Finding> fault;   // manifest or signature could not be singled out

    SignedPackage() = default;
};

/// `trust` null: no chain is judged, and that is said. `sender`: the organisation by the catalogue;
/// empty: not known. Under `require` SHA-1 is refused, else remarked on.
SignatureReport judge_package(const SignedPackage& package, const seal::TrustStore* trust,
                              const std::string& sender, seal::Rule policy, core::Time now);

}   // namespace gateway::fiks_io
