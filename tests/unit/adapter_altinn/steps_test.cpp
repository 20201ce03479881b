#include "tests/unit/adapter_altinn/altinn_world.hpp"

#include <catch2/catch.hpp>

using namespace altinn_world;
using gateway::altinn::Steps;
using sdk::Verdict;

namespace {

/// Both files made and uploaded, the first call of the scan answered with `status`.
void script_uploads(World& world) {
    for (const char* id : {first_attachment, second_attachment}) {
        world.fake.http.expect("POST", "/correspondence/api/v1/attachment")
            .answer_json(200, quoted(id));
        world.fake.http.expect("POST", std::string(id) + "/upload")
            .answer_json(200, attachment(id, "UploadProcessing"));
    }
}

void script_scan(World& world, const std::string& first, const std::string& second) {
    world.fake.http.expect("GET", first_attachment)
        .answer_json(200, attachment(first_attachment, first));
    if (!second.empty()) {
        world.fake.http.expect("GET", second_attachment)
            .answer_json(200, attachment(second_attachment, second));
    }
}

std::string progress_of(Steps::Stage stage, const char* id) {
    Steps steps(1);
    if (stage == Steps::Stage::making) {
        steps.making(0);
    } else {
        steps.made(0, id);
        if (stage == Steps::Stage::uploading) {
            steps.uploading(0);
        }
        if (stage >= Steps::Stage::uploaded) {
            steps.uploaded(0, core::Time(seconds(1768478400)));
        }
    }
    return steps.write();
}

}   // namespace

TEST_CASE("altinn steps: large files are made, uploaded, scanned and then attached to the letter") {
    World world(in_steps);
    script_uploads(world);
    script_scan(world, "UploadProcessing", "");
    const auto given = world.with_files();
    const auto first = world.send(given);
    CHECK(first.verdict == Verdict::pending);
    CHECK(first.retry_after == seconds(1));
    CHECK(world.call(1).header("Content-Type") == "application/octet-stream");
    CHECK(world.call(1).body == "%PDF bytes");
    script_scan(world, "Published", "Published");
    world.fake.http.expect("POST", "/correspondence/api/v1/correspondence")
        .answer_json(200, initialised());
    const auto second = world.send(given);
    CHECK(second.verdict == Verdict::accepted);
    const auto sent = json::parse(world.fake.http.calls().back().body);
    CHECK(json::write((*sent)["existingAttachments"]) ==
          "[" + quoted(first_attachment) + "," + quoted(second_attachment) + "]");
    CHECK(json::write((*sent)["correspondence"]["content"]["attachments"]) == "[]");
    CHECK(world.fake.state.entries.empty());
}

TEST_CASE("altinn steps: each step is remembered before it is taken and after it") {
    World world(in_steps);
    world.fake.http.expect("POST", "/attachment").answer_json(200, quoted(first_attachment));
    world.fake.http.expect("POST", "/upload")
        .answer_json(200, attachment(first_attachment, "UploadProcessing"));
    script_scan(world, "UploadProcessing", "");
    world.send(world.with_files(1));
    std::vector<std::string> stages;
    for (const auto& kept : world.progress.remembered) {
        stages.push_back((*json::parse(kept))["attachments"].items()[0]["stage"].as_string());
    }
    CHECK(stages ==
          std::vector<std::string>{"making", "made", "uploading", "uploaded", "uploaded"});
}

TEST_CASE("altinn steps: who lost the lease stops before the next call") {
    World world(in_steps);
    world.progress.failure = core::Failure(core::Errc::stale_fence);
    CHECK(world.send(world.with_files()).verdict == Verdict::try_later);
    CHECK(world.fake.http.calls().empty());
}

TEST_CASE("altinn steps: a lost answer to making a file is told, never attached and made anew") {
    World world(in_steps);
    const auto given = world.with_files(1);
    world.fake.http.expect("POST", "/attachment").fail(core::Errc::answer_lost);
    CHECK(world.send(given).verdict == Verdict::try_later);
    CHECK_FALSE(world.progress.has_note("attachment_lost"));
    world.fake.http.expect("POST", "/attachment").answer_json(200, quoted(second_attachment));
    world.fake.http.expect("POST", "/upload")
        .answer_json(200, attachment(second_attachment, "Published"));
    world.fake.http.expect("GET", second_attachment)
        .answer_json(200, attachment(second_attachment, "Published"));
    world.fake.http.expect("POST", "/correspondence").answer_json(200, initialised());
    CHECK(world.send(given).verdict == Verdict::accepted);
    CHECK(world.progress.has_note("attachment_lost"));
}

