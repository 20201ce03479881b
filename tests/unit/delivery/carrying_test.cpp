#include "world.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace tests;
using namespace std::chrono_literals;
using core::DeliveryState;
using core::Work;
using sdk::Outcome;
using sdk::Verdict;

using Names = std::vector<std::string>;

sdk::Receipts news(sdk::ReceiptKind kind, std::optional<std::chrono::seconds> again) {
    sdk::Receipts receipts;
    sdk::Receipt receipt;
    receipt.dedupe_id = "r" + std::to_string(static_cast<int>(kind));
    receipt.kind = kind;
    receipts.items.push_back(receipt);
    receipts.ask_again = again;
    return receipts;
}

Outcome faulty(Verdict verdict) {
    Outcome outcome(verdict, core::Code("upstream.server_error"), {{"status", "503"}});
    outcome.target_at_fault = true;
    return outcome;
}

}   // namespace

TEST_CASE("dispatch: a letter is sent once, and its receipts make it delivered and read") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->polls(sdk::Receipts(news(sdk::ReceiptKind::delivered, 30s)));
    altinn->polls(sdk::Receipts(news(sdk::ReceiptKind::read, std::nullopt)));
    world.start();
    const auto letter = world.accept();
    CHECK(world.reaches(letter, DeliveryState::sent, 1s));
    CHECK(world.row(letter).overdue_at);
    CHECK(world.reaches(letter, DeliveryState::delivered));
    CHECK_FALSE(world.row(letter).overdue_at);
    CHECK(world.reaches(letter, DeliveryState::read));
    CHECK(altinn->count("send") == 1);
    CHECK(world.names(letter) == Names{"accepted", "attempt_started", "sent", "delivered", "read"});
    CHECK(world.row(letter).work == Work::none);
    CHECK(world.row(letter).attempts == 1);
}

TEST_CASE("dispatch: the adapter gets the message opened, with its keys and settings") {
    World world;
    auto altinn = world.connect("altinn");
    world.start();
    Letter letter;
    letter.content = R"({"title":"Vedtak","notBefore":"2026-01-01T00:00:00Z"})";
    const auto id = world.accept(letter);
    REQUIRE(world.reaches(id, DeliveryState::sent));
    const auto& call = altinn->calls.at(0);
    CHECK(call.delivery.content == letter.content);
    CHECK(call.delivery.tenant == oslo);
    CHECK(call.delivery.message == id);
    CHECK(call.delivery.type == "letter/v1");
    CHECK(call.delivery.attempt == 1);
    CHECK(call.delivery.upstream_key == call.delivery.id.to_string());
    CHECK(core::to_rfc3339(call.delivery.not_before.value()) == "2026-01-01T00:00:00.000Z");
    CHECK(call.deadline == call.began + 60s);
    world.pass(15s);
    CHECK(altinn->calls.at(1).kind == "poll");
    CHECK(altinn->calls.at(1).delivery.upstream_reference == "ref-1");
}

TEST_CASE("dispatch: a refusal is final at once and keeps what the component said sealed") {
    World world;
    auto altinn = world.connect("altinn");
    Outcome refused(Verdict::rejected, core::Code("altinn.corr_01030"));
    refused.upstream_text = "Kari Nordmann er reservert";
    altinn->sends(refused);
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::failed, 1s));
    CHECK(world.row(letter).code.value == "altinn.corr_01030");
    const auto last = world.events(letter).back();
    CHECK(last.name == "failed");
    CHECK(last.code.value == "altinn.corr_01030");
    CHECK(last.sealed_params.find("Kari") == std::string::npos);
    CHECK(world.opened(last) == R"({"upstream":"Kari Nordmann er reservert"})");
    world.pass(2h);
    CHECK(altinn->calls.size() == 1);
}

