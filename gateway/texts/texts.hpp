#pragma once

// Human text by code and language, from schemas/texts/ (embedded). A code without text is shown as
// itself and counted: a test demands every code in all three languages.

#include "gateway/core/code.hpp"

#include <string>
#include <string_view>

namespace gateway::texts {

enum class Language { nb, nn, en };

struct Text {
    std::string title;
    std::string detail;
    std::string action;
};

struct CodeFacts {
    std::string owner = "us";   // us | sender | recipient | national
    int status = 500;
};

/// Accept-Language by quality; nb when nothing fits.
Language choose_language(std::string_view accept_language);
std::string_view tag(Language language);
Text render(const core::Code& code, const core::Params& params, Language language);
CodeFacts facts(const core::Code& code);
bool knows(const core::Code& code);

}   // namespace gateway::texts
