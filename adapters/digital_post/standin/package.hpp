#pragma once

// What an operator does with a package: open it, hold it against the message it came with, look at
// its documents. Facts: wire notes 2.3 (whose number stands where) and 2.5.

#include "adapters/digital_post/standin/trust.hpp"
#include "gateway/core/failure.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <optional>
#include <string>

namespace gateway::digital_post::standin {

/// What the business message says that the package has to agree with.
struct Expected {
    std::string avsender;
    std::string sender_unit;
    std::optional<std::string> mailbox;   // none for print
    std::string signer;                   // of the business message
    core::Time arrived;
};

/// Where the operator stands.
struct Desk {
    const gateway::standin::Issued& own;   // certificate and key
    const Trust& trust;
    core::Duration signature_age_max{};
    std::string folder;   // for the opened package, which is removed again
};

/// What was in it, no document itself: {"documents": [{"name", "mime", "title", "language",
/// "sha256", "size"}], "manifest": {"avsender", "avsenderidentifikator", "postkasseadresse"},
/// "signature": {"signer", "at"}, "envelope": {"keyTransport", "indefinite"}}. `malformed` with
/// words for the sender otherwise. Throws std::runtime_error when the disk refuses.
core::Result<json::Value> open_package(const std::string& cms_path, const Desk& desk,
                                       const Expected& expected);

}   // namespace gateway::digital_post::standin
