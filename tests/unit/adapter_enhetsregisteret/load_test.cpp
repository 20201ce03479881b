#include "tests/unit/adapter_enhetsregisteret/brreg_world.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

using namespace brreg_world;

namespace {

std::string gzip(const std::string& plain) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(deflateBound(&stream, plain.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string number_of(std::size_t index) {
    for (long number = 31'100'0000 + static_cast<long>(index) * 11;; ++number) {
        const std::string text = std::to_string(number);
        if (core::is_organisation_number(text)) {
            return text;
        }
    }
}

std::string dump(std::size_t count, const std::string& more = "{}") {
    std::string text = "[ ";
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "" : " ,\n") + json::write(unit(number_of(i), more));
    }
    return text + "]\n";
}

/// Feeds that have stood still for long, and totals.
void quiet(World& world) {
    world.fake.http.always("GET", "/oppdateringer/").answer_json(200, page("x", {}));
    world.fake.http.always("GET", "?size=1").answer_json(200, R"({"page":{"totalElements":700}})");
}

sdk::LoadAnswer load(World& world, Intake& intake) {
    return tests::run(world.io, world.adapter->feed()->load(core::TenantId("310001007"), intake));
}

}   // namespace

TEST_CASE("brreg: the whole register comes in, some hundred at a time, with progress") {
    World world;
    quiet(world);
    world.expect("/api/enheter/lastned").answer(200, gzip(dump(1203)));
    world.expect("/api/underenheter/lastned")
        .answer(200, gzip(dump(2, R"({"overordnetEnhet":"310005002"})")));
    Intake intake;
    const auto answer = load(world, intake);
    REQUIRE_FALSE(answer.failure);
    CHECK(answer.entries == 1205);
    REQUIRE(intake.kept.size() == 1205);
    CHECK(intake.most_at_once == 500);
    CHECK(intake.datasets.front() == "organisation");
    CHECK(intake.kept.front().key == number_of(0));
    CHECK(intake.kept.front().fetched_at == noon());
    CHECK(intake.kept.back().value["subUnit"].as_bool());
    CHECK(intake.told.front() == std::pair<std::uint64_t, std::uint64_t>(500, 1400));
    CHECK(intake.told.back() == std::pair<std::uint64_t, std::uint64_t>(1205, 1400));
}

TEST_CASE("brreg: the feed goes on from before the dump was made, found before it is fetched") {
    World world;
    world.expect("/oppdateringer/enheter?dato=2026-01-12T12:00:00.000Z")
        .answer_json(
            200, page("oppdaterteEnheter", {update(70, one, "Ny", "2026-01-12T13:00:00.000Z")}));
    world.expect("/oppdateringer/enheter?oppdateringsid=70")
        .answer_json(
            200, page("oppdaterteEnheter", {update(70, one, "Ny", "2026-01-12T13:00:00.000Z"),
                                            update(90, one, "Ny", "2026-01-13T13:00:00.000Z")}));
    world.expect("/oppdateringer/underenheter?dato=").answer_json(200, page("x", {}));
    world.expect("/oppdateringer/underenheter?dato=")
        .answer_json(200, page("oppdaterteUnderenheter",
                               {update(5, one, "Ny", "2026-01-02T13:00:00.000Z")}));
    world.expect("/oppdateringer/underenheter?oppdateringsid=5")
        .answer_json(200, page("oppdaterteUnderenheter",
                               {update(5, one, "Ny", "2026-01-02T13:00:00.000Z"),
                                update(6, one, "Ny", "2026-01-15T11:59:00.000Z")}));
    world.expect("?size=1").fail(core::Errc::unreachable);   // only the progress lacks its end
    world.expect("/enheter/lastned").answer(200, dump(1));   // unpacked on the way
    world.expect("/underenheter/lastned").answer(200, gzip("[]"));
    Intake intake;
    const auto answer = load(world, intake);
    REQUIRE_FALSE(answer.failure);
    // What was updated since two days ago is told again, and no more is passed by.
    CHECK(answer.cursor == "1;u=70;s=5");
    CHECK(intake.told.back().second == 0);
}

