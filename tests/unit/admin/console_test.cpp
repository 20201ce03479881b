#include "gateway/crypto/totp.hpp"
#include "tests/unit/admin/people.hpp"

#include <catch2/catch.hpp>

// Signing in to the console, and what the one who did may see.

using namespace gateway;
using namespace tests::admin;

namespace {

int status(World& world, const std::string& target, const sdk::Headers& headers) {
    return world.call({.target = target, .headers = headers, .uid = {}}).status;
}

std::string code_of(const http::Response& response) {
    return World::json(response)["code"].as_string();
}

}   // namespace

TEST_CASE("console: name, password and a fresh code open, a code counts once, and who it was is "
          "logged") {
    World world;
    const auto kari = add(world, "kari", "operator", World::first);
    const auto code = crypto::totp_code(kari.secret, crypto::totp_step(world.clock.now()));
    const auto answer = try_sign_in(world, kari, code);
    REQUIRE(answer.status == 201);
    const std::string cookie(sdk::find_header(answer.headers, "Set-Cookie"));
    CHECK(cookie.find("HttpOnly") != std::string::npos);
    CHECK(cookie.find("SameSite=Strict") != std::string::npos);
    CHECK(world.log.holds("account kari"));
    CHECK_FALSE(world.log.holds(kari.password));

    const auto again = try_sign_in(world, kari, code);
    auto other = kari;
    other.password += "x";
    const auto next = crypto::totp_code(kari.secret, crypto::totp_step(world.clock.now()) + 1);
    const auto wrong = try_sign_in(world, other, next);
    other = kari;
    other.name = "ingen";
    const auto nobody = try_sign_in(world, other, next);
    for (const auto* refused : {&again, &wrong, &nobody}) {
        CHECK(refused->status == 401);
        CHECK(code_of(*refused) == "session.refused");
    }
    std::vector<std::string> kept;   // newest first; nothing of whom there is not
    const auto audit = World::json(world.get("/admin/v1/audit"));
    for (const auto& entry : audit["items"].items()) {
        if (entry["who"].as_string() == "account kari") {
            kept.push_back(entry["act"].as_string());
        }
        CHECK(entry["who"].as_string() != "account ingen");
    }
    CHECK(kept == std::vector<std::string>{"sign_in_refused", "sign_in_refused", "signed_in"});
    const auto elsewhere =
        try_sign_in(world, kari, next, {{"Host", "sluse"}, {"Origin", "http://andre.no"}});
    CHECK(code_of(elsewhere) == "session.not_from_here");
}

TEST_CASE("console: who guesses waits longer and longer, also with the right password") {
    World world;
    const auto kari = add(world, "kari", "operator", World::first);
    auto guess = kari;
    guess.password = "feil";
    int waits = 0;
    for (int i = 0; i < 8; ++i) {
        waits += try_sign_in(world, guess, "000000").status == 429 ? 1 : 0;
    }
    CHECK(waits == 3);
    const auto code = crypto::totp_code(kari.secret, crypto::totp_step(world.clock.now()));
    const auto throttled = try_sign_in(world, kari, code);
    CHECK(throttled.status == 429);
    CHECK(sdk::find_header(throttled.headers, "Retry-After") == "2");
    world.clock.advance(std::chrono::seconds(2));
    CHECK(try_sign_in(world, kari, code).status == 201);
}

