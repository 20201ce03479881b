#pragma once

// A document as it goes to SvarUt at the highest level: read, encrypted and handed on piece by
// piece, so that a large one takes no more memory than a small one.

#include "gateway/sdk/bytes.hpp"
#include "gateway/sdk/spool.hpp"
#include "gateway/seal/cms_encrypt.hpp"

#include <memory>
#include <string>

namespace gateway::svarut {

/// Its size is not known beforehand.
class SealedSource final : public sdk::ByteSource {
public:
    SealedSource(std::unique_ptr<sdk::ByteSource> plain, seal::CmsEncrypter envelope,
                 sdk::Work& work)
        : plain_(std::move(plain)), envelope_(std::move(envelope)), work_(work) {}

    sdk::Task<core::Result<std::size_t>> read(std::span<char> out) override;
    std::optional<std::uint64_t> size() const override { return std::nullopt; }

private:
    sdk::Task<core::Result<void>> refill();

    std::unique_ptr<sdk::ByteSource> plain_;
    seal::CmsEncrypter envelope_;
    sdk::Work& work_;
    std::string block_;
    std::string sealed_;
    std::size_t at_ = 0;
    bool ended_ = false;
};

/// The envelope for one certificate (DER): RSA, so away from the strand.
sdk::Task<core::Result<seal::CmsEncrypter>> envelope_for(std::string certificate,
                                                         core::Randomness& chance, sdk::Work& work);

}   // namespace gateway::svarut
