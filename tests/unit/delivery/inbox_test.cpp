#include "inbox_world.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using namespace std::chrono_literals;
using core::Errc;
using gateway::ports::Scanned;
using sdk::Kept;

TEST_CASE("inbox: a form reaches every system of its route, sealed, once") {
    InboxWorld inbox;
    inbox.route("other", {"arkiv"});
    inbox.route("soknad", {"barnehage", "arkiv"});
    auto form = inbox.form();
    form.documents = {inbox.document("%PDF-1.7")};
    form.keys["reference"] = "2026/17";
    const auto kept = inbox.hand_over(form).value();
    CHECK(kept.kept == Kept::stored);
    CHECK_FALSE(kept.quarantined);
    for (const auto* system : {"barnehage", "arkiv"}) {
        const auto item = inbox.leased(system);
        CHECK(item.id == kept.item);
        CHECK(item.sealed_content.find("17859130003") == std::string::npos);
        const auto content = inbox.opened(item);
        CHECK(content["from"]["person"].as_string() == "17859130003");
        CHECK(content["facts"]["app"].as_string() == "soknad");
        CHECK(content["keys"]["reference"].as_string() == "2026/17");
        CHECK(content["documents"].items().at(0)["name"].as_string() == "soknad.pdf");
        CHECK(content["marks"].items().empty());
        CHECK(content["receiptOwner"].as_string() == "gateway");
    }
    const auto again = inbox.hand_over(form).value();
    CHECK(again.kept == Kept::duplicate);
    CHECK(again.item == kept.item);
    CHECK(inbox.scanner.looked == 2);
}

TEST_CASE("inbox: without a scanner no file is read again, and one that is not there is missed") {
    InboxWorld inbox;
    inbox.route("soknad", {"arkiv"});
    inbox.scanner.off = true;
    auto form = inbox.form();
    form.documents = {inbox.document("EICAR")};
    const auto kept = inbox.hand_over(form).value();
    CHECK_FALSE(kept.quarantined);
    CHECK(inbox.opened(inbox.leased("arkiv"))["marks"].items().empty());
    auto other = inbox.form();
    other.dedupe_id = "another";
    other.documents.emplace_back();
    CHECK(inbox.hand_over(other).error().is(Errc::not_found));
    CHECK(inbox.scanner.looked == 0);
}

TEST_CASE("inbox: what no route takes is quarantined as it came, with an alarm") {
    InboxWorld inbox;
    inbox.route("other", {"arkiv"});
    const auto kept = inbox.hand_over(inbox.form()).value();
    CHECK(kept.kept == Kept::stored);
    CHECK(kept.quarantined);
    const auto item = inbox.quarantined();
    CHECK(item.code.value == "inbox.unrouted");
    CHECK(item.type == "form/v1");
    CHECK(item.tenant_known);
    CHECK(item.media_type == "application/xml");
    const auto owner = item.id.to_bytes();
    const auto key = inbox.world.vaults.find(oslo)->unwrap(item.wrapped_key, owner).value();
    CHECK(key.open("raw", owner, item.sealed_raw).value() == "<soknad/>");
    CHECK(inbox.world.log.holds("quarantined"));
    CHECK(inbox.hand_over(inbox.form()).value().quarantined);
}

TEST_CASE("inbox: what is for no tenant that the connection serves is nobody's") {
    InboxWorld inbox;
    inbox.route("soknad", {"arkiv"});
    auto form = inbox.form();
    SECTION("no tenant named") {
        form.tenant.reset();
    }
    SECTION("one it does not serve, though it serves only one") {
        form.tenant = bergen;
        inbox.from.tenants = {oslo};
    }
    CHECK(inbox.hand_over(form).value().quarantined);
    const auto item = inbox.quarantined();
    CHECK(item.code.value == "inbox.no_tenant");
    CHECK_FALSE(item.tenant_known);
}

TEST_CASE("inbox: what breaks a limit is refused before anything is stored") {
    InboxWorld inbox;
    inbox.route("soknad", {"arkiv"});
    auto form = inbox.form();
    auto expected = Errc::invalid_argument;
    SECTION("no id of the component's") {
        form.dedupe_id.clear();
    }
    SECTION("a type that is none") {
        form.type = "Form";
    }
    SECTION("content that is no object") {
        form.content = "text";
    }
    SECTION("more than 1 MiB as it came") {
        form.raw.assign((1U << 20U) + 1, 'x');
        expected = Errc::too_large;
    }
    SECTION("a document that is not there") {
        form.documents.emplace_back();
        expected = Errc::not_found;
    }
    const auto kept = inbox.hand_over(form);
    REQUIRE(kept.has_error());
    CHECK(kept.error().is(expected));
}

