#include "adapters/common/standin/containers/xml.hpp"

#include <libxml/parser.h>
#include <libxml/tree.h>

namespace gateway::standin {

namespace {

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view()
                           : std::string_view(reinterpret_cast<const char*>(text));
}

const xmlNode* raw(const XmlNode* node) {
    return reinterpret_cast<const xmlNode*>(node);
}
XmlNode* wrapped(xmlNode* node) {
    return reinterpret_cast<XmlNode*>(node);
}

std::string take(xmlChar* text) {
    std::string out(view(text));
    xmlFree(text);
    return out;
}

}   // namespace

XmlDocument parse_xml(std::string_view text) {
    const std::shared_ptr<xmlDoc> document(
        xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        xmlFreeDoc);
    if (!document || document->intSubset != nullptr) {
        return nullptr;
    }
    return {document, reinterpret_cast<XmlTree*>(document.get())};
}

XmlNode* root_of(const XmlDocument& document) {
    return wrapped(xmlDocGetRootElement(reinterpret_cast<xmlDoc*>(document.get())));
}

bool is_element(const XmlNode* wrapped_node, std::string_view name, std::string_view space) {
    const xmlNode* node = raw(wrapped_node);
    return node != nullptr && node->type == XML_ELEMENT_NODE && view(node->name) == name &&
           node->ns != nullptr && view(node->ns->href) == space;
}

std::vector<XmlNode*> children(const XmlNode* node, std::string_view name, std::string_view space) {
    std::vector<XmlNode*> out;
    for (xmlNode* at = node == nullptr ? nullptr : raw(node)->children; at != nullptr;
         at = at->next) {
        if (at->type == XML_ELEMENT_NODE &&
            (name.empty() || is_element(wrapped(at), name, space))) {
            out.push_back(wrapped(at));
        }
    }
    return out;
}

XmlNode* child(const XmlNode* node, std::string_view name, std::string_view space) {
    const auto all = children(node, name, space);
    return all.size() == 1 ? all.front() : nullptr;
}

std::string text_of(const XmlNode* node) {
    return node == nullptr ? std::string() : take(xmlNodeGetContent(raw(node)));
}

std::string attribute_of(const XmlNode* node, const char* name) {
    return node == nullptr
               ? std::string()
               : take(xmlGetNoNsProp(raw(node), reinterpret_cast<const xmlChar*>(name)));
}

std::string name_of(const XmlNode* node) {
    return std::string(view(raw(node)->name));
}

std::string space_of(const XmlNode* node) {
    return raw(node)->ns == nullptr ? std::string() : std::string(view(raw(node)->ns->href));
}

std::string attribute_in(const XmlNode* node, const char* name, const char* space) {
    return node == nullptr ? std::string()
                           : take(xmlGetNsProp(const_cast<xmlNode*>(raw(node)),
                                               reinterpret_cast<const xmlChar*>(name),
                                               reinterpret_cast<const xmlChar*>(space)));
}

std::string xml_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out.push_back(c);
        }
    }
    return out;
}

}   // namespace gateway::standin
