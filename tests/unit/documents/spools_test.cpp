#include "gateway/documents/spools.hpp"

#include "tests/unit/documents/world.hpp"

using namespace gateway;
using core::Errc;
using tests::pattern;

namespace {

constexpr std::uint64_t much = 1ULL << 30U;

struct SpoolWorld : tests::World {
    std::unique_ptr<sdk::Spools> spools;

    SpoolWorld() {
        documents::DocumentOptions options;
        options.free_bytes_min = 1000;
        spools = documents::make_spools(disk, executor, *ids, options);
    }
    std::unique_ptr<sdk::Spool> spool(std::uint64_t bytes_max = much) {
        return std::move(*tests::run(io, spools->create(bytes_max)));
    }
    /// Written in pieces of odd size, and finished.
    std::unique_ptr<sdk::Spool> filled(const std::string& bytes) {
        auto made = spool();
        constexpr std::size_t piece = 100'003;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            REQUIRE(
                tests::run(io, made->write(std::string_view(bytes).substr(at, piece))).has_value());
        }
        REQUIRE(tests::run(io, made->finish()).has_value());
        return made;
    }
    core::Result<std::string> read(sdk::Spool& from, std::uint64_t offset, std::size_t count) {
        std::string out(count, '\0');
        const auto got = tests::run(io, from.read_at(offset, out));
        if (got.has_error()) {
            return got.error();
        }
        out.resize(*got);
        return out;
    }
    core::Result<std::string> read_all(sdk::Spool& from) {
        const auto source = from.open();
        return tests::run(io, sdk::read_all(*source, much));
    }
};

}   // namespace

TEST_CASE("spools: what was written is read back, as often as needed, whole or in part") {
    SpoolWorld world;
    const auto size = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{65'536},
                               std::size_t{262'144}, std::size_t{700'001});
    const auto bytes = pattern(size);
    const auto spool = world.filled(bytes);
    CHECK(spool->size() == size);
    CHECK(spool->open()->size() == size);
    CHECK(*world.read_all(*spool) == bytes);
    CHECK(*world.read_all(*spool) == bytes);
    CHECK(world.read(*spool, size, 10)->empty());
    std::string all;
    for (std::uint64_t at = size; at > 0;) {   // backwards: each look at another chunk
        const auto step = std::min<std::uint64_t>(at, 50'000);
        at -= step;
        std::string part(static_cast<std::size_t>(step), '\0');
        std::size_t got = 0;
        while (got < part.size()) {
            const auto count = spool->read_at_blocking(at + got, std::span(part).subspan(got));
            REQUIRE(count.has_value());
            REQUIRE(*count > 0);
            got += *count;
        }
        all.insert(0, part);
    }
    CHECK(all == bytes);
}

TEST_CASE("spools: two readers at different places do not disturb one another") {
    SpoolWorld world;
    const auto bytes = pattern(600'000);
    const auto spool = world.filled(bytes);
    const auto first = spool->open();
    const auto second = spool->open();
    std::string a;
    std::string b;
    std::string out(70'000, '\0');
    for (int turn = 0; turn < 20; ++turn) {
        a.append(out.data(), *tests::run(world.io, first->read(out)));
        b.append(out.data(), *tests::run(world.io, second->read(std::span(out).first(30'000))));
    }
    CHECK(a == bytes);
    CHECK(b == bytes.substr(0, b.size()));
    CHECK(b.size() > 300'000);
}

TEST_CASE("spools: a spool's file says nothing, and goes with the spool") {
    SpoolWorld world;
    const std::string bytes = "17859130003 " + std::string(300'000, 'x');
    {
        const auto spool = world.filled(bytes);
        REQUIRE(world.disk.files().size() == 1);
        const auto& file = world.disk.contents(world.disk.files().front());
        CHECK(file.size() > bytes.size());
        CHECK(file.find("17859130003") == std::string::npos);
        CHECK(file.find("xxxxxxxx") == std::string::npos);
    }
    world.settle();
    CHECK(world.disk.files().empty());
    {
        const auto unfinished = world.spool();
        REQUIRE(tests::run(world.io, unfinished->write(pattern(300'000))).has_value());
        CHECK(world.disk.files().size() == 1);
    }
    world.settle();
    CHECK(world.disk.files().empty());
}

TEST_CASE("spools: what a process before left is removed at the start, and nothing else") {
    SpoolWorld world;
    CHECK(*documents::remove_stale_spools(world.disk) == 0);
    REQUIRE(world.upload(world.oslo, pattern(1000)).has_value());
    const auto documents = world.disk.files();
    auto spool = world.filled(pattern(1000));
    auto other = world.filled(pattern(2000));
    world.disk.power_cut(7);
    const auto left = world.disk.files().size() - documents.size();
    CHECK(*documents::remove_stale_spools(world.disk) == left);
    CHECK(world.disk.files() == documents);
    CHECK(*documents::remove_stale_spools(world.disk) == 0);
}

TEST_CASE("spools: a spool has its limit, and is of no use past it") {
    SpoolWorld world;
    const auto spool = world.spool(100);
    REQUIRE(tests::run(world.io, spool->write(pattern(100))).has_value());
    CHECK(tests::run(world.io, spool->write(pattern(1))).error().is(Errc::too_large));
    CHECK(tests::run(world.io, spool->write(pattern(0))).error().is(Errc::too_large));
    CHECK(tests::run(world.io, spool->finish()).error().is(Errc::too_large));
}

TEST_CASE("spools: nothing is read before the end, nothing is written after it") {
    SpoolWorld world;
    const auto spool = world.spool();
    REQUIRE(tests::run(world.io, spool->write(pattern(10))).has_value());
    CHECK(world.read(*spool, 0, 10).error().is(Errc::invalid_argument));
    std::string out(10, '\0');
    CHECK(spool->read_at_blocking(0, out).error().is(Errc::invalid_argument));
    REQUIRE(tests::run(world.io, spool->finish()).has_value());
    REQUIRE(tests::run(world.io, spool->finish()).has_value());
    CHECK(tests::run(world.io, spool->write(pattern(1))).error().is(Errc::closed));
    CHECK(*world.read(*spool, 0, 100) == pattern(10));
}

TEST_CASE("spools: a full disk is told before it is full, and tampering when it is read") {
    SpoolWorld world;
    const auto large = world.spool();
    world.disk.set_capacity(world.disk.used() + 200'000);
    CHECK(tests::run(world.io, large->write(pattern(262'144))).error().is(Errc::storage_full));
    CHECK(tests::run(world.io, large->finish()).error().is(Errc::storage_full));
    world.disk.set_capacity(much);
    const auto spool = world.filled(pattern(100'000));
    world.disk.contents(world.disk.files().front())[70'000] ^= 1;
    CHECK(world.read(*spool, 0, 100).has_value());
    CHECK(world.read(*spool, 66'000, 100).error().is(Errc::corrupted));
    world.disk.contents(world.disk.files().front()).resize(70'000);
    CHECK(world.read_all(*world.filled(pattern(10))).has_value());
    CHECK(world.read(*spool, 66'000, 100).error().is(Errc::corrupted));
}
