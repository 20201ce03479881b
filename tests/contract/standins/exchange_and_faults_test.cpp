#include "tests/contract/standins/altinn_world.hpp"
#include "tests/contract/standins/grants.hpp"

#include <catch2/catch.hpp>

namespace gateway::tests::standins {

using json::Value;

TEST_CASE("altinn stand-in: a Maskinporten token is exchanged, any other is not") {
    TemporaryFolder first;
    TemporaryFolder second;
    Child maskinporten("maskinporten", first.path());
    Grants grants(maskinporten);
    Altinn altinn(second.path(),
                  {"--maskinporten-url", maskinporten.url(), "--time-scale", "1000"});
    const std::string exchange = altinn.child.url() + "/authentication/api/v1/exchange/";
    const std::string token = grants.access_token();
    const Answer answer = get(exchange + "Maskinporten?test=true", token);
    REQUIRE(answer.status == 200);
    CHECK(answer.header("content-type").starts_with("text/plain"));
    CHECK(post(altinn.at("/correspondence"), letter(), answer.body).status == 200);
    CHECK(post(altinn.at("/correspondence"), letter(), token).status == 200);   // as it stands, too

    const Answer none = get(exchange + "maskinporten");
    CHECK(none.status == 401);
    CHECK(none.body.empty());
    CHECK(get(exchange + "maskinporten", token + "x").status == 401);
    CHECK(get(exchange + "maskinporten", answer.body).status == 401);
    const Answer provider = get(exchange + "facebook", token);
    CHECK(provider.status == 400);
    CHECK(provider.body.starts_with("Invalid token provider: "));
    Ask enterprise;
    enterprise.url = exchange + "maskinporten";
    enterprise.headers["Authorization"] = "Bearer " + token;
    enterprise.headers["X-Altinn-EnterpriseUser-Authentication"] = "dTpw";
    CHECK(ask(enterprise).status == 410);

    // The key that signs changes: its token is known after the key set is fetched again.
    maskinporten.command("/control/keys/rollover", Value::object());
    CHECK(get(exchange + "maskinporten", grants.access_token()).status == 200);
    // Our clock runs away from theirs: the token is expired beyond the ten seconds.
    altinn.child.command("/control/clock", object(R"({"skew_seconds":140})"));
    CHECK(get(exchange + "maskinporten", token).status == 401);
    const Value jwks = get(altinn.child.url() +
                           "/authentication/api/v1/openid/.well-known/openid-configuration/jwks")
                           .json();
    CHECK(jwks["keys"].items().size() == 1);
}

TEST_CASE("stand-ins: a fault waits for its request, acts so many times and is gone") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    const auto fault = [&](const char* command) {
        REQUIRE(altinn.child.command("/control/faults", object(command)).status == 200);
    };
    const auto stored = [&] { return altinn.child.state()["correspondences"].items().size(); };

    fault(
        R"({"kind":"cut_before","match":{"method":"POST","path_prefix":"/correspondence/api/v1/correspondence"}})");
    CHECK(altinn.read("/correspondence?resourceId=sluse-brev&role=Sender").status == 200);
    CHECK(altinn.send("/correspondence", letter()).status == 0);
    CHECK(stored() == 0);
    fault(R"({"kind":"cut_after_write"})");
    CHECK(altinn.send("/correspondence", letter()).status == 0);
    CHECK(stored() == 1);
    fault(R"({"kind":"cut_answer"})");
    CHECK(altinn.send("/correspondence", letter()).status == 0);
    CHECK(stored() == 2);
    fault(R"({"kind":"retry_after","retry_after":7,"times":2,"skip":1})");
    CHECK(altinn.send("/correspondence", letter()).status == 200);
    for (int i = 0; i < 2; ++i) {
        const Answer refused = altinn.send("/correspondence", letter());
        CHECK(refused.status == 429);
        CHECK(refused.header("retry-after") == "7");
    }
    CHECK(altinn.send("/correspondence", letter()).status == 200);
    CHECK(stored() == 4);
    fault(R"({"kind":"status","status":503,"after":true})");
    CHECK(altinn.send("/correspondence", letter()).status == 503);
    CHECK(stored() == 5);
    fault(R"({"kind":"html_200"})");
    const Answer page = altinn.send("/correspondence", letter());
    CHECK(page.status == 200);
    CHECK(page.header("content-type").starts_with("text/html"));
    CHECK(stored() == 5);
    fault(R"({"kind":"bad_json"})");
    const Answer broken = altinn.send("/correspondence", letter());
    CHECK(broken.status == 200);
    CHECK(broken.json().is_null());
    CHECK(stored() == 6);
    fault(R"({"kind":"slow_answer","pieces":3,"delay_ms":5})");
    CHECK(altinn.send("/correspondence", letter()).json()["correspondences"].items().size() == 1);
    fault(R"({"kind":"hang","delay_ms":20})");
    CHECK(altinn.send("/correspondence", letter()).status == 0);
    CHECK(stored() == 7);
    fault(R"({"kind":"hang","delay_ms":20,"after":true})");
    CHECK(altinn.send("/correspondence", letter()).status == 0);
    CHECK(stored() == 8);
    fault(R"({"kind":"status","status":500,"times":0})");
    CHECK(altinn.send("/correspondence", letter()).status == 500);
    CHECK(get(altinn.child.control() + "/control/faults").json().items().size() == 1);
    CHECK(altinn.act("GET", "/correspondence/x", altinn.token).status == 500);
    Ask clear;
    clear.method = "DELETE";
    clear.url = altinn.child.control() + "/control/faults";
    CHECK(ask(clear).status == 200);
    CHECK(altinn.send("/correspondence", letter()).status == 200);
    CHECK(altinn.child.command("/control/faults", Value::object()).status == 400);
    CHECK(altinn.child.command("/control/reset", Value::object()).status == 200);
    CHECK(stored() == 0);
}

TEST_CASE("stand-ins: the clock of the answers can be set wrong") {
    TemporaryFolder folder;
    Child echo("echo", folder.path());
    echo.command("/control/clock", object(R"({"skew_seconds":-1000000000})"));
    CHECK(post(echo.url() + "/inbox", Value::object()).header("date").find("19") !=
          std::string::npos);
}

TEST_CASE("stand-ins: they end when asked and when their starter is gone") {
    TemporaryFolder folder;
    CHECK(Child("echo", folder.path()).end() == 0);
    CHECK(Child("echo", folder.path()).end(true) == 0);
}

TEST_CASE("echo stand-in: a repeated key gets the first answer") {
    TemporaryFolder folder;
    Child echo("echo", folder.path());
    Ask request;
    request.method = "POST";
    request.url = echo.url() + "/inbox";
    request.headers["Content-Type"] = "application/json";
    request.headers["Idempotency-Key"] = "k1";
    request.body = R"({"title":"a"})";
    const Answer first = ask(request);
    CHECK(first.status == 201);
    CHECK(ask(request).json()["id"].as_string() == first.json()["id"].as_string());
    CHECK(echo.state()["letters"].items().size() == 1);
    request.body = "[";
    CHECK(ask(request).status == 400);
}

}   // namespace gateway::tests::standins
