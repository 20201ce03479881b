#include "gateway/seal/xml_document.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/handle.hpp"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <mutex>
#include <set>

namespace gateway::seal {
namespace {

using crypto::Handle;

// Room for a signature over 2000 files with the longest names.
constexpr std::size_t xml_bytes_max = 2U << 20U;
constexpr std::size_t depth_max = 24;   // real ones have 9
constexpr std::size_t nodes_max = 60'000;
constexpr std::size_t namespaces_in_scope_max = 32;   // C14N looks at all of them in each element
// A start tag is checked for repeated attributes in quadratic time.
constexpr std::size_t tag_bytes_max = 16U << 10U;

Finding unsafe(const char* reason) {
    return Finding("seal.xml_unsafe", {{"reason", reason}});
}

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

xmlNode* as_node(void* node) {
    return static_cast<xmlNode*>(node);
}

void initialise_once() {
    static std::once_flag once;
    std::call_once(once, xmlInitParser);
}

/// What can be told from the bytes alone, before the parser spends memory and time on them. In
/// UTF-8 text without NUL bytes, `<!DOCTYPE` in any other role than a document type declaration
/// (comment, CDATA) has no place in a signature either.
std::optional<Finding> refuse_bytes(std::string_view bytes) {
    if (bytes.size() > xml_bytes_max) {
        return unsafe("bytes");
    }
    if (bytes.find('\0') != std::string_view::npos) {
        return unsafe("encoding");
    }
    if (bytes.find("<!DOCTYPE") != std::string_view::npos ||
        bytes.find("<!ENTITY") != std::string_view::npos) {
        return unsafe("doctype");
    }
    std::size_t tag_begin = std::string_view::npos;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '<') {
            tag_begin = i;
        } else if (bytes[i] == '>') {
            tag_begin = std::string_view::npos;
        } else if (tag_begin != std::string_view::npos && i - tag_begin > tag_bytes_max) {
            return unsafe("tag");
        }
    }
    return std::nullopt;
}

std::size_t count_namespaces(const xmlNode* element) {
    std::size_t count = 0;
    for (const xmlNs* ns = element->nsDef; ns != nullptr; ns = ns->next) {
        ++count;
    }
    return count;
}

/// The next node in document order, keeping the depth and the namespaces in scope.
struct Walk {
    xmlNode* node;
    std::size_t depth = 1;
    std::size_t namespaces = 0;

    explicit Walk(xmlNode* root) : node(root), namespaces(count_namespaces(root)) {}

    void leave() {
        if (node->type == XML_ELEMENT_NODE) {
            namespaces -= count_namespaces(node);
        }
    }
    void enter() {
        if (node->type == XML_ELEMENT_NODE) {
            namespaces += count_namespaces(node);
        }
    }
    bool step(const xmlNode* root) {
        if (node->type == XML_ELEMENT_NODE && node->children != nullptr) {
            node = node->children;
            ++depth;
            enter();
            return true;
        }
        while (node != root) {
            leave();
            if (node->next != nullptr) {
                node = node->next;
                enter();
                return true;
            }
            node = node->parent;
            --depth;
        }
        return false;
    }
};

std::optional<Finding> refuse_tree(xmlDoc* document) {
    xmlNode* const root = xmlDocGetRootElement(document);
    if (document->intSubset != nullptr || document->extSubset != nullptr) {
        return unsafe("doctype");
    }
    Walk walk(root);
    std::size_t nodes = 0;
    do {
        if (++nodes > nodes_max) {
            return unsafe("nodes");
        }
        if (walk.depth > depth_max) {
            return unsafe("depth");
        }
        if (walk.namespaces > namespaces_in_scope_max) {
            return unsafe("namespaces");
        }
        const xmlElementType type = walk.node->type;
        if (type != XML_ELEMENT_NODE && type != XML_TEXT_NODE && type != XML_CDATA_SECTION_NODE &&
            type != XML_COMMENT_NODE) {
            return unsafe("node_kind");   // entity references, processing instructions
        }
    } while (walk.step(root));
    return std::nullopt;
}

/// Nodes of the subtree `user` are seen; a namespace is seen with the element it stands in.
int is_below(void* user, xmlNode* node, xmlNode* parent) {
    const xmlNode* at = node->type == XML_NAMESPACE_DECL ? parent : node;
    while (at != nullptr && at != user) {
        at = at->parent;
    }
    return at == user ? 1 : 0;
}

void keep_silent(void*, xmlError*) {}

/// The value of a namespaceless attribute, or of one of another namespace when `any`.
std::string attribute_text(const xmlAttr* attribute) {
    std::string text;
    for (const xmlNode* part = attribute->children; part != nullptr; part = part->next) {
        text += view(part->content);
    }
    return text;
}

}   // namespace

