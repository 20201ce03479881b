#include "gateway/crypto/digest.hpp"
#include "tests/unit/documents/world.hpp"

#include <catch2/catch.hpp>

// Documents so small that a file of their own would cost more than their bytes.

using namespace gateway;
using core::Errc;
using tests::pattern;
using tests::World;

namespace {

constexpr std::size_t most = 16U << 10U;

struct Small : World {
    Small() {
        small_bytes_max = most;
        restart();
    }
    ports::DocumentRecord record_of(const core::Sha256& hash) {
        const auto record = tests::run(io, store->find_document(oslo, hash));
        REQUIRE((record.has_value() && record->has_value()));
        return **record;
    }
};

}   // namespace

TEST_CASE("documents: a small one lies sealed with its record and makes no file, the next size up "
          "has one") {
    Small world;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, most}) {
        INFO(size);
        const auto bytes = pattern(size, 3);
        const auto stored = world.upload(world.oslo, bytes, 1000);
        REQUIRE(stored.has_value());
        CHECK(stored->size == size);
        crypto::DigestStream digest;
        digest.update(bytes);
        CHECK(stored->hash == crypto::sha256(bytes));
        CHECK(stored->md5_hex == digest.md5_hex());
        CHECK(world.download(world.oslo, stored->hash).value() == bytes);
        CHECK(world.record_of(stored->hash).sealed.size() == size + 16);
        CHECK(world.download(world.voss, stored->hash).error().is(Errc::not_found));
    }
    CHECK(world.disk.files().empty());
    CHECK(world.disk.changes() == 0);
    const auto larger = world.upload(world.oslo, pattern(most + 1)).value();
    CHECK(world.record_of(larger.hash).sealed.empty());
    CHECK(world.disk.files().size() == 1);
    CHECK(world.verify().empty());
}

TEST_CASE("documents: what lies in the store tells nothing of a small one's bytes") {
    Small world;
    const std::string bytes = "En fortrolig opplysning";
    const auto hash = world.upload(world.oslo, bytes).value().hash;
    CHECK(world.record_of(hash).sealed.find("fortrolig") == std::string::npos);
}

TEST_CASE("documents: any range of a small one can be read") {
    Small world;
    const auto bytes = pattern(5000);
    const auto hash = world.upload(world.oslo, bytes).value().hash;
    CHECK(world.download(world.oslo, hash, 10, 20).value() == bytes.substr(10, 20));
    CHECK(world.download(world.oslo, hash, 4990, 100).value() == bytes.substr(4990));
    CHECK(world.download(world.oslo, hash, 5000, 1).value().empty());
    CHECK(world.download(world.oslo, hash, 9000, 1).value().empty());
}

TEST_CASE("documents: the same small one twice is one document, whichever way the first lies") {
    Small world;
    const auto bytes = pattern(2000);
    const auto hash = world.upload(world.oslo, bytes).value().hash;
    const auto first = world.record_of(hash);
    CHECK(world.upload(world.oslo, bytes).has_value());
    CHECK(world.record_of(hash).sealed == first.sealed);

    world.small_bytes_max = 0;
    world.restart();
    CHECK(world.upload(world.oslo, bytes).has_value());   // its file goes again
    CHECK(world.disk.files().empty());
    const auto other = world.upload(world.oslo, "a file").value().hash;
    world.small_bytes_max = most;
    world.restart();
    CHECK(world.upload(world.oslo, "a file").has_value());
    CHECK(world.disk.files().size() == 1);
    CHECK(world.download(world.oslo, other).value() == "a file");
    CHECK(world.download(world.oslo, hash).value() == bytes);
    CHECK(world.verify().empty());
}

TEST_CASE("documents: a disk with less than the minimum left takes no small one either") {
    Small world;
    world.disk.set_capacity(900);
    CHECK(world.upload(world.oslo, "small").error().is(Errc::storage_full));
    world.disk.set_capacity(1'000'000);
    CHECK(world.upload(world.oslo, "small").has_value());
}

TEST_CASE("documents: bytes in the store that were changed are corrupted, and verify says so") {
    Small world;
    const auto hash = world.upload(world.oslo, pattern(3000)).value().hash;
    auto record = world.record_of(hash);
    const bool cut = GENERATE(false, true);
    if (cut) {
        record.size += 1;
    } else {
        record.sealed[100] = static_cast<char>(record.sealed[100] ^ 1);
    }
    world.store = store::make_memory_store();
    world.restart();
    REQUIRE(tests::run(world.io, world.store->put_document(record)).has_value());
    CHECK(world.download(world.oslo, hash).error().is(Errc::corrupted));
    CHECK(world.verify().size() == 1);
    CHECK(world.upload(world.oslo, pattern(3000)).error().is(Errc::corrupted));
}

TEST_CASE("documents: a small one that nothing refers to is forgotten, one that is used stays") {
    Small world;
    const auto unused = world.upload(world.oslo, "unused").value().hash;
    const auto used = world.upload(world.oslo, "used").value().hash;
    world.refer_to(world.oslo, used);
    world.clock.advance(std::chrono::hours(25));
    CHECK(world.collect() == 1);
    CHECK(world.download(world.oslo, unused).error().is(Errc::not_found));
    CHECK(world.download(world.oslo, used).value() == "used");
    CHECK(world.upload(world.oslo, "unused").has_value());
    CHECK(world.download(world.oslo, unused).value() == "unused");
}

TEST_CASE("documents: a small one that the store does not take is not stored") {
    Small world;
    REQUIRE(tests::run(world.io, world.store->close()).has_value());
    CHECK(world.upload(world.oslo, "bytes").has_error());
    CHECK(world.disk.files().empty());
}
