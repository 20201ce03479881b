#pragma once

// CMS (RFC 5652) on OpenSSL directly, whole messages in memory: nothing here is shared with what
// the adapters use.

#include "adapters/common/standin/test_ca.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::standin {

enum class KeyTransport { oaep_sha256, pkcs1_v15 };

struct EnvelopeRecipient {
    Certificate certificate;
    KeyTransport transport = KeyTransport::oaep_sha256;
};

/// EnvelopedData, AES-256-CBC, BER of indefinite length, one RecipientInfo for each in their order.
/// Throws std::runtime_error when OpenSSL refuses, as sign_detached does.
std::string seal_envelope(std::string_view content, const std::vector<EnvelopeRecipient>& to);

struct OpenedEnvelope {
    std::string content;
    std::size_t recipients = 0;
    bool oaep_sha256 = false;   // of the recipient that was us
};

/// With the first of these keys that fits. Nothing when none
/// fits or the envelope is damaged.
std::optional<OpenedEnvelope> open_envelope(std::string_view cms, const std::vector<Key>& keys);

enum class SignatureDigest { sha1, sha256 };

/// SignedData without its content, over these very bytes, with the signer's chain inside;
/// `signers` times by the same key.
std::string sign_detached(std::string_view content, const Issued& signer, SignatureDigest digest,
                          int signers = 1);

/// Who signed these bytes; nothing when the signature does not hold. Chains are not looked at.
std::optional<Certificate> signer_of(std::string_view signature, std::string_view content);

}   // namespace gateway::standin
