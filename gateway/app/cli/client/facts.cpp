#include "gateway/app/cli/client/facts.hpp"

#include "gateway/app/cli/client/timeline_table.hpp"

#include <ostream>

namespace gateway::app::client {
namespace {

constexpr std::size_t name_width = 14;

}   // namespace

void say_fact(const Desk& desk, const char* nb, const char* en, const std::string& text) {
    const auto lines = wrap(text, static_cast<std::size_t>(desk.width) - name_width);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        desk.out << padded(i == 0 ? desk.say(nb, en) : "", name_width) << lines[i] << "\n";
    }
}

bool is_plain(std::string_view word) {
    return word.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "-_.") == std::string_view::npos;
}

std::string joined(const json::Value& list, const std::string& none) {
    std::string text;
    for (const auto& item : list.items()) {
        text += (text.empty() ? "" : ", ") + item.as_string();
    }
    return text.empty() ? none : text;
}

std::string reason_words(const json::Value& reason) {
    return reason["text"].as_string() + " (" + reason["code"].as_string() + ")";
}

}   // namespace gateway::app::client
