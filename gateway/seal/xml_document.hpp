#pragma once

// XML from outside, read so that it can do no harm: no document type, no entity but the five of
// XML, no network or file, UTF-8 only, bounds on bytes, depth, elements and namespaces. Elements
// are views into their document and must not outlive it. Any thread, one at a time per document.

#include "gateway/seal/finding.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

/// Canonical XML without comments: 1.0 is REC-xml-c14n-20010315, 1.1 is xml-c14n11.
enum class Canonicalization { inclusive_1_0, inclusive_1_1 };

class XmlElement {
public:
    explicit XmlElement(void* node) : node_(node) {}

    std::string_view name() const;            // local name
    std::string_view namespace_uri() const;   // empty: none
    bool is(std::string_view uri, std::string_view local_name) const;
    /// An attribute without namespace.
    std::optional<std::string> attribute(std::string_view name) const;
    std::vector<XmlElement> children() const;
    /// The one child element of this name; nothing when there is none or more than one.
    std::optional<XmlElement> only_child(std::string_view uri, std::string_view local_name) const;
    /// Character data directly inside; nothing when there are elements as well.
    std::optional<std::string> text() const;
    /// Has character data other than white space beside its elements.
    bool has_loose_text() const;
    /// The element and all below it, with the namespaces in scope. Empty when memory is short.
    std::string canonical(Canonicalization method) const;

private:
    void* node_;
};

class XmlDocument {
public:
    /// `seal.xml_unsafe` {reason} for what is refused by a bound, `seal.xml_malformed` for the
    /// rest.
    static Judged<XmlDocument> parse(std::string_view bytes);

    XmlElement root() const;
    /// Some value of an attribute Id, ID, id or xml:id stands twice: references would be ambiguous.
    bool has_duplicate_ids() const;

private:
    explicit XmlDocument(std::shared_ptr<void> document) : document_(std::move(document)) {}
    std::shared_ptr<void> document_;
};

}   // namespace gateway::seal
