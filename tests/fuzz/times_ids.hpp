#pragma once

// Times, dates, ids and numbers as text.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/http/response_head.hpp"
#include "gateway/sdk/http_client.hpp"
#include "tests/fuzz/promise.hpp"

#include <algorithm>

namespace fuzz::times_ids {

inline bool is_digits(std::string_view text, std::size_t count) {
    return text.size() == count &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

inline void times(std::string_view text) {
    namespace core = gateway::core;
    if (const auto time = core::parse_rfc3339(text)) {
        const auto written = core::to_rfc3339(*time);
        promise(written.size() == 24, "a time has 24 characters");
        const auto again = core::parse_rfc3339(written);
        promise(again && *again == std::chrono::floor<std::chrono::milliseconds>(*time),
                "a time is read back to the millisecond");
    }
    if (const auto date = core::parse_date(text)) {
        promise(text.size() == 10 && date->ok(), "a date is one of the calendar");
    }
    if (const auto time = gateway::sdk::parse_http_date(text)) {
        std::string written;
        gateway::http::append_http_date(written, core::Time(*time));
        promise(gateway::sdk::parse_http_date(written) == time, "an HTTP date is read back");
    }
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace core = gateway::core;
    const auto text = text_of(data, size);
    times(text);
    if (const auto uuid = core::parse_uuid(text)) {
        promise(text.size() == 36, "a UUID has 36 characters");
        promise(core::parse_uuid(uuid->to_string()) == uuid, "a UUID is read back");
        promise(core::uuid_from_bytes(uuid->to_bytes()) == uuid, "a UUID is read back from bytes");
    }
    if (const auto hash = core::parse_sha256(text)) {
        promise(hash->to_hex() == text, "a hash has one text");
        promise(core::sha256_from_bytes(hash->to_bytes()) == hash, "a hash is read from bytes");
    }
    promise(core::uuid_from_bytes(text).has_value() == (size == 16), "16 bytes are a UUID");
    promise(core::sha256_from_bytes(text).has_value() == (size == 32), "32 bytes are a hash");
    promise(core::to_hex(text).size() == 2 * size, "two digits a byte");
    promise(!core::is_organisation_number(text) || is_digits(text, 9),
            "an organisation number has nine digits");
    promise(!core::is_person_number(text) || is_digits(text, 11),
            "a person's number has eleven digits");
}

}   // namespace fuzz::times_ids
