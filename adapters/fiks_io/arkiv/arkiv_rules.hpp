#pragma once

// Parts of check(): what each part of a message must be to have a place in Fiks Arkiv. Pure.

#include "gateway/core/code.hpp"
#include "gateway/core/delivery.hpp"
#include "gateway/json/value.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::fiks_io::arkiv {

using Problems = std::vector<core::Problem>;

/// Every text below `value` can stand in XML; dates and times exist; numbers of persons and
/// organisations are whole.
void check_values(const std::string& pointer, const json::Value& value, Problems& problems);

/// Values of code lists, wherever they stand in a case, a record, a document or a follow-up.
void check_codes(const json::Value& message, Problems& problems);

void check_search(const json::Value& search, Problems& problems);

void check_files(const json::Value& message, std::span<const core::DocumentRef> documents,
                 std::string_view payload_name, Problems& problems);

}   // namespace gateway::fiks_io::arkiv