TEST_CASE("altinn steps: a file that was never asked for is not told of as lost") {
    World world(in_steps);
    const auto given = world.with_files(1);
    world.fake.http.expect("POST", "/attachment").fail(core::Errc::unreachable);
    CHECK(world.send(given).verdict == Verdict::try_later);
    world.fake.http.expect("POST", "/attachment").answer(503);
    CHECK(world.send(given).verdict == Verdict::try_later);
    world.fake.http.expect("POST", "/attachment").fail(core::Errc::unreachable);
    world.send(given);
    CHECK_FALSE(world.progress.has_note("attachment_lost"));
}

TEST_CASE("altinn steps: after a crash between making and upload the file we hold is used") {
    World world(in_steps);
    world.progress = tests::FakeProgress(progress_of(Steps::Stage::made, first_attachment));
    world.fake.http.expect("POST", std::string(first_attachment) + "/upload")
        .answer_json(200, attachment(first_attachment, "UploadProcessing"));
    script_scan(world, "UploadProcessing", "");
    CHECK(world.send(world.with_files(1)).verdict == Verdict::pending);
}

TEST_CASE(
    "altinn steps: after a lost upload Altinn is asked, and only what it lacks is sent again") {
    SECTION("it came through") {
        World world(in_steps);
        world.progress =
            tests::FakeProgress(progress_of(Steps::Stage::uploading, first_attachment));
        script_scan(world, "Published", "");
        world.fake.http.expect("POST", "/correspondence").answer_json(200, initialised());
        CHECK(world.send(world.with_files(1)).verdict == Verdict::accepted);
    }
    SECTION("it did not") {
        World world(in_steps);
        world.progress =
            tests::FakeProgress(progress_of(Steps::Stage::uploading, first_attachment));
        script_scan(world, "Initialized", "");
        world.fake.http.expect("POST", "/upload")
            .answer_json(200, attachment(first_attachment, "UploadProcessing"));
        script_scan(world, "UploadProcessing", "");
        CHECK(world.send(world.with_files(1)).verdict == Verdict::pending);
    }
    SECTION("it broke off and Altinn gave it up") {
        World world(in_steps);
        world.progress =
            tests::FakeProgress(progress_of(Steps::Stage::uploading, first_attachment));
        script_scan(world, "Failed", "");
        world.fake.http.expect("DELETE", first_attachment)
            .answer_json(200, attachment(first_attachment, "Purged"));
        world.fake.http.expect("POST", "/attachment").answer_json(200, quoted(second_attachment));
        world.fake.http.expect("POST", std::string(second_attachment) + "/upload")
            .fail(core::Errc::answer_lost);
        CHECK(world.send(world.with_files(1)).verdict == Verdict::try_later);
    }
}

TEST_CASE("altinn steps: a file the scan rejects stops the letter, and all we hold is deleted") {
    World world(in_steps);
    script_uploads(world);
    script_scan(world, "Failed", "");
    world.fake.http.expect("DELETE", first_attachment)
        .answer_json(200, attachment(first_attachment, "Purged"));
    world.fake.http.expect("DELETE", second_attachment)
        .answer_json(200, attachment(second_attachment, "Purged"));
    const auto outcome = world.send(world.with_files());
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn.scan_rejected");
    CHECK(outcome.upstream_text == "said");
    CHECK(world.progress.has_note("attachment_rejected"));
    CHECK(world.progress.has_note("attachment_deleted"));
    CHECK(world.fake.state.entries.empty());
}

TEST_CASE("altinn steps: a refused letter deletes its files first, also over several attempts, and "
          "keeps its reason") {
    World world(in_steps);
    world.progress = tests::FakeProgress(progress_of(Steps::Stage::uploaded, first_attachment));
    script_scan(world, "Published", "");
    world.fake.http.expect("POST", "/correspondence").answer_json(400, problem(400, 1002));
    world.fake.http.expect("DELETE", first_attachment).answer(503);
    const auto given = world.with_files(1);
    CHECK(world.send(given).verdict == Verdict::pending);
    world.fake.http.expect("DELETE", first_attachment)
        .answer_json(200, attachment(first_attachment, "Purged"));
    const auto outcome = world.send(given);
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn.corr_01002");
}

TEST_CASE("altinn steps: a file that expired or was purged is made anew, but not without end") {
    World world(in_steps);
    world.progress = tests::FakeProgress(progress_of(Steps::Stage::uploaded, first_attachment));
    const auto given = world.with_files(1);
    for (int i = 0; i < 3; ++i) {
        script_scan(world, "Expired", "");
        world.fake.http.expect("POST", "/attachment").answer_json(200, quoted(first_attachment));
        world.fake.http.expect("POST", "/upload")
            .answer_json(200, attachment(first_attachment, "UploadProcessing"));
    }
    script_scan(world, "Purged", "");
    const auto outcome = world.send(given);
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn.attachment_expired");
}