TEST_CASE("dispatch: a passing fault backs off, with the same key each time") {
    World world;
    auto altinn = world.connect("altinn");
    for (int i = 0; i < 4; ++i) {
        altinn->sends(Outcome(Verdict::try_later, core::Code("upstream.server_error")));
    }
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::sent));
    REQUIRE(altinn->count("send") == 5);
    auto previous = 0s;
    for (std::size_t i = 1; i < 5; ++i) {
        const auto& calls = altinn->calls;
        CHECK(calls[i].delivery.upstream_key == calls[0].delivery.upstream_key);
        CHECK(calls[i].delivery.attempt == static_cast<int>(i) + 1);
        const auto wait =
            std::chrono::duration_cast<std::chrono::seconds>(calls[i].began - calls[i - 1].began);
        CHECK(wait >= previous);
        previous = wait;
    }
    CHECK(world.row(letter).attempts == 5);
    CHECK(world.row(letter).failures == 0);
}

TEST_CASE("dispatch: Retry-After is obeyed") {
    World world;
    auto altinn = world.connect("altinn");
    Outcome later(Verdict::try_later, core::Code("upstream.rate_limited"));
    later.retry_after = 600s;
    altinn->sends(later);
    world.start();
    const auto letter = world.accept();
    world.pass(599s);
    CHECK(altinn->count("send") == 1);
    CHECK(world.reaches(letter, DeliveryState::sent, 10s));
}

TEST_CASE("dispatch: an unknown outcome is looked up before it is sent again") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->sends(Outcome(Verdict::unknown, core::Code("upstream.answer_lost")));
    altinn->looks_up(Outcome(Verdict::try_later));
    altinn->looks_up(Outcome(Verdict::not_found));
    world.start();
    const auto letter = world.accept();
    world.pass(500ms);
    CHECK(world.state(letter) == DeliveryState::sending);
    REQUIRE(world.reaches(letter, DeliveryState::sent));
    Names kinds;
    for (const auto& call : altinn->calls) {
        kinds.push_back(call.kind);
    }
    CHECK(kinds == Names{"send", "look_up", "look_up", "send"});
    CHECK(world.names(letter) == Names{"accepted", "attempt_started", "attempt_unknown",
                                       "looked_up", "attempt_started", "sent"});
}

TEST_CASE("dispatch: what a look-up finds is sent, and its reference is kept") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->sends(Outcome(Verdict::unknown, core::Code("upstream.answer_lost")));
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::sent));
    CHECK(altinn->count("send") == 1);
    CHECK(altinn->count("look_up") == 1);
    CHECK_FALSE(world.row(letter).sealed_upstream_reference.empty());
    CHECK(world.names(letter) ==
          Names{"accepted", "attempt_started", "attempt_unknown", "looked_up", "sent"});
}

TEST_CASE(
    "dispatch: without look-up and without deduplication a lost answer is held for a person") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->capabilities[0].answers_lookup = false;
    altinn->capabilities[0].deduplicates = sdk::Deduplicates::none;
    altinn->sends(Outcome(Verdict::unknown, core::Code("upstream.answer_lost")));
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::held, 1s));
    CHECK(world.row(letter).code.value == "delivery.unknown_outcome");
    world.pass(3h);
    CHECK(altinn->count("send") == 1);
    CHECK(world.names(letter) == Names{"accepted", "attempt_started", "attempt_unknown", "held"});
    std::vector<ports::NewEvent> released{world.event("released")};
    const auto id = world.row(letter).id;
    REQUIRE(run(world.io, world.store->release(oslo, id, world.clock.now(), std::move(released)))
                .has_value());
    REQUIRE(world.reaches(letter, DeliveryState::sent));
    CHECK(altinn->calls.at(1).delivery.upstream_key == altinn->calls.at(0).delivery.upstream_key);
}

