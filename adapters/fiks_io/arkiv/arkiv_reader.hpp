#pragma once

// An element of an archive's answer as JSON. Elements are known by their local names, in any order:
// archives differ in namespaces. What is not known, or is not what its name promises, is kept under
// `more` by the name the archive used. Pure.

#include "adapters/fiks_io/arkiv/arkiv_vocabulary.hpp"
#include "gateway/json/value.hpp"
#include "gateway/seal/xml_document.hpp"

#include <optional>
#include <string_view>

namespace gateway::fiks_io::arkiv {

json::Value read_element(const seal::XmlElement& element, Kind kind);

/// The first child of that local name.
std::optional<seal::XmlElement> child_of(const seal::XmlElement& element, std::string_view name);
/// Its text without surrounding white space; empty when there is none or it has elements.
std::string text_of(const seal::XmlElement& element);

}   // namespace gateway::fiks_io::arkiv
