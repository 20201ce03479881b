#include "gateway/app/incoming.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/view/message_view.hpp"
#include "tests/support/fake_scanner.hpp"
#include "tests/support/memory_documents.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace tests;
using namespace std::chrono_literals;
using core::DeliveryState;
using core::Errc;
using sdk::Kept;

struct Arrivals {
    World world;
    MemoryDocuments documents{*world.store, world.clock};
    FakeScanner scanner;
    gateway::app::Incoming incoming{{*world.store, world.configuration, world.vaults, world.clock,
                                     *world.ids, world.log, world.metrics, documents, scanner}};
    ports::Handover from{core::ConnectionId("altinn"), {oslo, bergen}, "altinn"};

    Arrivals() {
        world.connect("altinn");
        world.start();
    }
    core::MessageId sent() {
        const auto letter = world.accept();
        REQUIRE(world.reaches(letter, DeliveryState::sent));
        return letter;
    }
    sdk::ReceiptNews news(core::MessageId of, sdk::ReceiptKind kind) {
        sdk::ReceiptNews made;
        made.delivery = world.row(of).id;
        made.receipt.dedupe_id = "receipt-" + std::to_string(static_cast<int>(kind));
        made.receipt.kind = kind;
        made.receipt.at = world.clock.now() - 1min;
        made.receipt.upstream_text = "LEVERT";
        made.raw = "<receipt>signed</receipt>";
        return made;
    }
    core::Result<Kept> hand_over(sdk::ReceiptNews what) {
        return run(world.io, incoming.receipt(from, std::move(what)));
    }
    core::Result<Kept> hand_over(sdk::Oddity what) {
        return run(world.io, incoming.quarantine(from, std::move(what)));
    }
    std::vector<ports::QuarantinedItem> waiting(const core::TenantId& tenant) {
        ports::QuarantineQuery query;
        query.tenant = tenant;
        return run(world.io, world.store->quarantined(query)).value();
    }
    std::string opened(const core::TenantId& tenant, core::InboxId id) {
        const auto item = run(world.io, world.store->find_quarantined(tenant, id)).value();
        const auto owner = id.to_bytes();
        const auto key = world.vaults.find(tenant)->unwrap(item->wrapped_key, owner);
        return key.value().open("content", owner, item->sealed_content).value();
    }
};

sdk::Oddity oddity(const std::string& dedupe = "odd-1") {
    sdk::Oddity made;
    made.dedupe_id = dedupe;
    made.code = core::Code("receiver.unreadable");
    made.params = {{"part", "signature"}};
    made.media_type = "application/xml";
    made.raw = "<about>17859130003</about>";
    return made;
}

}   // namespace

TEST_CASE("incoming: news of a delivery moves it once, with what the component said sealed") {
    Arrivals arrivals;
    auto& world = arrivals.world;
    const auto letter = arrivals.sent();
    CHECK(*arrivals.hand_over(arrivals.news(letter, sdk::ReceiptKind::delivered)) == Kept::stored);
    CHECK(world.state(letter) == DeliveryState::delivered);
    const auto events = world.events(letter);
    CHECK(events.back().name == "delivered");
    CHECK(events.back().at == world.clock.now() - 1min);
    const auto said = gateway::json::parse(world.opened(events.back()));
    CHECK((*said)["upstream"].as_string() == "LEVERT");
    CHECK((*said)["raw"].as_string() == "<receipt>signed</receipt>");
    CHECK_FALSE(said->has("raw_bytes"));
    CHECK(*arrivals.hand_over(arrivals.news(letter, sdk::ReceiptKind::delivered)) ==
          Kept::duplicate);
    CHECK(world.events(letter).size() == events.size());
    CHECK(*arrivals.hand_over(arrivals.news(letter, sdk::ReceiptKind::read)) == Kept::stored);
    CHECK(world.state(letter) == DeliveryState::read);
}

TEST_CASE("incoming: news of what this connection did not carry is unknown and stored nowhere") {
    Arrivals arrivals;
    auto& world = arrivals.world;
    const auto letter = arrivals.sent();
    const auto before = world.names(letter);
    auto news = arrivals.news(letter, sdk::ReceiptKind::delivered);
    SECTION("a delivery nobody has") {
        news.delivery = world.ids->next<core::DeliveryId>();
    }
    SECTION("a tenant it does not serve") {
        arrivals.from.tenants = {bergen};
    }
    SECTION("another connection's") {
        arrivals.from.connection = core::ConnectionId("svarut");
    }
    CHECK(*arrivals.hand_over(std::move(news)) == Kept::unknown);
    CHECK(world.names(letter) == before);
    CHECK(world.state(letter) == DeliveryState::sent);
}