TEST_CASE(
    "console: a session ends when nothing is done, when it is signed out and when the account "
    "goes") {
    World world;
    const auto kari = add(world, "kari", "operator", World::first);
    const std::string target = "/admin/v1/messages?tenant=310001007";
    auto in = sign_in(world, kari);
    CHECK(status(world, target, in.look) == 200);
    auto watching = in.look;
    watching.emplace_back("X-Sluse-Background", "1");
    const auto letter = world.accept_letter("A-1").to_string();
    auto streaming = in.look;
    streaming.emplace_back("Accept", "text/event-stream");
    world.clock.advance(std::chrono::minutes(20));
    CHECK(status(world, target, watching) == 200);   // which is no activity
    CHECK(status(world, "/admin/v1/messages/" + letter + "/events", streaming) ==
          200);   // nor this
    world.clock.advance(std::chrono::minutes(10));
    CHECK(status(world, target, in.look) == 401);

    in = sign_in(world, kari);
    CHECK(
        world
            .call(
                {.method = "DELETE", .target = "/admin/v1/session", .headers = in.look, .uid = {}})
            .status == 403);
    CHECK(
        world
            .call({.method = "DELETE", .target = "/admin/v1/session", .headers = in.act, .uid = {}})
            .status == 204);
    CHECK(status(world, target, in.look) == 401);

    world.clock.advance(std::chrono::minutes(1));
    in = sign_in(world, kari);
    CHECK(world.post("/admin/v1/accounts/kari/remove", R"({"why":"sluttet"})").status == 200);
    CHECK(status(world, target, in.look) == 401);
}

TEST_CASE(
    "console: nothing crosses from one municipality to another, and an operator sees the flow "
    "but no content") {
    World world;
    const auto own = world.accept_letter("A-1").to_string();
    const auto foreign = world.accept_letter("B-1", World::second).to_string();
    const auto kari = sign_in(world, add(world, "kari", "operator", World::first));
    const std::string messages = "/admin/v1/messages/";
    CHECK(status(world, messages + own, kari.look) == 200);
    CHECK(status(world, messages + own + "?tenant=310001007", kari.look) == 200);
    CHECK(status(world, messages + foreign, kari.look) == 404);
    CHECK(status(world, messages + foreign + "?tenant=310005002", kari.look) == 403);
    CHECK(status(world, "/admin/v1/messages?tenant=310005002", kari.look) == 403);
    CHECK(status(world, "/admin/v1/statistics?tenant=310001007&tenant=310005002", kari.look) ==
          403);
    CHECK(status(world, "/admin/v1/statistics?tenant=310001007&tenant=310001007", kari.look) ==
          400);
    CHECK(status(world, "/admin/v1/statistics", kari.look) == 400);
    CHECK(status(world, "/admin/v1/store/counts", kari.look) == 403);
    CHECK(status(world, "/admin/v1/nytt", kari.look) == 403);

    const auto seen = world.call({.target = messages + own, .headers = kari.look, .uid = {}});
    CHECK(seen.body.find("Varsel om tilsyn") == std::string::npos);
    CHECK(World::json(seen)["result"].is_object());   // times and ways
    const auto search = [&](const sdk::Headers& headers, const std::string& body) {
        return world.call({.method = "POST",
                           .target = "/admin/v1/messages/search",
                           .body = body,
                           .headers = headers,
                           .uid = {}});
    };
    CHECK(search(kari.act, R"({"tenant":"310001007"})").body.find("Varsel") == std::string::npos);
    CHECK(search(kari.act, R"({"tenant":"310005002"})").status == 403);
    CHECK(search(kari.act, R"({"tenant":"310001007","fileName":"a.pdf"})").status == 403);

    const auto berit = sign_in(world, add(world, "berit", "archivist", World::first));
    CHECK(search(berit.act, R"({"tenant":"310001007"})").body.find("Varsel") == std::string::npos);
    REQUIRE(world
                .call({.method = "POST",
                       .target = "/admin/v1/content/open",
                       .body = R"({"tenant":"310001007","why":"innsyn 2026/17"})",
                       .headers = berit.act,
                       .uid = {}})
                .status == 200);
    CHECK(search(berit.act, R"({"tenant":"310001007"})").body.find("Varsel") != std::string::npos);
    const std::string person = R"({"tenant":"310001007","recipient":{"person":"21883649874"})";
    CHECK(code_of(search(berit.act, person + "}")) == "admin.reason_required");
    CHECK(search(berit.act, person + R"(,"why":"gjelder 21883649874"})").status == 400);
    CHECK(search(berit.act, person + R"(,"why":"innsyn 2026/18"})").status == 200);
    const auto auditor = sign_in(world, add(world, "per", "auditor", World::first));
    const auto audit =
        World::json(world.call({.target = "/admin/v1/audit", .headers = auditor.look, .uid = {}}));
    const auto& searched = audit["items"].items().front();
    CHECK(searched["act"].as_string() == "person_searched");
    CHECK(searched["who"].as_string() == "account berit");
    CHECK(searched["fields"]["why"].as_string() == "innsyn 2026/18");
    CHECK(world.get("/admin/v1/audit").body.find("21883649874") == std::string::npos);
    CHECK_FALSE(world.log.holds("21883649874"));
}

