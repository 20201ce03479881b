#pragma once

// Opens CMS EnvelopedData (RFC 5652), BER of definite and indefinite lengths, AES-128/192/256-CBC.
// The prefix is walked in bounded memory, the content flows through.
//
// CBC protects nothing against change: what comes out is untrusted until the container's signature
// has been verified. And a caller that tells a sender how the opening failed could be asked until
// the content is known; so every fault of key, length and padding is `seal.cms_not_decryptable`,
// told at the end and after the same work.

#include "gateway/core/failure.hpp"
#include "gateway/seal/cms_recipient.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

struct CmsLimits {
    std::size_t recipients_max = 100;
    std::size_t recipients_bytes_max = 512 * 1024;
    std::size_t other_bytes_max = 64 * 1024;   // originator info, algorithm, attributes: each
    std::size_t depth_max = 24;
};

/// An envelope in, plain bytes out. One thread at a time. A failure is told again by every later
/// call.
///
///     write(...) until wants_key(); choose among recipients(); give_key(...); write(...); finish()
class CmsDecrypter {
public:
    explicit CmsDecrypter(const CmsLimits& limits = CmsLimits());
    CmsDecrypter(CmsDecrypter&&) noexcept;
    CmsDecrypter& operator=(CmsDecrypter&&) noexcept;
    ~CmsDecrypter();

    /// Appends at most `bytes` to `out`. `seal.cms_malformed`, `seal.cms_trailing_bytes`,
    /// `seal.cms_not_enveloped`, `seal.cms_authenticated_unsupported`,
    /// `seal.cms_cipher_unsupported`, `seal.cms_too_large`; `invalid_argument` while a key is
    /// wanted.
    core::Result<void> write(std::string_view bytes, std::string& out);
    /// The content comes next: nothing is decrypted, and nothing more taken, before give_key().
    bool wants_key() const;
    const std::vector<WrappedKey>& recipients() const;
    /// How long the content key is: what a wrapped key must unwrap to.
    std::size_t key_bytes() const;
    /// The content key, unwrapped, or whatever stands for one that did not unwrap: a key that opens
    /// nothing is not told from a right one here. Decrypts what had come with the last write().
    core::Result<void> give_key(std::string_view key, std::string& out);
    /// Appends the last block. `seal.cms_truncated`, `seal.cms_not_decryptable`.
    core::Result<void> finish(std::string& out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::seal