TEST_CASE("inbox: an infected file keeps its message from every system") {
    InboxWorld inbox;
    inbox.route("soknad", {"arkiv"});
    auto form = inbox.form();
    form.documents = {inbox.document("%PDF-1.7"), inbox.document("an EICAR file")};
    CHECK(inbox.hand_over(form).value().quarantined);
    const auto item = inbox.quarantined();
    CHECK(item.code.value == "inbox.infected");
    CHECK(item.params == core::Params{{"signature", "Test.EICAR"}});
}

TEST_CASE("inbox: while the scanner is down a message waits with its component, or is marked") {
    InboxWorld inbox;
    inbox.route("soknad", {"arkiv"});
    inbox.scanner.says = Scanned::down;
    auto form = inbox.form();
    form.documents = {inbox.document("%PDF-1.7")};
    const auto refused = inbox.hand_over(form);
    REQUIRE(refused.has_error());
    CHECK(refused.error().is(Errc::unavailable));
    SECTION("taken when it is up again") {
        inbox.scanner.says = Scanned::clean;
        CHECK(inbox.hand_over(form).value().kept == Kept::stored);
        CHECK(inbox.opened(inbox.leased("arkiv"))["marks"].items().empty());
    }
    SECTION("passed with a mark when policy says so") {
        inbox.scanner.passes = true;
        CHECK(inbox.hand_over(form).value().kept == Kept::stored);
        CHECK(inbox.opened(inbox.leased("arkiv"))["marks"].items().at(0).as_string() ==
              "not_scanned");
    }
    SECTION("what has no files needs no scanner") {
        form.documents.clear();
        CHECK(inbox.hand_over(form).value().kept == Kept::stored);
    }
}

TEST_CASE("inbox: an adapter whose receipt a system owns is told, until it says that it knows") {
    InboxWorld inbox;
    inbox.route("soknad", {"barnevern"});
    auto form = inbox.form();
    form.receipt_owner = sdk::ReceiptOwner::system;
    form.answer_by = inbox.world.clock.now() + 24h;
    form.memo = "svar-til-77";
    REQUIRE(inbox.hand_over(form).has_value());
    CHECK_FALSE(run(inbox.world.io, inbox.settling.tell_due()));
    auto expected = sdk::Settlement::overdue;
    SECTION("acknowledged, with an answer for the component") {
        inbox.settle(inbox.leased("barnevern"), true, R"({"answer":{"status":"ferdig"}})");
        expected = sdk::Settlement::acknowledged;
    }
    SECTION("rejected, with its reason") {
        inbox.settle(inbox.leased("barnevern"), false, R"({"reason":"feil kommune"})");
        expected = sdk::Settlement::rejected;
    }
    SECTION("overdue, with an alarm") {
        inbox.world.clock.advance(24h);
    }
    inbox.connection->settled_queue.emplace_back(sdk::Verdict::try_later);
    inbox.tell();
    REQUIRE(inbox.connection->told.size() == 1);
    const auto told = inbox.connection->told.front();
    CHECK(told.settlement == expected);
    CHECK(told.dedupe_id == "instance-1");
    CHECK(told.memo == "svar-til-77");
    CHECK(told.tenant == oslo);
    CHECK(inbox.world.log.holds("inbox_overdue") == (expected == sdk::Settlement::overdue));
    if (expected == sdk::Settlement::acknowledged) {
        CHECK(told.answer["status"].as_string() == "ferdig");
        CHECK(told.system.value == "barnevern");
    }
    if (expected == sdk::Settlement::rejected) {
        CHECK(told.reason == "feil kommune");
    }
    CHECK_FALSE(run(inbox.world.io, inbox.settling.tell_due()));   // not at once
    inbox.world.clock.advance(5s);
    inbox.tell();
    CHECK(inbox.connection->told.size() == 2);
    inbox.world.clock.advance(24h * 30);
    CHECK_FALSE(run(inbox.world.io, inbox.settling.tell_due()));
    CHECK(inbox.connection->told.size() == 2);
}

