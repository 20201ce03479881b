#include "gateway/crypto/digest.hpp"
#include "tests/unit/adapter_fiks_io/fiks_world.hpp"

#include <catch2/catch.hpp>

using namespace fiks_world;

namespace {

const std::string key_path = std::string(archive_account) + "/offentligNokkel";

fiks::Looked<fiks::ReceiverKey> ask(World& world, bool fresh = false) {
    return tests::run(world.io,
                      world.catalogue->receiver_key(archive_account, world.in(10), fresh));
}

}   // namespace

TEST_CASE("fiks catalogue: a certificate is asked for without a token, and kept ten minutes") {
    World world;
    world.fake.http.expect("GET", key_path)
        .answer_json(200, key_answer(identity(archive_owner).der));
    REQUIRE(ask(world).value.has_value());
    CHECK(ask(world).value->details.der == identity(archive_owner).der);
    CHECK(world.fake.http.calls().size() == 1);
    CHECK(world.fake.http.calls()[0].header("Authorization").empty());
    CHECK(world.fake.tokens.asked.empty());
    world.fake.clock.advance(std::chrono::minutes(10));
    world.fake.http.expect("GET", key_path)
        .answer_json(200, key_answer(second_identity(archive_owner).der));
    CHECK(ask(world).value->details.der == second_identity(archive_owner).der);
    CHECK(world.fake.log.holds("fiks_io.certificate_changed"));
}

TEST_CASE("fiks catalogue: a hundred accounts are kept, and the first of them is asked for again") {
    World world;
    world.fake.http.always("GET", "offentligNokkel")
        .answer_json(200, key_answer(identity(archive_owner).der));
    const auto account = [](int number) {
        return "7d2d5a4f-3a1c-4e4a-9a6e-000000000" + std::to_string(100 + number);
    };
    for (int number = 0; number <= 100; ++number) {
        world.fake.clock.advance(std::chrono::seconds(1));
        REQUIRE(tests::run(world.io, world.catalogue->receiver_key(account(number), world.in(10)))
                    .value.has_value());
    }
    const auto calls = world.fake.http.calls().size();
    tests::run(world.io, world.catalogue->receiver_key(account(100), world.in(10)));
    CHECK(world.fake.http.calls().size() == calls);
    tests::run(world.io, world.catalogue->receiver_key(account(0), world.in(10)));
    CHECK(world.fake.http.calls().size() == calls + 1);
}

TEST_CASE("fiks catalogue: an expired certificate is used, and said to be so") {
    World world;
    world.fake.http.expect("GET", key_path)
        .answer_json(200, key_answer(identity(archive_owner).der));
    world.fake.clock.advance(std::chrono::hours(24 * 3650));
    const auto key = ask(world);
    REQUIRE(key.value.has_value());
    CHECK(seal::has_finding(key.value->warnings, "fiks_io.certificate_expired"));
}

TEST_CASE("fiks catalogue: a certificate of the future is used, and said to be so") {
    World world;
    world.fake.http.expect("GET", key_path)
        .answer_json(200, key_answer(identity(archive_owner).der));
    world.fake.clock.jump(-std::chrono::hours(24 * 3650));
    const auto key = ask(world);
    REQUIRE(key.value.has_value());
    CHECK(seal::has_finding(key.value->warnings, "fiks_io.certificate_not_yet_valid"));
}

TEST_CASE("fiks catalogue: what Fiks calls invalid is used, and said to be so") {
    World world;
    json::Value body;
    body.set("nokkel", pem_of(identity(archive_owner).der)).set("valid", false);
    world.fake.http.expect("GET", key_path).answer_json(200, json::write(body));
    const auto key = ask(world);
    REQUIRE(key.value.has_value());
    CHECK(seal::has_finding(key.value->warnings, "fiks_io.certificate_not_valid"));
}

