#include "adapters/altinn/altinn_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <set>

namespace gateway::altinn {
namespace {

constexpr std::size_t title_max = 255;
constexpr std::size_t summary_max = 255;
constexpr std::size_t body_max = 30'000;
constexpr std::size_t file_name_max = 255;
constexpr std::size_t documents_max = 100;
constexpr std::uint64_t document_bytes_max = 50'000'000'000;
constexpr std::size_t external_references_max = 10;
constexpr std::size_t property_key_max = 50;
constexpr std::size_t property_value_max = 300;
constexpr std::int64_t reminder_days = 7;

constexpr std::array<std::string_view, 20> allowed_endings{
    ".doc", ".xls", ".docx", ".xlsx", ".ppt", ".pps", ".zip",  ".pdf", ".html", ".txt",
    ".xml", ".jpg", ".jpeg", ".gif",  ".bmp", ".png", ".json", ".csv", ".dcm",  ".dicom"};
constexpr std::array<std::string_view, 8> transmission_types{
    "Information", "Acceptance", "Rejection",  "Request",
    "Alert",       "Decision",   "Submission", "Correction"};

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return result;
}

template <class List>
bool holds(const List& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

/// Formatting that Altinn refuses where it wants plain text: tags, links, emphasis, headings.
bool has_formatting(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const unsigned char after = static_cast<unsigned char>(text[i + 1]);
        if (text[i] == '<' && (std::isalpha(after) != 0 || after == '/' || after == '!') &&
            text.find('>', i) != std::string_view::npos) {
            return true;
        }
    }
    return text.find("](") != std::string_view::npos || text.find("**") != std::string_view::npos ||
           text.substr(0, 2) == "# ";
}

class Check {
public:
    Check(const json::Value& letter, std::span<const core::DocumentRef> documents, core::Time now)
        : letter_(letter), documents_(documents), now_(now) {}

    std::vector<core::Problem> run() {
        recipient();
        texts();
        times();
        references();
        properties();
        notice();
        files();
        return std::move(problems_);
    }

private:
    void add(std::string pointer, core::Code code, core::Params params = {}) {
        problems_.emplace_back(std::move(pointer), std::move(code), std::move(params));
    }

    void recipient() {
        const json::Value& recipient = letter_["recipient"];
        if (recipient.has("nhn")) {
            add("/recipient/nhn", "letter.recipient_not_supported", {{"kind", "nhn"}});
        }
        if (const auto* number = recipient.find("organisation");
            number != nullptr && !core::is_organisation_number(number->as_string())) {
            add("/recipient/organisation", "letter.recipient_invalid_number",
                {{"kind", "organisation"}});
        }
        if (const auto* number = recipient.find("person");
            number != nullptr && !core::is_person_number(number->as_string())) {
            add("/recipient/person", "letter.recipient_invalid_number", {{"kind", "person"}});
        }
        if (letter_["ignoreReservation"].as_bool() && !recipient.has("person")) {
            add("/ignoreReservation", "letter.ignore_reservation_needs_person");
        }
        if (letter_["mustBe"].as_string() == "paper") {
            add("/mustBe", "letter.must_be_paper");
        }
    }

    void length(const char* pointer, const json::Value& text, std::size_t max, const char* code) {
        const std::size_t count = utf16_length(text.as_string());
        if (count > max) {
            add(pointer, code, {{"length", std::to_string(count)}, {"max", std::to_string(max)}});
        }
    }

    void texts() {
        length("/title", letter_["title"], title_max, "letter.title_too_long");
        length("/summary", letter_["summary"], summary_max, "letter.summary_too_long");
        length("/body", letter_["body"], body_max, "letter.body_too_long");
        for (const char* name : {"title", "summary"}) {
            if (has_formatting(letter_[name].as_string())) {
                add(std::string("/") + name, "letter.text_not_plain");
            }
        }
        if (has_formatting(letter_["sender"]["unit"].as_string())) {
            add("/sender/unit", "letter.text_not_plain");
        }
        if (letter_["language"].as_string() == "se") {
            add("/language", "altinn.language_not_supported", {{"language", "se"}});
        }
    }

    void times() {
        const auto* due = letter_.find("dueAt");
        if (letter_["confirm"].as_bool() && due == nullptr) {
            add("/confirm", "letter.confirm_needs_due");
        }
        if (due == nullptr) {
            return;
        }
        const auto at = core::parse_rfc3339(due->as_string());
        const auto publish = core::parse_rfc3339(letter_["notBefore"].as_string());
        const auto today = std::chrono::floor<std::chrono::days>(now_);
        if (!at || *at < today || (publish && *at < *publish)) {
            add("/dueAt", "letter.due_before_publish");
        }
    }

    void references() {
        const auto& given = letter_["externalReferences"].items();
        if (given.size() > external_references_max) {
            add("/externalReferences", "letter.external_references_too_many",
                {{"count", std::to_string(given.size())},
                 {"max", std::to_string(external_references_max)}});
        }
        const bool in_dialog =
            std::any_of(given.begin(), given.end(), [](const json::Value& reference) {
                return reference["type"].as_string() == "DialogportenDialogId";
            });
        for (std::size_t i = 0; i < given.size(); ++i) {
            const std::string& type = given[i]["type"].as_string();
            const std::string& value = given[i]["value"].as_string();
            const bool dialog_fault = type == "DialogportenDialogId" &&
                                      (!core::parse_uuid(value) || letter_["confirm"].as_bool());
            const bool type_fault = type == "DialogportenTransmissionType" &&
                                    (!in_dialog || !holds(transmission_types, value));
            if (dialog_fault || type_fault) {
                add("/externalReferences/" + std::to_string(i), "letter.external_reference_invalid",
                    {{"type", type}});
            }
        }
    }

