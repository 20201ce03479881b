#include "gateway/crypto/digest.hpp"
#include "tests/unit/documents/world.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using core::Errc;
using tests::pattern;
using tests::World;

namespace {

/// What must hold after any interruption: the record says readable or there is none; garbage goes.
void check_after_cut(World& world, const std::string& bytes, bool acknowledged) {
    const auto hash = crypto::sha256(bytes);
    const auto record = tests::run(world.io, world.store->find_document(world.oslo, hash));
    REQUIRE(record.has_value());
    if (acknowledged) {
        CHECK(record->has_value());
    }
    const auto read = world.download(world.oslo, hash);
    if (record->has_value()) {
        CHECK(read.value() == bytes);
    } else {
        CHECK(read.error().is(Errc::not_found));
    }
    CHECK(world.verify().empty());
    world.clock.advance(std::chrono::seconds(1));
    const core::Time long_ago = world.clock.now() - std::chrono::hours(24);
    REQUIRE(tests::run(world.io, world.documents->collect(long_ago)).has_value());
    CHECK(world.download(world.oslo, hash).has_value() == record->has_value());
    world.clock.advance(std::chrono::hours(48));
    world.collect();
    CHECK(world.disk.files().empty());
}

}   // namespace

TEST_CASE("documents: the power may go at any step of an upload and no half document can be read") {
    const std::string bytes = pattern(150'000);
    int steps = 0;
    {
        World world;
        REQUIRE(world.upload(world.oslo, bytes).has_value());
        steps = world.disk.changes();
    }
    REQUIRE(steps > 8);
    for (int step = 0; step <= steps; ++step) {
        for (std::uint64_t seed = 0; seed < 25; ++seed) {
            INFO("step " << step << " seed " << seed);
            World world;
            world.disk.power_off_after(step);
            const bool acknowledged = world.upload(world.oslo, bytes).has_value();
            CHECK(acknowledged == (step == steps));
            world.documents.reset();
            world.settle();
            world.disk.power_cut(seed);
            world.restart();
            check_after_cut(world, bytes, acknowledged);
        }
    }
}

TEST_CASE("documents: what was acknowledged survives a power cut with nothing synced since") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        World world;
        const auto one = world.upload(world.oslo, pattern(70'000)).value().hash;
        const auto two = world.upload(world.voss, "two").value().hash;
        auto unfinished = world.writer(world.oslo);
        REQUIRE(world.append(unfinished, pattern(300'000, 5)).has_value());
        world.disk.power_cut(seed);
        unfinished.reset();
        world.settle();
        world.restart();
        INFO(seed);
        CHECK(world.download(world.oslo, one).value() == pattern(70'000));
        CHECK(world.download(world.voss, two).value() == "two");
        CHECK(world.verify().empty());
    }
}

TEST_CASE("documents: an upload again after the power went is stored as if nothing had been") {
    const std::string bytes = pattern(70'000);
    for (int step = 0; step < 14; ++step) {
        INFO(step);
        World world;
        world.disk.power_off_after(step);
        static_cast<void>(world.upload(world.oslo, bytes));
        world.documents.reset();
        world.settle();
        world.disk.power_cut(static_cast<std::uint64_t>(step));
        world.restart();
        const auto stored = world.upload(world.oslo, bytes);
        REQUIRE(stored.has_value());
        CHECK(world.download(world.oslo, stored->hash).value() == bytes);
        world.collect();
        CHECK(world.download(world.oslo, stored->hash).value() == bytes);
    }
}

TEST_CASE("documents: a full disk refuses, takes nothing along and goes on when there is room") {
    World world;
    world.upload(world.oslo, "kept").value();
    world.disk.set_capacity(world.disk.used() + 1000);
    CHECK(world.upload(world.oslo, "small").error().is(Errc::storage_full));
    world.disk.set_capacity(200'000);
    CHECK(world.upload(world.oslo, pattern(400'000)).error().is(Errc::storage_full));
    CHECK(world.disk.files().size() == 1);
    world.disk.set_capacity(1'000'000);
    CHECK(world.upload(world.oslo, pattern(400'000)).has_value());
    CHECK(world.verify().empty());
}

TEST_CASE("documents: the disk may fill up between the look and the write") {
    World world;
    auto writer = world.writer(world.oslo);
    REQUIRE(world.append(writer, pattern(262'144)).has_value());
    world.disk.set_capacity(world.disk.used() +
                            1500);   // room for the rest is promised, then taken
    CHECK(world.append(writer, pattern(262'144)).error().is(Errc::storage_full));
    CHECK(tests::run(world.io, writer->commit()).error().is(Errc::storage_full));
    writer.reset();
    world.settle();
    CHECK(world.disk.files().empty());
}

TEST_CASE("documents: a failed fsync is never acknowledged, and told to who may stop the program") {
    World world;
    world.disk.fail_sync(1);
    CHECK(world.upload(world.oslo, "bytes").error().is(Errc::storage_failed));
    CHECK(world.fatal == 1);
    const auto record =
        tests::run(world.io, world.store->find_document(world.oslo, crypto::sha256("bytes")));
    CHECK_FALSE(record->has_value());
    CHECK(world.disk.files().empty());
}

TEST_CASE("documents: a full disk at the flush is refused and stops nothing") {
    World world;
    auto writer = world.writer(world.oslo);
    REQUIRE(world.append(writer, pattern(262'144)).has_value());
    world.disk.set_capacity(world.disk.used());
    CHECK(tests::run(world.io, writer->commit()).error().is(Errc::storage_full));
    CHECK(world.fatal == 0);
}

TEST_CASE(
    "documents: a store that is closed records nothing, and the file goes with the next sweep") {
    World world;
    REQUIRE(tests::run(world.io, world.store->close()).has_value());
    CHECK(world.upload(world.oslo, "bytes").has_error());
    CHECK(world.disk.files().size() == 1);
    world.store = store::make_memory_store();
    world.restart();
    CHECK(world.collect() == 1);
    CHECK(world.disk.files().empty());
}
