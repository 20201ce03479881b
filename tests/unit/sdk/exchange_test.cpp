#include "gateway/sdk/exchange.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace gateway;
using core::Errc;

TEST_CASE("upstream causes: each way an exchange fails has its own code, and what may have arrived "
          "is unknown") {
    struct Row {
        Errc error;
        const char* code;
    };
    const std::vector<Row> rows{{Errc::unreachable, "upstream.unreachable"},
                                {Errc::timed_out, "upstream.timed_out"},
                                {Errc::rate_limited, "upstream.rate_limited"},
                                {Errc::tls_untrusted, "upstream.tls_untrusted"},
                                {Errc::tls_expired, "upstream.tls_expired"},
                                {Errc::tls_wrong_host, "upstream.tls_wrong_host"},
                                {Errc::tls_failed, "upstream.tls_failed"},
                                {Errc::bad_answer, "upstream.bad_answer"},
                                {Errc::too_large, "upstream.answer_too_large"},
                                {Errc::answer_lost, "upstream.answer_lost"}};
    for (const auto& row : rows) {
        const core::Failure failure(row.error);
        CHECK(sdk::code_of_failure(failure).value == row.code);
        const auto outcome = sdk::outcome_of_failure(failure, sdk::Effect::possible);
        CHECK(outcome.code.value == row.code);
        const bool may_have_arrived = row.error == Errc::answer_lost ||
                                      row.error == Errc::bad_answer || row.error == Errc::too_large;
        CHECK((outcome.verdict == sdk::Verdict::unknown) == may_have_arrived);
    }
}

TEST_CASE(
    "upstream causes: each status that passes, and an answer of something on the way, has its "
    "own code") {
    const auto passing = [](int status) {
        const auto outcome = sdk::outcome_of_passing_status(sdk::HttpResponse(status, ""));
        return outcome ? outcome->code.value : "";
    };
    CHECK(passing(429) == "upstream.rate_limited");
    CHECK(passing(408) == "upstream.server_error");
    CHECK(passing(503) == "upstream.server_error");
    CHECK(passing(404).empty());
    const auto odd = [](const char* body) {
        const sdk::HttpResponse response(200, body);
        return sdk::outcome_of_bad_answer(response, sdk::Effect::none).code.value;
    };
    CHECK(odd("<html>log in</html>") == "upstream.html_answer");
    CHECK(odd("[]") == "upstream.bad_answer");
}