    void properties() {
        for (const auto& [key, value] : letter_["properties"].members()) {
            const bool key_too_long = utf16_length(key) > property_key_max;
            if (key_too_long || utf16_length(value.as_string()) > property_value_max) {
                add("/properties" + json::pointer_token(key), "letter.property_too_long",
                    {{"max",
                      std::to_string(key_too_long ? property_key_max : property_value_max)}});
            }
        }
    }

    void notice() {
        const json::Value& notify = letter_["notify"];
        if (!notify.is_object()) {
            return;
        }
        const std::string& channel = notify["channel"].as_string();
        const bool email = notify.has("email");
        const bool sms = notify.has("sms");
        // Neither text: Altinn's own standard notice. One of them: its own words, and then all that
        // the channel may use.
        if ((email || sms) && channel != "Sms" && !email) {
            add("/notify", "letter.notification_incomplete",
                {{"channel", channel}, {"missing", "email"}});
        }
        if ((email || sms) && channel != "Email" && !sms) {
            add("/notify", "letter.notification_incomplete",
                {{"channel", channel}, {"missing", "sms"}});
        }
        const auto* days = notify["reminder"].find("days");
        if (days != nullptr && days->as_int() != reminder_days) {
            add("/notify/reminder/days", "letter.reminder_days",
                {{"days", std::to_string(days->as_int())},
                 {"required", std::to_string(reminder_days)}});
        }
    }

    void files() {
        const auto& given = letter_["documents"].items();
        if (given.size() > documents_max) {
            add("/documents", "letter.too_many_documents",
                {{"count", std::to_string(given.size())}, {"max", std::to_string(documents_max)}});
        }
        std::set<std::string> names;
        for (std::size_t i = 0; i < given.size(); ++i) {
            const std::string at = "/documents/" + std::to_string(i);
            const std::string& name = given[i]["name"].as_string();
            file(at, name);
            if (!names.insert(lower(name)).second) {
                add(at + "/name", "letter.file_name_duplicate");
            }
            length((at + "/title").c_str(), given[i]["title"], title_max, "letter.title_too_long");
            if (i < documents_.size()) {
                size(at, documents_[i].size);
            }
        }
    }

    void file(const std::string& at, const std::string& name) {
        if (!is_windows_file_name(name)) {
            add(at + "/name", "letter.file_name_invalid");
        } else if (const auto ending = file_ending(name); !holds(allowed_endings, ending)) {
            // The ending is the sender's text: shown only when it looks like one.
            const bool plain =
                ending.size() <= 11 && std::all_of(ending.begin(), ending.end(), [](char c) {
                    return c == '.' || std::isalnum(static_cast<unsigned char>(c)) != 0;
                });
            add(at + "/name", "letter.file_type_not_allowed",
                {{"type", plain && !ending.empty() ? ending : "-"}});
        }
    }

    void size(const std::string& at, std::uint64_t bytes) {
        if (bytes == 0) {
            add(at, "letter.file_empty");
        } else if (bytes > document_bytes_max) {
            add(at, "letter.file_too_large",
                {{"size", std::to_string(bytes)}, {"max", std::to_string(document_bytes_max)}});
        }
    }

    const json::Value& letter_;
    std::span<const core::DocumentRef> documents_;
    core::Time now_;
    std::vector<core::Problem> problems_;
};

}   // namespace

std::vector<core::Problem> check_letter(const json::Value& letter,
                                        std::span<const core::DocumentRef> documents,
                                        core::Time now) {
    return Check(letter, documents, now).run();
}

namespace {

/// Units of the character that begins with this byte; 0 for the bytes that follow.
std::uint8_t utf16_units(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    const auto begins = static_cast<std::uint8_t>((byte & 0xC0U) != 0x80U);
    const auto is_pair = static_cast<std::uint8_t>(byte >= 0xF0U);   // of surrogates
    return static_cast<std::uint8_t>(begins + is_pair);
}

}   // namespace

std::size_t utf16_length(std::string_view utf8) {
    // Counted in bytes over blocks that cannot overflow one, of a length that is known: sixteen
    // lanes at once.
    constexpr std::size_t block = 112;
    std::size_t count = 0;
    for (; utf8.size() >= block; utf8.remove_prefix(block)) {
        std::uint8_t in_block = 0;
        for (std::size_t i = 0; i < block; ++i) {
            in_block = static_cast<std::uint8_t>(in_block + utf16_units(utf8[i]));
        }
        count += in_block;
    }
    for (const char c : utf8) {
        count += utf16_units(c);
    }
    return count;
}

bool is_windows_file_name(std::string_view name) {
    if (name.empty() || utf16_length(name) > file_name_max || name.back() == '.' ||
        name.back() == ' ') {
        return false;
    }
    for (const char c : name) {
        if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F ||
            std::string_view("<>:\"/\\|?*").find(c) != std::string_view::npos) {
            return false;
        }
    }
    const std::string stem = lower(name.substr(0, name.find('.')));
    if (stem == "con" || stem == "prn" || stem == "aux" || stem == "nul") {
        return false;
    }
    const bool numbered =
        stem.size() == 4 && (stem.substr(0, 3) == "com" || stem.substr(0, 3) == "lpt");
    return !(numbered && stem[3] >= '1' && stem[3] <= '9');
}

std::string file_ending(std::string_view name) {
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string() : lower(name.substr(dot));
}

}   // namespace gateway::altinn
