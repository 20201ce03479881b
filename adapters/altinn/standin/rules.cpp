#include "adapters/altinn/standin/rules.hpp"

#include "adapters/altinn/standin/form.hpp"
#include "adapters/altinn/standin/validation.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>
#include <array>

namespace gateway::altinn::standin {

using json::Value;

namespace {

constexpr std::array<std::string_view, 8> transmission_types{
    "Information", "Acceptance", "Rejection",  "Request",
    "Alert",       "Decision",   "Submission", "Correction"};

struct FileType {
    std::string_view ending;
    std::string_view mime;
};
constexpr std::array<FileType, 20> file_types{{
    {".doc", "application/msword"},
    {".xls", "application/vnd.ms-excel"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".ppt", "application/vnd.ms-powerpoint"},
    {".pps", "application/vnd.ms-powerpoint"},
    {".zip", "application/zip"},
    {".pdf", "application/pdf"},
    {".html", "text/html"},
    {".txt", "text/plain"},
    {".xml", "application/xml"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".bmp", "image/bmp"},
    {".png", "image/png"},
    {".json", "application/json"},
    {".csv", "text/csv"},
    {".dcm", "application/dicom"},
    {".dicom", "application/dicom"},
}};
constexpr std::array<std::string_view, 22> device_names{
    "con",  "prn",  "aux",  "nul",  "com1", "com2", "com3", "com4", "com5", "com6", "com7",
    "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"};

bool blank(const Value& value) {
    return value.as_string().find_first_not_of(" \t\r\n") == std::string::npos;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A tag or a comment; "a < b" and "<https://example.no>" are none.
bool has_html(std::string_view text) {
    for (std::size_t at = text.find('<'); at != std::string_view::npos;
         at = text.find('<', at + 1)) {
        const std::size_t end = text.find_first_of("<>", at + 1);
        if (end == std::string_view::npos || text[end] != '>') {
            continue;
        }
        std::string_view inside = text.substr(at + 1, end - at - 1);
        if (inside.starts_with("!")) {
            return true;
        }
        if (inside.starts_with("/")) {
            inside.remove_prefix(1);
        }
        std::size_t name = 0;
        while (name < inside.size() &&
               (is_letter(inside[name]) || (inside[name] >= '0' && inside[name] <= '9'))) {
            ++name;
        }
        const bool ends = name == inside.size() || inside[name] == ' ' || inside[name] == '/' ||
                          inside[name] == '\n' || inside[name] == '\t';
        if (name > 0 && is_letter(inside[0]) && ends) {
            return true;
        }
    }
    return false;
}

/// Something between two of the same marks.
bool has_pair(std::string_view text, std::string_view mark) {
    const std::size_t first = text.find(mark);
    const std::size_t second =
        first == std::string_view::npos ? first : text.find(mark, first + mark.size());
    return second != std::string_view::npos && second > first + mark.size();
}

bool has_markdown(std::string_view text) {
    const std::size_t hashes = text.find_first_not_of('#');
    const bool heading =
        hashes != std::string_view::npos && hashes > 0 && hashes <= 6 && text[hashes] == ' ';
    return heading || text.find("\n# ") != std::string_view::npos ||
           text.find("\n## ") != std::string_view::npos || has_pair(text, "**") ||
           has_pair(text, "__") || has_pair(text, "`") ||
           (text.find("](") != std::string_view::npos && text.find('[') != std::string_view::npos);
}

bool plain(const std::string& text) {
    return !has_html(text) && !has_markdown(text);
}

std::optional<core::Time> time_of(const Value& value) {
    auto time = core::parse_rfc3339(value.as_string());
    return time ? std::optional<core::Time>(*time) : std::nullopt;
}

std::string reference(const Value& letter, std::string_view type) {
    for (const Value& item : get(letter, "externalReferences").items()) {
        if (get(item, "referenceType").as_string() == type) {
            return get(item, "referenceValue").as_string();
        }
    }
    return {};
}

std::string ending_of(std::string_view file_name) {
    const std::size_t dot = file_name.rfind('.');
    return dot == std::string_view::npos ? std::string()
                                         : gateway::standin::lower(file_name.substr(dot));
}

const FileType* file_type(std::string_view file_name) {
    const std::string ending = ending_of(file_name);
    const auto* found = std::find_if(file_types.begin(), file_types.end(),
                                     [&](const FileType& type) { return type.ending == ending; });
    return found == file_types.end() ? nullptr : found;
}

/// The content a channel needs is there.
struct Content {
    bool email = false;
    bool sms = false;
};

int missing(const std::string& channel, const Content& content, bool reminder) {
    const bool preferred = channel == "EmailPreferred" || channel == "SmsPreferred";
    if (channel == "Email" && !content.email) {
        return reminder ? 3003 : 3002;
    }
    if (channel == "Sms" && !content.sms) {
        return reminder ? 3005 : 3004;
    }
    if (preferred && !(content.email && content.sms)) {
        return reminder ? 3007 : 3006;
    }
    if (channel == "EmailAndSms" && !(content.email && content.sms)) {
        return reminder ? 3025 : 3024;
    }
    return 0;
}

std::string channel_of(const Value& value, const std::string& otherwise) {
    constexpr std::array<const char*, 5> names{"Email", "Sms", "EmailPreferred", "SmsPreferred",
                                               "EmailAndSms"};
    if (value.is_int() && value.as_int() >= 0 && value.as_int() < 5) {
        return names[static_cast<std::size_t>(value.as_int())];
    }
    return value.as_string().empty() ? otherwise : value.as_string();
}

}   // namespace

std::optional<Refusal> check_times(const Value& letter, core::Time now) {
    const auto due = time_of(get(letter, "dueDateTime"));
    if (get(letter, "isConfirmationNeeded").as_bool() && !due) {
        return Refusal(1016);
    }
    if (due && *due < std::chrono::floor<std::chrono::days>(now)) {
        return Refusal(1008);
    }
    const auto publish = time_of(get(letter, "requestedPublishTime"));
    if (due && publish && *due < *publish) {
        return Refusal(1009);
    }
    return std::nullopt;
}

std::optional<Refusal> check_content(const Value& letter) {
    const Value& content = get(letter, "content");
    if (!content.is_object()) {
        return Refusal(1019);
    }
    const Value& title = get(content, "messageTitle");
    if (blank(title)) {
        return Refusal(1020);
    }
    if (!plain(title.as_string())) {
        return Refusal(1002);
    }
    if (characters(title.as_string()) > 255) {
        return Refusal(1037);
    }
    const Value& body = get(content, "messageBody");
    if (blank(body)) {
        return Refusal(1021);
    }
    if (has_html(body.as_string())) {
        return Refusal(1003);
    }
    if (characters(body.as_string()) > 30'000) {
        return Refusal(1022);
    }
    const Value& summary = get(content, "messageSummary");
    if (!plain(summary.as_string())) {
        return Refusal(1004);
    }
    if (characters(summary.as_string()) > 255) {
        return Refusal(1042);
    }
    const std::string language = gateway::standin::lower(get(content, "language").as_string());
    if (!language.empty() && language != "nb" && language != "nn" && language != "en") {
        return Refusal(1023);
    }
    if (!plain(get(letter, "messageSender").as_string())) {
        return Refusal(1039);
    }
    return std::nullopt;
}

std::optional<Refusal> check_reply_options(const Value& letter) {
    for (const Value& option : get(letter, "replyOptions").items()) {
        const std::string& link = get(option, "linkURL").as_string();
        const bool ok = link.starts_with("https://") && link.size() > 8 && link.size() <= 255 &&
                        link.find_first_of(" \t\r\n<>\"") == std::string::npos &&
                        characters(get(option, "linkText").as_string()) <= 255;
        if (!ok) {
            return Refusal(1035);
        }
    }
    return std::nullopt;
}

std::optional<Refusal> check_notification(const Value& value) {
    if (!value.is_object() ||
        get(value, "notificationTemplate").as_string() == "GenericAltinnMessage" ||
        get(value, "notificationTemplate").as_int(0) == 1) {
        return std::nullopt;
    }
    const auto filled = [&](const char* name) { return !get(value, name).as_string().empty(); };
    Content content;
    content.email = filled("emailSubject") && filled("emailBody");
    content.sms = filled("smsBody");
    const std::string channel = channel_of(get(value, "notificationChannel"), "Email");
    int number = missing(channel, content, false);
    if (number == 0 && get(value, "sendReminder").as_bool()) {
        content.email = filled("reminderEmailSubject") && filled("reminderEmailBody");
        content.sms = filled("reminderSmsBody");
        number =
            missing(channel_of(get(value, "reminderNotificationChannel"), channel), content, true);
    }
    return number == 0 ? std::nullopt : std::optional<Refusal>(Refusal(number));
}

std::optional<Refusal> check_file_name(const std::string& file_name) {
    if (file_name.find_first_not_of(" \t") == std::string::npos) {
        return Refusal(2010);
    }
    if (characters(file_name) > 255) {
        return Refusal(2011);
    }
    const std::string stem = gateway::standin::lower(file_name.substr(0, file_name.find('.')));
    const bool device =
        std::find(device_names.begin(), device_names.end(), stem) != device_names.end();
    const bool control = std::any_of(file_name.begin(), file_name.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 32; });
    if (device || control || file_name.find_first_of("<>:\"/\\|?*") != std::string::npos ||
        file_name.ends_with(".") || file_name.ends_with(" ")) {
        return Refusal(2012);
    }
    if (file_type(file_name) == nullptr) {
        return Refusal(2013);
    }
    return std::nullopt;
}

std::string dialog_of(const Value& letter) {
    return reference(letter, "DialogportenDialogId");
}

std::string transmission_type_of(const Value& letter) {
    return reference(letter, "DialogportenTransmissionType");
}

bool is_transmission_type(std::string_view text) {
    return std::find(transmission_types.begin(), transmission_types.end(), text) !=
           transmission_types.end();
}

std::string recipient_urn(std::string_view text) {
    if (text.starts_with("0192:")) {
        return "urn:altinn:organization:identifier-no:" + std::string(text.substr(5));
    }
    if (!text.starts_with("urn:")) {
        return "urn:altinn:person:identifier-no:" + std::string(text);
    }
    return std::string(text);
}

bool is_person(std::string_view urn) {
    return urn.starts_with("urn:altinn:person:");
}

std::string mime_type(std::string_view file_name) {
    const FileType* type = file_type(file_name);
    return std::string(type != nullptr ? type->mime : "application/octet-stream");
}

}   // namespace gateway::altinn::standin
