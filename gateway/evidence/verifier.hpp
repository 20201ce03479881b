#pragma once

// Whether an evidence package is what was made: its container, its signature, every file, the order
// of what happened, and every byte between. Needs no store, no network and no configuration. Pure
// but for the source; whatever the bytes, in bounded memory, and in time by the package's size.

#include "gateway/core/code.hpp"
#include "gateway/evidence/manifest.hpp"
#include "gateway/seal/asic_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::evidence {

enum class SignedBy {
    nobody,           // no key at hand made this signature
    given_key,        // the one that the reader knows
    key_in_package,   // whoever made the package: nobody has vouched for it
    other_key,        // a key was given, and the package's own made it
};

std::string_view to_string(SignedBy by);

struct EvidenceFault {
    core::Code code;   // evidence.… or seal.…
    core::Params params;

    EvidenceFault() = default;
    EvidenceFault(core::Code what, core::Params with = {})
        : code(std::move(what)), params(std::move(with)) {}
};

struct EvidenceReport {
    SignedBy signed_by = SignedBy::nobody;
    std::optional<Manifest> manifest;   // what it says of itself; to be believed when sound
    std::uint64_t files = 0;            // in the package, read to their end
    std::uint64_t found = 0;            // faults, of which the first are kept
    std::vector<EvidenceFault> faults;

    EvidenceReport() = default;
    bool sound() const { return found == 0; }
};

inline constexpr std::size_t faults_kept = 50;

/// `key`: 32 bytes that the reader got elsewhere. Fails only with what the source fails with.
core::Result<EvidenceReport> verify_package(seal::RandomAccess& source,
                                            const std::optional<std::string>& key);

}   // namespace gateway::evidence
