#include "gateway/sdk/examination.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

sdk::HttpResponse answer(int status, const char* type, const char* body) {
    sdk::HttpResponse response(status, body);
    response.headers.emplace_back("Content-Type", type);
    return response;
}

}   // namespace

TEST_CASE("examination: JSON with 200 is green and says that we may call") {
    const auto read = sdk::read_probe(answer(200, "application/json", "{}"));
    CHECK(read.finding == sdk::Finding::green);
    CHECK(read.proves_access);
    CHECK(read.code.empty());
}

TEST_CASE("examination: each refusal has a code of its own, and none of them proves access") {
    struct Case {
        int status;
        const char* code;
    };
    const Case cases[] = {{401, "doctor.call.unauthorised"}, {403, "doctor.call.forbidden"},
                          {404, "doctor.call.not_found"},    {400, "doctor.call.refused"},
                          {302, "doctor.call.refused"},      {429, "doctor.call.passing"},
                          {503, "doctor.call.passing"}};
    for (const auto& one : cases) {
        const auto read = sdk::read_probe(answer(one.status, "application/json", "{}"));
        CAPTURE(one.status);
        CHECK(read.finding == sdk::Finding::red);
        CHECK(read.code.value == one.code);
        CHECK_FALSE(read.proves_access);
    }
}

TEST_CASE("examination: a login page with 200 is not the component") {
    const auto read = sdk::read_probe(answer(200, "text/html", "<html>Logg inn</html>"));
    CHECK(read.finding == sdk::Finding::red);
    CHECK(read.code.value == "doctor.call.not_the_component");
}

TEST_CASE("examination: what a connection says of itself is no proof of access") {
    const auto ready = sdk::read_probe(sdk::Health());
    CHECK(ready.finding == sdk::Finding::green);
    CHECK_FALSE(ready.proves_access);
    const auto down =
        sdk::read_probe(sdk::Health(sdk::Condition::down, core::Code("upstream.unreachable")));
    CHECK(down.finding == sdk::Finding::red);
    CHECK(down.code.value == "upstream.unreachable");
}
