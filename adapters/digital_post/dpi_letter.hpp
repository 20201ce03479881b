#pragma once

// A delivery read once: its letter, its route, the documents that go. Pure.

#include "adapters/digital_post/dpi_settings.hpp"
#include "gateway/core/delivery.hpp"

#include <string>
#include <vector>

namespace gateway::digital_post {

/// A file of the package, in the package's own words.
struct PackageFile {
    core::DocumentRef document;
    std::string media_type;   // as the operators know it
    std::string title;        // shown after login

    PackageFile() = default;
};

struct Letter {
    const core::Delivery* delivery = nullptr;
    json::Value content;
    RouteSettings route;
    std::vector<PackageFile> files;   // the main document first

    Letter() = default;
    bool is_print() const { return route.service == Service::print; }
    std::string language() const;   // of the sender's words: two letters
};

/// `malformed` when content, settings or documents are not what was checked at accept.
core::Result<Letter> read_letter(const core::Delivery& delivery, const Settings& settings);

/// What may be seen before login and in notices: the letter's own non-sensitive title, else the
/// route's, else a neutral one in `language`. Never the title.
std::string open_title(const Letter& letter, const std::string& language);

/// The language of title and notices as the sender wrote them. Where all words are ours, the
/// person's own.
std::string language_of(const Letter& letter, const std::string& persons_own);

}   // namespace gateway::digital_post
