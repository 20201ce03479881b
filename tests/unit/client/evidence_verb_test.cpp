#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/evidence/package_stream.hpp"
#include "gateway/evidence/public_key.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/unit/client/desk.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::app;
using namespace gateway::app::client;
using tests::client::has;
using tests::client::TestDesk;

namespace {

crypto::Vault evidence_vault() {
    std::array<std::uint8_t, 32> bytes{};
    bytes[0] = 7;
    return crypto::Vault(crypto::SecretKey(bytes));
}

std::string evidence_package() {
    evidence::PackageFacts facts;
    facts.gateway = "0.1.0";
    facts.tenant = core::TenantId("310001007");
    facts.message = *core::MessageId::parse("0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21");
    facts.made_at = core::parse_rfc3339("2026-11-27T12:00:00Z").value();
    facts.view = json::Value::object();
    facts.view.set("id", facts.message.to_string());
    facts.timeline_whole = false;
    const auto stream =
        evidence::stream_package(evidence::make_package(facts, evidence_vault()), {});
    return tests::run(sdk::read_all(*stream, 1U << 20U)).value();
}

}   // namespace

TEST_CASE("client: verify --evidence says in words whether a package is whole and whose it is, and "
          "gives the exit code") {
    const tests::ScratchFolder folder;
    folder.write("bevis.zip", evidence_package());
    const auto key = evidence_vault().verification_key();
    folder.write("key.pem", evidence::write_public_key(key));
    EvidenceOptions options;
    options.package = (folder.path() / "bevis.zip").string();
    const auto run = [&](TestDesk& test) { return run_verify_evidence(test.desk, options); };
    {
        TestDesk test;
        CHECK(run(test) == exit_ok);
        CHECK(has(test.out, "nøkkelen som ligger i pakken"));
        CHECK(has(test.out, crypto::base64url_encode(key)));
        CHECK(has(test.out, "Tidslinjen er lengre enn det pakken viser"));
        CHECK(has(test.out, "Pakken er hel"));
    }
    for (const auto& given :
         {crypto::base64url_encode(key), (folder.path() / "key.pem").string()}) {
        TestDesk test;
        options.key = given;
        CHECK(run(test) == exit_ok);
        CHECK(has(test.out, "laget med nøkkelen du ga"));
    }
    {
        TestDesk test;
        options.key = crypto::base64url_encode(std::string(32, 'k'));
        CHECK(run(test) == exit_failed);
        CHECK(has(test.out, "Underskrevet med en annen nøkkel"));
        CHECK(has(test.err, "ikke slik den ble laget"));
    }
    {
        TestDesk test;
        options.json = true;
        CHECK(run(test) == exit_failed);
        const auto answer = json::parse(test.out.str()).value();
        CHECK(answer["signedBy"].as_string() == "other_key");
        CHECK(answer["faults"].items().at(0)["code"].as_string() == "evidence.other_key");
    }
    {
        TestDesk test;
        options.key = "ingen nøkkel";
        CHECK(run(test) == exit_usage);
    }
    TestDesk test;
    options = {};
    options.package = (folder.path() / "ingen.zip").string();
    CHECK(run(test) == exit_not_found);
    folder.write("bevis.zip", "noe annet");
    options.package = (folder.path() / "bevis.zip").string();
    CHECK(run(test) == exit_failed);
    CHECK(has(test.out, "ZIP"));
}
