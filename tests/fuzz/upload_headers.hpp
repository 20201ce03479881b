#pragma once

// What tus says in headers: metadata that was read is written back and read the same.

#include "gateway/accept/upload_headers.hpp"
#include "gateway/crypto/base64url.hpp"
#include "tests/fuzz/promise.hpp"

#include <set>

namespace fuzz::upload_headers {

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace accept = gateway::accept;
    const auto text = text_of(data, size);
    if (const auto pairs = accept::read_upload_metadata(text)) {
        std::string written;
        std::set<std::string> keys;
        for (const auto& [key, value] : *pairs) {
            promise(!key.empty() && !has_control(key), "a key is one word of a header");
            promise(keys.insert(key).second, "a key stands once");
            written += (written.empty() ? "" : ",") + key;
            written += value.empty() ? "" : " " + gateway::crypto::base64_encode(value);
        }
        promise(accept::read_upload_metadata(written) == pairs, "metadata is read back");
    }
    if (const auto number = accept::read_upload_number(text)) {
        promise(accept::read_upload_number(std::to_string(*number)) == number,
                "a number is read back");
    }
    if (const auto sum = accept::read_upload_checksum(text)) {
        promise(sum->expected.size() == (sum->sha1 ? 20U : 32U), "a checksum has its length");
    }
}

}   // namespace fuzz::upload_headers