TEST_CASE("brreg: a dump that is cut, damaged, too much or something else is refused") {
    const auto failed = [](const std::string& body) {
        World world;
        quiet(world);
        world.expect("/enheter/lastned").answer(200, body);
        Intake intake;
        const auto answer = load(world, intake);
        CHECK(answer.cursor.empty());
        return code(answer.failure);
    };
    const std::string whole = gzip(dump(40));
    CHECK(failed(whole.substr(0, whole.size() / 2)) == "brreg.dump_cut");
    CHECK(failed(dump(3).substr(0, 200)) == "brreg.dump_cut");
    CHECK(failed("") == "brreg.dump_cut");
    CHECK(failed("<html>logg inn</html>") == "brreg.dump_unreadable");
    CHECK(failed(R"({"_embedded":{}})") == "brreg.dump_unreadable");
    CHECK(failed("[1]") == "brreg.dump_unreadable");
    CHECK(failed("[{},]") == "brreg.dump_unreadable");
    CHECK(failed("[{\"a\":}]") == "brreg.dump_unreadable");
    CHECK(failed("[] x") == "brreg.dump_unreadable");
    CHECK(failed(whole + "x") == "brreg.dump_unreadable");
    CHECK(failed("\x1f\x8bnot really") == "brreg.dump_unreadable");
    CHECK(failed("[{\"a\":\"" + std::string(300'000, 'x') + "\"}]") == "brreg.dump_unreadable");
    CHECK(failed(gzip(dump(10, R"({"navn":7})"))) == "brreg.dump_not_understood");
}

TEST_CASE("brreg: a few units that are not understood are left out, counted and told of") {
    World world;
    quiet(world);
    std::string text = dump(3);
    text.insert(1, json::write(unit(one, R"({"navn":7})")) + ",");
    world.expect("/enheter/lastned").answer(200, gzip(text));
    world.expect("/underenheter/lastned").answer(200, gzip("[]"));
    Intake intake;
    const auto answer = load(world, intake);
    REQUIRE_FALSE(answer.failure);
    CHECK(answer.entries == 3);
    CHECK(world.fake.log.holds("register.load_skipped"));
}

TEST_CASE("brreg: a refused dump, a lost one and a full disk are told apart") {
    const auto failed = [](auto script) {
        World world;
        quiet(world);
        Intake intake;
        script(world, intake);
        return code(load(world, intake).failure);
    };
    CHECK(failed([](World& world, Intake&) { world.expect("/lastned").answer(503, ""); }) ==
          "upstream.server_error");
    CHECK(failed([](World& world, Intake&) {
              world.expect("/lastned").fail(core::Errc::answer_lost);
          }) == "upstream.answer_lost");
    CHECK(failed([](World& world, Intake& intake) {
              intake.failure = core::Failure(core::Errc::storage_full);
              world.expect("/lastned").answer(200, gzip(dump(2)));
          }) == "register.not_stored");
}

TEST_CASE("brreg: objects are cut out of an array the same way however it comes") {
    const std::string text = R"( [ {"a":"}]\"{","b":[{},[1]]} , {"c":"\\"}, {} ] )";
    const std::vector<std::string> wanted{R"({"a":"}]\"{","b":[{},[1]]})", R"({"c":"\\"})", "{}"};
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        brreg::ArrayCutter cutter;
        std::vector<std::string> objects;
        for (std::size_t at = 0; at < text.size(); at += piece) {
            REQUIRE(cutter.take(std::string_view(text).substr(at, piece), objects));
        }
        CHECK(cutter.finished());
        CHECK(objects == wanted);
    }
}

TEST_CASE("brreg: gzip is unpacked the same way however it comes, and never much at once") {
    const std::string plain(3'000'000, 'a');
    const std::string packed = gzip(plain);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, packed.size()}) {
        brreg::Unpacker unpacker;
        std::size_t got = 0;
        for (std::size_t at = 0; at < packed.size(); at += piece) {
            const auto part = packed.substr(at, piece);
            unpacker.give(part);
            while (const auto text = unpacker.next()) {
                CHECK(text->size() <= 64U << 10U);
                got += text->size();
            }
        }
        CHECK(unpacker.finished());
        CHECK(got == plain.size());
    }
}
