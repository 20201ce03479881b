// Calls about records: what HTTP adds to look-ups, the access log and own datasets.

#include "gateway/ports/record_store.hpp"
#include "gateway/records/service.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::accept;
using namespace std::chrono_literals;

namespace {

constexpr const char* kari = "17859130003";

/// The first tenant has a purpose, the register of contacts knows Kari, byggesak owns a dataset.
struct Asked {
    World world;
    std::unique_ptr<gateway::records::Service> service;
    core::TenantId tenant{"310001007"};

    Asked() {
        auto& config = world.configuration->tenants.at(tenant);
        core::PurposeConfig purpose;
        purpose.id = core::PurposeId("varsel");
        purpose.name = "Varsling";
        purpose.legal_basis = "forvaltningsloven § 16";
        purpose.datasets["contact"] = {"email.address", "reserved"};
        purpose.datasets["plass"] = {"navn"};
        purpose.datasets["organisation"] = {"name"};
        config.purposes.emplace(purpose.id, purpose);
        core::DatasetConfig dataset;
        dataset.id = "plass";
        dataset.owner = core::SystemId("byggesak");
        dataset.schema = R"({"type":"object","required":["navn"],"properties":{"navn":{}}})";
        config.datasets.emplace("plass", dataset);
        config.systems.at(core::SystemId("byggesak")).grants = {
            "read:contact:varsel", "read:plass:varsel", "read:organisation:varsel",
            "publish:plass",       "access-log:read",   "correct:contact"};
        world.configuration->records.synthetic_ids = true;
        world.known.knows("contact", kari,
                          json::parse_or_failure(R"({"status":"active","reserved":false,)"
                                                 R"("email":{"address":"kari@example.org"}})")
                              .value());
        world.known.knows(
            "organisation", "310005002",
            json::parse_or_failure(R"({"number":"310005002","name":"KANAL"})").value());
        const gateway::records::ServiceParts parts{world.store->records(), world,        world,
                                                   world.vaults,           world.clock,  *world.ids,
                                                   runtime::null_log(),    world.metrics};
        service = std::make_unique<gateway::records::Service>(parts, world.io.get_executor());
        world.serve_records(*service);
    }
    ~Asked() { tests::run(world.io, service->stop()); }

    http::Response call(const std::string& method, const std::string& target,
                        const std::string& body = {}, sdk::Headers headers = {},
                        const std::string& key = {}) {
        headers.emplace_back("Purpose", "varsel");
        return world.call({method, target, body, headers, key});
    }
    http::Response look_up(const std::string& body) {
        return call("POST", "/v1/persons/lookup", body, {{"Actor", "sb-7"}, {"Case", "2026/1"}});
    }
    std::string code(const http::Response& response) {
        return world.json(response)["code"].as_string();
    }
};

const std::string one = R"({"person":"17859130003","dataset":"contact"})";

}   // namespace

TEST_CASE("records: a look-up by body, again by handle, and both in the person's log") {
    Asked asked;
    const auto response = asked.look_up(one);
    REQUIRE(response.status == 200);
    CHECK(response.body.find(kari) == std::string::npos);
    const auto found = asked.world.json(response);
    CHECK(found["known"].as_bool());
    CHECK(json::write_canonical(found["values"]) ==
          R"({"email":{"address":"kari@example.org"},"reserved":false})");
    CHECK(found["fields"]["reserved"]["freshness"].as_string() == "fetched");
    CHECK(found["fields"]["reserved"]["authority"].as_string() == "Digitaliseringsdirektoratet");
    const auto path = "/v1/persons/" + found["handle"].as_string();
    const auto again = asked.call("GET", path + "?dataset=contact&fields=reserved");
    REQUIRE(again.status == 200);
    CHECK(json::write(asked.world.json(again)["values"]) == R"({"reserved":false})");
    CHECK(asked.world.known.asked.size() == 1);

    const auto log = asked.world.json(asked.call("GET", path + "/access-log?limit=1"));
    REQUIRE(log["items"].items().size() == 1);
    const auto& entry = log["items"].items()[0];
    CHECK(entry["kind"].as_string() == "read");
    CHECK(entry["actor"].as_string() == "sb-7");
    CHECK(entry["case"].as_string() == "2026/1");
    CHECK(entry["purposeName"].as_string() == "Varsling");
    CHECK(entry["legalBasis"].as_string() == "forvaltningsloven § 16");
    const auto rest =
        asked.world.json(asked.call("GET", path + "/access-log?after=" + log["next"].as_string()));
    REQUIRE(rest["items"].items().size() == 2);
    CHECK(rest["items"].items()[1]["kind"].as_string() == "log_read");
}

