#include "adapters/maskinporten/maskinporten_codec.hpp"
#include "adapters/maskinporten/maskinporten_errors.hpp"
#include "gateway/core/ids.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::maskinporten;

namespace {

Settings settings() {
    Settings made;
    made.base_url = "https://test.maskinporten.no";
    made.issuer = "https://test.maskinporten.no/";
    made.client_id = "client-1";
    made.organisation = "991825827";
    return made;
}

Metadata metadata() {
    Metadata made;
    made.issuer = "https://test.maskinporten.no/";
    made.token_endpoint = "https://test.maskinporten.no/token";
    return made;
}

sdk::TokenRequest request() {
    sdk::TokenRequest made;
    made.scopes = {"altinn:correspondence.write"};
    return made;
}

core::Time at(std::int64_t seconds) {
    return core::Time(std::chrono::seconds(seconds));
}

sdk::HttpResponse json_answer(int status, std::string body) {
    sdk::HttpResponse response(status, std::move(body));
    response.headers.emplace_back("Content-Type", "application/json");
    return response;
}

TokenReply refusal(const std::string& description) {
    return read_token(
        json_answer(400, R"({"error":"invalid_grant","error_description":")" + description + "\"}"),
        request());
}

}   // namespace

TEST_CASE("maskinporten: a grant by certificate carries x5c as an array, also of one") {
    CHECK(json::write(grant_header(settings(), {"abc"})) == R"({"alg":"RS256","x5c":["YWJj"]})");
    CHECK(json::write(grant_header(settings(), {"abc", "de"})) ==
          R"({"alg":"RS256","x5c":["YWJj","ZGU="]})");
}

TEST_CASE("maskinporten: a registered key is named by kid and no certificate is sent") {
    auto with_kid = settings();
    with_kid.kid = "k-1";
    CHECK(json::write(grant_header(with_kid, {"abc"})) == R"({"alg":"RS256","kid":"k-1"})");
}

TEST_CASE(
    "maskinporten: the grant's audience is the issuer of the metadata and it lives 120 seconds") {
    CHECK(
        json::write(grant_payload(settings(), metadata(), request(), at(1700000000), "j-1")) ==
        R"({"aud":"https://test.maskinporten.no/","iss":"client-1","scope":"altinn:correspondence.write",)"
        R"("iat":1700000000,"exp":1700000120,"jti":"j-1"})");
}

TEST_CASE(
    "maskinporten: consumer_org is sent for another organisation and left out for the owner") {
    auto other = request();
    other.consumer_org = "910753614";
    CHECK(grant_payload(settings(), metadata(), other, at(0), "j")["consumer_org"].as_string() ==
          "910753614");
    other.consumer_org = "991825827";
    CHECK_FALSE(grant_payload(settings(), metadata(), other, at(0), "j").has("consumer_org"));
}

