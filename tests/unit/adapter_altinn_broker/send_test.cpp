#include "gateway/sdk/bytes.hpp"
#include "tests/unit/adapter_altinn_broker/broker_world.hpp"

#include <catch2/catch.hpp>

using namespace broker_world;
using core::Errc;
using sdk::Verdict;

namespace {

/// The next call makes a transfer.
void makes(World& world, const std::string& id = transfer_id) {
    world.http().expect("POST", transfers).answer_json(200, made(id));
}

std::string of(const char* id, const std::string& rest = {}) {
    return std::string(transfers) + "/" + id + rest;
}

}   // namespace

TEST_CASE("altinn_broker: a file is described first and its bytes follow, with the checksum") {
    World world;
    const auto delivery = world.delivery("abc");
    makes(world);
    world.http().expect("POST", of(transfer_id, "/upload")).answer_json(200, made());
    const auto outcome = world.send(delivery);
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == transfer_id);
    const auto body = json::parse(world.call(0).body);
    REQUIRE(body.has_value());
    CHECK((*body)["sender"].as_string() == "0192:991825827");
    CHECK((*body)["recipients"].items().at(0).as_string() == "0192:310002003");
    CHECK((*body)["sendersFileTransferReference"].as_string() == key);
    CHECK((*body)["propertyList"]["reference"].as_string() == "LEV-7");
    CHECK((*body)["checksum"].as_string() == delivery.documents[0].md5_hex);
    CHECK(world.call(1).body == "abc");
    CHECK(world.call(1).stream_size == 3U);
}

TEST_CASE("altinn_broker: tokens are a system user's of the organisation that sends") {
    World world;
    makes(world);
    world.http().expect("POST", "/upload").answer_json(200, made());
    world.send(world.delivery());
    REQUIRE(!world.fake.tokens.asked.empty());
    CHECK(world.fake.tokens.asked.front().system_user_org == "991825827");
    CHECK(world.fake.tokens.asked.front().consumer_org.empty());
}

TEST_CASE("altinn_broker: a small file goes in one form whose parts surround its bytes") {
    World world(form);
    world.http().expect("POST", "/filetransfer/upload").answer_json(200, quoted(transfer_id));
    const auto outcome = world.send(world.delivery("abc"));
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == transfer_id);
    const std::string& body = world.call(0).body;
    CHECK(body.find("name=\"Metadata.Recipients[0]\"\r\n\r\n0192:310002003\r\n") !=
          std::string::npos);
    CHECK(body.find("octet-stream\r\n\r\nabc\r\n--sluse-") != std::string::npos);
    CHECK(world.call(0).stream_size == body.size());
}

TEST_CASE("altinn_broker: an answer lost while describing leads to a search, not to a second one") {
    World world;
    const auto delivery = world.delivery();
    world.http().expect("POST", transfers).fail(Errc::answer_lost);
    CHECK(world.send(delivery).verdict == Verdict::unknown);
    Told told;
    told.status = "Initialized";
    world.http()
        .expect("GET", "role=Sender&orderAscending=true&status=Initialized")
        .answer_json(200, ids(quoted(other_id) + "," + quoted(transfer_id)));
    Told other = told;
    other.id = other_id;
    other.reference = "somebody else's";
    world.http().expect("GET", of(other_id)).answer_json(200, overview(other));
    world.http().expect("GET", of(transfer_id)).answer_json(200, overview(told));
    world.http().expect("POST", of(transfer_id, "/upload")).answer_json(200, made());
    const auto outcome = world.send_again(delivery);
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == transfer_id);
    CHECK(world.progress.has_note("altinn_broker.found_again"));
}

TEST_CASE("altinn_broker: what was never made is made after the search said so") {
    World world;
    const auto delivery = world.delivery();
    world.http().expect("POST", transfers).fail(Errc::answer_lost);
    world.send(delivery);
    world.http().expect("GET", "role=Sender").answer_json(200, ids());
    makes(world);
    world.http().expect("POST", "/upload").answer_json(200, made());
    CHECK(world.send_again(delivery).verdict == Verdict::accepted);
}

