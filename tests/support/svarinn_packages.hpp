#pragma once

// Downloads of SvarInn as the fake keys open them: a plain ZIP, and an envelope whose content key
// is what FakeKeys unwraps every key to.

#include "gateway/core/randomness.hpp"
#include "gateway/seal/cms_encrypt.hpp"
#include "tests/support/business_certificates.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tests {

using NamedFiles = std::vector<std::pair<std::string, std::string>>;

inline std::uint32_t crc32_of(std::string_view bytes) {
    std::uint32_t crc = 0xffffffffU;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
        }
    }
    return ~crc;
}

/// Entries stored, as many archivers write small ones.
inline std::string plain_zip(const NamedFiles& files) {
    const auto number = [](std::uint64_t value, std::size_t bytes) {
        std::string out;
        for (std::size_t i = 0; i < bytes; ++i) {
            out += static_cast<char>(value >> (8 * i) & 0xffU);
        }
        return out;
    };
    std::string zip;
    std::string directory;
    for (const auto& [name, bytes] : files) {
        const std::string fields = number(20, 2) + number(1U << 11U, 2) + number(0, 2) +
                                   number(0x00210000, 4) + number(crc32_of(bytes), 4) +
                                   number(bytes.size(), 4) + number(bytes.size(), 4) +
                                   number(name.size(), 2) + number(0, 2);
        directory += number(0x02014b50, 4) + number(20, 2) + fields + number(0, 10) +
                     number(zip.size(), 4) + name;
        zip += number(0x04034b50, 4) + fields + name + bytes;
    }
    const std::size_t begin = zip.size();
    return zip + directory + number(0x06054b50, 4) + number(0, 4) + number(files.size(), 2) +
           number(files.size(), 2) + number(directory.size(), 4) + number(begin, 4) + number(0, 2);
}

/// Every random byte is a 'k'.
class Ks final : public gateway::core::Randomness {
public:
    void random(std::span<std::uint8_t> out) override {
        std::fill(out.begin(), out.end(), static_cast<std::uint8_t>('k'));
    }
};

/// For anybody's certificate: FakeKeys open it.
inline std::string sealed_for_fakes(const std::string& plain) {
    static const std::string certificate = BusinessAuthority("KS").issue().der;
    Ks chance;
    auto encrypter = gateway::seal::CmsEncrypter::create(std::span(&certificate, 1), chance);
    std::string out;
    encrypter->write(plain, out);
    encrypter->finish(out);
    return out;
}

}   // namespace tests