TEST_CASE("records: a batch is answered in its order, each by itself") {
    Asked asked;
    const auto answer = asked.world.json(asked.look_up(
        R"({"persons":["13899000018","17859130003"],"dataset":"contact","fields":["reserved"]})"));
    REQUIRE(answer["items"].items().size() == 2);
    CHECK_FALSE(answer["items"].items()[0]["known"].as_bool());
    CHECK(answer["items"].items()[1]["known"].as_bool());
    const auto firm = asked.world.json(
        asked.call("POST", "/v1/organisations/lookup", R"({"organisation":"310005002"})"));
    CHECK(firm["key"].as_string() == "310005002");
    CHECK(firm["values"]["name"].as_string() == "KANAL");
}

TEST_CASE(
    "records: what cannot be read or is not allowed is refused in words, with nothing of it") {
    Asked asked;
    const auto expect = [&](const http::Response& response, int status, const std::string& code) {
        INFO(response.body);
        CHECK(response.status == status);
        CHECK(asked.code(response) == code);
        CHECK(response.body.find(kari) == std::string::npos);
        CHECK(response.body.find("kari@example.org") == std::string::npos);
    };
    expect(asked.look_up("{"), 400, "request.malformed_json");
    expect(asked.look_up("[]"), 400, "request.not_object");
    expect(asked.look_up("{}"), 400, "request.bad_parameter");
    expect(asked.look_up(R"({"person":"17859130003","persons":["17859130003"]})"), 400,
           "request.bad_parameter");
    expect(asked.look_up(R"({"person":"17859130003","17859130003":1})"), 400,
           "request.bad_parameter");
    expect(asked.look_up(R"({"person":"17859130003","fields":[]})"), 400, "request.bad_parameter");
    expect(asked.look_up(R"({"person":"17859130004","dataset":"contact"})"), 400,
           "records.not_a_national_id");
    expect(asked.look_up(R"({"person":"17859130003","dataset":"contact","fields":["mobile"]})"),
           403, "records.field_not_in_purpose");
    expect(asked.look_up(R"({"person":"17859130003"})"), 403, "auth.not_granted");
    expect(asked.world.call({"POST", "/v1/persons/lookup", one}), 400, "records.purpose_missing");
    expect(asked.world.call({"POST", "/v1/persons/lookup", one, {{"Purpose", "annet"}}}), 403,
           "records.unknown_purpose");
    expect(asked.call("POST", "/v1/persons/lookup", one, {{"Actor", std::string(256, 'a')}}), 400,
           "request.bad_header");
    expect(asked.call("GET", "/v1/persons/lookup"), 405, "request.method_not_allowed");
    expect(asked.call("GET", std::string("/v1/persons/") + "no-handle"), 404, "records.not_found");
    expect(asked.call("GET", "/v1/persons/5b1f0a64-6a0e-4b56-9d5c-2f6f1d3a7c11?dataset=contact"),
           404, "records.not_found");
    asked.world.known.fail("upstream.unreachable");
    const auto down = asked.look_up(one);
    expect(down, 503, "records.register_unavailable");
    CHECK(sdk::find_header(down.headers, "Retry-After") == "2");
}