TEST_CASE("maskinporten: resource is an array") {
    auto narrow = request();
    narrow.resource = {"https://api.example.no/"};
    CHECK(json::write(grant_payload(settings(), metadata(), narrow, at(0), "j")["resource"]) ==
          R"(["https://api.example.no/"])");
}

TEST_CASE("maskinporten: a system user is asked for by authorization_details") {
    auto system_user = request();
    system_user.system_user_org = "999888777";
    system_user.system_user_reference = "ref-1";
    CHECK(
        json::write(grant_payload(settings(), metadata(), system_user, at(0),
                                  "j")["authorization_details"]) ==
        R"([{"type":"urn:altinn:systemuser","systemuser_org":{"authority":"iso6523-actorid-upis",)"
        R"("ID":"0192:999888777"},"externalRef":"ref-1"}])");
}

TEST_CASE("maskinporten: requests that ask for the same are the same") {
    sdk::TokenRequest a;
    a.scopes = {"b", "a", "b"};
    a.consumer_org = "991825827";
    sdk::TokenRequest b;
    b.scopes = {"a", "b"};
    CHECK(normalised(settings(), a) == normalised(settings(), b));
}

TEST_CASE("maskinporten: metadata of another issuer is refused, also for a missing slash") {
    const auto good = read_metadata(
        settings(),
        json_answer(
            200,
            R"({"issuer":"https://test.maskinporten.no/","token_endpoint":"https://test.maskinporten.no/token"})"));
    REQUIRE(good.has_value());
    CHECK(good->token_endpoint == "https://test.maskinporten.no/token");
    const auto other = read_metadata(
        settings(),
        json_answer(
            200,
            R"({"issuer":"https://test.maskinporten.no","token_endpoint":"https://test.maskinporten.no/token"})"));
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().is(core::Errc::conflict));
}

TEST_CASE("maskinporten: metadata that would send grants unencrypted, or is none, is refused") {
    const auto downgraded =
        json_answer(200, R"({"issuer":"https://test.maskinporten.no/",)"
                         R"("token_endpoint":"http://test.maskinporten.no/token"})");
    for (const auto& answer : {downgraded, json_answer(200, "<html>"), json_answer(503, "{}")}) {
        CHECK_FALSE(read_metadata(settings(), answer).has_value());
    }
}

TEST_CASE("maskinporten: a token answer is read, and one that lacks a scope is not a token") {
    const auto good = read_token(
        json_answer(
            200,
            R"({"access_token":"t","token_type":"Bearer","expires_in":119,"scope":"x altinn:correspondence.write"})"),
        request());
    REQUIRE(good.ok());
    CHECK(good.expires_in.count() == 119);
    const auto less = read_token(
        json_answer(200, R"({"access_token":"t","expires_in":119,"scope":"other"})"), request());
    CHECK_FALSE(less.ok());
    CHECK(less.failure.code.value == "maskinporten.token_refused");
}

TEST_CASE("maskinporten: outages and odd answers pass, a login page too") {
    for (const auto& answer :
         {json_answer(503, ""), json_answer(429, ""), json_answer(200, "<html>login</html>"),
          json_answer(200, "{}"), json_answer(302, "")}) {
        const auto reply = read_token(answer, request());
        CHECK_FALSE(reply.ok());
        CHECK(reply.failure.passing);
    }
    CHECK(read_token(core::Failure(core::Errc::unreachable), request()).failure.passing);
}

TEST_CASE("maskinporten: each refusal of the catalogue has its code, and only three are repeated "
          "with a new grant") {
    for (const auto& error : known_errors()) {
        const std::string said(error.id.empty() ? error.text : error.id);
        const auto reply =
            refusal(said + ": something (trace_id: 0af7651916cd43dd8448eb211c80319c)");
        CHECK(reply.failure.code.value == error.code);
        CHECK(reply.failure.passing == error.passing);
        CHECK(reply.repeat_with_new_grant == error.repeat_with_new_grant);
        CHECK(reply.trace == "0af7651916cd43dd8448eb211c80319c");
    }
    CHECK(refusal("MP-012").repeat_with_new_grant);
    CHECK(refusal("MP-130").repeat_with_new_grant);
    CHECK(refusal("Issue time is after now").repeat_with_new_grant);
    CHECK_FALSE(refusal("MP-121").failure.passing);
}

TEST_CASE("maskinporten causes: each refusal, as its documentation words it, has its own code") {
    struct Row {
        const char* error;
        const char* description;
        const char* code;
    };
    const std::vector<Row> rows{
        {"invalid_request", "MP-011: Invalid assertion. Invalid parameter value",
         "maskinporten.mp_011"},
        {"invalid_request",
         "Validation of JWT claim failed: The combination consumer_org in claim and delegation "
         "scope on client is invalid",
         "maskinporten.consumer_equals_client"},
        {"invalid_grant", "MP-012: Grant is used before", "maskinporten.mp_012"},
        {"invalid_grant",
         "MP-100: Client not found / Invalid assertion. Client authentication failed.",
         "maskinporten.mp_100"},
        {"invalid_grant", "MP-110: Invalid JWT claim aud", "maskinporten.mp_110"},
        {"invalid_grant", "MP-120: The JWT is signed with an invalid certificate.",
         "maskinporten.mp_120"},
        {"invalid_grant", "MP-121: Expired key", "maskinporten.mp_121"},
        {"invalid_grant",
         "MP-122: Invalid organization number for client. Does not match certificate orgno",
         "maskinporten.mp_122"},
        {"invalid_grant", "MP-123: Invalid JWT header x5c", "maskinporten.mp_123"},
        {"invalid_grant", "MP-124: Invalid JWT signature", "maskinporten.mp_124"},
        {"invalid_grant", "MP-130: JWT is expired", "maskinporten.mp_130"},
        {"invalid_grant", "Issue time is after now", "maskinporten.clock_ahead"},
        {"invalid_scope",
         "MP-200: Invalid scope - Token request contains invalid scopes for client",
         "maskinporten.mp_200"},
        {"invalid_scope",
         "MP-201: Invalid scope - Token request contains scopes not allowed for maskinporten",
         "maskinporten.mp_201"},
        {"invalid_scope", "MP-250: Consumer has not been granted access to the scope ks:fiks",
         "maskinporten.mp_250"},
        {"invalid_scope",
         "MP-251: Consumer 991825827 has not delegated access to the scope ks:fiks to supplier "
         "991825827",
         "maskinporten.mp_251"},
        {"invalid_grant", "MP-301: Unknown authorization details type", "maskinporten.mp_301"},
        {"invalid_grant", "MP-302: Unknown fields in the authorization details",
         "maskinporten.mp_302"},
        {"invalid_grant", "MP-303: Invalid authorization details values", "maskinporten.mp_303"},
        {"invalid_grant", "Validation of JWT claims failed: JWT has too long lifetime",
         "maskinporten.lifetime_too_long"},
        {"invalid_client", "said by nobody before", "maskinporten.unknown_error"},
        {"server_error", "", "maskinporten.unavailable"}};
    CHECK(rows.size() == known_errors().size() + 2);
    for (const auto& row : rows) {
        const std::string body = R"({"error":")" + std::string(row.error) +
                                 R"(","error_description":")" + row.description + "\"}";
        CHECK(read_token(json_answer(400, body), request()).failure.code.value == row.code);
    }
}

TEST_CASE("maskinporten: an unknown refusal is final and shows the OAuth error only") {
    const auto reply = refusal("something with 12345678901 inside");
    CHECK(reply.failure.code.value == "maskinporten.unknown_error");
    CHECK_FALSE(reply.failure.passing);
    CHECK(reply.failure.params == core::Params{{"error", "invalid_grant"}});
}
