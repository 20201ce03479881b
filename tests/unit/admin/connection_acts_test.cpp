#include "tests/unit/admin/world.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace gateway;
using tests::admin::World;

const std::string act_path = "/admin/v1/connections/broker/acts/request-system-user";

sdk::ActAnswer done() {
    sdk::ActAnswer answer;
    answer.verdict = sdk::Verdict::accepted;
    answer.value = json::parse(R"({"request":{"status":"New"}})").value();
    return answer;
}

std::string code(const http::Response& response) {
    return World::json(response)["code"].as_string();
}

}   // namespace

TEST_CASE("admin: any act of a connection is reached by its name, with a reason that is logged") {
    World world;
    world.act_answer = done();
    const auto response =
        world.post(act_path, R"({"why":"ny avtale","with":{"organisation":"310001007"}})");
    CHECK(response.status == 200);
    CHECK(World::json(response)["connection"].as_string() == "broker");
    CHECK(World::json(response)["value"]["request"]["status"].as_string() == "New");
    REQUIRE(world.acts.size() == 1);
    CHECK(world.acts[0].first == "broker");
    CHECK(world.acts[0].second.name == "request-system-user");
    CHECK(world.acts[0].second.with["organisation"].as_string() == "310001007");
    CHECK(world.log.holds("connection_act"));
    CHECK(world.log.holds("ny avtale"));
    CHECK(world.log.holds("root"));
}

TEST_CASE("admin: an act without a reason, or of another form, reaches no adapter") {
    World world;
    CHECK(code(world.post(act_path, R"({"with":{}})")) == "admin.reason_required");
    CHECK(code(world.post(act_path, R"({"why":"x","with":[]})")) == "request.bad_parameter");
    CHECK(code(world.post(act_path, R"({"why":"x","more":1})")) == "request.bad_parameter");
    CHECK(code(world.post("/admin/v1/connections/broker/acts/Stor", R"({"why":"x"})")) ==
          "connection.no_such_act");
    CHECK(code(world.post("/admin/v1/connections/broker/acts/", R"({"why":"x"})")) ==
          "connection.no_such_act");
    CHECK(code(world.post("/admin/v1/connections/broker", R"({"why":"x"})")) ==
          "request.not_found");
    CHECK(world.acts.empty());
}

TEST_CASE("admin: an act that was not done says by its status whether waiting can help") {
    World world;
    struct Case {
        const char* code;
        sdk::Verdict verdict;
        int status;
    };
    const auto one = GENERATE(Case{"connection.unknown", sdk::Verdict::rejected, 404},
                              Case{"connection.no_such_act", sdk::Verdict::rejected, 404},
                              Case{"system_user.wish_wrong", sdk::Verdict::rejected, 422},
                              Case{"maskinporten.mp_303", sdk::Verdict::rejected, 409},
                              Case{"upstream.unreachable", sdk::Verdict::try_later, 503},
                              Case{"upstream.answer_lost", sdk::Verdict::unknown, 502});
    world.act_answer.code = one.code;
    world.act_answer.verdict = one.verdict;
    const auto response = world.post(act_path, R"({"why":"ny avtale"})");
    CHECK(response.status == one.status);
    CHECK(code(response) == one.code);
    CHECK(world.log.holds(one.code));
}

TEST_CASE("admin: how a request for a system user stands is read without a reason") {
    World world;
    world.act_answer = done();
    const std::string path = "/admin/v1/connections/broker/system-user";
    const auto response = world.get(path + "?organisation=310001007&reference=brev");
    CHECK(response.status == 200);
    CHECK(World::json(response)["value"]["request"]["status"].as_string() == "New");
    CHECK(world.acts.at(0).second.name == "system-user");
    CHECK(json::write(world.acts.at(0).second.with) ==
          R"({"organisation":"310001007","reference":"brev"})");
    CHECK(world.get(path).status == 200);
    CHECK(code(world.get(path + "?rights=x")) == "request.bad_parameter");
    CHECK(world.acts.size() == 2);
    CHECK_FALSE(world.log.holds("connection_act"));
}
