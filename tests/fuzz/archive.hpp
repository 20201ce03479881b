#pragma once

// Whatever an archive answers: content that holds by archiveanswer/v1, or nothing at all. Whatever
// message the rules let through: XML that is read again.

#include "adapters/fiks_io/arkiv/arkiv.hpp"
#include "gateway/json/schema.hpp"
#include "gateway/seal/xml_document.hpp"
#include "message_schemas.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::archive {

namespace arkiv = gateway::fiks_io::arkiv;

inline void answer(std::string_view type, std::string_view payload) {
    static const auto schema =
        *gateway::json::Schema::compile(gateway::validate::embedded::archiveanswer_v1);
    const auto read = arkiv::answer_of(type, payload);
    promise(arkiv::is_answer(type) || read.standing == arkiv::Standing::unreadable,
            "only an archive's answers are read");
    const bool is_good =
        read.standing == arkiv::Standing::done || read.standing == arkiv::Standing::under_way;
    promise(is_good == read.code.empty(), "what is not good has a reason");
    for (const auto& [name, value] : read.params) {
        promise(!has_control(value) && value.size() <= 64, "an event's values are tame");
    }
    if (read.standing == arkiv::Standing::unreadable) {
        promise(read.content.is_null() && read.keys.empty() && !read.for_inbox,
                "what is not read says nothing");
        return;
    }
    promise(schema.check(read.content).empty(), "content holds by its schema");
    promise(gateway::json::parse(gateway::json::write(read.content)).has_value(),
            "what is stored is read again");
}

inline void message(std::string_view text) {
    static const auto schema =
        *gateway::json::Schema::compile(gateway::validate::embedded::archive_v1);
    const auto value = gateway::json::parse(text);
    if (!value || !schema.check(*value).empty()) {
        return;
    }
    std::vector<gateway::core::DocumentRef> documents;
    for (const auto& one : (*value)["documents"].items()) {
        documents.emplace_back();
        documents.back().name = one["name"].as_string();
    }
    const auto made = arkiv::message_of(*value, documents, {"system", "message", {}});
    promise(made.has_value() == arkiv::check(*value, documents).empty(),
            "what the rules let through is made, and nothing else");
    promise(!made || gateway::seal::XmlDocument::parse(made->payload).has_value(),
            "what is made is read again");
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = text_of(data, size);
    const std::string_view type = first_line(rest);
    if (type == "archive") {
        message(rest);
    } else {
        answer(type, rest);
    }
}

}   // namespace fuzz::archive
