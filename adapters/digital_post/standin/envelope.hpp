#pragma once

// The sealed package: CMS EnvelopedData for one operator. Facts: wire notes 2.5.

#include "adapters/common/standin/test_ca.hpp"
#include "gateway/core/failure.hpp"

#include <string>
#include <string_view>

namespace gateway::digital_post::standin {

/// What an envelope says about itself before it is opened.
struct Envelope {
    bool indefinite = false;     // BER of indefinite length, as streaming programs write it
    std::string key_transport;   // "RSAES-OAEP SHA-256"
};

/// Checks the profile, decrypts to the file `out`. OAEP with SHA-1 is taken too: the documents ask
/// for it, all real messages have SHA-256. `malformed` with words for the sender otherwise; every
/// failure after the profile has the same words. Throws std::runtime_error when the disk refuses.
core::Result<Envelope> open_envelope(std::string_view cms,
                                     const gateway::standin::Certificate& recipient,
                                     const gateway::standin::Key& key, const std::string& out);

}   // namespace gateway::digital_post::standin
