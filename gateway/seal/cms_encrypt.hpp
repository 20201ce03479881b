#pragma once

// CMS EnvelopedData as DPI and Fiks want it: version 0, one key transport recipient for each
// certificate (issuer and serial number, RSAES-OAEP with SHA-256 and MGF1-SHA-256), AES-256-CBC, no
// originator info, no attributes; BER with indefinite lengths and octet strings of at most 16 KiB.

#include "gateway/core/failure.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/randomness.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace gateway::seal {

/// The envelope's own bytes, as a forretningsmelding names them.
struct SealedEnvelope {
    std::uint64_t size = 0;
    core::Sha256 sha256;
};

/// Plain bytes in, an envelope out, in constant memory. One thread at a time.
class CmsEncrypter {
public:
    static constexpr std::size_t recipients_max = 100;
    static constexpr std::size_t chunk_bytes = 16 * 1024;

    /// `certificates`: DER, each of another recipient; KS's clients look at the first alone. Wraps
    /// the key (RSA). `seal.recipient_malformed`, `seal.recipient_not_rsa`,
    /// `seal.recipient_key_length`, `seal.recipient_no_key_encipherment`; a certificate without key
    /// usage may be used for all. Validity and trust are judged by the caller. `invalid_argument`
    /// for none or more than 100.
    static core::Result<CmsEncrypter> create(std::span<const std::string> certificates,
                                             core::Randomness& chance);
    CmsEncrypter(CmsEncrypter&&) noexcept;
    CmsEncrypter& operator=(CmsEncrypter&&) noexcept;
    ~CmsEncrypter();

    /// Appends at most a little more than `plain` to `out`.
    void write(std::string_view plain, std::string& out);
    /// Appends the end. Nothing may be called after.
    SealedEnvelope finish(std::string& out);

private:
    struct Impl;
    explicit CmsEncrypter(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::seal
