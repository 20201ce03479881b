#include "gateway/sdk/exchange.hpp"

#include <boost/system/error_code.hpp>

namespace gateway::sdk {
namespace {

constexpr std::size_t peer_text_bytes_max = 4096;   // what the timeline keeps of it

bool may_have_reached_the_peer(const Failure& failure) {
    return failure.is(Errc::answer_lost) || failure.is(Errc::bad_answer) ||
           failure.is(Errc::too_large);
}

bool is_html(const HttpResponse& response) {
    const std::string_view type = response.header("Content-Type");
    return type.substr(0, 9) == "text/html" || response.body.compare(0, 1, "<") == 0;
}

}   // namespace

core::Code code_of_failure(const Failure& failure) {
    if (failure.is(Errc::unreachable)) {
        return "upstream.unreachable";
    }
    if (failure.is(Errc::timed_out)) {
        return "upstream.timed_out";
    }
    if (failure.is(Errc::rate_limited)) {
        return "upstream.rate_limited";
    }
    if (failure.is(Errc::tls_untrusted)) {
        return "upstream.tls_untrusted";
    }
    if (failure.is(Errc::tls_expired)) {
        return "upstream.tls_expired";
    }
    if (failure.is(Errc::tls_wrong_host)) {
        return "upstream.tls_wrong_host";
    }
    if (failure.is(Errc::tls_failed)) {
        return "upstream.tls_failed";
    }
    if (failure.is(Errc::bad_answer)) {
        return "upstream.bad_answer";
    }
    if (failure.is(Errc::too_large)) {
        return "upstream.answer_too_large";
    }
    if (failure.is(Errc::answer_lost)) {
        return "upstream.answer_lost";
    }
    return "upstream.unreachable";
}

Outcome outcome_of_failure(const Failure& failure, Effect effect) {
    const bool unknown = effect == Effect::possible && may_have_reached_the_peer(failure);
    Outcome outcome(unknown ? Verdict::unknown : Verdict::try_later, code_of_failure(failure));
    outcome.target_at_fault = !failure.is(Errc::rate_limited);
    outcome.upstream_text = peer_text(failure.peer);
    return outcome;
}

std::optional<Outcome> outcome_of_passing_status(const HttpResponse& response) {
    const bool busy = response.status == 429;
    if (!busy && response.status != 408 && response.status < 500) {
        return std::nullopt;
    }
    Outcome outcome(Verdict::try_later, "upstream.rate_limited");
    if (!busy) {
        outcome.code = "upstream.server_error";
        outcome.params.emplace_back("status", std::to_string(response.status));
    }
    outcome.retry_after = response.retry_after();
    outcome.target_at_fault = true;
    outcome.upstream_text = peer_text(response.body);
    return outcome;
}

Outcome outcome_of_bad_answer(const HttpResponse& response, Effect effect) {
    Outcome outcome(effect == Effect::possible ? Verdict::unknown : Verdict::try_later,
                    "upstream.bad_answer");
    if (is_html(response)) {
        outcome.code = "upstream.html_answer";
    }
    outcome.target_at_fault = true;
    outcome.upstream_text = peer_text(response.body);
    return outcome;
}

std::string peer_text(std::string_view text) {
    if (text.size() <= peer_text_bytes_max) {
        return std::string(text);
    }
    std::size_t end = peer_text_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;   // inside a UTF-8 character
    }
    return std::string(text.substr(0, end));
}

}   // namespace gateway::sdk