TEST_CASE("altinn_broker: a form without an answer is waited for before it goes again") {
    World world(form);
    const auto delivery = world.delivery();
    world.http().expect("POST", "/filetransfer/upload").fail(Errc::answer_lost);
    CHECK(world.send(delivery).verdict == Verdict::unknown);
    world.http().expect("GET", "role=Sender").answer_json(200, ids());
    const auto waiting = world.send_again(delivery);
    CHECK(waiting.verdict == Verdict::pending);
    CHECK(waiting.retry_after == seconds(30));
    world.fake.clock.advance(std::chrono::minutes(3));
    world.http().expect("GET", "role=Sender").answer_json(200, ids());
    world.http().expect("POST", "/filetransfer/upload").answer_json(200, quoted(transfer_id));
    CHECK(world.send_again(delivery).verdict == Verdict::accepted);
}

TEST_CASE("altinn_broker: a form that arrived unseen is found and not sent again") {
    World world(form);
    const auto delivery = world.delivery();
    world.http().expect("POST", "/filetransfer/upload").fail(Errc::answer_lost);
    world.send(delivery);
    world.http().expect("GET", "role=Sender").answer_json(200, ids(quoted(transfer_id)));
    world.http().expect("GET", of(transfer_id)).answer_json(200, overview(Told{}));
    world.http().expect("GET", of(transfer_id)).answer_json(200, overview(Told{}));
    CHECK(world.send_again(delivery).upstream_reference == transfer_id);
}

TEST_CASE("altinn_broker: an upload without an answer is asked about before anything is sent") {
    const auto [status, again] = GENERATE(table<const char*, bool>(
        {{"UploadProcessing", false}, {"Published", false}, {"Initialized", true}}));
    World world;
    const auto delivery = world.delivery();
    makes(world);
    world.http().expect("POST", "/upload").fail(Errc::answer_lost);
    CHECK(world.send(delivery).verdict == Verdict::unknown);
    Told told;
    told.status = status;
    world.http().expect("GET", of(transfer_id)).answer_json(200, overview(told));
    if (again) {
        world.http().expect("POST", of(transfer_id, "/upload")).answer_json(200, made());
    }
    CHECK(world.send_again(delivery).verdict == Verdict::accepted);
}

TEST_CASE("altinn_broker: an upload that broke off is made anew, and given up after some times") {
    World world;
    const auto delivery = world.delivery();
    sdk::Outcome outcome;
    for (int i = 0; i < 4; ++i) {
        makes(world);
        world.http().expect("POST", "/upload").answer_json(400, problem(400, 9));
    }
    outcome = world.send(delivery);
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn_broker.upload_failed");
    CHECK(world.progress.has_note("altinn_broker.made_anew"));
}

TEST_CASE("altinn_broker: a file above the resource's limit is refused before a byte goes") {
    World world(R"({"token_mode":"raw"})");
    world.http()
        .expect("GET", "/broker/api/v1/resource/ttd-filer")
        .answer_json(200, R"({"maxFileTransferSize":5})");
    const auto outcome = world.send(world.delivery("six by"));
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn_broker.file_too_large");
    CHECK(world.fake.tokens.asked.front().scopes ==
          std::vector<std::string>{"altinn:serviceowner"});
}

TEST_CASE("altinn_broker: another owner's resource has no limit that we see, asked once an hour") {
    World world(R"({"token_mode":"raw"})");
    world.http().expect("GET", "/resource/").answer(403);
    world.http().expect("POST", "/filetransfer/upload").answer_json(200, quoted(transfer_id));
    CHECK(world.send(world.delivery()).verdict == Verdict::accepted);
    world.progress = tests::FakeProgress();
    world.http().expect("POST", "/filetransfer/upload").answer_json(200, quoted(transfer_id));
    CHECK(world.send(world.delivery()).verdict == Verdict::accepted);
}

