#pragma once

#include "gateway/core/ids.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace gateway::crypto {

/// SHA-256 and MD5 (Altinn's attachment checksum, not a protection) over a stream at once.
class DigestStream {
public:
    DigestStream();
    ~DigestStream();
    DigestStream(DigestStream&&) noexcept;
    DigestStream& operator=(DigestStream&&) noexcept;
    void update(std::string_view bytes);
    core::Sha256 sha256();   // once, at the end
    std::string md5_hex();   // once, at the end

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// SHA-256 alone, over a stream.
class Sha256Stream {
public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;
    void update(std::string_view bytes);
    core::Sha256 finish();   // once, at the end

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

core::Sha256 sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);   // 32 bytes
/// Time does not tell where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}   // namespace gateway::crypto