TEST_CASE("dispatch: progress is durable, sealed, and given back at the next step") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->on_send = [](const core::Delivery&, sdk::Progress& progress) -> sdk::Task<Outcome> {
        if (progress.value().empty()) {
            core::Params params;
            progress.note(core::Code("attachment_uploaded"), std::move(params));
            std::string step = R"({"attachment":"a-1"})";
            const auto kept = co_await progress.remember(std::move(step));
            Outcome pending(kept ? Verdict::pending : Verdict::unknown);
            pending.retry_after = std::chrono::seconds(20);
            co_return pending;
        }
        co_return Outcome(Verdict::accepted);
    };
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::pending, 1s));
    CHECK(world.row(letter).sealed_progress.find("a-1") == std::string::npos);
    world.pass(19s);
    CHECK(altinn->count("send") == 1);
    REQUIRE(world.reaches(letter, DeliveryState::sent));
    CHECK(altinn->calls.at(1).progress == R"({"attachment":"a-1"})");
    CHECK(altinn->calls.at(1).delivery.attempt == 1);
    CHECK(world.row(letter).attempts == 1);
    CHECK(world.events(letter).at(2).code.value == "attachment_uploaded");
}

TEST_CASE("dispatch: an adapter that throws leaves an unknown outcome, not a dead gateway") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->throws = true;
    world.start();
    const auto letter = world.accept();
    world.pass(500ms);
    CHECK(world.state(letter) == DeliveryState::sending);
    CHECK(world.row(letter).work == Work::look_up);
    CHECK(world.log.holds("adapter_threw"));
    CHECK_FALSE(world.log.holds("mistake"));
    altinn->throws = false;
    CHECK(world.reaches(letter, DeliveryState::sent));
}

TEST_CASE("dispatch: a call that outlives its deadline is cut off and looked up") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->hangs = true;
    world.start();
    const auto letter = world.accept();
    world.pass(64s);
    CHECK(world.row(letter).work == Work::send);
    world.pass(2s);
    CHECK(world.row(letter).work == Work::look_up);
    CHECK(world.events(letter).back().code.value == "upstream.timed_out");
    altinn->hangs = false;
    CHECK(world.reaches(letter, DeliveryState::sent));
    CHECK(altinn->count("send") == 1);
}

TEST_CASE("dispatch: large documents get the time they need") {
    World world;
    auto altinn = world.connect("altinn");
    ports::DocumentRecord record;
    record.tenant = oslo;
    record.hash.bytes.fill(9);
    record.md5_hex = "0123456789abcdef0123456789abcdef";
    record.size = 100 * gateway::dispatch::upload_rate_min;
    record.uploader = sak;
    record.created = world.clock.now();
    REQUIRE(run(world.io, world.store->put_document(record)).has_value());
    Letter letter;
    letter.documents = {record.hash};
    letter.content = R"({"documents":[{"sha256":")" + record.hash.to_hex() +
                     R"(","name":"v.pdf","title":"Vedtak","mediaType":"application/pdf"}]})";
    world.start();
    const auto id = world.accept(letter);
    REQUIRE(world.reaches(id, DeliveryState::sent));
    const auto& call = altinn->calls.at(0);
    CHECK(call.deadline == call.began + 60s + 100s);
    REQUIRE(call.delivery.documents.size() == 1);
    CHECK(call.delivery.documents[0].md5_hex == record.md5_hex);
    CHECK(call.delivery.documents[0].size == record.size);
    CHECK(call.delivery.documents[0].name == "v.pdf");
    CHECK(call.delivery.documents[0].media_type == "application/pdf");
}

TEST_CASE("dispatch: a document that is gone holds the letter before anything is sent") {
    World world;
    auto altinn = world.connect("altinn");
    Letter letter;
    letter.content = R"({"documents":[{"sha256":")" + std::string(64, 'a') + R"("}]})";
    world.start();
    const auto id = world.accept(letter);
    REQUIRE(world.reaches(id, DeliveryState::held, 1s));
    CHECK(world.row(id).code.value == "delivery.document_unreadable");
    CHECK(altinn->calls.empty());
    CHECK(world.names(id) == Names{"accepted", "held"});
}

