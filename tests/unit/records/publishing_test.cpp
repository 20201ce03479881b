// A tenant's own datasets: published under a schema, never silently over what was not seen.

#include "world.hpp"

using namespace gateway;
using namespace tests::records;
using namespace std::chrono_literals;

namespace {

ports::PublishCommand publication(World& world, const std::string& key, const char* value,
                                  std::optional<std::uint64_t> expected = 0) {
    ports::PublishCommand command;
    command.asker = world.asker({"publish:plass"}, "");
    command.dataset = "plass";
    command.key_in_url = true;
    ports::Publication item;
    item.key = key;
    item.expected = expected;
    if (value != nullptr) {
        item.value = json::parse_or_failure(value).value();
    }
    command.items.push_back(std::move(item));
    return command;
}

ports::LookUpAnswer read(World& world, const std::string& key) {
    ports::RecordLookUp question;
    question.asker = world.asker({"read:plass:opptak"});
    question.dataset = "plass";
    question.kind = core::RecordKeyKind::plain;
    question.keys = {key};
    return world.ask(std::move(question));
}

std::string why(const ports::PublishAnswer& answer) {
    return answer.refusal ? answer.refusal->code.value : "";
}

}   // namespace

TEST_CASE("publishing: others read what the owner published, by purpose and field") {
    World world;
    const auto made = world.publish(publication(world, "lia", R"({"navn":"Lia","plasser":40})"));
    REQUIRE(why(made).empty());
    CHECK(made.records.front().version == 1);
    CHECK(world.log().back().kind == ports::LogKind::published);
    const auto record = read(world, "lia").records.front();
    CHECK(json::write(record.values) == R"({"navn":"Lia"})");
    CHECK(record.key == "lia");
    CHECK(record.version == 1);
    CHECK(record.fields.at("navn").source == "barnehage");
    CHECK(record.fields.at("navn").freshness == "fresh");
    CHECK(world.log().back().kind == ports::LogKind::read);
    CHECK_FALSE(read(world, "asen").records.front().known);
    CHECK(world.freg.asked.empty());
    world.clock.advance(24h * 366);
    CHECK(read(world, "lia").records.front().fields.at("navn").freshness == "stale");
}

TEST_CASE("publishing: nothing is written over a version that was not seen") {
    World world;
    world.publish(publication(world, "lia", R"({"navn":"Lia"})"));
    auto conflict = world.publish(publication(world, "lia", R"({"navn":"Annet"})"));
    CHECK(why(conflict) == "records.conflict");
    CHECK(conflict.standing == 1);
    CHECK(why(world.publish(publication(world, "lia", R"({"navn":"To"})", 1))).empty());
    conflict = world.publish(publication(world, "lia", R"({"navn":"Annet"})", 1));
    CHECK(why(conflict) == "records.conflict");
    CHECK(conflict.standing == 2);
    CHECK(read(world, "lia").records.front().values["navn"].as_string() == "To");
    CHECK(why(world.publish(publication(world, "lia", nullptr, 1))) == "records.conflict");
    CHECK(why(world.publish(publication(world, "lia", nullptr, 2))).empty());
    CHECK(world.log().back().kind == ports::LogKind::erased);
    CHECK_FALSE(read(world, "lia").records.front().known);
    CHECK(why(world.publish(publication(world, "lia", nullptr, 3))) == "records.not_found");
    CHECK(why(world.publish(publication(world, "lia", R"({"navn":"Ny"})"))).empty());
    CHECK(read(world, "lia").records.front().values["navn"].as_string() == "Ny");
}

TEST_CASE("publishing: a batch is all or nothing, and every fault is told with its place") {
    World world;
    auto batch = publication(world, "a", R"({"navn":"A"})");
    batch.key_in_url = false;
    batch.items.push_back(publication(world, "b", R"({"plasser":"mange","annet":1})").items[0]);
    batch.items.push_back(publication(world, "a", R"({"navn":"A"})").items[0]);
    batch.items.push_back(publication(world, "a b", R"({"navn":"A"})").items[0]);
    batch.items.push_back(publication(world, kari, R"({"navn":"A"})").items[0]);
    batch.items.push_back(publication(world, "changes", R"({"navn":"A"})").items[0]);
    const auto answer = world.publish(batch);
    REQUIRE(why(answer) == "records.invalid");
    std::set<std::string> said;
    for (const auto& problem : answer.refusal->problems) {
        said.insert(problem.pointer + " " + problem.code.value);
    }
    CHECK(said == std::set<std::string>{
                      "/items/1/value/annet schema.unknown_member",
                      "/items/1/value/navn schema.required", "/items/1/value/plasser schema.type",
                      "/items/2/key records.key_twice", "/items/3/key records.key_invalid",
                      "/items/4/key records.key_personal", "/items/5/key records.key_invalid"});
    CHECK(world.shelf.rows.empty());
    CHECK(world.log().back().kind == ports::LogKind::refused);
    batch.items.resize(1);
    batch.items.push_back(publication(world, "b", R"({"navn":"B"})", 7).items[0]);
    CHECK(why(world.publish(batch)) == "records.conflict");
    CHECK(world.shelf.rows.empty());
}

