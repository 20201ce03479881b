#include "gateway/crypto/checksum.hpp"
#include "gateway/crypto/digest.hpp"
#include "tests/unit/uploads/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace gateway;
using core::Errc;
using ports::UploadChecksum;
using ports::UploadRefusal;
using tests::Body;
using tests::pattern;
using tests::UploadWorld;

namespace {

std::string sum_of(const std::string& bytes, crypto::ChecksumAlgorithm algorithm) {
    crypto::ChecksumStream stream(algorithm);
    stream.update(bytes);
    return stream.finish();
}

}   // namespace

TEST_CASE("uploads: what comes in several requests becomes one document") {
    UploadWorld world;
    const std::string bytes = pattern(1'400'000);
    const auto id = world.created(bytes.size());
    CHECK(world.offset(id) == 0);
    std::uint64_t at = 0;
    for (const std::size_t piece : {1U, 65'536U, 700'000U}) {
        const auto answer = world.append(id, at, bytes.substr(at, piece));
        REQUIRE(answer.has_value());
        at += piece;
        CHECK(answer->refusal == UploadRefusal::none);
        CHECK(answer->state.offset == at);
        CHECK_FALSE(answer->state.document);
        CHECK(world.offset(id) == at);
    }
    const auto last = world.append(id, at, bytes.substr(at));
    REQUIRE(last.has_value());
    REQUIRE(last->state.document);
    CHECK(last->state.document->hash == crypto::sha256(bytes));
    CHECK(last->state.document->size == bytes.size());
    CHECK(world.download(world.oslo, last->state.document->hash).value() == bytes);
    CHECK(world.find(id)->state.document->hash == crypto::sha256(bytes));
    world.end();
    world.start();
    const auto after = world.find(id);
    REQUIRE(after->state.document);
    CHECK(after->state.document->hash == crypto::sha256(bytes));
    CHECK(after->state.offset == bytes.size());
    CHECK(after->state.metadata == "filename dmVkdGFrLnBkZg==");
}

TEST_CASE("uploads: no bytes at all are a document too, at once") {
    UploadWorld world;
    const auto answer = world.create(0);
    REQUIRE(answer->state.document);
    CHECK(answer->state.document->hash == crypto::sha256(""));
}

TEST_CASE("uploads: a wrong offset changes nothing and tells the right one") {
    UploadWorld world;
    const auto id = world.created(100);
    REQUIRE(world.append(id, 0, pattern(40)).has_value());
    for (const std::uint64_t wrong : {0U, 39U, 41U, 100U}) {
        const auto answer = world.append(id, wrong, pattern(10));
        CHECK(answer->refusal == UploadRefusal::wrong_offset);
        CHECK(answer->state.offset == 40);
    }
    CHECK(world.append(id, 40, pattern(61))->refusal == UploadRefusal::too_long);
    CHECK(world.offset(id) == 40);
    CHECK(world.append(id, 40, pattern(60))->state.document);
    CHECK(world.append(id, 40, "x")->refusal == UploadRefusal::wrong_offset);
    CHECK(world.append(id, 100, "")->state.document);
}

TEST_CASE("uploads: another system's, another tenant's, removed and expired ones do not exist") {
    UploadWorld world;
    const auto id = world.created(100);
    const auto seen_by = [&](const core::TenantId& tenant, const char* system) {
        const ports::UploadOwner other(tenant, core::SystemId(system));
        Body body("x");
        CHECK(tests::run(world.io, world.uploads->append(other, id, 0, body, {}))->refusal ==
              UploadRefusal::not_found);
        CHECK(tests::run(world.io, world.uploads->remove(other, id))->refusal ==
              UploadRefusal::not_found);
        return tests::run(world.io, world.uploads->find(other, id))->refusal;
    };
    CHECK(seen_by(world.oslo, "other") == UploadRefusal::not_found);
    CHECK(seen_by(world.voss, "case-system") == UploadRefusal::not_found);
    CHECK(world.find(id)->refusal == UploadRefusal::none);
    CHECK(tests::run(world.io, world.uploads->remove(world.owner, id))->refusal ==
          UploadRefusal::none);
    CHECK(world.find(id)->refusal == UploadRefusal::not_found);
    CHECK(world.append(id, 0, "x")->refusal == UploadRefusal::not_found);
    CHECK(world.disk.files().empty());

    const auto expires = world.created(100);
    REQUIRE(world.append(expires, 0, pattern(40)).has_value());
    world.clock.advance(std::chrono::hours(71));
    CHECK(tests::run(world.io, world.uploads->collect()).value() == 0);
    CHECK(world.offset(expires) == 40);
    world.clock.advance(std::chrono::hours(1));
    CHECK(world.find(expires)->refusal == UploadRefusal::not_found);
    CHECK(tests::run(world.io, world.uploads->collect()).value() == 1);
    CHECK(world.disk.files().empty());
}