TEST_CASE("dispatch: a letter that does not open is held, and never claimed again") {
    World world;
    world.connect("altinn");
    for (const char* content : {"not json", "[]", "\"text\""}) {
        Letter letter;
        letter.content = content;
        const auto id = world.accept(letter);
        if (!world.node) {
            world.start();
        }
        REQUIRE(world.reaches(id, DeliveryState::held, 1s));
        CHECK(world.row(id).code.value == "delivery.message_unreadable");
        const auto events = world.events(id).size();
        world.pass(1h);
        CHECK(world.events(id).size() == events);
    }
    world.vaults.remove(oslo);
    const auto keyless = [&] {
        const auto vault =
            std::make_shared<const gateway::crypto::Vault>(gateway::crypto::SecretKey());
        world.vaults.put(oslo, vault);
        const auto id = world.accept();
        world.vaults.remove(oslo);
        return id;
    }();
    REQUIRE(world.reaches(keyless, DeliveryState::held, 1s));
    CHECK(world.row(keyless).code.value == "delivery.key_missing");
}

TEST_CASE("dispatch: without a connection the route chooses one, and says so") {
    World world;
    auto altinn = world.connect("altinn");
    world.connect("paper");
    core::RouteConfig route;
    route.type = "letter/v1";
    core::RouteTarget target;
    target.connection = core::ConnectionId("altinn");
    target.with = R"({"resource":"brev"})";
    route.use = {target};
    world.configuration.now->tenants[oslo].routes = {route};
    Letter letter;
    letter.connection.reset();
    world.start();
    const auto id = world.accept(letter);
    REQUIRE(world.reaches(id, DeliveryState::sent));
    CHECK(altinn->calls.at(0).delivery.settings == R"({"resource":"brev"})");
    CHECK(world.row(id).connection == core::ConnectionId("altinn"));
    CHECK(world.row(id).settings == R"({"resource":"brev"})");
    CHECK(world.names(id) == Names{"accepted", "route_chosen", "attempt_started", "sent"});
}

TEST_CASE("dispatch: without any route, or with a connection that is gone, a letter is held with "
          "the reason") {
    World world;
    world.connect("altinn");
    Letter unrouted;
    unrouted.connection.reset();
    Letter orphan;
    orphan.connection = "removed";
    world.start();
    const auto a = world.accept(unrouted);
    const auto b = world.accept(orphan);
    REQUIRE(world.reaches(a, DeliveryState::held, 1s));
    CHECK(world.row(a).code.value == "message.no_route");
    REQUIRE(world.reaches(b, DeliveryState::held, 1s));
    CHECK(world.row(b).code.value == "delivery.adapter_missing");
    CHECK(world.row(b).params == core::Params{{"connection", "removed"}});
}

TEST_CASE("dispatch: a connection taken from the tenant carries nothing more of it") {
    World world;
    auto altinn = world.connect("altinn");
    world.configuration.now->connections[core::ConnectionId("altinn")].tenants = {bergen};
    world.start();
    const auto letter = world.accept();
    REQUIRE(world.reaches(letter, DeliveryState::held, 1s));
    CHECK(altinn->calls.empty());
}

TEST_CASE("dispatch: what is not sent in time expires, also with its connection's circuit open") {
    World world;
    world.rules().breaker_failures = 1;
    world.rules().breaker_pause = 3h;
    auto altinn = world.connect("altinn");
    altinn->standing_send = faulty(Verdict::try_later);
    world.start();
    Letter letter;
    letter.expires_in = 10min;
    const auto a = world.accept(letter);
    const auto b = world.accept(letter);
    world.pass(9min);
    CHECK(world.state(a) == DeliveryState::queued);
    CHECK(world.reaches(a, DeliveryState::expired, 2min));
    CHECK(world.reaches(b, DeliveryState::expired, 1s));
    CHECK(altinn->count("send") <= 2);
    CHECK(world.events(a).back().code.value == "expired");
    CHECK(world.row(a).code.value == "expired");   // as failures are grouped by
}

TEST_CASE("dispatch: an expired letter with an unknown outcome is looked up, not called expired") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->sends(Outcome(Verdict::unknown));
    for (int i = 0; i < 8; ++i) {
        altinn->looks_up(Outcome(Verdict::try_later));
    }
    world.start();
    Letter letter;
    letter.expires_in = 30s;
    const auto id = world.accept(letter);
    world.pass(2min);
    CHECK(world.state(id) == DeliveryState::sending);
    CHECK(world.reaches(id, DeliveryState::sent));
}