TEST_CASE("publishing: the owner alone publishes, and persons' keys stand in no URL") {
    World world;
    auto other = publication(world, "lia", R"({"navn":"Lia"})");
    other.asker.caller.system = core::SystemId("annet");
    CHECK(why(world.publish(other)) == "auth.not_granted");
    other = publication(world, "lia", R"({"navn":"Lia"})");
    other.asker.caller.grants.clear();
    CHECK(why(world.publish(other)) == "auth.not_granted");
    other.dataset = "person";
    CHECK(why(world.publish(other)) == "records.unknown_dataset");
    world.tenant(oslo).datasets.at("plass").key = core::RecordKeyKind::person;
    CHECK(why(world.publish(publication(world, kari, R"({"navn":"Lia"})"))) ==
          "records.key_in_url");
    auto by_body = publication(world, kari, R"({"navn":"Lia"})");
    by_body.key_in_url = false;
    CHECK(why(world.publish(by_body)).empty());
    for (const auto& entry : world.log()) {
        CHECK(entry.dataset != kari);
    }
}

TEST_CASE("publishing: what is held by law is not removed") {
    World world;
    const auto made = world.publish(publication(world, "lia", R"({"navn":"Lia"})"));
    world.shelf.subjects_.at({oslo, made.records.front().handle}).legal_hold = true;
    CHECK(why(world.publish(publication(world, "lia", nullptr, 1))) == "records.legal_hold");
    CHECK(read(world, "lia").records.front().known);
}

TEST_CASE("changes: which records changed, in order, for a purpose, and logged") {
    World world;
    world.publish(publication(world, "a", R"({"navn":"A"})"));
    world.publish(publication(world, "b", R"({"navn":"B"})"));
    world.publish(publication(world, "a", nullptr, 1));
    ports::ChangesQuery query;
    query.asker = world.asker({"read:plass:opptak"});
    query.dataset = "plass";
    query.after = 1;
    const auto page = tests::run(world.io, world.service->changes(query));
    REQUIRE_FALSE(page.refusal);
    REQUIRE(page.changes.size() == 2);
    CHECK(page.changes[0].key == "b");
    CHECK_FALSE(page.changes[0].change.removed);
    CHECK(page.changes[1].key == "a");
    CHECK(page.changes[1].change.removed);
    CHECK(world.log().back().kind == ports::LogKind::read);
    query.asker.purpose = "barnevern";
    CHECK(tests::run(world.io, world.service->changes(query)).refusal->code.value ==
          "auth.not_granted");
    CHECK(world.log().back().kind == ports::LogKind::refused);
}

TEST_CASE(
    "publishing: when its schema changes what was published is read as before, and what comes "
    "is judged by the new one") {
    World world;
    REQUIRE(
        why(world.publish(publication(world, "lia", R"({"navn":"Lia","plasser":40})"))).empty());
    auto& dataset = world.tenant(oslo).datasets.at("plass");
    dataset.schema = R"({"type":"object","additionalProperties":false,"required":["navn","bydel"],)"
                     R"("properties":{"navn":{"type":"string"},"bydel":{"type":"string"}}})";
    world.tenant(oslo).purposes.at(core::PurposeId("opptak")).datasets["plass"] = {"navn", "bydel"};
    // Held under the schema of its time: what it has is given, what it has not is left out.
    const auto old = read(world, "lia").records.front();
    CHECK(json::write(old.values) == R"({"navn":"Lia"})");
    CHECK(old.version == 1);
    const auto refused =
        world.publish(publication(world, "lia", R"({"navn":"Lia","plasser":41})", 1));
    REQUIRE(why(refused) == "records.invalid");
    std::set<std::string> pointers;
    for (const auto& problem : refused.refusal->problems) {
        pointers.insert(problem.pointer);
    }
    CHECK(pointers == std::set<std::string>{"/bydel", "/plasser"});
    CHECK(read(world, "lia").records.front().version == 1);
    CHECK(why(world.publish(publication(world, "lia", R"({"navn":"Lia","bydel":"Frogner"})", 1)))
              .empty());
    const auto now = read(world, "lia").records.front();
    CHECK(json::write(now.values) == R"({"bydel":"Frogner","navn":"Lia"})");
    CHECK(now.version == 2);
}
