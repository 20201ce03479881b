#include "adapters/svarut/svarut_rules.hpp"

#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace gateway::svarut {

using json::Value;

namespace {

constexpr std::size_t title_max = 1000;
constexpr std::size_t nhn_title_max = 200;
constexpr std::size_t name_min = 1;
constexpr std::size_t name_max = 226;
constexpr std::size_t cost_account_max = 20;
constexpr std::size_t party_name_max = 100;
constexpr std::size_t address_line_max = 70;
constexpr std::size_t address_lines_max = 3;
constexpr std::size_t person_name_max = 30;
constexpr std::size_t telephone_max = 20;
constexpr std::size_t links_max = 5;
constexpr std::int64_t her_id_max = 2'147'483'647;
constexpr std::string_view pdf = "application/pdf";
constexpr std::string_view forbidden = "*:\"\\/<>|?";

/// Letters of any script are more than SvarUt takes: a to z, æ, ø and å, digits and three signs.
bool is_cost_account(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
        if (plain) {
            continue;
        }
        const auto letter = text.substr(i, 2);
        if (letter != "æ" && letter != "ø" && letter != "å" && letter != "Æ" && letter != "Ø" &&
            letter != "Å") {
            return false;
        }
        ++i;
    }
    return true;
}

bool is_her_id(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && number > 0 &&
           number <= her_id_max;
}

bool is_plain(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20U || c == '\x7F';
    });
}

class Check {
public:
    Check(const Value& message, const Value& with, std::span<const core::DocumentRef> sizes)
        : message_(message),
          route_(read_route(with)),
          plan_(plan_of(message, route_)),
          sizes_(sizes),
          letter_(message["type"].as_string() != "transfer") {}

    std::vector<core::Problem> run() {
        demands();
        recipient();
        const std::size_t most = plan_.kind == Kind::nhn ? nhn_title_max : title_max;
        length("/title", message_["title"], most, "letter.title_too_long");
        if (!letter_ && message_["title"].as_string().empty()) {
            add("/title", "svarut.title_missing");
        }
        cost_account();
        address();
        files();
        if (plan_.kind == Kind::nhn) {
            health_network();
        }
        if (message_["links"].items().size() > links_max) {
            add("/links", "svarut.too_many_links", {{"max", std::to_string(links_max)}});
        }
        if (message_["reply"]["wanted"].as_bool() && !route_.reply_to.is_object() &&
            plan_.kind != Kind::nhn) {
            add("/reply/wanted", "svarut.reply_address_missing");
        }
        if (plan_.kind != Kind::organisation && message_.has("archive")) {
            add("/archive", "svarut.archive_not_carried");
        }
        return std::move(problems_);
    }

private:
    void add(std::string pointer, core::Code code, core::Params params = {}) {
        problems_.emplace_back(std::move(pointer), std::move(code), std::move(params));
    }

    void length(const std::string& pointer, const Value& text, std::size_t max, const char* code) {
        const std::size_t count = json::utf8_length(text.as_string());
        if (count > max) {
            add(pointer, code, {{"length", std::to_string(count)}, {"max", std::to_string(max)}});
        }
    }

    void demands() {
        const std::string& demand = message_["mustBe"].as_string();
        if (demand == "digital" && plan_.kind == Kind::print) {
            add("/mustBe", "letter.must_be_digital");
        }
        if (demand == "paper" && plan_.kind != Kind::print) {
            add("/mustBe", "letter.must_be_paper");
        }
        if (plan_.kind == Kind::print && message_["confidentiality"]["gradedAddress"].as_bool()) {
            add("/confidentiality/gradedAddress", "letter.graded_address_not_printed");
        }
        if (route_.way == Way::print && message_["recipient"].has("nhn")) {
            add("/recipient/nhn", "letter.recipient_not_supported", {{"kind", "nhn"}});
        }
    }

    void recipient() {
        const Value& to = message_["recipient"];
        if (to.has("person") && !core::is_person_number(to["person"].as_string())) {
            add("/recipient/person", "letter.recipient_invalid_number", {{"kind", "person"}});
        }
        if (to.has("organisation") &&
            !core::is_organisation_number(to["organisation"].as_string())) {
            add("/recipient/organisation", "letter.recipient_invalid_number",
                {{"kind", "organisation"}});
        }
    }

    void cost_account() {
        const std::string& account = message_["costAccount"].as_string();
        length("/costAccount", message_["costAccount"], cost_account_max,
               "svarut.cost_account_too_long");
        if (!is_cost_account(account)) {
            add("/costAccount", "svarut.cost_account_characters");
        }
    }

