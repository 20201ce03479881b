#include "gateway/documents/documents.hpp"

#include "gateway/crypto/chunks.hpp"
#include "gateway/crypto/digest.hpp"
#include "tests/unit/documents/world.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using core::Errc;
using tests::pattern;
using tests::World;

TEST_CASE("documents: what is stored comes back, at every size around a chunk") {
    World world;
    for (const std::size_t size :
         {0U, 1U, 65535U, 65536U, 65537U, 131072U, 262144U, 262145U, (1U << 20U) + 7U}) {
        INFO(size);
        const std::string bytes = pattern(size);
        const auto stored = world.upload(world.oslo, bytes);
        REQUIRE(stored.has_value());
        CHECK(stored->size == size);
        CHECK(stored->hash == crypto::sha256(bytes));
        crypto::DigestStream digest;
        digest.update(bytes);
        CHECK(stored->md5_hex == digest.md5_hex());
        CHECK(world.download(world.oslo, stored->hash).value() == bytes);
    }
    CHECK(world.disk.files().size() == 9);
    CHECK(world.verify().empty());
}

TEST_CASE("documents: bytes appended one by one are the same document") {
    World world;
    const std::string bytes = pattern(700);
    CHECK(world.upload(world.oslo, bytes, 1).value().hash == crypto::sha256(bytes));
    CHECK(world.upload(world.oslo, bytes, 700).value().hash == crypto::sha256(bytes));
    CHECK(world.disk.files().size() == 1);
}

