#include "adapters/fiks_io/amqp/amqp_tables.hpp"

#include <cstdint>
#include <vector>

namespace gateway::fiks_io::amqp {
namespace {

std::optional<std::size_t> number_at(std::string_view bytes, std::size_t at) {
    if (at > bytes.size() || bytes.size() - at < 4) {
        return std::nullopt;
    }
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

/// Bytes of a value of fixed size; nothing for the others and for unknown kinds.
std::optional<std::size_t> fixed_size(char kind) {
    switch (kind) {
    case 'V': return 0;
    case 't':
    case 'b':
    case 'B': return 1;
    case 's':
    case 'u': return 2;
    case 'I':
    case 'i':
    case 'f': return 4;
    case 'D': return 5;
    case 'l':
    case 'L':
    case 'd':
    case 'T': return 8;
    default: return std::nullopt;
    }
}

/// A table or an array that is being looked over.
struct Level {
    std::size_t end = 0;
    bool named = true;   // a table: each value has a name
};

}   // namespace

std::optional<std::size_t> table_bytes(std::string_view bytes, int depth_max) {
    const auto length = number_at(bytes, 0);
    if (!length || *length > bytes.size() - 4) {
        return std::nullopt;
    }
    std::vector<Level> levels{Level{4 + *length, true}};
    std::size_t at = 4;
    while (!levels.empty()) {
        const Level level = levels.back();
        if (at == level.end) {
            levels.pop_back();
            continue;
        }
        if (level.named) {
            at += 1 + static_cast<unsigned char>(bytes[at]);
        }
        if (at >= level.end) {
            return std::nullopt;
        }
        const char kind = bytes[at++];
        std::size_t size = 0;
        if (const auto fixed = fixed_size(kind)) {
            size = *fixed;
        } else if (kind == 'S' || kind == 'x' || kind == 'F' || kind == 'A') {
            const auto inner = number_at(bytes, at);
            if (!inner) {
                return std::nullopt;
            }
            at += 4;
            size = *inner;
        } else {
            return std::nullopt;
        }
        if (at > level.end || size > level.end - at) {
            return std::nullopt;
        }
        if (kind == 'F' || kind == 'A') {
            if (levels.size() >= static_cast<std::size_t>(depth_max)) {
                return std::nullopt;
            }
            levels.push_back(Level{at + size, kind == 'F'});
        } else {
            at += size;
        }
    }
    return at;
}

}   // namespace gateway::fiks_io::amqp
