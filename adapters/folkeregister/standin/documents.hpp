#pragma once

// Persons and events as the register writes them.

#include "adapters/folkeregister/standin/registry.hpp"

#include <set>
#include <string>

namespace gateway::folkeregister::standin {

/// Every part there is.
const std::set<std::string>& all_parts();
/// A `folkeregisterperson` of these parts; `identifikasjonsnummer` always.
json::Value document_of(const json::Value& person, const std::set<std::string>& parts);
/// As in the list: {"sekvensnummer", "hendelse"}.
json::Value listed(const Event& event);
/// What it changed: {"dokumentidentifikator", "hendelse": {..., "egenskapshendelse"}}.
json::Value detailed(const Event& event);

}   // namespace gateway::folkeregister::standin