TEST_CASE("altinn_broker: refusals pass or are final by what Broker calls them") {
    const auto [status, number, verdict] =
        GENERATE(table<int, int, Verdict>({{401, 6, Verdict::rejected},
                                           {403, 28, Verdict::rejected},
                                           {400, 16, Verdict::rejected},
                                           {503, 21, Verdict::try_later},
                                           {500, 8, Verdict::try_later},
                                           {429, 0, Verdict::try_later}}));
    World world;
    const std::string body = number == 0 ? std::string("{}") : problem(status, number);
    world.http().always("POST", transfers).answer_json(status, body);
    const auto outcome = world.send(world.delivery());
    CHECK(outcome.verdict == verdict);
    CHECK(!outcome.code.empty());
}

TEST_CASE("altinn_broker: a resumable upload goes in pieces from where Altinn says it stands") {
    World world(resumable);
    const std::string bytes(2500, 'x');
    makes(world);
    world.http().expect("POST", "/upload/tus/").answer(201);
    world.http().expect("HEAD", "/upload/tus/").answer(200, "", {{"Upload-Offset", "0"}});
    for (const char* offset : {"1000", "2000", "2500"}) {
        world.http().expect("PATCH", "/upload/tus/").answer(204, "", {{"Upload-Offset", offset}});
    }
    CHECK(world.send(world.delivery(bytes)).verdict == Verdict::accepted);
    CHECK(world.call(1).header("Upload-Length") == "2500");
    CHECK(world.call(4).header("Upload-Offset") == "1000");
    CHECK(world.call(5).stream_size == 500U);
}

TEST_CASE(
    "altinn_broker: after a cut the upload goes on from Altinn's offset, and that is progress") {
    World world(resumable);
    const auto delivery = world.delivery(std::string(1500, 'a') + std::string(1500, 'b'));
    makes(world);
    world.http().expect("POST", "/upload/tus/").answer(201);
    world.http().expect("HEAD", "/upload/tus/").answer(200, "", {{"Upload-Offset", "0"}});
    world.http().expect("PATCH", "/upload/tus/").answer(204, "", {{"Upload-Offset", "1000"}});
    world.http().expect("PATCH", "/upload/tus/").fail(Errc::answer_lost);
    CHECK(world.send(delivery).verdict == Verdict::pending);
    world.http().expect("HEAD", "/upload/tus/").answer(200, "", {{"Upload-Offset", "1600"}});
    world.http().expect("PATCH", "/upload/tus/").answer(204, "", {{"Upload-Offset", "2600"}});
    world.http().expect("PATCH", "/upload/tus/").answer(204, "", {{"Upload-Offset", "3000"}});
    CHECK(world.send_again(delivery).verdict == Verdict::accepted);
    CHECK(world.call(6).body == std::string(1000, 'b'));
}

TEST_CASE(
    "altinn_broker: a resumable upload that is no longer there was finished, or begins anew") {
    const bool finished = GENERATE(true, false);
    World world(resumable);
    const auto delivery = world.delivery("abc");
    makes(world);
    world.http().expect("POST", "/upload/tus/").answer(201);
    world.http().expect("HEAD", "/upload/tus/").answer(200, "", {{"Upload-Offset", "0"}});
    world.http().expect("PATCH", "/upload/tus/").fail(Errc::answer_lost);
    CHECK(world.send(delivery).verdict == Verdict::unknown);
    world.http().expect("HEAD", "/upload/tus/").answer_json(404, problem(404, 1));
    Told told;
    told.status = finished ? "UploadProcessing" : "UploadStarted";
    world.http().expect("GET", of(transfer_id)).answer_json(200, overview(told));
    if (!finished) {
        makes(world, other_id);
        world.http().expect("POST", std::string("/upload/tus/") + other_id).answer(201);
        world.http().expect("HEAD", "/tus/").answer(200, "", {{"Upload-Offset", "0"}});
        world.http().expect("PATCH", "/tus/").answer(204, "", {{"Upload-Offset", "3"}});
    }
    CHECK(world.send_again(delivery).verdict == Verdict::accepted);
}