TEST_CASE("records: a handle of another municipality is unknown") {
    Asked asked;
    const auto handle = asked.world.json(asked.look_up(one))["handle"].as_string();
    auto& other = asked.world.configuration->tenants.at(core::TenantId("310005002"));
    other.purposes = asked.world.configuration->tenants.at(asked.tenant).purposes;
    other.systems.at(core::SystemId("byggesak")).grants = {"read:contact:varsel"};
    const auto response = asked.call("GET", "/v1/persons/" + handle + "?dataset=contact", {}, {},
                                     asked.world.foreign_key);
    CHECK(response.status == 404);
    CHECK(asked.code(response) == "records.not_found");
}

TEST_CASE("records: an own dataset by key, with versions that are never written over unseen") {
    Asked asked;
    const std::string path = "/v1/records/plass/lia";
    const auto made = asked.call("PUT", path, R"({"navn":"Lia"})");
    CHECK(made.status == 201);
    CHECK(sdk::find_header(made.headers, "ETag") == "\"1\"");
    const auto conflict = asked.call("PUT", path, R"({"navn":"To"})");
    CHECK(conflict.status == 412);
    CHECK(sdk::find_header(conflict.headers, "ETag") == "\"1\"");
    CHECK(asked.call("PUT", path, R"({"navn":"To"})", {{"If-Match", "\"1\""}}).status == 200);
    CHECK(asked.call("PUT", path, R"({"navn":"X"})", {{"If-Match", "1"}}).status == 400);
    const auto read = asked.call("GET", path);
    CHECK(read.status == 200);
    CHECK(sdk::find_header(read.headers, "ETag") == "\"2\"");
    CHECK(asked.world.json(read)["values"]["navn"].as_string() == "To");
    CHECK(asked.call("PUT", path, R"({"nav":"Lia"})", {{"If-Match", "\"2\""}}).status == 422);
    CHECK(asked.call("DELETE", path).status == 412);
    CHECK(asked.call("DELETE", path, {}, {{"If-Match", "\"2\""}}).status == 204);
    CHECK(asked.call("GET", path).status == 404);
    CHECK(asked.call("GET", std::string("/v1/records/contact/") + kari).status == 400);
    CHECK(asked.call("PATCH", path).status == 405);
    const auto batch = asked.call(
        "POST", "/v1/records/plass",
        R"({"items":[{"key":"a","value":{"navn":"A"}},{"key":"b","value":{"navn":"B"}}]})");
    REQUIRE(batch.status == 200);
    CHECK(asked.world.json(batch)["items"].items().size() == 2);
    CHECK(asked.call("POST", "/v1/records/plass", R"({"items":[{"key":"a"}]})").status == 400);
    const auto first = asked.world.json(asked.call("GET", "/v1/records/plass/changes?limit=2"));
    CHECK(first["items"].items().size() == 2);   // each record at its newest change
    const auto next = asked.world.json(
        asked.call("GET", "/v1/records/plass/changes?after=" + first["next"].as_string()));
    REQUIRE(next["items"].items().size() == 1);
    CHECK(next["items"].items()[0]["key"].as_string() == "b");
}

TEST_CASE("records: a correction is put and removed by an acting user") {
    Asked asked;
    const auto handle = asked.world.json(asked.look_up(one))["handle"].as_string();
    const auto path = "/v1/persons/" + handle + "/corrections/contact";
    const auto until = core::to_rfc3339(asked.world.clock.now() + 24h);
    const auto body =
        R"({"values":{"reserved":true},"source":"brev fra Kari","until":")" + until + "\"}";
    CHECK(asked.code(asked.call("PUT", path, body)) == "records.actor_missing");
    CHECK(asked.code(asked.call("PUT", path, "{}", {{"Actor", "sb-7"}})) ==
          "records.correction_invalid");
    CHECK(asked.call("PUT", path, body, {{"Actor", "sb-7"}}).status == 204);
    const auto corrected = asked.world.json(asked.look_up(one));
    CHECK(corrected["values"]["reserved"].as_bool());
    CHECK(corrected["fields"]["reserved"]["correctedUntil"].as_string() == until);
    CHECK(asked.call("DELETE", path, {}, {{"Actor", "sb-7"}}).status == 204);
    CHECK_FALSE(asked.world.json(asked.look_up(one))["values"]["reserved"].as_bool());
}
