#pragma once

// libxml2, without its surprises: no network, no entities, no document type.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct _xmlDoc;
struct _xmlNode;

namespace gateway::digital_post::standin {

using XmlDocument = std::shared_ptr<_xmlDoc>;

/// Nothing for what is no XML, or has a document type.
XmlDocument parse_xml(std::string_view text);
_xmlNode* root_of(const XmlDocument& document);

bool is_element(const _xmlNode* node, std::string_view name, std::string_view space);
/// Child elements of that name; all without one.
std::vector<_xmlNode*> children(const _xmlNode* node, std::string_view name = {},
                                std::string_view space = {});
/// The only child of that name; nullptr when there is none or another one.
_xmlNode* child(const _xmlNode* node, std::string_view name, std::string_view space);
std::string text_of(const _xmlNode* node);
/// An attribute without namespace; empty when absent.
std::string attribute_of(const _xmlNode* node, const char* name);

}   // namespace gateway::digital_post::standin