TEST_CASE("documents: any range can be read") {
    World world;
    const std::string bytes = pattern(300'000);
    const auto hash = world.upload(world.oslo, bytes).value().hash;
    const std::pair<std::uint64_t, std::uint64_t> ranges[] = {
        {0, 1},       {65535, 2},     {65536, 65536},  {100'000, 150'000},
        {299'999, 1}, {299'999, 100}, {300'000, 5},    {400'000, 5},
        {0, 0},       {1, ~0ULL},     {131071, 131074}};
    for (const auto& [offset, length] : ranges) {
        INFO(offset << " " << length);
        const std::string expected = offset >= bytes.size() ? "" : bytes.substr(offset, length);
        CHECK(world.download(world.oslo, hash, offset, length).value() == expected);
    }
    auto reader = tests::run(world.io, world.documents->open(world.oslo, hash)).value();
    CHECK(reader->size() == bytes.size());
    std::string out(10, '\0');
    for (const std::uint64_t offset : {299'995U, 0U, 65'530U, 150'000U, 65'536U}) {
        const auto count = tests::run(world.io, reader->read_at(offset, out)).value();
        CHECK(out.substr(0, count) == bytes.substr(offset, count));
        CHECK(count > 0);
    }
}

TEST_CASE("documents: neither bytes, hash nor length of a name on disk tell what it holds") {
    World world;
    const std::string bytes = "En fortrolig opplysning, gjentatt. " + pattern(2000);
    const auto hash = world.upload(world.oslo, bytes).value().hash;
    world.upload(world.voss, bytes).value();
    const auto files = world.disk.files();
    REQUIRE(files.size() == 2);
    for (const auto& path : files) {
        CHECK(path.find(hash.to_hex()) == std::string::npos);
        CHECK(path.find(hash.to_hex().substr(0, 16)) == std::string::npos);
        CHECK(world.disk.contents(path).find("fortrolig") == std::string::npos);
    }
    CHECK(files[0].substr(files[0].rfind('/')) != files[1].substr(files[1].rfind('/')));
}

TEST_CASE("documents: a tenant's documents are its own") {
    World world;
    const auto hash = world.upload(world.oslo, "one").value().hash;
    CHECK(world.download(world.voss, hash).error().is(Errc::not_found));
    CHECK(world.upload(world.voss, "one").value().hash == hash);
    CHECK(world.disk.files().size() == 2);
    const auto outside =
        tests::run(world.io, world.documents->create(core::TenantId("../x"), world.system, 10));
    CHECK(outside.error().is(Errc::invalid_argument));
    const auto unknown = tests::run(
        world.io, world.documents->create(core::TenantId("123456785"), world.system, 10));
    CHECK(unknown.error().is(Errc::unavailable));
}

TEST_CASE("documents: the same bytes twice are one document, also when both are written at once") {
    World world;
    const std::string bytes = pattern(70'000);
    const auto first = world.upload(world.oslo, bytes).value();
    const auto again = world.upload(world.oslo, bytes).value();
    CHECK(first.hash == again.hash);
    CHECK(world.disk.files().size() == 1);

    const std::string other = pattern(70'000, 3);
    auto a = world.writer(world.oslo);
    auto b = world.writer(world.oslo);
    REQUIRE(world.append(a, other).has_value());
    REQUIRE(world.append(b, other).has_value());
    std::size_t done = 0;
    for (auto* writer : {&a, &b}) {
        boost::asio::co_spawn(world.io, (*writer)->commit(),
                              [&done](const std::exception_ptr& error, World::Stored stored) {
                                  done += !error && stored.has_value() ? 1U : 0U;
                              });
    }
    world.settle();
    CHECK(done == 2);
    a.reset();
    b.reset();
    world.settle();
    CHECK(world.disk.files().size() == 2);
    CHECK(world.download(world.oslo, crypto::sha256(other)).value() == other);
}

TEST_CASE("documents: more than the limit is refused and leaves nothing") {
    World world;
    auto writer = world.writer(world.oslo, 1000);
    CHECK(world.append(writer, pattern(1000)).has_value());
    CHECK(world.append(writer, "x").error().is(Errc::too_large));
    CHECK(world.append(writer, "").error().is(Errc::too_large));
    CHECK(tests::run(world.io, writer->commit()).error().is(Errc::too_large));
    writer.reset();
    world.settle();
    CHECK(world.disk.files().empty());
}

TEST_CASE("documents: a writer that goes without commit takes its spool along") {
    World world;
    auto writer = world.writer(world.oslo);
    CHECK(world.append(writer, pattern(600'000)).has_value());
    CHECK(world.disk.files().size() == 1);
    CHECK(world.disk.files().front().find("/spool/") != std::string::npos);
    writer.reset();
    world.settle();
    CHECK(world.disk.files().empty());
}

TEST_CASE("documents: after commit nothing more is taken") {
    World world;
    auto writer = world.writer(world.oslo);
    CHECK(tests::run(world.io, writer->commit()).has_value());
    CHECK(world.append(writer, "x").error().is(Errc::closed));
    CHECK(tests::run(world.io, writer->commit()).error().is(Errc::closed));
}

TEST_CASE("documents: a changed, cut or missing file is corrupted, and verify says which") {
    World world;
    const std::string bytes = pattern(200'000);
    const auto hash = world.upload(world.oslo, bytes).value().hash;
    const std::string path = world.disk.files().front();
    std::string& contents = world.disk.contents(path);
    const std::string whole = contents;
    for (const std::size_t place :
         {std::size_t{0}, std::size_t{65536}, std::size_t{100'000}, whole.size() - 1}) {
        contents = whole;
        contents[place] = static_cast<char>(contents[place] ^ 1);
        CHECK(world.download(world.oslo, hash).error().is(Errc::corrupted));
        CHECK(world.verify().size() == 1);
    }
    contents = whole.substr(0, whole.size() - 1);
    CHECK(world.download(world.oslo, hash).error().is(Errc::corrupted));
    contents =
        whole.substr(crypto::chunk_sealed_bytes) + whole.substr(0, crypto::chunk_sealed_bytes);
    CHECK(world.download(world.oslo, hash).error().is(Errc::corrupted));
    contents = whole;
    CHECK(world.verify().empty());
    CHECK(world.disk.rename(path, path.substr(0, path.rfind('/')) + "/strange").has_value());
    CHECK(world.download(world.oslo, hash).error().is(Errc::corrupted));
    CHECK(world.verify().size() == 2);   // a file that is none of ours, and one that is lost
}

TEST_CASE("documents: verify sees every file that is lost, of every tenant") {
    World world;
    for (int i = 0; i < 3; ++i) {
        world.upload(world.oslo, pattern(1000, static_cast<unsigned>(i + 1))).value();
    }
    world.upload(world.voss, "other").value();
    CHECK(world.verify().empty());
    for (const auto& path : world.disk.files()) {
        REQUIRE(world.disk.remove(path).has_value());
    }
    const auto faults = world.verify();
    CHECK(faults.size() == 4);
    for (const auto& fault : faults) {
        CHECK(fault.find("lost") != std::string::npos);
    }
}

TEST_CASE("documents: uploading again what was lost on disk is no success") {
    World world;
    world.upload(world.oslo, "bytes").value();
    const std::string path = world.disk.files().front();
    world.disk.contents(path) += "x";
    CHECK(world.upload(world.oslo, "bytes").error().is(Errc::corrupted));
    CHECK(world.disk.remove(path).has_value());
    CHECK(world.upload(world.oslo, "bytes").error().is(Errc::corrupted));
    CHECK(world.disk.files().empty());
}

TEST_CASE("documents: collect takes what nothing refers to, and leaves what is used or new") {
    World world;
    const auto unused = world.upload(world.oslo, "unused").value().hash;
    const auto used = world.upload(world.oslo, "used").value().hash;
    world.refer_to(world.oslo, used);
    CHECK(world.collect() == 0);
    world.clock.advance(std::chrono::seconds(1));
    const auto fresh = world.upload(world.oslo, "fresh").value().hash;
    CHECK(world.collect() == 1);
    CHECK(world.download(world.oslo, unused).error().is(Errc::not_found));
    CHECK(world.download(world.oslo, used).value() == "used");
    CHECK(world.download(world.oslo, fresh).value() == "fresh");
    CHECK(world.disk.files().size() == 2);
}

TEST_CASE("documents: uploading again makes an old document new") {
    World world;
    world.upload(world.oslo, "bytes").value();
    world.clock.advance(std::chrono::hours(48));
    const auto hash = world.upload(world.oslo, "bytes").value().hash;
    CHECK(world.collect() == 0);
    world.refer_to(world.oslo, hash);
    CHECK(world.download(world.oslo, hash).value() == "bytes");
}

TEST_CASE("documents: collect leaves a spool that is being written") {
    World world;
    auto writer = world.writer(world.oslo);
    CHECK(world.append(writer, pattern(300'000)).has_value());
    world.clock.advance(std::chrono::hours(1));
    CHECK(world.collect() == 0);
    CHECK(tests::run(world.io, writer->commit()).has_value());
}

TEST_CASE("documents: an upload while the same document is collected ends readable") {
    for (int delay = 0; delay < 40; ++delay) {
        World world;
        const std::string bytes = pattern(1000);
        world.upload(world.oslo, bytes).value();
        world.clock.advance(std::chrono::hours(1));
        auto writer = world.writer(world.oslo);
        REQUIRE(world.append(writer, bytes).has_value());
        bool collected = false;
        std::optional<World::Stored> stored;
        const core::Time before = world.clock.now();
        boost::asio::co_spawn(
            world.io, world.documents->collect(before),
            [&](const std::exception_ptr&, core::Result<std::size_t>) { collected = true; });
        world.io.restart();
        for (int turn = 0; turn < delay; ++turn) {
            world.io.poll_one();
        }
        boost::asio::co_spawn(
            world.io, writer->commit(),
            [&](const std::exception_ptr&, World::Stored result) { stored = std::move(result); });
        world.settle();
        INFO(delay);
        REQUIRE(collected);
        REQUIRE(stored.has_value());
        REQUIRE(stored->has_value());
        writer.reset();
        world.settle();
        CHECK(world.download(world.oslo, (*stored)->hash).value() == bytes);
        CHECK(world.disk.files().size() == 1);
    }
}
