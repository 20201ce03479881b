#include "adapters/digital_post/dpi_files.hpp"

#include "adapters/digital_post/dpi_text.hpp"
#include "gateway/json/utf8.hpp"
#include "gateway/seal/xml_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace gateway::digital_post {
namespace {

constexpr std::size_t name_length_min = 4;
constexpr std::size_t name_length_max = 100;
constexpr std::size_t title_length_max = 255;

struct Kind {
    std::string_view ending;
    std::string_view type;
};

constexpr std::string_view octets = "application/octet-stream";
constexpr std::array<Kind, 22> kinds{{
    {"pdf", "application/pdf"},
    {"html", "text/html"},
    {"htm", "text/html"},
    {"ehf", "application/ehf+xml"},
    {"txt", "text/plain"},
    {"odf", "application/vnd.oasis.opendocument.formula"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"odg", "application/vnd.oasis.opendocument.graphics"},
    {"gif", "image/gif"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"png", "image/png"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"zip", octets},
    {"", "application/vnd.difi.dpi.bevis+xml"},
    {"", "application/vnd.difi.dpi.lenke+xml"},
    {"", "application/vnd.difi.dpi.arrangement+xml"},
}};

std::string lower_ascii(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return result;
}

std::string ending_of(std::string_view name) {
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string() : lower_ascii(name.substr(dot + 1));
}

/// A name any mailbox can store and show: no path, no control character, nothing Windows reserves.
bool is_plain_name(std::string_view name) {
    if (name.empty() || name.front() == ' ' || name.back() == ' ' || name.back() == '.') {
        return false;
    }
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20U || byte == 0x7FU ||
            std::string_view("<>:\"/\\|?*").find(c) != std::string_view::npos) {
            return false;
        }
    }
    const std::string stem = lower_ascii(name.substr(0, name.find('.')));
    if (stem == "con" || stem == "prn" || stem == "aux" || stem == "nul") {
        return false;
    }
    const bool port = stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt"));
    return !(port && stem[3] >= '1' && stem[3] <= '9');
}

/// The package's own files lie beside the letter's.
bool is_taken_by_package(const std::string& folded_name) {
    return folded_name == "manifest.xml" || folded_name == "mimetype" || folded_name == "meta-inf";
}

class Check {
public:
    Check(const json::Value& documents, std::span<const core::DocumentRef> sizes)
        : given_(documents.items()), sizes_(sizes) {}

    std::vector<core::Problem> run() {
        if (given_.empty()) {
            add("/documents", "letter.main_document_missing");
        }
        if (given_.size() > attachments_max + 1) {
            add("/documents", "letter.too_many_documents",
                {{"count", std::to_string(given_.size())},
                 {"max", std::to_string(attachments_max + 1)}});
        }
        for (std::size_t i = 0; i < given_.size(); ++i) {
            const std::string at = "/documents/" + std::to_string(i);
            name(at, given_[i]["name"].as_string());
            type(at, given_[i]);
            title(at, given_[i]["title"].as_string());
            if (i < sizes_.size()) {
                size(at, sizes_[i].size);
            }
        }
        if (total_ > package_bytes_max) {
            add("/documents", "letter.files_too_large",
                {{"size", std::to_string(total_)}, {"max", std::to_string(package_bytes_max)}});
        }
        return std::move(problems_);
    }

private:
    void add(std::string pointer, core::Code code, core::Params params = {}) {
        problems_.emplace_back(std::move(pointer), std::move(code), std::move(params));
    }

    void name(const std::string& at, const std::string& text) {
        const std::string folded = fold_case(text);
        const std::size_t length = json::utf8_length(text);
        if (length < name_length_min || length > name_length_max) {
            add(at + "/name", "letter.file_name_length",
                {{"length", std::to_string(length)},
                 {"min", std::to_string(name_length_min)},
                 {"max", std::to_string(name_length_max)}});
        }
        if (!is_plain_name(text) || !seal::is_xml_text(text) || is_taken_by_package(folded)) {
            add(at + "/name", "letter.file_name_invalid");
        }
        if (!names_.insert(folded).second) {
            add(at + "/name", "letter.file_name_duplicate");
        }
    }

    void type(const std::string& at, const json::Value& document) {
        const std::string& text = document["name"].as_string();
        if (declared_type(text, document["mediaType"].as_string()).empty()) {
            // The ending is the sender's text: shown only when it looks like one.
            const std::string ending = ending_of(text);
            const bool plain = !ending.empty() && ending.size() <= 10 &&
                               std::all_of(ending.begin(), ending.end(), [](char c) {
                                   return std::isalnum(static_cast<unsigned char>(c)) != 0;
                               });
            add(at + "/name", "letter.file_type_not_allowed", {{"type", plain ? ending : "-"}});
        }
    }

    void title(const std::string& at, const std::string& text) {
        const std::size_t length = json::utf8_length(text);
        if (length > title_length_max) {
            add(at + "/title", "letter.title_too_long",
                {{"length", std::to_string(length)}, {"max", std::to_string(title_length_max)}});
        }
        if (!seal::is_xml_text(text)) {
            add(at + "/title", "letter.text_not_plain");
        }
    }

    void size(const std::string& at, std::uint64_t bytes) {
        if (bytes == 0) {
            add(at, "letter.file_empty");
        }
        total_ += bytes;
    }

    const json::Array& given_;
    std::span<const core::DocumentRef> sizes_;
    std::set<std::string> names_;
    std::uint64_t total_ = 0;
    std::vector<core::Problem> problems_;
};

}   // namespace

std::string declared_type(std::string_view name, std::string_view said) {
    const std::string type = lower_ascii(said);
    const std::string ending = ending_of(name);
    const bool is_zip = ending == "zip";
    if (type.empty() || type == octets) {
        const auto* found = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) {
            return !kind.ending.empty() && kind.ending == ending;
        });
        return found == kinds.end() ? std::string() : std::string(found->type);
    }
    if (type == "application/zip" || type == "application/x-zip-compressed") {
        return is_zip ? std::string(octets) : std::string();
    }
    const bool known = std::any_of(kinds.begin(), kinds.end(),
                                   [&](const Kind& kind) { return kind.type == type; });
    return known ? type : std::string();
}

std::vector<core::Problem> check_files(const json::Value& documents,
                                       std::span<const core::DocumentRef> sizes) {
    return Check(documents, sizes).run();
}

std::vector<std::size_t> printed_documents(const json::Value& letter) {
    const auto& excluded = letter["print"]["exclude"].items();
    const auto& given = letter["documents"].items();
    std::vector<std::size_t> printed;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const json::Value& name = given[i]["name"];
        if (std::find(excluded.begin(), excluded.end(), name) == excluded.end()) {
            printed.push_back(i);
        }
    }
    return printed;
}

}   // namespace gateway::digital_post
