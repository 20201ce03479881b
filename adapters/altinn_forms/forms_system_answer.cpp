#include "adapters/altinn_forms/forms_system_answer.hpp"

#include "adapters/common/altinn/peer_values.hpp"

#include <algorithm>

namespace gateway::altinn_forms {
namespace {

// As in the schema; ours: Altinn names no limits.
constexpr std::size_t label_length_max = 100;
constexpr std::size_t description_length_max = 1000;
constexpr std::size_t documents_max = 20;
constexpr std::size_t name_length_max = 200;
constexpr std::size_t data_type_length_max = 100;
constexpr std::size_t media_type_length_max = 127;

/// In characters, which are UTF-8 here.
bool is_text(const json::Value& value, std::size_t length_max) {
    const std::string& text = value.as_string();
    const auto characters = std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
    return value.is_string() && static_cast<std::size_t>(characters) <= length_max;
}

/// No other members than these.
bool has_only(const json::Value& value, std::initializer_list<std::string_view> names) {
    return std::all_of(value.members().begin(), value.members().end(), [&](const auto& member) {
        return std::find(names.begin(), names.end(), member.first) != names.end();
    });
}

/// Nothing that ends a header line or a parameter.
bool is_media_type(const json::Value& value) {
    const std::string& text = value.as_string();
    return !text.empty() && text.size() <= media_type_length_max &&
           std::count(text.begin(), text.end(), '/') == 1 && text.front() != '/' &&
           text.back() != '/' && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view("/.+-_").find(c) != std::string_view::npos;
           });
}

bool is_data_type(const json::Value& value) {
    const std::string& text = value.as_string();
    return !text.empty() && text.size() <= data_type_length_max &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '_' || c == '.';
           });
}

std::optional<Substatus> substatus_of(const json::Value& value) {
    const json::Value& description = value["description"];
    const bool described = description.is_null() || is_text(description, description_length_max);
    if (!is_text(value["label"], label_length_max) || value["label"].as_string().empty() ||
        !described || !has_only(value, {"label", "description"})) {
        return std::nullopt;
    }
    Substatus substatus;
    substatus.label = value["label"].as_string();
    substatus.description = description.as_string();
    return substatus;
}

std::optional<FeedbackFile> file_of(const json::Value& value) {
    const auto hash = core::parse_sha256(value["sha256"].as_string());
    const std::string& name = value["name"].as_string();
    if (!hash || !is_data_type(value["documentType"]) || !is_media_type(value["mediaType"]) ||
        !is_text(value["name"], name_length_max) || name.empty() ||
        altinn_platform::safe_file_name(name) != name ||
        !has_only(value, {"sha256", "name", "mediaType", "documentType"})) {
        return std::nullopt;
    }
    FeedbackFile file;
    file.sha256 = *hash;
    file.data_type = value["documentType"].as_string();
    file.name = name;
    file.media_type = value["mediaType"].as_string();
    return file;
}

}   // namespace

SystemAnswer read_system_answer(const json::Value& answer) {
    SystemAnswer read;
    if (!answer["substatus"].is_null()) {
        read.substatus = substatus_of(answer["substatus"]);
        if (!read.substatus) {
            read.wrong = "altinn_forms.substatus_wrong";
            return read;
        }
    }
    const json::Value& documents = answer["documents"];
    bool sound =
        (answer.is_null() || answer.is_object()) && has_only(answer, {"substatus", "documents"}) &&
        (documents.is_null() || documents.is_array()) && documents.items().size() <= documents_max;
    for (const auto& one : documents.items()) {
        auto file = file_of(one);
        sound = sound && file.has_value();
        if (sound) {
            read.documents.push_back(std::move(*file));
        }
    }
    if (!sound) {
        read.wrong = "altinn_forms.feedback_wrong";
    }
    return read;
}

}   // namespace gateway::altinn_forms