TEST_CASE(
    "console: an act needs the session's own word and stands on the timeline with who and why") {
    World world;
    const auto id = world.accept_letter("A-1");
    const auto kari = sign_in(world, add(world, "kari", "operator", World::first));
    const auto target = "/admin/v1/messages/" + id.to_string() + "/hold";
    const auto act = [&](const sdk::Headers& headers) {
        return world.call({.method = "POST",
                           .target = target,
                           .body = R"({"why":"venter på avklaring"})",
                           .headers = headers,
                           .uid = {}});
    };
    CHECK(code_of(act(kari.look)) == "session.not_from_here");
    auto forged = kari.look;
    forged.emplace_back("X-CSRF-Token", std::string(43, 'A'));
    CHECK(act(forged).status == 403);
    auto elsewhere = kari.act;
    elsewhere.emplace_back("Sec-Fetch-Site", "same-site");
    CHECK(act(elsewhere).status == 403);
    CHECK(act(kari.act).status == 200);
    const auto line = world.timeline(id).back();
    CHECK(line["who"].as_string() == "account kari");
    CHECK(line["why"].as_string() == "venter på avklaring");
}

TEST_CASE("console: the flow counts by system, type and connection, and where it stands still") {
    World world;
    world.accept_letter("A-1");
    const auto failed = world.accept_letter("A-2");
    world.end_in(failed, core::DeliveryState::failed);
    const auto flow = World::json(world.get("/admin/v1/flow?tenant=310001007"));
    REQUIRE(flow["ways"].items().size() == 1);
    const auto& way = flow["ways"].items().front();
    CHECK(way["system"].as_string() == "byggesak");
    CHECK(way["connection"].as_string() == "altinn-test");
    CHECK(way["waiting"].as_int() == 1);
    CHECK(way["failed"].as_int() == 1);
    CHECK(way["oldestWaiting"].is_string());
    CHECK(flow["more"].items().empty());
    CHECK(world.get("/admin/v1/flow").status == 400);
    // In a backlog, too, the oldest is the oldest.
    const auto oldest = way["oldestWaiting"].as_string();
    world.clock.advance(std::chrono::hours(5));
    for (int i = 0; i < 201; ++i) {
        world.accept_letter("B-" + std::to_string(i));
    }
    const auto backlog = World::json(world.get("/admin/v1/flow?tenant=310001007"));
    CHECK(backlog["more"].items().front().as_string() == "queued");
    CHECK(backlog["ways"].items().front()["oldestWaiting"].as_string() == oldest);
}

TEST_CASE("console: its files are served to anybody with a policy that takes nothing else") {
    World world;
    const auto page =
        world.call({.target = "/console/", .headers = {{"Accept-Encoding", "gzip"}}, .uid = {}});
    REQUIRE(page.status == 200);
    CHECK(sdk::find_header(page.headers, "Content-Encoding") == "gzip");
    const std::string policy(sdk::find_header(page.headers, "Content-Security-Policy"));
    CHECK(policy.find("default-src 'none'") != std::string::npos);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(policy.find("unsafe") == std::string::npos);
    const std::string tag(sdk::find_header(page.headers, "ETag"));
    CHECK(world.call({.target = "/console/", .headers = {{"If-None-Match", tag}}, .uid = {}})
              .status == 304);
    CHECK(world.call({.target = "/console", .uid = {}}).status == 308);
    CHECK(world.call({.target = "/console/finnes-ikke", .uid = {}}).status == 404);
    CHECK(world.call({.method = "POST", .target = "/console/", .uid = {}}).status == 405);
}

