#pragma once

#include "gateway/seal/cms_decrypt.hpp"
#include "gateway/seal/cms_encrypt.hpp"
#include "gateway/seal/refusal.hpp"
#include "tests/unit/seal/workshop.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// Seals `plain`, pushed in pieces of chance's size.
std::string seal(std::string_view plain, const std::vector<std::string>& certificates,
                 SeededChance& chance);

struct Opened {
    std::string plain;
    std::string refusal;   // empty: opened
    bool key_wanted = false;

    Opened() = default;
};

/// Opens with the named identity's key, pushed in pieces of at most `piece` bytes.
Opened open_envelope(std::string_view envelope, const std::string& identity,
                     std::size_t piece = 64 * 1024);

/// The same with a key of the caller's choice instead of the one that unwraps.
Opened open_with_key(std::string_view envelope, std::string_view key,
                     std::size_t piece = 64 * 1024);

}   // namespace tests
