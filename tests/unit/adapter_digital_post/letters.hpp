#pragma once

// Letters, settings and deliveries as the tests of digital_post use them.

#include "adapters/digital_post/dpi_letter.hpp"

#include <string>
#include <vector>

namespace letters {

namespace core = gateway::core;
namespace json = gateway::json;
namespace dpi = gateway::digital_post;

inline constexpr const char* municipality = "310001007";
inline constexpr const char* supplier = "991825827";
inline constexpr const char* person = "17859130003";
inline constexpr const char* delivery_id = "0198408f-979c-75e0-b23e-aef6e907015f";

inline json::Value parsed(const std::string& text) {
    return *json::parse(text);
}

/// A decision to a person, with one PDF.
inline json::Value letter() {
    return parsed(R"({"type":"letter","version":1,"kind":"decision","reference":"r",
        "recipient":{"person":"17859130003"},"title":"Vedtak om redusert betaling",
        "nonSensitiveTitle":"Brev fra Sluse kommune","language":"nb","securityLevel":4,
        "mustBe":"any","openReceipt":true,
        "documents":[{"sha256":"aa","name":"vedtak.pdf","title":"vedtak.pdf",
                      "mediaType":"application/pdf"}],
        "address":{"name":"Kari Nordmann","lines":["Storgata 1"],"postalCode":"0150",
                   "city":"Oslo"}})");
}

inline json::Value document(const std::string& name, const std::string& type = "application/pdf") {
    json::Value made;
    made.set("name", name).set("title", name).set("mediaType", type);
    return made;
}

inline core::DocumentRef reference(const std::string& name, std::uint64_t size = 10) {
    core::DocumentRef made;
    made.name = name;
    made.title = name;
    made.media_type = "application/pdf";
    made.size = size;
    return made;
}

inline gateway::sdk::ConnectionFacts facts(const std::string& more = {},
                                           const std::string& organisation = municipality) {
    gateway::sdk::ConnectionFacts made;
    made.connection = "digital-post";
    made.base_url = "https://corner2.example/api/v2/dpi";
    made.settings = R"({"organisation":")" + organisation + R"(","trust_file":"{}")" + more + "}";
    return made;
}

inline dpi::Settings settings(const std::string& more = {},
                              const std::string& organisation = municipality) {
    return *dpi::read_settings(facts(more, organisation));
}

inline core::Delivery delivery(const json::Value& content = letter(),
                               const std::string& with = R"({"service":"digital"})") {
    core::Delivery made;
    made.tenant = core::TenantId(municipality);
    made.system = core::SystemId("byggesak");
    made.id = *core::DeliveryId::parse(delivery_id);
    made.upstream_key = delivery_id;
    made.type = "letter/v1";
    made.content = json::write(content);
    made.settings = with;
    for (const auto& one : content["documents"].items()) {
        auto ref = reference(one["name"].as_string());
        ref.title = one["title"].as_string();
        ref.media_type = one["mediaType"].as_string();
        made.documents.push_back(std::move(ref));
    }
    return made;
}

inline const char* on_paper =
    R"({"service":"print","return_address":{"name":"Sluse kommune","lines":["Boks 1"],
        "postal_code":"1890","city":"Rakkestad"}})";

/// "pointer code" of each problem, in order.
inline std::vector<std::string> told(const std::vector<core::Problem>& problems) {
    std::vector<std::string> lines;
    for (const auto& problem : problems) {
        lines.push_back(problem.pointer + " " + problem.code.value);
    }
    return lines;
}

}   // namespace letters
