#include "adapters/fiks_io/arkiv/arkiv_xml.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/json/value.hpp"
#include "gateway/seal/xml_text.hpp"

namespace gateway::fiks_io::arkiv {

XmlWriter::XmlWriter(std::string_view root, std::string_view space) {
    const std::string all(namespaces);
    out_ = R"(<?xml version="1.0" encoding="UTF-8"?>)";
    out_ += "\n<" + std::string(root) + " xmlns=\"" + all + std::string(space) + "\" xmlns:m=\"" +
            all + "metadatakatalog/v1\" xmlns:o=\"" + all +
            "arkivmelding/opprett/v1\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";
    open_.emplace_back(root);
}

void XmlWriter::open(std::string_view name, std::string_view type) {
    out_ += "<" + std::string(name);
    if (!type.empty()) {
        out_ += " xsi:type=\"" + std::string(type) + "\"";
    }
    out_ += ">";
    open_.emplace_back(name);
}

void XmlWriter::close() {
    GATEWAY_ASSERT(!open_.empty());
    out_ += "</" + open_.back() + ">";
    open_.pop_back();
}

void XmlWriter::leaf(std::string_view name, std::string_view text) {
    const std::string tag(name);
    out_ += "<" + tag + ">" + seal::xml_character_data(text) + "</" + tag + ">";
}

void XmlWriter::leaf(std::string_view name, std::int64_t number) {
    leaf(name, std::to_string(number));
}

void XmlWriter::leaf_if(std::string_view name, const json::Value& value) {
    if (value.is_string()) {
        leaf(name, value.as_string());
    } else if (!value.is_null()) {
        leaf(name, json::write(value));   // as JSON writes them, so does XML Schema
    }
}

void XmlWriter::leaves(std::string_view name, const json::Value& texts) {
    for (const auto& text : texts.items()) {
        leaf_if(name, text);
    }
}

std::string XmlWriter::finish() {
    while (!open_.empty()) {
        close();
    }
    return std::move(out_);
}

}   // namespace gateway::fiks_io::arkiv
