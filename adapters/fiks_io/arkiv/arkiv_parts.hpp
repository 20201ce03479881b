#pragma once

// The types that several messages of Fiks Arkiv are made of. `own` is the prefix of the namespace
// that declares the element's children: "" where arkivmelding/opprett is the root, "o:" elsewhere.
// Order is that of the XML Schema. Pure.

#include "adapters/fiks_io/arkiv/arkiv_xml.hpp"

#include <string_view>

namespace gateway::fiks_io::arkiv {

/// Nothing for null, each of them.
void write_code(XmlWriter& xml, std::string_view name, const json::Value& code);
void write_identity(XmlWriter& xml, std::string_view name, const json::Value& identity);
void write_key(XmlWriter& xml, std::string_view name, const json::Value& external_key);
void write_case_reference(XmlWriter& xml, std::string_view name, const json::Value& reference);
void write_record_reference(XmlWriter& xml, std::string_view name, const json::Value& reference);
void write_document_reference(XmlWriter& xml, std::string_view name, const json::Value& reference);

void write_party(XmlWriter& xml, std::string_view name, std::string_view own,
                 const json::Value& party);
void write_correspondent(XmlWriter& xml, std::string_view name, std::string_view own,
                         const json::Value& correspondent);
void write_correspondent_members(XmlWriter& xml, std::string_view own,
                                 const json::Value& correspondent);
void write_remark(XmlWriter& xml, std::string_view name, std::string_view own,
                  const json::Value& remark);
void write_class(XmlWriter& xml, std::string_view name, std::string_view own,
                 const json::Value& one);
void write_screening(XmlWriter& xml, std::string_view name, std::string_view own,
                     const json::Value& screening);
/// A link to a record (kryssreferanse).
void write_link(XmlWriter& xml, std::string_view name, std::string_view own,
                const json::Value& record);
void write_land_unit(XmlWriter& xml, std::string_view name, std::string_view own,
                     const json::Value& unit);
void write_building(XmlWriter& xml, std::string_view name, std::string_view own,
                    const json::Value& building);
void write_plan(XmlWriter& xml, std::string_view name, std::string_view own,
                const json::Value& plan);

/// What a party and a correspondent have in common, without who they are.
void write_contact(XmlWriter& xml, std::string_view own, const json::Value& party);

}   // namespace gateway::fiks_io::arkiv
