#include "adapters/digital_post/dpi_letter.hpp"

#include "adapters/digital_post/dpi_files.hpp"

namespace gateway::digital_post {
namespace {

PackageFile file_of(const Letter& letter, std::size_t index) {
    PackageFile file;
    file.document = letter.delivery->documents[index];
    file.media_type = declared_type(file.document.name, file.document.media_type);
    // The main document's title is the letter's: what the citizen sees in the list after login.
    file.title = index == 0 ? letter.content["title"].as_string() : file.document.title;
    if (file.title.empty()) {
        file.title = file.document.name;
    }
    return file;
}

std::vector<std::size_t> documents_to_send(const Letter& letter) {
    if (letter.is_print()) {
        return printed_documents(letter.content);
    }
    std::vector<std::size_t> all(letter.delivery->documents.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = i;
    }
    return all;
}

}   // namespace

std::string Letter::language() const {
    const std::string& said = content["language"].as_string();
    return said.size() == 2 ? said : "nb";
}

core::Result<Letter> read_letter(const core::Delivery& delivery, const Settings& settings) {
    const json::ParseLimits limits{8U << 20U, 64, 200'000};
    auto content = json::parse_or_failure(delivery.content, limits);
    if (!content) {
        return content.error();
    }
    const auto with = json::parse_or_failure(delivery.settings);
    if (!with) {
        return with.error();
    }
    Letter letter;
    letter.delivery = &delivery;
    letter.content = std::move(*content);
    letter.route = read_route(*with, settings);
    for (const std::size_t index : documents_to_send(letter)) {
        if (index >= delivery.documents.size()) {
            return core::Failure(core::Errc::malformed, "fewer documents than the letter names");
        }
        letter.files.push_back(file_of(letter, index));
        if (letter.files.back().media_type.empty()) {
            return core::Failure(core::Errc::malformed, "a kind of file that is not taken");
        }
    }
    if (letter.files.empty()) {
        return core::Failure(core::Errc::malformed, "no documents");
    }
    return letter;
}

std::string open_title(const Letter& letter, const std::string& language) {
    if (const std::string& own = letter.content["nonSensitiveTitle"].as_string(); !own.empty()) {
        return own;
    }
    if (!letter.route.default_title.empty()) {
        return letter.route.default_title;
    }
    if (language == "nn") {
        return "Brev frå kommunen";
    }
    return language == "en" ? "Letter from the municipality" : "Brev fra kommunen";
}

std::string language_of(const Letter& letter, const std::string& persons_own) {
    const json::Value& notify = letter.content["notify"];
    const bool senders_words = letter.content.has("nonSensitiveTitle") || notify.has("email") ||
                               notify.has("sms") || !letter.route.default_title.empty();
    if (!senders_words && persons_own.size() == 2) {
        return persons_own;
    }
    return letter.language();
}

}   // namespace gateway::digital_post