TEST_CASE("fiks catalogue: a certificate that is not the pinned one is refused") {
    const std::string right = gateway::crypto::sha256(identity(archive_owner).der).to_hex();
    World world(R"(,"pinned":[{"account":")" + std::string(archive_account) + R"(","sha256":[")" +
                right + "\"]}]");
    world.fake.http.expect("GET", key_path)
        .answer_json(200, key_answer(identity(archive_owner).der));
    CHECK(ask(world).value.has_value());
    world.fake.http.expect("GET", key_path)
        .answer_json(200, key_answer(second_identity(archive_owner).der));
    const auto other = ask(world, true);
    CHECK_FALSE(other.value.has_value());
    CHECK(other.outcome.code.value == "fiks_io.certificate_not_pinned");
    CHECK(other.outcome.verdict == sdk::Verdict::rejected);
}

TEST_CASE("fiks catalogue: what is no certificate, or none for RSA, is the recipient's to mend") {
    World world;
    const auto code_for = [&](int status, const std::string& body) {
        world.fake.http.expect("GET", key_path).answer_json(status, body);
        const auto key = ask(world, true);
        CHECK_FALSE(key.value.has_value());
        CHECK(key.outcome.verdict == sdk::Verdict::rejected);
        return key.outcome.code.value;
    };
    CHECK(code_for(404, "{}") == "fiks_io.receiver_without_key");
    CHECK(code_for(200, R"({"nokkel":"nothing"})") == "fiks_io.receiver_key_unusable");
    tests::BusinessWishes wishes;
    wishes.key_type = "EC";
    CHECK(code_for(200, key_answer(authority().issue(wishes).der)) ==
          "fiks_io.receiver_key_unusable");
    wishes.key_type = "RSA-1024";
    CHECK(code_for(200, key_answer(authority().issue(wishes).der)) ==
          "fiks_io.receiver_key_unusable");
}

TEST_CASE("fiks catalogue: a catalogue that is away is waited for") {
    World world;
    world.fake.http.expect("GET", key_path).answer(503, "");
    CHECK(ask(world).outcome.verdict == sdk::Verdict::try_later);
    world.fake.http.expect("GET", key_path).fail(core::Errc::unreachable);
    CHECK(ask(world).outcome.verdict == sdk::Verdict::try_later);
    world.fake.http.expect("GET", key_path).answer(200, "<html>login</html>");
    CHECK(ask(world).outcome.verdict == sdk::Verdict::try_later);
}

TEST_CASE("fiks catalogue: an account's owner and its state are asked for with all three headers") {
    World world;
    world.fake.http.expect("GET", "/kontoer/" + std::string(archive_account))
        .answer_json(200, account_answer(archive_account, archive_owner));
    const auto facts =
        tests::run(world.io, world.catalogue->account(archive_account, world.in(10)));
    REQUIRE(facts.value.has_value());
    CHECK(facts.value->organisation == archive_owner);
    const auto& call = world.fake.http.calls().at(0);
    CHECK(call.header("Authorization") == "Bearer token-1");
    CHECK(call.header("IntegrasjonId") == "0b2b6e7e-3f5e-4f4e-9d3c-5d0f6f3d1a11");
    CHECK(call.header("IntegrasjonPassord") == "p w");
    world.fake.http.expect("GET", "/status")
        .answer_json(200, R"({"gyldigAvsender":true,"gyldigMottaker":false,)"
                          R"("antallKonsumenter":0,"antallUavhentedeMeldinger":17})");
    const auto status =
        tests::run(world.io, world.catalogue->status(archive_account, world.in(10)));
    REQUIRE(status.value.has_value());
    CHECK(status.value->valid_sender);
    CHECK_FALSE(status.value->valid_receiver);
    CHECK(status.value->unfetched == 17);
}

TEST_CASE("fiks catalogue: a refused token is replaced once") {
    World world;
    world.fake.http.expect("GET", "/status").answer_json(401, R"({"message":"access_token"})");
    world.fake.http.expect("GET", "/status").answer_json(200, "{}");
    CHECK(
        tests::run(world.io, world.catalogue->status(our_account, world.in(10))).value.has_value());
    CHECK(world.fake.http.calls().at(1).header("Authorization") == "Bearer token-2");
    world.fake.http.expect("GET", "/status").answer_json(401, R"({"message":"access_token"})");
    world.fake.http.expect("GET", "/status").answer_json(401, R"({"message":"access_token"})");
    CHECK(tests::run(world.io, world.catalogue->status(our_account, world.in(10)))
              .outcome.code.value == "fiks.token_refused");
}
