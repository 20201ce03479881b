#include "adapters/digital_post/standin/xml.hpp"

#include <libxml/parser.h>
#include <libxml/tree.h>

namespace gateway::digital_post::standin {

namespace {

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view()
                           : std::string_view(reinterpret_cast<const char*>(text));
}

std::string take(xmlChar* text) {
    std::string out(view(text));
    xmlFree(text);
    return out;
}

}   // namespace

XmlDocument parse_xml(std::string_view text) {
    XmlDocument document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
                         xmlFreeDoc);
    if (!document || document->intSubset != nullptr) {
        return nullptr;
    }
    return document;
}

xmlNode* root_of(const XmlDocument& document) {
    return xmlDocGetRootElement(document.get());
}

bool is_element(const xmlNode* node, std::string_view name, std::string_view space) {
    return node != nullptr && node->type == XML_ELEMENT_NODE && view(node->name) == name &&
           node->ns != nullptr && view(node->ns->href) == space;
}

std::vector<xmlNode*> children(const xmlNode* node, std::string_view name, std::string_view space) {
    std::vector<xmlNode*> out;
    for (xmlNode* at = node == nullptr ? nullptr : node->children; at != nullptr; at = at->next) {
        if (at->type == XML_ELEMENT_NODE && (name.empty() || is_element(at, name, space))) {
            out.push_back(at);
        }
    }
    return out;
}

xmlNode* child(const xmlNode* node, std::string_view name, std::string_view space) {
    const auto all = children(node, name, space);
    return all.size() == 1 ? all.front() : nullptr;
}

std::string text_of(const xmlNode* node) {
    return node == nullptr ? std::string() : take(xmlNodeGetContent(node));
}

std::string attribute_of(const xmlNode* node, const char* name) {
    return node == nullptr ? std::string()
                           : take(xmlGetNoNsProp(node, reinterpret_cast<const xmlChar*>(name)));
}

}   // namespace gateway::digital_post::standin
