#pragma once

// What people have done through the operators' API: who, what and to which municipality, durable,
// for those who look after it. Never what an act was about in words: reasons of acts on messages
// and persons stay sealed with them. The newest hundred thousand are kept, in pages of the store.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway::admin {

struct AuditEntry {
    core::Time at{};
    std::string who;
    std::string act;
    std::string tenant;   // organisation number; empty: the installation
    std::string trace;
    core::Params fields;

    AuditEntry() = default;
};

inline constexpr std::size_t audit_page_entries = 100;
inline constexpr std::uint64_t audit_pages_max = 1000;

struct AuditPage {
    std::vector<AuditEntry> entries;      // newest first
    std::optional<std::uint64_t> older;   // the page behind it

    AuditPage() = default;
};

/// Any strand may call; keeps nothing between calls.
class AuditTrail {
public:
    explicit AuditTrail(ports::Store& store) : store_(store) {}

    /// Durable before it returns. `conflict`: others wrote all the time.
    sdk::Task<core::Result<void>> append(std::vector<AuditEntry> entries);
    /// The newest page, or this one; one that is not kept is empty.
    sdk::Task<core::Result<AuditPage>> read(std::optional<std::uint64_t> page);

private:
    struct Place {
        std::uint64_t page = 0;
        std::uint64_t head_version = 0;

        Place() = default;
    };
    sdk::Task<core::Result<Place>> find_newest();
    sdk::Task<core::Result<void>> append_once(const std::vector<AuditEntry>& entries);

    ports::Store& store_;
};

}   // namespace gateway::admin
