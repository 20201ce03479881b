#pragma once

// AES-CBC with PKCS#7 padding, pushed, without an answer that tells key, length and padding apart.

#include <memory>
#include <string>
#include <string_view>

namespace gateway::seal {

class CbcDecrypter {
public:
    static constexpr std::size_t iv_bytes = 16;
    static constexpr std::size_t block_bytes = 16;

    /// A key of another length than `key_bytes` decrypts to nothing of worth, as any wrong key
    /// does.
    CbcDecrypter(std::string_view key, std::size_t key_bytes, std::string_view iv);
    CbcDecrypter(CbcDecrypter&&) noexcept;
    CbcDecrypter& operator=(CbcDecrypter&&) noexcept;
    ~CbcDecrypter();

    /// Appends all that is certain to be content; the last block is held back.
    void write(std::string_view encrypted, std::string& out);
    /// Appends what the padding leaves of the last block; false, and nothing, when there is no
    /// right padding, no whole block, or the key had another length.
    bool finish(std::string& out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::seal