TEST_CASE(
    "altinn_broker: bytes that arrived before a cut are progress, though no piece was whole") {
    World world(resumable);
    const auto delivery = world.delivery(std::string(3000, 'a'));
    makes(world);
    world.http().expect("POST", "/upload/tus/").answer(201);
    world.http().expect("HEAD", "/upload/tus/").answer(200, "", {{"Upload-Offset", "0"}});
    world.http().expect("PATCH", "/upload/tus/").fail(Errc::answer_lost);
    CHECK(world.send(delivery).verdict == Verdict::unknown);
    for (const char* offset : {"400", "800"}) {
        world.http().expect("HEAD", "/upload/tus/").answer(200, "", {{"Upload-Offset", offset}});
        world.http().expect("PATCH", "/upload/tus/").fail(Errc::answer_lost);
        CHECK(world.send_again(delivery).verdict == Verdict::pending);
    }
    world.http().expect("HEAD", "/upload/tus/").answer(200, "", {{"Upload-Offset", "800"}});
    world.http().expect("PATCH", "/upload/tus/").fail(Errc::answer_lost);
    CHECK(world.send_again(delivery).verdict == Verdict::unknown);
}

TEST_CASE("altinn_broker: only what Altinn has whole is found by a look-up") {
    const auto [status, verdict] =
        GENERATE(table<const char*, Verdict>({{"UploadProcessing", Verdict::accepted},
                                              {"AllConfirmedDownloaded", Verdict::accepted},
                                              {"UploadStarted", Verdict::not_found},
                                              {"Failed", Verdict::not_found}}));
    World world;
    const auto delivery = world.delivery();
    makes(world);
    world.http().expect("POST", "/upload").fail(Errc::answer_lost);
    world.send(delivery);
    Told told;
    told.status = status;
    world.http().expect("GET", of(transfer_id)).answer_json(200, overview(told));
    CHECK(world.look_up(delivery).verdict == verdict);
}

TEST_CASE("altinn_broker: each status is told once, as what it means for the file") {
    const auto [status, recipient, kinds, again] =
        GENERATE(table<const char*, const char*, std::vector<sdk::ReceiptKind>, bool>(
            {{"UploadProcessing", "Initialized", {}, true},
             {"Published", "Initialized", {sdk::ReceiptKind::delivered}, true},
             {"Published",
              "DownloadStarted",
              {sdk::ReceiptKind::delivered, sdk::ReceiptKind::other},
              true},
             {"AllConfirmedDownloaded",
              "DownloadConfirmed",
              {sdk::ReceiptKind::delivered, sdk::ReceiptKind::confirmed, sdk::ReceiptKind::read},
              false},
             {"Purged",
              "Initialized",
              {sdk::ReceiptKind::delivered, sdk::ReceiptKind::returned},
              false},
             {"Purged",
              "DownloadConfirmed",
              {sdk::ReceiptKind::delivered, sdk::ReceiptKind::confirmed, sdk::ReceiptKind::read},
              false},
             {"Failed",
              "Initialized",
              {sdk::ReceiptKind::delivered, sdk::ReceiptKind::failed},
              false}}));
    World world;
    auto delivery = world.delivery();
    delivery.upstream_reference = transfer_id;
    delivery.content.clear();   // who is asked about comes without
    delivery.documents.clear();
    Told told;
    told.status = status;
    told.recipient_status = recipient;
    std::string body = overview(told);
    if (std::string_view(status) == "UploadProcessing") {
        body.replace(body.find("\"published\":\""), 13 + 20 + 1, "\"published\":null");
    }
    world.http().expect("GET", of(transfer_id)).answer_json(200, body);
    const auto news = world.poll(delivery);
    REQUIRE(news.has_value());
    std::vector<sdk::ReceiptKind> told_kinds;
    for (const auto& item : news->items) {
        told_kinds.push_back(item.kind);
    }
    CHECK(told_kinds == kinds);
    CHECK(news->ask_again.has_value() == again);
}
