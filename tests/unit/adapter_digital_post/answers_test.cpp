#include "adapters/digital_post/dpi_answers.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using digital_post::Passage;
using sdk::HttpResponse;
using sdk::Verdict;

namespace {

const char* duplicate = "InstanceIdentifier or ConversationId already used.";

sdk::Outcome sent(int status, const std::string& body = {}, const std::string& type = {}) {
    HttpResponse response(status, body);
    if (!type.empty()) {
        response.headers.emplace_back("Content-Type", type);
    }
    return digital_post::outcome_of_sending(response);
}

std::string passages(const std::string& body) {
    const auto statuses = digital_post::read_statuses(HttpResponse(200, body));
    if (!statuses) {
        return "none";
    }
    std::string all;
    for (const auto& status : *statuses) {
        all += std::to_string(static_cast<int>(status.passage));
    }
    return all;
}

Passage latest_of(const std::string& body) {
    return digital_post::latest(*digital_post::read_statuses(HttpResponse(200, body))).passage;
}

}   // namespace

TEST_CASE("digital_post: any 2xx to a message is acceptance, but for a web page") {
    for (const int status : {200, 201, 202, 204}) {
        CHECK(sent(status).verdict == Verdict::accepted);
    }
    CHECK(sent(200, "<html>log in</html>").verdict == Verdict::unknown);
    CHECK(sent(201, "x", "text/html; charset=utf-8").code.value == "upstream.html_answer");
    CHECK(sent(302).verdict == Verdict::unknown);
    CHECK(sent(199).verdict == Verdict::unknown);
}

TEST_CASE("digital_post: turned away at the door is passing, a failure inside leaves it unknown") {
    for (const int status : {408, 429, 503}) {
        CHECK(sent(status).verdict == Verdict::try_later);
    }
    for (const int status : {500, 502, 504}) {
        CHECK(sent(status).verdict == Verdict::unknown);
        CHECK(sent(status).target_at_fault);
    }
}

TEST_CASE("digital_post: each refusal has its own code, and the words go to the sealed part") {
    CHECK(sent(400, "problem").code.value == "digital_post.refused");
    CHECK(sent(400, "problem").upstream_text == "problem");
    CHECK(sent(422).code.value == "digital_post.refused");
    CHECK(sent(401).code.value == "upstream.unauthorised");
    CHECK(sent(403).code.value == "digital_post.no_access");
    CHECK(sent(413).code.value == "digital_post.package_too_large");
    CHECK(sent(415).code.value == "upstream.refused");
    CHECK(sent(404).params == core::Params{{"status", "404"}});
    for (const int status : {400, 401, 403, 404, 413, 415, 422}) {
        CHECK(sent(status).verdict == Verdict::rejected);
    }
}

TEST_CASE("digital_post: an id that is used is known by its words, whatever they stand in") {
    CHECK(digital_post::says_id_is_used(HttpResponse(400, duplicate)));
    CHECK(digital_post::says_id_is_used(
        HttpResponse(400, R"({"detail":"instanceIdentifier er brukt før"})")));
    CHECK(digital_post::says_id_is_used(HttpResponse(409, "")));
    CHECK_FALSE(digital_post::says_id_is_used(HttpResponse(400, "instanceIdentifier is missing")));
    CHECK_FALSE(digital_post::says_id_is_used(HttpResponse(400, "file name already used")));
    CHECK_FALSE(digital_post::says_id_is_used(HttpResponse(201, duplicate)));
}

TEST_CASE("digital_post: statuses are read as they stand, and a new one means it is there") {
    CHECK(passages(R"([{"status":"OPPRETTET","timestamp":"2021-06-29T05:49:47Z"},
                       {"status":"SENDT"},{"status":"FEILET","beskrivelse":"x"},
                       {"status":"ARKIVERT"}])") == "0120");
    CHECK(passages("[]").empty());
    CHECK(passages("{}") == "none");
    CHECK(passages("[{}]") == "none");
    CHECK(passages("no json") == "none");
    for (const int absent : {404, 204}) {
        const auto statuses = digital_post::read_statuses(HttpResponse(absent, "x"));
        REQUIRE(statuses.has_value());
        CHECK(statuses->empty());
    }
    for (const int other : {201, 400, 401, 403, 500}) {
        CHECK_FALSE(digital_post::read_statuses(HttpResponse(other, "[]")).has_value());
    }
}

TEST_CASE("digital_post: the newest status counts, the last one where times are missing") {
    CHECK(latest_of(R"([{"status":"OPPRETTET"},{"status":"FEILET"}])") == Passage::failed);
    CHECK(latest_of(R"([{"status":"SENDT","timestamp":"2021-06-29T07:00:00Z"},
                        {"status":"OPPRETTET","timestamp":"2021-06-29T06:00:00Z"}])") ==
          Passage::sent);
    CHECK(latest_of(R"([{"status":"FEILET","timestamp":"2021-06-29T07:00:00Z"},
                        {"status":"SENDT","timestamp":"2021-06-29T07:00:01Z"}])") == Passage::sent);
}

TEST_CASE("digital_post: one odd item among the unread spoils none of the others") {
    const auto unread = digital_post::read_unread(HttpResponse(
        200, R"([{"forretningsmelding":"a.b.c","downloadurl":"https://x/api/v2/dpi/messages/in/)"
             R"(0198408F-979C-75E0-B23E-AEF6E907015F"},{"forretningsmelding":7},{},
                {"forretningsmelding":"d","downloadurl":"https://x/messages/in/short"}])"));
    REQUIRE(unread.has_value());
    REQUIRE(unread->size() == 4);
    CHECK((*unread)[0].jws == "a.b.c");
    CHECK((*unread)[0].id_in_url == "0198408f-979c-75e0-b23e-aef6e907015f");
    CHECK((*unread)[1].jws == R"({"forretningsmelding":7})");
    CHECK((*unread)[3].id_in_url.empty());
}

TEST_CASE("digital_post: nothing unread is 204, anything else than a list is no answer") {
    const auto none = digital_post::read_unread(HttpResponse(204, ""));
    REQUIRE(none.has_value());
    CHECK(none->empty());
    CHECK_FALSE(digital_post::read_unread(HttpResponse(200, "{}")).has_value());
    CHECK_FALSE(digital_post::read_unread(HttpResponse(200, "<html>")).has_value());
    CHECK_FALSE(digital_post::read_unread(HttpResponse(500, "[]")).has_value());
}
