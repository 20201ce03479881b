// Each way that Broker says no and each end of a transfer that is a cause of its own, from the
// answers as Altinn writes them.

#include "adapters/altinn_broker/broker_answers.hpp"
#include "adapters/altinn_broker/broker_errors.hpp"
#include "tests/unit/adapter_altinn_broker/broker_world.hpp"

#include <catch2/catch.hpp>

using namespace broker_world;

namespace {

sdk::HttpResponse written_answer(int status, std::string body) {
    sdk::HttpResponse response(status, std::move(body));
    response.headers.emplace_back("Content-Type", "application/problem+json");
    return response;
}

std::string code_of_end(const std::string& status) {
    Told end;
    end.status = status;
    const auto read = broker::read_overview(written_answer(200, overview(end)));
    REQUIRE(read.has_value());
    const auto accepted = *core::parse_rfc3339("2026-01-15T11:50:00Z");
    const auto receipts = broker::receipts_of(*read, accepted, accepted, std::chrono::hours(1));
    REQUIRE(!receipts.items.empty());
    return receipts.items.back().code.value;
}

}   // namespace

TEST_CASE("altinn_broker causes: each numbered refusal of Broker has its own code") {
    struct Row {
        int status;
        int number;
        const char* code;
    };
    const std::vector<Row> rows{
        {404, 1, "altinn_broker.bro_00001"},  {400, 2, "altinn_broker.bro_00002"},
        {400, 4, "altinn_broker.bro_00004"},  {400, 5, "altinn_broker.bro_00005"},
        {401, 6, "altinn_broker.bro_00006"},  {400, 7, "altinn_broker.bro_00007"},
        {400, 9, "altinn_broker.bro_00009"},  {400, 16, "altinn_broker.bro_00016"},
        {400, 19, "altinn_broker.bro_00019"}, {400, 20, "altinn_broker.bro_00020"},
        {503, 21, "altinn_broker.bro_00021"}, {400, 26, "altinn_broker.bro_00026"},
        {400, 27, "altinn_broker.bro_00027"}, {403, 28, "altinn_broker.bro_00028"}};
    CHECK(rows.size() == broker::numbers_with_texts().size());
    for (const auto& row : rows) {
        const auto answer = written_answer(row.status, problem(row.status, row.number));
        CHECK(broker::outcome_of_refusal(answer).code.value == row.code);
    }
}

TEST_CASE("altinn_broker causes: a refusal without a number is told by its status") {
    const auto code_of = [](int status) {
        return broker::outcome_of_refusal(written_answer(status, "{}")).code.value;
    };
    CHECK(code_of(401) == "altinn_broker.access_refused");
    CHECK(code_of(403) == "altinn_broker.access_refused");
    CHECK(code_of(413) == "altinn_broker.bro_00016");
    CHECK(code_of(409) == "altinn_broker.refused");
}

TEST_CASE("altinn_broker causes: an end that is not as it should be has its own code") {
    CHECK(code_of_end("Failed") == "altinn_broker.scan_rejected");
    CHECK(code_of_end("Purged") == "altinn_broker.never_fetched");
    CHECK(code_of_end("Teleported") == "altinn_broker.unexpected_status");
}

TEST_CASE("altinn_broker causes: a transfer that Broker no longer knows is gone") {
    World world;
    auto delivery = world.delivery();
    delivery.upstream_reference = transfer_id;
    world.fake.clock.advance(std::chrono::hours(24 * 365));
    world.http().expect("GET", transfer_id).answer_json(404, problem(404, 1));
    const auto told = world.poll(delivery);
    REQUIRE(told.has_value());
    CHECK(told->items.at(0).code.value == "altinn_broker.gone");
}
