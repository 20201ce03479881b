#pragma once

// Who lives in the sandbox: households, as plain descriptions.
//
//   {"number", "first", "last", "female": bool, "born": date, "status": "bosatt",
//    "citizenships": ["NOR"], "marriage": "gift", "married"?: date, "spouse"?: number,
//    "parents": [{"number", "role": "mor" | "far"}], "children": [number],
//    "address": {"street", "house", "letter"?, "postal_code", "city", "municipality"},
//    "grading": "ugradert", "since": date, "postal"?: {"box", "postal_code", "city"},
//    "died"?: date, "former": [number]}

#include "gateway/json/value.hpp"

#include <vector>

namespace gateway::standin {

/// All of these households, parents before children. The same for the same number.
std::vector<json::Value> make_people(unsigned households);
/// Somewhere to live: place `index` of many.
json::Value make_address(unsigned index);

}   // namespace gateway::standin