TEST_CASE("console: a retry of a group is paused by those of its own municipality alone") {
    World world;
    const auto theirs = sign_in(world, add(world, "kari", "operator", World::first));
    const auto other = sign_in(world, add(world, "nils", "operator", World::second));
    const auto letter = world.accept_letter("F-1");
    world.end_in(letter, core::DeliveryState::failed, "maskinporten.mp_200");
    const auto groups = World::json(world.get("/admin/v1/failures"))["items"].items();
    const auto begun = world.post(
        "/admin/v1/failures/" + groups.front()["group"].as_string() + "/retry", R"({"why":"x"})");
    const auto path = "/admin/v1/retries/" + World::json(begun)["id"].as_string() + "/pause";
    World::Ask ask{.method = "POST", .target = path, .body = R"({"why":"x"})", .uid = {}};
    ask.headers = other.act;
    CHECK(code_of(world.call(ask)) == "failures.retry_not_found");
    ask.headers = theirs.act;
    CHECK(world.call(ask).status == 200);
}

TEST_CASE("console: a connection is examined on behalf of a municipality of one's own") {
    World world;
    const auto in = sign_in(world, add(world, "kari", "operator", World::first));
    World::Ask ask{
        .method = "POST", .target = "/admin/v1/connections/altinn-test/examine", .uid = {}};
    ask.headers = in.act;
    ask.body = "{}";
    CHECK(code_of(world.call(ask)) == "admin.tenant_required");
    ask.body = R"({"tenant":")" + std::string(World::second) + R"("})";
    CHECK(code_of(world.call(ask)) == "session.not_allowed");
    ask.body = R"({"tenant":")" + std::string(World::first) + R"("})";
    CHECK(code_of(world.call(ask)) == "request.not_found");   // no doctor is at hand here
    ask.target = "/admin/v1/examine";
    ask.body = "{}";
    CHECK(code_of(world.call(ask)) == "session.not_allowed");
}

TEST_CASE("console: content is opened by a role that may, for a purpose and a while, and stands in "
          "the audit") {
    World world;
    const auto letter = world.accept_letter("A-1").to_string();
    const auto berit = sign_in(world, add(world, "berit", "archivist", World::first));
    const auto kari = sign_in(world, add(world, "kari", "operator", World::first));
    const auto open = [&](const Signed& who, const std::string& body) {
        return world.call({.method = "POST",
                           .target = "/admin/v1/content/open",
                           .body = body,
                           .headers = who.act,
                           .uid = {}});
    };
    const auto shows = [&](const Signed& who) {
        const auto seen =
            world.call({.target = "/admin/v1/messages/" + letter, .headers = who.look, .uid = {}});
        return seen.body.find("Varsel om tilsyn") != std::string::npos;
    };
    CHECK_FALSE(shows(berit));
    CHECK(code_of(open(berit, R"({"tenant":"310001007"})")) == "admin.reason_required");
    CHECK(code_of(open(berit, R"({"tenant":"310005002","why":"innsyn"})")) ==
          "session.not_allowed");
    CHECK(open(berit, R"({"tenant":"310001007","why":"innsyn av 218836 49874"})").status == 400);
    CHECK(code_of(open(kari, R"({"tenant":"310001007","why":"innsyn"})")) == "session.not_allowed");
    CHECK_FALSE(shows(berit));
    REQUIRE(open(berit, R"({"tenant":"310001007","why":"innsyn 2026/17","minutes":5})").status ==
            200);
    CHECK(shows(berit));
    CHECK_FALSE(shows(kari));
    world.clock.advance(std::chrono::minutes(6));
    CHECK_FALSE(shows(berit));

    const auto auditor = sign_in(world, add(world, "per", "auditor", World::first));
    const auto audit =
        World::json(world.call({.target = "/admin/v1/audit", .headers = auditor.look, .uid = {}}));
    REQUIRE(audit["items"].items().size() == 1);   // accounts are the installation's affair
    const auto& entry = audit["items"].items().front();
    CHECK(entry["act"].as_string() == "content_opened");
    CHECK(entry["who"].as_string() == "account berit");
    CHECK(entry["fields"]["why"].as_string() == "innsyn 2026/17");
    CHECK(World::json(world.get("/admin/v1/audit"))["items"].items().size() == 7);
    // Evidence has a purpose of its own; its documents are content, its digests are not.
    const auto evidence = [&](const Signed& who, const std::string& more) {
        const auto answer = world.call({.method = "POST",
                                        .target = "/admin/v1/messages/" + letter + "/evidence",
                                        .body = R"({"purpose":"court","why":"sak")" + more + "}",
                                        .headers = who.act,
                                        .uid = {}});
        return answer.status == 200 ? "200" : code_of(answer);
    };
    CHECK(evidence(berit, "") == "200");
    CHECK(evidence(auditor, "") == "session.not_allowed");
    CHECK(evidence(auditor, R"(,"withDocuments":false)") == "200");
    CHECK(evidence(kari, R"(,"withDocuments":false)") == "session.not_allowed");
}

