#include "adapters/common/fiks/fiks_errors.hpp"
#include "gateway/crypto/base64url.hpp"
#include "tests/unit/adapter_fiks_io/fiks_world.hpp"

#include <catch2/catch.hpp>

using namespace fiks_world;
namespace platform = gateway::fiks_platform;

namespace {

std::string refusal(const std::string& more, const std::string& url = base_url) {
    auto given = facts(more);
    given.base_url = url;
    const auto read = fiks::read_settings(given);
    return read ? std::string() : read.error().detail;
}

std::string token_of(const std::string& consumer) {
    const auto part = [](const std::string& text) {
        return gateway::crypto::base64url_encode(text);
    };
    return part("{}") + "." +
           part(R"({"consumer":{"authority":"iso6523-actorid-upis","ID":"0192:)" + consumer +
                R"("}})") +
           "." + part("s");
}

sdk::HttpResponse refused(int status, const std::string& message) {
    json::Value body;
    body.set("status", status).set("message", message).set("errorId", "e1-2");
    body.set("errorJson", R"({"a":1})");
    return sdk::HttpResponse(status, json::write(body));
}

}   // namespace

TEST_CASE("fiks settings: what is not said is KS's own") {
    const auto read = fiks::read_settings(facts());
    REQUIRE(read.has_value());
    CHECK(read->amqp_host == "io.fiks.test.ks.no");
    CHECK(read->amqp_port == 5671);
    CHECK(read->amqp_tls);
    CHECK(read->vhost == "/");
    CHECK(read->prefetch == 10);
    CHECK(read->access.integration_id == "0b2b6e7e-3f5e-4f4e-9d3c-5d0f6f3d1a11");
    CHECK(read->access.scope == "ks:fiks");
    CHECK(read->signature == seal::Rule::warn);
    CHECK(read->only_account_of(core::TenantId(municipality)) == &read->accounts.front());
    CHECK(read->only_account_of(core::TenantId(archive_owner)) == nullptr);
    CHECK(platform::amqp_password(read->access, "token") == "p w token");
}

TEST_CASE("fiks settings: what cannot work is refused with its reason") {
    CHECK(refusal("").empty());
    CHECK(refusal("", "https://fiks.example").find("amqp_host") != std::string::npos);
    CHECK(refusal(R"(,"amqp_host":"broker")", "https://fiks.example").empty());
    CHECK(refusal(R"(,"amqp_tls":false)").find("amqp_tls") != std::string::npos);
    CHECK(refusal(R"(,"amqp_tls":false,"amqp_host":"127.0.0.1")").empty());
    CHECK(refusal(R"(,"signature":"require")").find("trust_file") != std::string::npos);
    CHECK(refusal("", "").find("base_url") != std::string::npos);
}

TEST_CASE("fiks settings: an account may say who answers, for a type that is answered at all") {
    const auto with = [](const std::string& owners) {
        auto given = facts();
        given.settings = R"({"integration_id":"0b2b6e7e-3f5e-4f4e-9d3c-5d0f6f3d1a11",)"
                         R"("integration_password":"p","accounts":[{"account":")" +
                         std::string(our_account) + R"(","tenant":"310001007","receipt_owner":{)" +
                         owners + "}}]}";
        return fiks::read_settings(given);
    };
    const std::string concern = "no.ks.fiks.bekymringsmelding.privat.v2";
    const auto read = with("\"" + concern + R"(":"gateway")");
    REQUIRE(read.has_value());
    CHECK(fiks::owner_of(read->accounts.front(), *fiks::find(concern)) ==
          fiks::AnswerOwner::transport);
    const std::string other = "no.ks.fiks.bekymringsmelding.offentlig.v2";
    CHECK(fiks::owner_of(read->accounts.front(), *fiks::find(other)) == fiks::AnswerOwner::system);
    CHECK(with(R"("no.ks.fiks.nothing":"system")").error().detail.find("no protocol has") !=
          std::string::npos);
    CHECK(with(R"("no.ks.fiks.arkiv.v1.innsyn.sok":"system")")
              .error()
              .detail.find("not answered as received") != std::string::npos);
}

TEST_CASE("fiks settings: an account that stands twice is refused") {
    auto given = facts();
    given.settings = R"({"integration_id":"0b2b6e7e-3f5e-4f4e-9d3c-5d0f6f3d1a11",)"
                     R"("integration_password":"p","accounts":[)"
                     R"({"account":"6C1C4F3E-2f0b-4d39-8f5d-0c6f4d1b2a01","tenant":"310001007"},)"
                     R"({"account":"6c1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a01","tenant":"310002003"}]})";
    CHECK(fiks::read_settings(given).error().detail.find("twice") != std::string::npos);
}

TEST_CASE("fiks: the two 401 are told apart by their words, and both let everything wait") {
    platform::Access access;
    access.organisation = municipality;
    const auto judge = [&](int status, const std::string& message, const std::string& token) {
        return *platform::outcome_of_common_refusal(refused(status, message), access, token);
    };
    const auto token = judge(401, "Klarte ikke å validere access_token", "t");
    CHECK(token.code.value == "fiks.token_refused");
    CHECK(token.verdict == sdk::Verdict::try_later);
    CHECK(token.target_at_fault);
    CHECK(token.params == core::Params{{"error", "e1-2"}});
    const std::string words = "Autentisering feilet for integrasjon med id 1";
    CHECK(judge(401, words, token_of(municipality)).code.value == "fiks.integration_refused");
    const auto other = judge(401, words, token_of("991825827"));
    CHECK(other.code.value == "fiks.integration_of_other");
    CHECK(other.params == core::Params{{"expected", municipality},
                                       {"organisation", "991825827"},
                                       {"error", "e1-2"}});
    CHECK(judge(401, words, "no token").params.front().second == "-");
    CHECK(judge(401, "?", "t").code.value == "fiks.unauthorised");
    CHECK(judge(403, "?", "t").verdict == sdk::Verdict::rejected);
    CHECK(judge(403, "?", "t").code.value == "fiks.no_access");
    CHECK(judge(503, "?", "t").verdict == sdk::Verdict::try_later);
    CHECK_FALSE(platform::outcome_of_common_refusal(refused(404, "?"), access, "t").has_value());
}

TEST_CASE("fiks: an error body is read with its inner JSON as an object or as text") {
    const auto error = platform::read_error(refused(400, "nei"));
    CHECK(error.id == "e1-2");
    CHECK(error.message == "nei");
    CHECK(error.more["a"].as_int() == 1);
    CHECK(platform::read_error(sdk::HttpResponse(400, R"({"errorJson":{"b":2}})"))
              .more["b"]
              .as_int() == 2);
    CHECK(platform::error_id(sdk::HttpResponse(400, R"({"errorId":"<script>"})")) == "-");
    CHECK(platform::error_id(sdk::HttpResponse(502, "<html>")) == "-");
}
