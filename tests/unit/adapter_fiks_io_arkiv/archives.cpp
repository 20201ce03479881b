#include "archives.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

namespace tests::arkiv {

json::Value parse(const std::string& text) {
    auto value = json::parse_or_failure(text);
    REQUIRE(value.has_value());
    return *value;
}

json::Value example(const std::string& name) {
    std::ifstream stream(SLUSE_SOURCE_DIR "/schemas/messages/archive/examples/valid/" + name +
                         ".json");
    std::ostringstream text;
    text << stream.rdbuf();
    return parse(text.str());
}

std::vector<core::DocumentRef> documents_of(const json::Value& message) {
    std::vector<core::DocumentRef> documents;
    for (const auto& one : message["documents"].items()) {
        core::DocumentRef document;
        document.name = one["name"].as_string();
        document.title = one["title"].as_string();
        document.media_type = "application/pdf";
        document.size = 1000 + documents.size();
        document.sha256.bytes.fill(0xaa);
        documents.push_back(std::move(document));
    }
    return documents;
}

fiks::Origin origin() {
    return {"Barnehagesystemet", "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21",
            core::parse_rfc3339("2026-03-01T23:30:00Z").value()};
}

fiks::Outgoing made(const json::Value& message) {
    auto outgoing = fiks::message_of(message, documents_of(message), origin());
    INFO((outgoing ? std::string() : outgoing.error().to_string()));
    REQUIRE(outgoing.has_value());
    return *outgoing;
}

std::vector<std::string> problems(const json::Value& message) {
    std::vector<std::string> found;
    for (const auto& problem : fiks::check(message, documents_of(message))) {
        found.push_back(problem.pointer + " " + problem.code.value);
    }
    return found;
}

std::string text_in(const std::string& xml, const std::string& element) {
    const auto open = xml.find("<" + element + ">");
    if (open == std::string::npos) {
        return "(none)";
    }
    const auto begin = open + element.size() + 2;
    return xml.substr(begin, xml.find("</" + element + ">", begin) - begin);
}

std::string payload(const std::string& root, const std::string& space, const std::string& inside) {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><" + root +
           " xmlns=\"https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/" + space +
           "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
           "xmlns:m=\"https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/"
           "metadatakatalog/v1\" xmlns:f=\"https://ks-no.github.io/standarder/fiks-protokoll/"
           "fiks-arkiv/feil/feilmelding/v1\" xmlns:a=\"https://ks-no.github.io/standarder/"
           "fiks-protokoll/fiks-arkiv/arkivstruktur/v1\">" +
           inside + "</" + root + ">";
}

}   // namespace tests::arkiv