std::string_view XmlElement::name() const {
    return view(as_node(node_)->name);
}

std::string_view XmlElement::namespace_uri() const {
    const xmlNs* ns = as_node(node_)->ns;
    return ns == nullptr ? std::string_view() : view(ns->href);
}

bool XmlElement::is(std::string_view uri, std::string_view local_name) const {
    return name() == local_name && namespace_uri() == uri;
}

std::optional<std::string> XmlElement::attribute(std::string_view wanted) const {
    for (const xmlAttr* one = as_node(node_)->properties; one != nullptr; one = one->next) {
        if (one->ns == nullptr && view(one->name) == wanted) {
            return attribute_text(one);
        }
    }
    return std::nullopt;
}

std::vector<XmlElement> XmlElement::children() const {
    std::vector<XmlElement> found;
    for (xmlNode* one = as_node(node_)->children; one != nullptr; one = one->next) {
        if (one->type == XML_ELEMENT_NODE) {
            found.emplace_back(one);
        }
    }
    return found;
}

std::optional<XmlElement> XmlElement::only_child(std::string_view uri,
                                                 std::string_view local_name) const {
    std::optional<XmlElement> found;
    for (const auto& child : children()) {
        if (child.is(uri, local_name)) {
            if (found) {
                return std::nullopt;
            }
            found = child;
        }
    }
    return found;
}

std::optional<std::string> XmlElement::text() const {
    std::string text;
    for (const xmlNode* one = as_node(node_)->children; one != nullptr; one = one->next) {
        if (one->type == XML_ELEMENT_NODE) {
            return std::nullopt;
        }
        if (one->type == XML_TEXT_NODE || one->type == XML_CDATA_SECTION_NODE) {
            text += view(one->content);
        }
    }
    return text;
}

bool XmlElement::has_loose_text() const {
    for (const xmlNode* one = as_node(node_)->children; one != nullptr; one = one->next) {
        if ((one->type == XML_TEXT_NODE || one->type == XML_CDATA_SECTION_NODE) &&
            view(one->content).find_first_not_of(" \t\r\n") != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

std::string XmlElement::canonical(Canonicalization method) const {
    const int mode = method == Canonicalization::inclusive_1_0 ? XML_C14N_1_0 : XML_C14N_1_1;
    xmlOutputBuffer* const out = xmlAllocOutputBuffer(nullptr);
    if (out == nullptr) {
        return {};
    }
    std::string text;
    if (xmlC14NExecute(as_node(node_)->doc, is_below, node_, mode, nullptr, 0, out) >= 0) {
        text.assign(reinterpret_cast<const char*>(xmlOutputBufferGetContent(out)),
                    xmlOutputBufferGetSize(out));
    }
    xmlOutputBufferClose(out);
    return text;
}

Judged<XmlDocument> XmlDocument::parse(std::string_view bytes) {
    if (const auto refused = refuse_bytes(bytes)) {
        return *refused;
    }
    initialise_once();
    const Handle<xmlParserCtxt, xmlFreeParserCtxt> context(xmlNewParserCtxt());
    if (!context) {
        return Finding("seal.xml_malformed");
    }
    context->sax->serror = keep_silent;
    // NONET and the absence of NOENT, DTDLOAD and HUGE keep it inside these bytes.
    std::shared_ptr<void> document(
        xmlCtxtReadMemory(context.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr,
                          "UTF-8", XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        [](void* owned) { xmlFreeDoc(static_cast<xmlDoc*>(owned)); });
    xmlResetLastError();
    if (!document || xmlDocGetRootElement(static_cast<xmlDoc*>(document.get())) == nullptr) {
        return Finding("seal.xml_malformed");
    }
    if (const auto refused = refuse_tree(static_cast<xmlDoc*>(document.get()))) {
        return *refused;
    }
    return XmlDocument(std::move(document));
}

XmlElement XmlDocument::root() const {
    return XmlElement(xmlDocGetRootElement(static_cast<xmlDoc*>(document_.get())));
}

bool XmlDocument::has_duplicate_ids() const {
    std::set<std::string> seen;
    xmlNode* const root = xmlDocGetRootElement(static_cast<xmlDoc*>(document_.get()));
    Walk walk(root);
    do {
        const xmlNode* node = walk.node;
        const xmlAttr* one = node->type == XML_ELEMENT_NODE ? node->properties : nullptr;
        for (; one != nullptr; one = one->next) {
            const std::string_view name = view(one->name);
            const bool is_id = name == "Id" || name == "ID" || name == "id";
            if (is_id && !seen.insert(attribute_text(one)).second) {
                return true;
            }
        }
    } while (walk.step(root));
    return false;
}

}   // namespace gateway::seal