TEST_CASE("uploads: what came before the connection broke is kept, unless a checksum was stated") {
    UploadWorld world;
    const std::string bytes = pattern(700'000);
    const auto id = world.created(bytes.size());
    const auto cut = world.append(id, 0, bytes.substr(0, 600'000), Body::End::cut);
    CHECK(cut.error().is(Errc::closed));
    CHECK(world.offset(id) == 600'000);
    const UploadChecksum sum(false, std::string(32, 'x'));
    CHECK_FALSE(world.append(id, 600'000, pattern(9), Body::End::cut, sum).has_value());
    CHECK(world.offset(id) == 600'000);
    const auto wrong = world.append(id, 600'000, bytes.substr(600'000), Body::End::whole, sum);
    CHECK(wrong->refusal == UploadRefusal::wrong_checksum);
    CHECK(world.offset(id) == 600'000);
    world.settle();
    const auto half = bytes.substr(600'000, 50'000);
    const UploadChecksum sha1(true, sum_of(half, crypto::ChecksumAlgorithm::sha1));
    CHECK(world.append(id, 600'000, half, Body::End::whole, sha1)->state.offset == 650'000);
    const auto rest = bytes.substr(650'000);
    const UploadChecksum sha256(false, sum_of(rest, crypto::ChecksumAlgorithm::sha256));
    const auto last = world.append(id, 650'000, rest, Body::End::whole, sha256);
    REQUIRE(last->state.document);
    CHECK(last->state.document->hash == crypto::sha256(bytes));
}

TEST_CASE(
    "uploads: a request that is cancelled in the middle leaves its bytes, and the upload free") {
    UploadWorld world;
    const std::string bytes = pattern(300'000);
    const auto id = world.created(bytes.size());
    Body body(bytes.substr(0, 250'000), Body::End::hangs, &world.clock);
    boost::asio::cancellation_signal signal;
    bool ended = false;
    boost::asio::co_spawn(
        world.io, world.uploads->append(world.owner, id, 0, body, {}),
        boost::asio::bind_cancellation_slot(
            signal.slot(), [&](const std::exception_ptr& error, UploadWorld::Answer) {
                ended = error != nullptr;
            }));
    world.io.restart();
    world.io.poll();
    CHECK_FALSE(ended);
    CHECK(world.offset(id) == 0);
    signal.emit(boost::asio::cancellation_type::terminal);
    world.settle();
    REQUIRE(ended);
    CHECK(world.offset(id) == 250'000);
    CHECK(world.append(id, 250'000, bytes.substr(250'000))->state.document);
}

TEST_CASE("uploads: a newer request takes over from one whose client is gone") {
    UploadWorld world;
    const std::string bytes = pattern(300'000);
    const auto id = world.created(bytes.size());
    Body dead(bytes.substr(0, 250'000), Body::End::hangs, &world.clock);
    std::optional<UploadWorld::Answer> first;
    std::optional<UploadWorld::Answer> second;
    boost::asio::co_spawn(
        world.io, world.uploads->append(world.owner, id, 0, dead, {}),
        [&](const std::exception_ptr&, UploadWorld::Answer answer) { first = std::move(answer); });
    world.io.restart();
    world.io.poll();
    Body live("");
    boost::asio::co_spawn(
        world.io, world.uploads->append(world.owner, id, 0, live, {}),
        [&](const std::exception_ptr&, UploadWorld::Answer answer) { second = std::move(answer); });
    world.io.poll();
    CHECK_FALSE(first);
    CHECK_FALSE(second);
    REQUIRE(tests::run_until(
        world.io, world.clock, [&] { return first && second; }, std::chrono::seconds(60)));
    CHECK(first->error().is(Errc::too_slow));
    CHECK((*second)->refusal == UploadRefusal::wrong_offset);
    CHECK((*second)->state.offset == 250'000);
    CHECK(world.append(id, 250'000, bytes.substr(250'000))->state.document);
}

TEST_CASE(
    "uploads: who is cut off while it waits to remove one leaves it to others, wherever it was "
    "cut") {
    bool ended = false;
    for (int steps = 0; !ended; ++steps) {
        UploadWorld world;
        const auto id = world.created(2'000);
        Body dead(pattern(1'000), Body::End::hangs, &world.clock);
        std::optional<UploadWorld::Answer> first;
        boost::asio::co_spawn(world.io, world.uploads->append(world.owner, id, 0, dead, {}),
                              [&](const std::exception_ptr&, UploadWorld::Answer answer) {
                                  first = std::move(answer);
                              });
        world.io.restart();
        world.io.poll();
        boost::asio::cancellation_signal cut;
        boost::asio::co_spawn(
            world.io, world.uploads->remove(world.owner, id),
            boost::asio::bind_cancellation_slot(
                cut.slot(), [&](const std::exception_ptr&, const auto&) { ended = true; }));
        for (int step = 0; step < steps && !ended; ++step) {
            if (world.io.poll_one() == 0) {
                world.clock.advance(std::chrono::milliseconds(500));
            }
        }
        const bool whole = ended;
        cut.emit(boost::asio::cancellation_type::terminal);
        REQUIRE(tests::run_until(
            world.io, world.clock, [&] { return ended && first; }, std::chrono::minutes(5)));
        std::optional<UploadWorld::Answer> second;
        boost::asio::co_spawn(world.io, world.uploads->remove(world.owner, id),
                              [&](const std::exception_ptr&, UploadWorld::Answer answer) {
                                  second = std::move(answer);
                              });
        CAPTURE(steps);
        REQUIRE(tests::run_until(
            world.io, world.clock, [&] { return second.has_value(); }, std::chrono::minutes(5)));
        CHECK(((*second)->refusal == UploadRefusal::none ||
               (*second)->refusal == UploadRefusal::not_found));
        ended = whole;
    }
}

TEST_CASE("uploads: only so many may be open, of one system and in bytes of all") {
    UploadWorld world;
    const auto one = world.created(4'000'000);
    world.created(4'000'000);
    CHECK(world.create(2'000'001)->refusal == UploadRefusal::too_much_open);
    world.created(1000);
    CHECK(world.create(1)->refusal == UploadRefusal::too_many_open);
    world.end();
    world.start();
    CHECK(world.create(1)->refusal == UploadRefusal::too_many_open);
    REQUIRE(tests::run(world.io, world.uploads->remove(world.owner, one)).has_value());
    for (int i = 0; i < 10; ++i) {   // finished ones are not open
        const auto id = world.created(1);
        CHECK(world.append(id, 0, "x")->state.document);
    }
}

TEST_CASE("uploads: too many too small pieces are refused") {
    UploadWorld world;
    world.end();
    world.options.pieces_max = 3;
    world.start();
    const auto id = world.created(10);
    for (std::uint64_t at = 0; at < 3; ++at) {
        CHECK(world.append(id, at, "x")->refusal == UploadRefusal::none);
    }
    CHECK(world.append(id, 3, "x")->refusal == UploadRefusal::too_many_pieces);
    CHECK(world.offset(id) == 3);
}

TEST_CASE("uploads: a full disk is said, loses nothing that was acknowledged, and passes") {
    UploadWorld world;
    const std::string bytes = pattern(1'200'000);
    const auto id = world.created(bytes.size());
    REQUIRE(world.append(id, 0, bytes.substr(0, 300'000)).has_value());
    world.disk.set_capacity(world.disk.used() + 600'000);
    CHECK(world.append(id, 300'000, bytes.substr(300'000)).error().is(Errc::storage_full));
    CHECK(world.create(5).has_value());
    const auto at = world.offset(id);
    CHECK(at >= 300'000);
    world.settle();
    world.disk.set_capacity(1'400'000);
    CHECK(
        world.append(id, at, bytes.substr(at)).error().is(Errc::storage_full));   // no second copy
    CHECK(world.find(id).error().is(Errc::storage_full));
    world.disk.set_capacity(4'000'000);
    const auto whole = world.find(id);
    REQUIRE(whole->state.document);
    CHECK(whole->state.document->hash == crypto::sha256(bytes));
}

TEST_CASE("uploads: the disk tells neither content nor name; a byte changed on it is noticed") {
    UploadWorld world;
    const std::string bytes(200'000, 'K');
    const auto id = world.created(bytes.size());
    REQUIRE(world.append(id, 0, bytes.substr(0, 199'999)).has_value());
    std::string part;
    for (const auto& path : world.disk.files()) {
        const std::string& stored = world.disk.contents(path);
        CHECK(stored.find("KKKK") == std::string::npos);
        CHECK(stored.find("filename") == std::string::npos);
        CHECK(stored.find("case-system") == std::string::npos);
        part = stored.size() > 199'999 ? path : part;
    }
    REQUIRE_FALSE(part.empty());
    world.disk.contents(part)[100'000] ^= 1;
    CHECK(world.append(id, 199'999, "K").error().is(Errc::corrupted));
}

TEST_CASE("uploads: a tenant whose key comes later has its uploads then") {
    UploadWorld world;
    const auto id = world.created(10);
    REQUIRE(world.append(id, 0, "12345").has_value());
    world.end();
    const auto vault = world.vaults.find(world.oslo);
    world.vaults.remove(world.oslo);
    world.start();
    CHECK(world.find(id).error().is(Errc::unavailable));
    world.vaults.put(world.oslo, vault);
    CHECK(world.offset(id) == 5);
}

TEST_CASE("uploads: the power may go at any step; what was acknowledged is there after it") {
    const std::string bytes = pattern(700'000);
    const std::size_t first = 150'000;
    // Returns how much was acknowledged; -1 when not even the upload was.
    const auto send = [&](UploadWorld& world, ports::UploadId& id) -> std::int64_t {
        const auto made = world.create(bytes.size());
        if (!made) {
            return -1;
        }
        id = made->state.id;
        const auto one = world.append(id, 0, bytes.substr(0, first));
        if (!one) {
            return 0;
        }
        const auto two = world.append(id, first, bytes.substr(first));
        return static_cast<std::int64_t>(two ? bytes.size() : first);
    };
    int steps = 0;
    {
        UploadWorld world;
        ports::UploadId id;
        REQUIRE(send(world, id) == static_cast<std::int64_t>(bytes.size()));
        steps = world.disk.changes();
    }
    REQUIRE(steps > 20);
    for (int step = 0; step <= steps; ++step) {
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            INFO("step " << step << " seed " << seed);
            UploadWorld world;
            world.disk.power_off_after(step);
            ports::UploadId id;
            const auto acknowledged = send(world, id);
            world.end();
            world.documents.reset();
            world.settle();
            world.disk.power_cut(seed);
            world.restart();
            world.start();
            if (acknowledged < 0) {
                CHECK(world.find(id)->refusal == UploadRefusal::not_found);
                continue;
            }
            const auto at = world.offset(id);
            CHECK(static_cast<std::int64_t>(at) >= acknowledged);
            const auto last = world.append(id, at, bytes.substr(at));
            REQUIRE(last.has_value());
            REQUIRE(last->state.document);
            CHECK(last->state.document->hash == crypto::sha256(bytes));
            CHECK(world.download(world.oslo, crypto::sha256(bytes)).value() == bytes);
            world.clock.advance(std::chrono::hours(100));
            REQUIRE(tests::run(world.io, world.uploads->collect()).has_value());
            world.clock.advance(std::chrono::hours(800));
            REQUIRE(tests::run(world.io, world.uploads->collect()).has_value());
            world.collect();
            CHECK(world.disk.files().empty());
        }
    }
}