TEST_CASE("incoming: months after the end news is still a line of the timeline") {
    Arrivals arrivals;
    auto& world = arrivals.world;
    const auto letter = arrivals.sent();
    REQUIRE(*arrivals.hand_over(arrivals.news(letter, sdk::ReceiptKind::failed)) == Kept::stored);
    REQUIRE(world.state(letter) == DeliveryState::failed);
    world.stop();
    world.clock.advance(24h * 200);
    CHECK(*arrivals.hand_over(arrivals.news(letter, sdk::ReceiptKind::read)) == Kept::stored);
    CHECK(world.state(letter) == DeliveryState::failed);
    CHECK(world.names(letter).back() == "read");
    world.start();
}

TEST_CASE("incoming: news that is no text, or too long, is kept as far as it goes, and says so") {
    Arrivals arrivals;
    auto& world = arrivals.world;
    const auto letter = arrivals.sent();
    auto news = arrivals.news(letter, sdk::ReceiptKind::delivered);
    news.raw = std::string(70'000, '\xff');
    REQUIRE(arrivals.hand_over(std::move(news)).has_value());
    const auto said = gateway::json::parse(world.opened(world.events(letter).back()));
    const auto raw = gateway::crypto::base64_decode((*said)["raw_base64"].as_string());
    REQUIRE(raw.has_value());
    CHECK(*raw == std::string(65'536, '\xff'));
    CHECK((*said)["raw_bytes"].as_int() == 70'000);
    CHECK_FALSE(said->has("raw"));
}

TEST_CASE("incoming: without the tenant's key, or without the store, nothing is taken") {
    Arrivals arrivals;
    auto& world = arrivals.world;
    const auto letter = arrivals.sent();
    const auto news = arrivals.news(letter, sdk::ReceiptKind::delivered);
    const auto vault = world.vaults.find(oslo);
    world.vaults.remove(oslo);
    CHECK(arrivals.hand_over(sdk::ReceiptNews(news)).error().is(Errc::unavailable));
    auto mine = oddity();
    mine.tenant = oslo;
    CHECK(arrivals.hand_over(std::move(mine)).error().is(Errc::unavailable));
    world.vaults.put(oslo, vault);
    CHECK(*arrivals.hand_over(sdk::ReceiptNews(news)) == Kept::stored);
    world.stop();
    run(world.io, world.store->close());
    CHECK(arrivals.hand_over(sdk::ReceiptNews(news)).has_error());
    CHECK(arrivals.hand_over(oddity()).has_error());
}

TEST_CASE("incoming: an oddity is kept whole under its tenant's key, once, and told of") {
    Arrivals arrivals;
    auto mine = oddity();
    mine.tenant = bergen;
    CHECK(*arrivals.hand_over(sdk::Oddity(mine)) == Kept::stored);
    CHECK(*arrivals.hand_over(sdk::Oddity(mine)) == Kept::duplicate);
    CHECK(arrivals.waiting(oslo).empty());
    const auto items = arrivals.waiting(bergen);
    REQUIRE(items.size() == 1);
    CHECK(items.front().tenant_known);
    CHECK(items.front().code == mine.code);
    CHECK(items.front().params == mine.params);
    CHECK(items.front().media_type == "application/xml");
    CHECK(items.front().content_bytes == mine.raw.size());
    CHECK(items.front().connection == core::ConnectionId("altinn"));
    CHECK(arrivals.opened(bergen, items.front().id) == mine.raw);
    CHECK(arrivals.world.log.holds("quarantined"));
    CHECK(arrivals.world.log.holds("receiver.unreadable"));
    CHECK_FALSE(arrivals.world.log.holds("17859130003"));
}

TEST_CASE("incoming: an oddity that is nobody's is kept for the first tenant served, and says so") {
    Arrivals arrivals;
    SECTION("of several") {
        CHECK(*arrivals.hand_over(oddity()) == Kept::stored);
        REQUIRE(arrivals.waiting(oslo).size() == 1);
        CHECK_FALSE(arrivals.waiting(oslo).front().tenant_known);
        CHECK(arrivals.opened(oslo, arrivals.waiting(oslo).front().id) == oddity().raw);
    }
    SECTION("whose key is at hand") {
        arrivals.world.vaults.remove(oslo);
        CHECK(*arrivals.hand_over(oddity()) == Kept::stored);
        CHECK(arrivals.waiting(bergen).size() == 1);
    }
    SECTION("of one, whose it must be") {
        arrivals.from.tenants = {bergen};
        CHECK(*arrivals.hand_over(oddity()) == Kept::stored);
        CHECK(arrivals.waiting(bergen).front().tenant_known);
    }
    SECTION("also when the adapter names one that is not served") {
        auto foreign = oddity();
        foreign.tenant = core::TenantId("310005002");
        CHECK(*arrivals.hand_over(std::move(foreign)) == Kept::stored);
        CHECK_FALSE(arrivals.waiting(oslo).front().tenant_known);
    }
}

TEST_CASE("incoming: oddities without an id are told apart by their bytes, and have a limit") {
    Arrivals arrivals;
    CHECK(*arrivals.hand_over(oddity("")) == Kept::stored);
    CHECK(*arrivals.hand_over(oddity("")) == Kept::duplicate);
    auto other = oddity("");
    other.raw += " ";
    CHECK(*arrivals.hand_over(std::move(other)) == Kept::stored);
    auto large = oddity("large");
    large.raw.assign((1U << 20U) + 1, 'x');
    CHECK(arrivals.hand_over(std::move(large)).error().is(Errc::too_large));
    auto largest = oddity("largest");
    largest.raw.assign(1U << 20U, 'x');
    CHECK(*arrivals.hand_over(std::move(largest)) == Kept::stored);
}

TEST_CASE(
    "incoming: an oddity may be too large for memory, and its sender be told that we have it") {
    Arrivals arrivals;
    auto writer =
        run(arrivals.world.io, arrivals.documents.create(oslo, core::SystemId(), 1U << 20U))
            .value();
    REQUIRE(run(arrivals.world.io, writer->append("sealed for nobody")).has_value());
    const auto stored = run(arrivals.world.io, writer->commit()).value();
    auto odd = oddity();
    odd.tenant = oslo;
    odd.tell_when_stored = true;
    odd.memo = "avsender";
    core::DocumentRef document;
    document.sha256 = stored.hash;
    document.size = stored.size;
    document.name = "melding.bin";
    odd.documents.push_back(document);
    REQUIRE(arrivals.hand_over(odd).value() == Kept::stored);
    const auto items = arrivals.waiting(oslo);
    REQUIRE(items.size() == 1);
    CHECK(items.front().content_bytes == odd.raw.size() + stored.size);
    const auto content = arrivals.opened(oslo, items.front().id);
    CHECK(content.find("avsender") != std::string::npos);
    CHECK(content.find(stored.hash.to_hex()) != std::string::npos);
    ports::SettlementClaim claim;
    claim.now = arrivals.world.clock.now();
    claim.again_at = claim.now + 60s;
    const auto due = run(arrivals.world.io, arrivals.world.store->claim_settlements(claim)).value();
    REQUIRE(due.size() == 1);
    CHECK(due.front().kind == ports::SettlementKind::stored);
    CHECK(due.front().quarantined);
    CHECK(due.front().code.value == "receiver.unreadable");
}

TEST_CASE("incoming: a delivery is known by the component's id of it, to its own connection") {
    Arrivals arrivals;
    const auto letter = arrivals.sent();
    const auto find = [&](const ports::Handover& from, const std::string& reference) {
        return run(arrivals.world.io, arrivals.incoming.delivery_of(from, reference)).value();
    };
    const auto row = arrivals.world.row(letter);
    const auto key = arrivals.world.vaults.find(oslo);
    const auto view = run(arrivals.world.io, arrivals.world.store->get(oslo, letter)).value();
    const auto content = key->unwrap(view->wrapped_key, letter.to_bytes());
    const auto reference =
        content.value().open("upstream", letter.to_bytes(), row.sealed_upstream_reference).value();
    CHECK(find(arrivals.from, reference) == row.id);
    CHECK_FALSE(find(arrivals.from, "another"));
    CHECK_FALSE(find(arrivals.from, ""));
    auto stranger = arrivals.from;
    stranger.connection = core::ConnectionId("digipost");
    CHECK_FALSE(find(stranger, reference));
}

TEST_CASE("incoming: what a receipt says of a message is sealed, and finds it") {
    Arrivals arrivals;
    const auto letter = arrivals.sent();
    auto news = arrivals.news(letter, sdk::ReceiptKind::read);
    news.receipt.keys["journal"] = "2026/17";
    news.receipt.result.set("journal", "2026/17");
    REQUIRE(arrivals.hand_over(news).value() == Kept::stored);
    const auto vault = arrivals.world.vaults.find(oslo);
    ports::SearchQuery query;
    query.tenant = oslo;
    const auto kind = gateway::crypto::TokenKind::journal_number;
    query.token =
        ports::SearchToken(static_cast<std::uint8_t>(kind), vault->token(kind, "2026/17"));
    const auto page = run(arrivals.world.io, arrivals.world.store->search(query)).value();
    REQUIRE(page.items.size() == 1);
    CHECK(page.items.front().id == letter);
    CHECK(gateway::view::component_result(page.items.front(), *vault)["journal"].as_string() ==
          "2026/17");
    CHECK(arrivals.world.row(letter).sealed_result.find("2026/17") == std::string::npos);
}
