#pragma once

// A timeline for the terminal: one event after the other, as they come. Pure.

#include "gateway/json/value.hpp"
#include "gateway/texts/texts.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::app::client {

/// Characters as a terminal counts them: one per code point, none for combining ones.
std::size_t columns_of(std::string_view utf8);
/// Lines of at most `width` columns, cut between words where that is possible.
std::vector<std::string> wrap(std::string_view text, std::size_t width);
std::string padded(std::string_view text, std::size_t width);

struct TableLook {
    std::size_t width = 100;
    bool colour = false;
    texts::Language language = texts::Language::nb;
    /// RFC 3339 to what is shown.
    std::function<std::string(const std::string&)> time;
};

class TimelineTable {
public:
    explicit TimelineTable(TableLook look);
    std::string head() const;
    /// Time, event, whose turn it is; below it what happened, what to do and when something happens
    /// next.
    std::string row(const json::Value& item) const;

private:
    std::string paint(const json::Value& item, const std::string& text) const;
    TableLook look_;
    bool english_;
    std::size_t time_width_;
    std::size_t detail_width_;
    std::string nothing_to_do_;   // the texts' own words for it: not worth a line
};

}   // namespace gateway::app::client