    /// A person has no other name with us; without lines nothing can be printed.
    void address() {
        const Value& given = message_["address"];
        const bool to_person = message_["recipient"].has("person");
        const bool needs_lines = plan_.kind == Kind::print || (to_person && plan_.may_be_printed());
        if (!given.is_object()) {
            if (needs_lines || to_person) {
                add("/address", "letter.address_missing");
            }
            return;
        }
        length("/address/name", given["name"], party_name_max, "letter.address_line_too_long");
        length("/address/city", given["city"], address_line_max, "letter.address_line_too_long");
        const auto& lines = given["lines"].items();
        if (lines.empty() && needs_lines) {
            add("/address/lines", "letter.address_line_missing");
        }
        if (lines.size() > address_lines_max) {
            add("/address/lines", "letter.address_lines_too_many",
                {{"count", std::to_string(lines.size())},
                 {"max", std::to_string(address_lines_max)}});
        }
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::string at = "/address/lines/" + std::to_string(i);
            length(at, lines[i], address_line_max, "letter.address_line_too_long");
            if (!is_plain(lines[i].as_string())) {
                add(at, "letter.text_not_plain");
            }
        }
        const bool norwegian = !given.has("country") || given["country"].as_string() == "NO";
        if (needs_lines && norwegian && given["postalCode"].as_string().size() != 4) {
            add("/address/postalCode", "letter.address_postal_code");
        }
    }

    void files() {
        const auto& given = message_["documents"].items();
        const auto places = files_of(message_, plan_);
        if (given.empty()) {
            add("/documents", "letter.main_document_missing");
            return;
        }
        if (given.size() > documents_max) {
            add("/documents", "letter.too_many_documents",
                {{"count", std::to_string(given.size())}, {"max", std::to_string(documents_max)}});
        }
        excluded(given);
        std::set<std::string> names;
        std::uint64_t printed = 0;
        for (const std::size_t i : places) {
            const std::string at = "/documents/" + std::to_string(i);
            file_name(at + "/name", given[i]["name"].as_string(), names);
            const bool is_pdf = media_type(given, i) == pdf;
            if (must_be_pdf(i) && !is_pdf) {
                add(at, "svarut.not_printable", {{"type", media_type(given, i)}});
            }
            if (i < sizes_.size()) {
                printed += is_pdf ? sizes_[i].size : 0;
                if (sizes_[i].size == 0) {
                    add(at, "letter.file_empty");
                }
            }
        }
        if (plan_.may_be_printed() && printed > print_bytes_max) {
            add("/documents", "letter.files_too_large",
                {{"size", std::to_string(printed)}, {"max", std::to_string(print_bytes_max)}});
        }
    }

    /// All that is printed for certain, and what is signed. An attachment of another kind stays out
    /// of an envelope that SvarUt may have to fall back to.
    bool must_be_pdf(std::size_t place) const {
        return plan_.kind == Kind::print || plan_.kind == Kind::nhn ||
               (place == 0 && (plan_.may_be_printed() || plan_.signing));
    }

    std::string media_type(const json::Array& given, std::size_t i) const {
        const std::string& said = given[i]["mediaType"].as_string();
        if (!said.empty() || i >= sizes_.size()) {
            return said.empty() ? std::string(pdf) : said;
        }
        return sizes_[i].media_type;
    }

    void file_name(const std::string& at, const std::string& name, std::set<std::string>& names) {
        const std::size_t count = json::utf8_length(name);
        if (count < name_min || count > name_max) {
            add(at, "letter.file_name_length",
                {{"length", std::to_string(count)},
                 {"min", std::to_string(name_min)},
                 {"max", std::to_string(name_max)}});
        }
        if (name.find_first_of(forbidden) != std::string::npos || !is_plain(name)) {
            add(at, "letter.file_name_invalid");
        }
        if (!names.insert(name).second) {
            add(at, "letter.file_name_duplicate");
        }
    }

    void excluded(const json::Array& given) {
        const auto& list = message_["print"]["exclude"].items();
        for (std::size_t i = 0; i < list.size(); ++i) {
            const bool known = std::any_of(given.begin(), given.end(), [&](const Value& one) {
                return one["name"] == list[i];
            });
            if (!known) {
                add("/print/exclude/" + std::to_string(i), "letter.print_exclude_unknown");
            }
            if (known && plan_.may_be_printed() && given.front()["name"] == list[i]) {
                add("/print/exclude", "letter.print_excludes_main_document");
            }
        }
    }

    void health_network() {
        const Value& nhn = message_["recipient"]["nhn"];
        const Value& patient = nhn["patient"];
        if (message_["documents"].items().size() > 1) {
            add("/documents", "svarut.nhn_one_file");
        }
        if (!sizes_.empty() && sizes_.front().size > nhn_bytes_max) {
            add("/documents/0", "letter.file_too_large",
                {{"size", std::to_string(sizes_.front().size)},
                 {"max", std::to_string(nhn_bytes_max)}});
        }
        if (nhn.has("herId") && !is_her_id(nhn["herId"].as_string())) {
            add("/recipient/nhn/herId", "letter.recipient_invalid_number", {{"kind", "herId"}});
        }
        const std::string& number =
            nhn.has("gpOf") ? nhn["gpOf"].as_string() : patient["person"].as_string();
        if (!core::is_person_number(number)) {
            add(nhn.has("gpOf") ? "/recipient/nhn/gpOf" : "/recipient/nhn/patient",
                number.empty() ? "svarut.patient_missing" : "letter.recipient_invalid_number",
                number.empty() ? core::Params{} : core::Params{{"kind", "person"}});
        } else if (!patient.is_object()) {
            add("/recipient/nhn/patient", "svarut.patient_missing");
        }
        names("/recipient/nhn/patient", patient);
        const Value& contact = message_["sender"]["person"];
        if (!contact.is_object() && !route_.contact.is_object()) {
            add("/sender/person", "svarut.contact_missing");
        }
        names("/sender/person", contact);
        length("/sender/person/telephone", contact["telephone"], telephone_max,
               "svarut.name_too_long");
    }

    void names(const std::string& at, const Value& person) {
        for (const char* part : {"givenName", "middleName", "familyName"}) {
            length(at + "/" + part, person[part], person_name_max, "svarut.name_too_long");
        }
    }

    const Value& message_;
    const RouteSettings route_;
    const Plan plan_;
    std::span<const core::DocumentRef> sizes_;
    bool letter_;
    std::vector<core::Problem> problems_;
};

}   // namespace

std::vector<core::Problem> check_shipment(const Value& message, const Value& with,
                                          std::span<const core::DocumentRef> sizes) {
    return Check(message, with, sizes).run();
}

}   // namespace gateway::svarut