TEST_CASE("console: a document leaves only when content is open, sealed off, and after it is kept "
          "that it does") {
    World world;
    const core::TenantId tenant{World::first};
    auto writer =
        tests::run(world.io, world.documents.create(tenant, core::SystemId("byggesak"), 1000))
            .value();
    const std::string bytes = "<script>alert(1)</script>";
    tests::run(world.io, writer->append(bytes)).value();
    const auto stored = tests::run(world.io, writer->commit()).value();
    const auto hash = stored.hash.to_hex();
    const auto letter = world.accept_letter("A-1", World::first, hash).to_string();
    const auto berit = sign_in(world, add(world, "berit", "archivist", World::first));
    const auto path = "/admin/v1/messages/" + letter + "/documents/";
    const auto get = [&](const std::string& sha256) {
        return world.call(World::Ask{.target = path + sha256, .headers = berit.look, .uid = {}});
    };
    CHECK(code_of(get(hash)) == "session.content_closed");
    REQUIRE(world
                .call({.method = "POST",
                       .target = "/admin/v1/content/open",
                       .body = R"({"tenant":"310001007","why":"innsyn"})",
                       .headers = berit.act,
                       .uid = {}})
                .status == 200);
    CHECK(get(std::string(64, 'a')).status == 404);
    const auto answer = get(hash);
    REQUIRE(answer.status == 200);
    CHECK(sdk::find_header(answer.headers, "Content-Type") == "application/octet-stream");
    CHECK(sdk::find_header(answer.headers, "X-Content-Type-Options") == "nosniff");
    CHECK(sdk::find_header(answer.headers, "Content-Security-Policy") ==
          "sandbox; default-src 'none'");
    CHECK(sdk::find_header(answer.headers, "Content-Disposition") ==
          "attachment; filename*=UTF-8''%22%3Cb%3E.html");
    const auto audit = World::json(world.get("/admin/v1/audit?tenant=310001007"));
    CHECK(audit["items"].items().front()["act"].as_string() == "document_read");
}

TEST_CASE("console: the audit keeps its newest pages, and each is read once") {
    World world;
    gateway::admin::AuditTrail trail(*world.store);
    for (int i = 0; i < 250; ++i) {
        gateway::admin::AuditEntry entry;
        entry.at = world.clock.now();
        entry.act = "act-" + std::to_string(i);
        std::vector<gateway::admin::AuditEntry> entries;
        entries.push_back(std::move(entry));
        REQUIRE(tests::run(world.io, trail.append(std::move(entries))).has_value());
    }
    std::set<std::string> seen;
    std::string target = "/admin/v1/audit";
    for (int pages = 0; pages < 5; ++pages) {
        const auto page = World::json(world.get(target));
        for (const auto& item : page["items"].items()) {
            CHECK(seen.insert(item["act"].as_string()).second);
        }
        if (page["next"].is_null()) {
            break;
        }
        target = "/admin/v1/audit?cursor=" + page["next"].as_string();
    }
    CHECK(seen.size() == 250);
    CHECK(world.get("/admin/v1/audit?cursor=x").status == 400);
}
