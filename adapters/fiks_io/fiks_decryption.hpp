#pragma once

// A CMS envelope opened with whichever of our keys fits. A recipient names issuer and serial number
// of a certificate; the current one is in the catalogue, one that was replaced yesterday may be
// known to nobody but the sender. Then every key is tried on the first block.

#include "adapters/fiks_io/plain_package.hpp"
#include "gateway/seal/cms_decrypt.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::fiks_io {

/// Our keys, and those certificates of them that are known.
struct OwnKeys {
    std::vector<std::string> public_keys;    // DER SubjectPublicKeyInfo, as Keys numbers them
    std::vector<std::string> certificates;   // DER

    OwnKeys() = default;
};

/// One recipient's wrapped key, and which private key of ours is to unwrap it.
struct KeyChoice {
    std::size_t recipient = 0;
    std::size_t key = 0;

    friend bool operator==(const KeyChoice&, const KeyChoice&) = default;
};

/// Which keys to try: one where a certificate tells, else all there are, OAEP first, twelve at
/// most. Pure.
std::vector<KeyChoice> choose_keys(std::span<const seal::WrappedKey> recipients,
                                   const OwnKeys& own);

/// One envelope, on the strand of its caller; the cryptography of more than a
/// little is done in Host.work.
class Decryption {
public:
    Decryption(sdk::Host& host, const OwnKeys& own, PlainPackage& out)
        : host_(host), own_(own), out_(out) {}

    /// All of it. What is wrong with the envelope by a name of seal::Refusal, each fault of keys by
    /// `cms_not_decryptable`, told after all was worked through; `unavailable` while a key is away;
    /// what `envelope` and the spool fail with.
    sdk::Task<core::Result<void>> run(sdk::ByteSource& envelope);
    /// Reading the envelope failed, not what was read.
    bool source_failed() const { return source_failed_; }

private:
    struct Try {
        seal::CmsDecrypter cms;
        std::string plain;
    };

    sdk::Task<core::Result<void>> take(std::string_view bytes);
    sdk::Task<core::Result<void>> begin_tries();
    sdk::Task<core::Result<void>> pour(std::string& plain);
    void settle_on_one();
    /// A piece that works through so many bytes.
    sdk::Task<core::Result<void>> work(std::size_t bytes,
                                       std::function<core::Result<void>()> piece);

    sdk::Host& host_;
    const OwnKeys& own_;
    PlainPackage& out_;
    std::optional<seal::CmsDecrypter> scout_{std::in_place};   // until the recipients are known
    std::string prefix_;                                       // what the scout has read
    std::vector<Try> tries_;                                   // one, once it is known
    bool source_failed_ = false;
};

}   // namespace gateway::fiks_io
