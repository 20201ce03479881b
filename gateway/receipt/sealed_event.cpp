#include "gateway/receipt/sealed_event.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/json/value.hpp"

namespace gateway::receipt {
namespace {

/// Length of the well-formed UTF-8 character at the front, 0 when there is none.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    std::size_t length = 0;
    unsigned value = 0;
    if (first < 0x80U) {
        return 1;
    }
    if (first >= 0xC2U && first <= 0xDFU) {
        length = 2;
        value = first & 0x1FU;
    } else if (first >= 0xE0U && first <= 0xEFU) {
        length = 3;
        value = first & 0x0FU;
    } else if (first >= 0xF0U && first <= 0xF4U) {
        length = 4;
        value = first & 0x07U;
    } else {
        return 0;
    }
    if (text.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return 0;
        }
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    const bool shorter_form = (length == 3 && value < 0x800U) || (length == 4 && value < 0x10000U);
    const bool surrogate = value >= 0xD800U && value <= 0xDFFFU;
    return shorter_form || surrogate || value > 0x10FFFFU ? 0 : length;
}

void add_raw(json::Value& personal, std::string_view raw) {
    const auto kept = raw.substr(0, raw_bytes_max);
    if (clipped_utf8(kept, kept.size()) == kept) {
        personal.set("raw", kept);
    } else {
        personal.set("raw_base64", crypto::base64_encode(kept));
    }
    if (kept.size() < raw.size()) {
        personal.set("raw_bytes", static_cast<std::uint64_t>(raw.size()));
    }
}

}   // namespace

std::string clipped_utf8(std::string_view text, std::size_t bytes_max) {
    std::string result;
    while (!text.empty()) {
        const auto length = character_length(text);
        const auto taken = length == 0 ? 1 : length;
        if (result.size() + taken > bytes_max) {
            break;
        }
        if (length == 0) {
            result.push_back('?');
        } else {
            result.append(text.substr(0, length));
        }
        text.remove_prefix(taken);
    }
    return result;
}

std::string EventMaker::seal(std::string_view purpose, std::string_view plain) const {
    if (key == nullptr || plain.empty()) {
        return {};
    }
    return key->seal(ids, purpose, message.to_bytes(), plain);
}

ports::NewEvent EventMaker::make(std::string_view name, core::Code code, core::Params params,
                                 std::string_view said, std::string_view raw) const {
    ports::NewEvent event;
    event.id = ids.next<core::EventId>();
    event.at = now;
    event.name = std::string(name);
    event.code = code.empty() ? core::Code(event.name) : std::move(code);
    event.params = std::move(params);
    if (said.empty() && raw.empty()) {
        return event;
    }
    json::Value personal = json::Value::object();
    if (!said.empty()) {
        personal.set("upstream", clipped_utf8(said, upstream_text_bytes_max));
    }
    if (!raw.empty()) {
        add_raw(personal, raw);
    }
    event.sealed_params = seal("event", json::write(personal));
    return event;
}

}   // namespace gateway::receipt
