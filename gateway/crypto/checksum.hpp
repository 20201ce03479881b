#pragma once

// A checksum a sender states for bytes on their way (tus: Upload-Checksum). SHA-1 finds what a bad
// line did; it protects against nobody.

#include <memory>
#include <string>
#include <string_view>

namespace gateway::crypto {

enum class ChecksumAlgorithm { sha1, sha256 };

/// 20 or 32.
std::size_t checksum_bytes(ChecksumAlgorithm algorithm);

class ChecksumStream {
public:
    explicit ChecksumStream(ChecksumAlgorithm algorithm);
    ~ChecksumStream();
    ChecksumStream(ChecksumStream&&) noexcept;
    ChecksumStream& operator=(ChecksumStream&&) noexcept;
    void update(std::string_view bytes);
    std::string finish();   // once, at the end

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::crypto
