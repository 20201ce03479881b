#include "gateway/route/letter_rules.hpp"

#include "gateway/route/notice_lint.hpp"

#include <charconv>

namespace gateway::route {

std::optional<std::chrono::hours> unread_after(const json::Value& letter) {
    const std::string& text = letter["unread"]["after"].as_string();
    if (text.size() < 3 || text.front() != 'P') {
        return std::nullopt;
    }
    const bool in_hours = text[1] == 'T';
    const char unit = text.back();
    const char* begin = text.data() + (in_hours ? 2 : 1);
    const char* end = text.data() + text.size() - 1;
    int number = 0;
    const auto [stopped, error] = std::from_chars(begin, end, number);
    if (error != std::errc{} || stopped != end || number <= 0) {
        return std::nullopt;
    }
    if (in_hours) {
        return unit == 'H' ? std::optional(std::chrono::hours(number)) : std::nullopt;
    }
    if (unit != 'D' && unit != 'W') {
        return std::nullopt;
    }
    return std::chrono::hours(24) * (unit == 'W' ? number * 7 : number);
}

std::vector<core::Problem> check_letter(const Question& question) {
    const auto& letter = question.message;
    std::vector<core::Problem> problems;
    if (letter["type"].as_string() != "letter") {
        return problems;
    }
    const auto& book = duties::DutyBook::current();
    const auto facts = facts_of(letter);
    if (facts.ignore_reservation && facts.is_to_person() &&
        book.duties(facts.kind, question.now).reservation_binds) {
        problems.emplace_back("/ignoreReservation", "letter.ignore_reservation_not_allowed",
                              core::Params{{"kind", facts.kind}});
    }
    if (facts.graded_address && facts.country) {
        problems.emplace_back("/address", "letter.graded_address_given");
    }
    if (letter.has("unread")) {
        if (!facts.open_receipt) {
            problems.emplace_back("/openReceipt", "letter.unread_needs_open_receipt");
        }
        Question copy = question;
        copy.trail.cause = Cause::unread;
        copy.trail.paper_only = true;
        if (choose(copy).candidates().empty()) {
            problems.emplace_back("/unread", "letter.unread_needs_paper");
        }
    }
    auto notice = check_notice(letter, book, question.now);
    problems.insert(problems.end(), notice.begin(), notice.end());
    return problems;
}

}   // namespace gateway::route
