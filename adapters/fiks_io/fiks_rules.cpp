#include "adapters/fiks_io/fiks_message.hpp"
#include "adapters/fiks_io/fiks_package.hpp"
#include "fiks_io_payload_schemas.hpp"
#include "gateway/core/assert.hpp"
#include "gateway/json/schema.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace gateway::fiks_io {
namespace {

using Problems = std::vector<core::Problem>;

constexpr std::size_t name_bytes_max = 200;
constexpr std::uint64_t overhead_max = 16U << 20U;   // of container and envelope

json::Schema compiled(std::string_view text) {
    auto schema = json::Schema::compile(text);
    GATEWAY_ASSERT(schema.has_value());   // ours, and embedded
    return std::move(*schema);
}

const json::Schema* schema_of(const MessageType& type) {
    static const json::Schema error = compiled(payload_schemas::error);
    static const json::Schema words = compiled(payload_schemas::words);
    if (type.means != Meaning::refused) {
        return nullptr;
    }
    if (type.error_format == "json") {
        return &error;
    }
    return type.error_format == "melding" ? &words : nullptr;
}

std::string pointer_of(const char* list, std::size_t index) {
    return "/" + std::string(list) + "/" + std::to_string(index);
}

/// A name that every client's package reader takes, and no file system trips over.
bool is_plain_name(const std::string& name) {
    const bool bad = std::any_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' || c == ':';
    });
    return !bad && !name.empty() && name.size() <= name_bytes_max && name != "." && name != ".." &&
           name != "mimetype";
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return text;
}

/// The names of all files that the message will have, each with where it stands.
struct NamedFile {
    std::string name;
    std::string pointer;
};

std::vector<NamedFile> files_in(const json::Value& message, const MessageType& type) {
    std::vector<NamedFile> files;
    const json::Value& payload = message["payload"];
    if (!payload.is_null()) {
        std::string name = payload["name"].as_string();
        if (name.empty() && !type.payload.empty()) {
            name = type.payload.front();
        }
        files.push_back(NamedFile{std::move(name), "/payload"});
    }
    const auto& documents = message["documents"].items();
    for (std::size_t i = 0; i < documents.size(); ++i) {
        files.push_back(
            NamedFile{documents[i]["name"].as_string(), pointer_of("documents", i) + "/name"});
    }
    return files;
}

void check_names(const std::vector<NamedFile>& files, Problems& problems) {
    std::set<std::string> seen;
    for (const auto& file : files) {
        if (!is_plain_name(file.name)) {
            problems.emplace_back(file.pointer, "fiks_io.file_name_unusable");
        } else if (!seen.insert(lower(file.name)).second) {
            problems.emplace_back(file.pointer, "fiks_io.file_name_twice");
        }
    }
}

bool has_file(const std::vector<NamedFile>& files, std::string_view name) {
    return std::any_of(files.begin(), files.end(),
                       [&](const NamedFile& file) { return file.name == name; });
}

void check_files(const json::Value& message, const MessageType& type, Problems& problems) {
    const auto files = files_in(message, type);
    check_names(files, problems);
    if (!type.has_payload()) {
        if (!files.empty()) {
            problems.emplace_back(files.front().pointer == "/payload" ? "/payload" : "/documents",
                                  "fiks_io.payload_not_wanted", core::Params{{"type", type.name}});
        }
        return;
    }
    if (type.payload_of_any_name && files.empty()) {
        problems.emplace_back("/documents", "fiks_io.payload_missing",
                              core::Params{{"type", type.name}, {"name", "*"}});
    }
    for (std::size_t i = 0; i < type.payload.size(); ++i) {
        bool there = has_file(files, type.payload[i]);
        for (const auto& also : type.payload_also) {
            there = there || (i == 0 && has_file(files, also));
        }
        if (!there) {
            problems.emplace_back("/documents", "fiks_io.payload_missing",
                                  core::Params{{"type", type.name}, {"name", type.payload[i]}});
        }
    }
    const json::Value& inlined = message["payload"]["json"];
    if (!inlined.is_null()) {
        auto wrong = check_payload(type, inlined, "/payload/json");
        std::move(wrong.begin(), wrong.end(), std::back_inserter(problems));
    }
}

void check_reply(const json::Value& message, const MessageType& type, Problems& problems) {
    const json::Value& reply = message["replyTo"];
    if (type.opens()) {
        if (!reply.is_null()) {
            problems.emplace_back("/replyTo", "fiks_io.not_an_answer",
                                  core::Params{{"type", type.name}});
        }
        return;
    }
    if (reply.is_null()) {
        problems.emplace_back("", "fiks_io.reply_missing", core::Params{{"type", type.name}});
        return;
    }
    const std::string& asked = reply["messageType"].as_string();
    const MessageType* question = find(asked);
    if (question == nullptr) {
        problems.emplace_back("/replyTo/messageType", "fiks_io.type_unknown");
    } else if (!question->may_be_answered_by(type.name)) {
        problems.emplace_back("/messageType", "fiks_io.answer_not_allowed",
                              core::Params{{"type", type.name}, {"question", question->name}});
    }
}

void check_size(std::span<const core::DocumentRef> documents, Problems& problems) {
    std::uint64_t total = 0;
    for (const auto& document : documents) {
        total += std::min(document.size, package_bytes_max);
    }
    if (total > package_bytes_max - overhead_max) {
        problems.emplace_back("/documents", "fiks_io.too_large");
    }
}

}   // namespace

bool has_payload_schema(const MessageType& type) {
    return schema_of(type) != nullptr;
}

Problems check_payload(const MessageType& type, const json::Value& payload,
                       const std::string& where) {
    Problems problems;
    const json::Schema* schema = schema_of(type);
    if (schema == nullptr) {
        return problems;
    }
    for (const auto& fault : schema->check(payload)) {
        const std::string what =
            fault.keyword == "required" ? fault.keyword + ' ' + fault.detail : fault.keyword;
        problems.emplace_back(where + fault.pointer, "fiks_io.payload_invalid",
                              core::Params{{"rule", what}});
    }
    return problems;
}

Problems check_message(const json::Value& message, std::span<const core::DocumentRef> documents) {
    Problems problems;
    const MessageType* type = find(message["messageType"].as_string());
    if (type == nullptr) {
        problems.emplace_back("/messageType", "fiks_io.type_unknown");
        return problems;
    }
    if (type->misspelt || type->means == Meaning::undelivered) {
        problems.emplace_back("/messageType", "fiks_io.type_never_sent",
                              core::Params{{"type", type->name}});
    }
    const json::Value& protocol = message["protocol"];
    if (!protocol.is_null() && protocol.as_string() != type->protocol) {
        problems.emplace_back("/protocol", "fiks_io.protocol_other",
                              core::Params{{"protocol", type->protocol}});
    }
    check_reply(message, *type, problems);
    check_files(message, *type, problems);
    check_size(documents, problems);
    return problems;
}

}   // namespace gateway::fiks_io
