#pragma once

// Ids are types. A UUID is 16 bytes; ours are version 7 (time first), written lower case with
// hyphens (36 characters), which fits Altinn's `idempotentKey`, Fiks' `klientMeldingId` and the SBD
// instance identifier.

#include "gateway/core/failure.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::core {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    friend auto operator<=>(const Uuid&, const Uuid&) = default;
    std::string to_string() const;
    /// The 16 bytes as a string, for storage.
    std::string to_bytes() const;
};

/// 36 characters, hyphens in place, either case. Nothing else.
std::optional<Uuid> parse_uuid(std::string_view);
std::optional<Uuid> uuid_from_bytes(std::string_view);

/// A UUID that cannot be mistaken for one of another kind.
template <class Tag>
struct Id {
    Uuid uuid;

    Id() = default;
    explicit Id(Uuid value) : uuid(value) {}
    friend auto operator<=>(const Id&, const Id&) = default;
    std::string to_string() const { return uuid.to_string(); }
    std::string to_bytes() const { return uuid.to_bytes(); }
    static std::optional<Id> parse(std::string_view text) {
        const auto value = parse_uuid(text);
        return value ? std::optional<Id>(Id(*value)) : std::nullopt;
    }
};

using MessageId = Id<struct MessageTag>;
using DeliveryId = Id<struct DeliveryTag>;
using EventId = Id<struct EventTag>;
using InboxId = Id<struct InboxTag>;

/// A name that cannot be mistaken for one of another kind.
template <class Tag>
struct Name {
    std::string value;

    Name() = default;
    explicit Name(std::string text) : value(std::move(text)) {}
    friend auto operator<=>(const Name&, const Name&) = default;
    bool empty() const { return value.empty(); }
};

using TenantId = Name<struct TenantTag>;           // organisation number, 9 digits
using SystemId = Name<struct SystemTag>;           // [system.<id>] in the tenant's file
using ConnectionId = Name<struct ConnectionTag>;   // [connection.<id>]

/// Counts up with each claim of a delivery or lease; an older one changes nothing.
struct Fence {
    std::uint64_t value = 0;
    friend auto operator<=>(const Fence&, const Fence&) = default;
};

/// SHA-256 of a document's plain bytes.
struct Sha256 {
    std::array<std::uint8_t, 32> bytes{};

    friend auto operator<=>(const Sha256&, const Sha256&) = default;
    std::string to_hex() const;
    std::string to_bytes() const;
};

/// 64 lower-case hexadecimal characters.
std::optional<Sha256> parse_sha256(std::string_view);
std::optional<Sha256> sha256_from_bytes(std::string_view);

std::string to_hex(std::string_view bytes);

/// Nine digits whose modulus 11 check digit fits (weights 3 2 7 6 5 4 3 2).
bool is_organisation_number(std::string_view);
/// Eleven digits whose two check digits fit; synthetic and D-numbers too (the date is not judged).
bool is_person_number(std::string_view);

}   // namespace gateway::core

template <class Tag>
struct std::hash<gateway::core::Id<Tag>> {
    std::size_t operator()(const gateway::core::Id<Tag>& id) const noexcept {
        std::size_t value = 0;
        for (std::size_t i = 8; i < 16; ++i) {
            value = (value << 8U) | id.uuid.bytes[i];
        }
        return value;
    }
};

template <class Tag>
struct std::hash<gateway::core::Name<Tag>> {
    std::size_t operator()(const gateway::core::Name<Tag>& name) const noexcept {
        return std::hash<std::string>{}(name.value);
    }
};
