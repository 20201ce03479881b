#pragma once

// XML for an archive, written element by element. Text is escaped; that it holds no character which
// XML cannot is the caller's promise (check() refuses it). Pure.

#include "gateway/json/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::fiks_io::arkiv {

// Every namespace of Fiks Arkiv V1 begins so.
inline constexpr std::string_view namespaces =
    "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/";

/// The root's own elements have no prefix. Prefixes declared where they are asked for: `m` is
/// metadatakatalog (members of shared types), `o` arkivmelding/opprett, `xsi`.
class XmlWriter {
public:
    /// `space` without the common beginning: "arkivmelding/opprett/v1".
    XmlWriter(std::string_view root, std::string_view space);

    /// `type` as xsi:type, for a derived type of the same namespace as the element's prefix.
    void open(std::string_view name, std::string_view type = {});
    void close();
    void leaf(std::string_view name, std::string_view text);
    void leaf(std::string_view name, std::int64_t number);
    /// A text, number or truth value; nothing for null.
    void leaf_if(std::string_view name, const json::Value& value);
    /// One leaf for each text.
    void leaves(std::string_view name, const json::Value& texts);

    /// Closes what is open and hands it over.
    std::string finish();

private:
    std::string out_;
    std::vector<std::string> open_;
};

/// Opens on construction, closes at the end of its block.
class Element {
public:
    Element(XmlWriter& xml, std::string_view name, std::string_view type = {}) : xml_(xml) {
        xml_.open(name, type);
    }
    ~Element() { xml_.close(); }
    Element(const Element&) = delete;
    Element& operator=(const Element&) = delete;

private:
    XmlWriter& xml_;
};

}   // namespace gateway::fiks_io::arkiv
