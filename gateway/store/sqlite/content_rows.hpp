#pragma once

// The sealed content of messages: under a number that its message names. What was stored before
// there were such numbers lies under the message's id.

#include "gateway/core/ids.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::store::sqlite {

struct ContentRow {
    std::uint64_t number;
    std::string_view sealed;
};

void insert_contents(Database&, const std::vector<ContentRow>&);
/// Empty when it was erased.
std::string find_content(Database&, const core::TenantId&, core::Uuid message);
void empty_content(Database&, const core::TenantId&, core::Uuid message);
/// While the message's own row is there.
void remove_content(Database&, const core::TenantId&, core::Uuid message);

}   // namespace gateway::store::sqlite
