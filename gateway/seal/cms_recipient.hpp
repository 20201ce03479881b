#pragma once

// The recipients of an envelope: for whom its content key was wrapped, and how (RFC 5652 6.2.1,
// RFC 3560).

#include "gateway/core/failure.hpp"
#include "gateway/core/key_transport.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

/// The content key as wrapped for one certificate, which is named by issuer and serial number or by
/// its key identifier.
struct WrappedKey {
    std::string issuer;           // DER of the name; empty when named by key identifier
    std::string serial;           // DER of the number
    std::string key_identifier;   // subject key identifier
    std::optional<core::KeyTransport> transport;   // nothing: one that we do not know
    std::string encrypted;

    WrappedKey() = default;
};

/// Which of the recipients is the owner of this certificate (DER); nothing when none is, or only by
/// a transport that we do not know. OAEP is taken before PKCS#1 v1.5: KS's .NET client writes both
/// for one certificate. Whether the key then opens anything shows at the envelope's end alone.
std::optional<std::size_t> find_recipient(std::span<const WrappedKey> recipients,
                                          std::string_view certificate);

/// The SET of recipients, all its lengths definite. Recipients by key agreement, key-encryption key
/// or password are left out. `seal.cms_malformed`, `seal.cms_too_large` with more than `count_max`
/// of any kind.
core::Result<std::vector<WrappedKey>> parse_recipients(std::string_view set, std::size_t count_max);

}   // namespace gateway::seal
