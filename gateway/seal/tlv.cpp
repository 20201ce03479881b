#include "gateway/seal/tlv.hpp"

namespace gateway::seal::tlv {

std::optional<Element> take(std::string_view& rest) {
    if (rest.size() < 2) {
        return std::nullopt;
    }
    std::size_t header = 2;
    std::uint64_t length = static_cast<std::uint8_t>(rest[1]);
    if (length >= 0x80) {
        const std::size_t octets = length & 0x7fU;
        if (octets == 0 || octets > 4 || rest.size() < 2 + octets) {
            return std::nullopt;
        }
        length = 0;
        for (; header < 2 + octets; ++header) {
            length = length << 8U | static_cast<std::uint8_t>(rest[header]);
        }
    }
    const auto identifier = static_cast<std::uint8_t>(rest[0]);
    if ((identifier & 0x1fU) == 0x1fU || length > rest.size() - header) {
        return std::nullopt;
    }
    const Element element{identifier, rest.substr(header, length), rest.substr(0, header + length)};
    rest.remove_prefix(element.whole.size());
    return element;
}

void append_header(std::string& out, std::uint8_t identifier, std::size_t length) {
    out += static_cast<char>(identifier);
    if (length < 0x80) {
        out += static_cast<char>(length);
        return;
    }
    unsigned octets = 1;
    while (octets < sizeof length && length >> (8 * octets) != 0) {
        ++octets;
    }
    out += static_cast<char>(0x80U | octets);
    while (octets > 0) {
        out += static_cast<char>(length >> (8 * --octets) & 0xffU);
    }
}

void append(std::string& out, std::uint8_t identifier, std::string_view content) {
    append_header(out, identifier, content.size());
    out += content;
}

}   // namespace gateway::seal::tlv
