#pragma once

// libxml2, without its surprises: no network, no entities, no document type.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::standin {

// What libxml2 calls xmlDoc and xmlNode: its names stay in .cpp files.
struct XmlTree;
struct XmlNode;
using XmlDocument = std::shared_ptr<XmlTree>;

/// Nothing for what is no XML, or has a document type.
XmlDocument parse_xml(std::string_view text);
XmlNode* root_of(const XmlDocument& document);

bool is_element(const XmlNode* node, std::string_view name, std::string_view space);
/// Its name without prefix, and its namespace.
std::string name_of(const XmlNode* node);
std::string space_of(const XmlNode* node);
/// Child elements of that name; all without one.
std::vector<XmlNode*> children(const XmlNode* node, std::string_view name = {},
                               std::string_view space = {});
/// The only child of that name; nullptr when there is none or another one.
XmlNode* child(const XmlNode* node, std::string_view name, std::string_view space);
std::string text_of(const XmlNode* node);
/// An attribute without namespace; empty when absent.
std::string attribute_of(const XmlNode* node, const char* name);

/// An attribute of a namespace; empty when absent.
std::string attribute_in(const XmlNode* node, const char* name, const char* space);
/// For text and attribute values in quotation marks.
std::string xml_escaped(std::string_view text);

}   // namespace gateway::standin