TEST_CASE("altinn steps: files about to expire are made anew before the letter goes") {
    World world(in_steps);
    world.progress = tests::FakeProgress(progress_of(Steps::Stage::uploaded, first_attachment));
    script_scan(world, "Published", "");
    world.fake.http.expect("POST", "/correspondence").answer_json(400, problem(400, 1055));
    world.fake.http.expect("DELETE", first_attachment)
        .answer_json(200, attachment(first_attachment, "Purged"));
    world.fake.http.expect("POST", "/attachment").answer_json(200, quoted(second_attachment));
    world.fake.http.expect("POST", "/upload")
        .answer_json(200, attachment(second_attachment, "UploadProcessing"));
    world.fake.http.expect("GET", second_attachment)
        .answer_json(200, attachment(second_attachment, "UploadProcessing"));
    CHECK(world.send(world.with_files(1)).verdict == Verdict::pending);
}

TEST_CASE("altinn steps: a letter sent too early for its files waits for them") {
    World world(in_steps);
    world.progress = tests::FakeProgress(progress_of(Steps::Stage::uploaded, first_attachment));
    script_scan(world, "Published", "");
    world.fake.http.expect("POST", "/correspondence").answer_json(400, problem(400, 1018));
    CHECK(world.send(world.with_files(1)).verdict == Verdict::pending);
}

TEST_CASE(
    "altinn steps: a lost answer to the letter itself is unknown, and its files are kept for it") {
    World world(in_steps);
    world.progress = tests::FakeProgress(progress_of(Steps::Stage::uploaded, first_attachment));
    const auto given = world.with_files(1);
    script_scan(world, "Published", "");
    world.fake.http.expect("POST", "/correspondence").fail(core::Errc::answer_lost);
    CHECK(world.send(given).verdict == Verdict::unknown);
    world.fake.http.expect("GET", "idempotentKey").answer_json(200, ids(""));
    CHECK(world.look_up(given).verdict == Verdict::not_found);
    world.fake.http.expect("POST", "/correspondence").answer_json(200, initialised());
    CHECK(world.send(given).verdict == Verdict::accepted);
}

TEST_CASE("altinn steps: a slow scan is told once and asked about ever slower") {
    World world(in_steps);
    world.progress = tests::FakeProgress(progress_of(Steps::Stage::uploaded, first_attachment));
    const auto given = world.with_files(1);
    world.fake.clock.advance(std::chrono::minutes(16));
    script_scan(world, "UploadProcessing", "");
    CHECK(world.send(given).retry_after == seconds(240));
    CHECK(world.progress.has_note("altinn.attachment_scan_slow"));
    world.progress.noted.clear();
    script_scan(world, "UploadProcessing", "");
    world.send(given);
    CHECK_FALSE(world.progress.has_note("altinn.attachment_scan_slow"));
}

TEST_CASE("altinn steps: a letter cancelled between its steps leaves no file behind") {
    World world(in_steps);
    world.fake.http.expect("POST", "/attachment").answer_json(200, quoted(first_attachment));
    world.fake.http.expect("POST", "/upload")
        .answer_json(200, attachment(first_attachment, "UploadProcessing"));
    script_scan(world, "UploadProcessing", "");
    const auto given = world.with_files(1);
    world.send(given);
    CHECK(world.fake.state.entries.size() == 1);
    world.fake.http.expect("GET", "idempotentKey").answer_json(200, ids(""));
    world.fake.http.expect("DELETE", first_attachment)
        .answer_json(200, attachment(first_attachment, "Purged"));
    CHECK(world.cancel(given).verdict == Verdict::accepted);
    CHECK(world.fake.state.entries.empty());
}

TEST_CASE("altinn steps: progress reads back as it was written, at every stage") {
    using Stage = Steps::Stage;
    for (const auto stage : {Stage::making, Stage::made, Stage::uploading, Stage::uploaded}) {
        const auto text = progress_of(stage, first_attachment);
        CHECK(Steps::read(text, 1)->write() == text);
    }
    CHECK_FALSE(Steps::read("", 1).has_value());
    CHECK_FALSE(Steps::read(progress_of(Stage::made, first_attachment), 2).has_value());
    CHECK_FALSE(Steps::read(R"({"attachments":[{"stage":"dreaming"}]})", 1).has_value());
}