TEST_CASE("inbox: what comes again is known with what its adapter was told of it") {
    InboxWorld inbox;
    inbox.route("soknad", {"barnevern"});
    auto form = inbox.form();
    form.receipt_owner = sdk::ReceiptOwner::system;
    REQUIRE(inbox.hand_over(form).has_value());
    CHECK_FALSE(inbox.hand_over(form).value().settled.has_value());
    inbox.settle(inbox.leased("barnevern"), false, R"({"reason":"feil kommune"})");
    const auto again = inbox.hand_over(form).value();
    CHECK(again.kept == Kept::duplicate);
    CHECK(again.settled == sdk::Settlement::rejected);
    CHECK(again.reason == "feil kommune");

    form.dedupe_id = "instance-2";
    form.facts.app = "elsewhere";
    form.receipt_owner = sdk::ReceiptOwner::gateway;
    form.tell_when_stored = true;
    REQUIRE(inbox.hand_over(form).value().quarantined);
    const auto aside = inbox.hand_over(form).value();
    CHECK(aside.settled == sdk::Settlement::stored);
    CHECK(aside.quarantined);
    CHECK(aside.code.value == "inbox.unrouted");
}

TEST_CASE("inbox: an adapter is told again when its connection was away or it never answered") {
    InboxWorld inbox;
    inbox.route("soknad", {"arkiv"});
    auto form = inbox.form();
    form.tell_when_settled = true;
    REQUIRE(inbox.hand_over(form).has_value());
    inbox.settle(inbox.leased("arkiv"), true);
    SECTION("away") {
        inbox.world.connections.remove("altinn");
        inbox.tell();
        inbox.connection = inbox.world.connect("altinn");
        inbox.world.clock.advance(5s);
        inbox.tell();
        CHECK(inbox.connection->told.size() == 1);
    }
    SECTION("never answered") {
        inbox.connection->hangs = true;
        REQUIRE(run(inbox.world.io, inbox.settling.tell_due()));
        inbox.world.pass(61s);
        CHECK(inbox.connection->told.size() == 1);
        inbox.connection->hangs = false;
        inbox.world.clock.advance(5s);
        inbox.tell();
        CHECK(inbox.connection->told.size() == 2);
    }
    SECTION("refused for good: an alarm, and no end of telling") {
        inbox.connection->settled_queue.emplace_back(sdk::Verdict::rejected);
        inbox.tell();
        CHECK(inbox.world.log.holds("inbox_answer_refused"));
    }
    inbox.world.clock.advance(24h);
    CHECK_FALSE(run(inbox.world.io, inbox.settling.tell_due()));
}

TEST_CASE("inbox: an adapter is told at once that an item is stored, and what keeps it back") {
    InboxWorld inbox;
    auto form = inbox.form();
    form.tell_when_stored = true;
    form.memo = "svar-til-78";
    SECTION("received") {
        inbox.route("soknad", {"arkiv"});
    }
    SECTION("in quarantine") {}
    const bool routed = !inbox.world.configuration.now->tenants[oslo].inbox_routes.empty();
    const auto kept = inbox.hand_over(form).value();
    CHECK(kept.quarantined == !routed);
    inbox.tell();
    REQUIRE(inbox.connection->told.size() == 1);
    const auto& told = inbox.connection->told.front();
    CHECK(told.settlement == sdk::Settlement::stored);
    CHECK(told.item == kept.item);
    CHECK(told.memo == "svar-til-78");
    CHECK(told.quarantined == !routed);
    CHECK(told.code.value == (routed ? "" : "inbox.unrouted"));
    if (routed) {
        inbox.settle(inbox.leased("arkiv"), true);
    }
    inbox.world.clock.advance(24h);
    CHECK_FALSE(run(inbox.world.io, inbox.settling.tell_due()));
    form.dedupe_id = "instance-2";
    form.tell_when_settled = true;
    CHECK(inbox.hand_over(form).error().is(Errc::invalid_argument));
}

TEST_CASE("inbox: an answer goes to the system that asked, whatever the routes say") {
    InboxWorld inbox;
    inbox.route("soknad", {"arkiv"});
    const auto letter = inbox.world.accept();
    auto form = inbox.form();
    form.in_reply_to = inbox.world.row(letter).id;
    REQUIRE_FALSE(inbox.hand_over(form).value().quarantined);
    const auto asker = run(inbox.world.io, inbox.world.store->get(oslo, letter)).value()->system;
    CHECK(inbox.leased(asker.value).type == "form/v1");
    SECTION("nobody's, when no such delivery was ours") {
        form.dedupe_id = "instance-2";
        form.in_reply_to = inbox.world.ids->next<core::DeliveryId>();
        CHECK(inbox.hand_over(form).value().quarantined);
    }
}
