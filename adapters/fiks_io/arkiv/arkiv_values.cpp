#include "adapters/fiks_io/arkiv/arkiv_codes.hpp"
#include "adapters/fiks_io/arkiv/arkiv_intents.hpp"
#include "adapters/fiks_io/arkiv/arkiv_rules.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/seal/xml_text.hpp"

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;

constexpr std::string_view dates = "date documentDate dueDate until";
constexpr std::string_view moments = "receivedAt sentAt closedAt at";

void check_text(const std::string& pointer, std::string_view name, const std::string& text,
                Problems& problems) {
    if (!seal::is_xml_text(text)) {
        problems.emplace_back(pointer, "archive.text_not_xml");
    } else if (has_word(dates, name) && !core::parse_date(text)) {
        problems.emplace_back(pointer, "archive.date_invalid");
    } else if (has_word(moments, name) && !core::parse_rfc3339(text)) {
        problems.emplace_back(pointer, "archive.date_invalid");
    } else if (name == "person" && !core::is_person_number(text)) {
        problems.emplace_back(pointer, "archive.number_invalid", core::Params{{"kind", "person"}});
    } else if (name == "organisation" && !core::is_organisation_number(text)) {
        problems.emplace_back(pointer, "archive.number_invalid",
                              core::Params{{"kind", "organisation"}});
    }
}

void check_named(const std::string& pointer, std::string_view name, const Value& value,
                 Problems& problems) {
    if (value.is_string()) {
        check_text(pointer, name, value.as_string(), problems);
    }
    if (value.has("person") && value.has("organisation")) {
        problems.emplace_back(pointer, "archive.person_or_organisation");
    }
    for (const auto& [member, inner] : value.members()) {
        check_named(pointer + json::pointer_token(member), member, inner, problems);
    }
    const auto& items = value.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
        check_named(pointer + "/" + std::to_string(i), {}, items[i], problems);
    }
}

void check_code(const std::string& pointer, const Value& whole, const char* member,
                const char* list, Problems& problems) {
    const auto meant = meant_code(list, whole[member].as_string());
    if (!meant.empty()) {
        problems.emplace_back(pointer + "/" + member, "archive.code_misspelt",
                              core::Params{{"list", list}, {"meant", std::string(meant)}});
    }
}

void check_each(const std::string& pointer, const Value& whole, const char* items,
                const char* member, const char* list, Problems& problems) {
    const auto& all = whole[items].items();
    for (std::size_t i = 0; i < all.size(); ++i) {
        check_code(pointer + "/" + items + "/" + std::to_string(i), all[i], member, list, problems);
    }
}

}   // namespace

void check_values(const std::string& pointer, const Value& value, Problems& problems) {
    check_named(pointer, {}, value, problems);
}

void check_codes(const Value& message, Problems& problems) {
    check_code("/case", message["case"], "status", "saksstatus", problems);
    check_code("/record", message["record"], "status", "journalstatus", problems);
    check_code("/document", message["document"], "status", "dokumentstatus", problems);
    check_code("/document", message["document"], "documentType", "dokumenttype", problems);
    check_code("/followUp", message["followUp"], "manner", "avskrivningsmaate", problems);
    for (const char* whole : {"case", "record", "document"}) {
        const std::string pointer = std::string("/") + whole;
        check_each(pointer, message[whole], "parties", "role", "partrolle", problems);
        check_each(pointer, message[whole], "remarks", "type", "merknadstype", problems);
    }
    check_each("/record", message["record"], "correspondents", "role", "korrespondanseparttype",
               problems);
    check_each("", message, "documents", "status", "dokumentstatus", problems);
    check_each("", message, "documents", "documentType", "dokumenttype", problems);
    check_each("", message, "documents", "variant", "variantformat", problems);
}

}   // namespace gateway::fiks_io::arkiv
