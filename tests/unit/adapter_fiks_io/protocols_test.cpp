#include "adapters/fiks_io/protocols.hpp"

#include "fiks_io_protocol_list.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace gateway::fiks_io;
namespace core = gateway::core;

namespace {

std::string fault_of(const std::string& dialogues, const std::string& errors = "{}") {
    const auto read =
        read_protocol("a", R"({"protocol":"no.a","version":"v1","title":"A","maturity":"test",)"
                           R"("errors":)" +
                               errors + R"(,"dialogues":[)" + dialogues + "]}");
    return read ? std::string() : read.error().detail;
}

}   // namespace

TEST_CASE("fiks protocols: every file of the folder reads, and no name stands in two") {
    std::size_t count = 0;
    for (const auto& [name, text] : protocol_data::all_files()) {
        const auto types = read_protocol(name, text);
        INFO(name << (types ? "" : types.error().detail));
        REQUIRE(types.has_value());
        count += types->size();
    }
    const auto& all = all_types();
    CHECK(all.size() == count);
    CHECK(std::adjacent_find(all.begin(), all.end(), [](const auto& a, const auto& b) {
              return a.name == b.name;
          }) == all.end());
}

TEST_CASE("fiks protocols: an answer that a message names is itself in the table, as an answer") {
    for (const auto& type : all_types()) {
        for (const auto& answer : type.answers) {
            INFO(type.name << " -> " << answer);
            const MessageType* found = find(answer);
            REQUIRE(found != nullptr);
            CHECK(found->means.has_value());
        }
        INFO(type.name);
        CHECK(type.received.empty() == (type.owner == AnswerOwner::none));
        if (!type.received.empty()) {
            CHECK(find(type.received)->means == Meaning::received);
            CHECK_FALSE(find(type.received)->has_payload());
        }
        CHECK(type.first_within > std::chrono::hours(0));
    }
}

TEST_CASE("fiks protocols: only the specialist system answers a report of concern, and Digisos") {
    for (const char* name :
         {"no.ks.fiks.bekymringsmelding.privat.v2", "no.ks.fiks.bekymringsmelding.offentlig.v2",
          "no.ks.fiks.bekymringsmelding.v2", "no.nav.digisos.soknad.v1",
          "no.nav.digisos.ettersendelse.v1"}) {
        INFO(name);
        REQUIRE(find(name) != nullptr);
        CHECK(find(name)->owner == AnswerOwner::system);
    }
    CHECK(find("no.ks.fiks.bekymringsmelding.privat.v2")->not_taken ==
          "no.ks.fiks.bekymringsmelding.feilet.v1");
    CHECK(find("no.nav.digisos.soknad.v1")->not_taken.empty());
    CHECK(find("no.nav.digisos.soknad.v1")->received == "no.nav.digisos.soknad.mottatt.v1");
    CHECK(find("no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett")->owner ==
          AnswerOwner::transport);
    CHECK(find("no.ks.fiks.arkiv.v1.innsyn.sok")->owner == AnswerOwner::none);
}

TEST_CASE("fiks protocols: a message carries its files, by either name, and knows its errors") {
    const auto* type = find("no.ks.fiks.arkiv.v1.arkivering.dokumentobjekt.opprett");
    REQUIRE(type != nullptr);
    CHECK(type->takes_file("dokumentobjekt-opprett.xml"));
    CHECK(type->takes_file("arkivmelding.xml"));
    CHECK_FALSE(type->takes_file("annet.xml"));
    CHECK(type->invalid == "no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel");
    CHECK(type->failed == "no.ks.fiks.arkiv.v1.feilmelding.serverfeil");
    CHECK(find("no.ks.fiks.matrikkelfoering.v2.grunnlag")->payload ==
          std::vector<std::string>{"byggesak.xml", "index.json"});
    CHECK(find("no.ks.fiks.matrikkelfoering.v2.grunnlag")->needs_client_id);
    CHECK(find("no.ks.fiks.plan.v2.innsyn.dokumentfil.hent.resultat")->payload_of_any_name);
    CHECK(find("no.ks.fiks.politisk.behandling.v1.utvalg.hent")->maturity == Maturity::paused);
    CHECK(find(timed_out_type)->means == Meaning::undelivered);
    CHECK(find(server_error_type)->means == Meaning::undelivered);
    CHECK(find("no.ks.fiks.unknown") == nullptr);
}

TEST_CASE("fiks protocols: another spelling is understood as what was meant") {
    const auto* asked = find("no.ks.fiks.plan.v2.innsyn.dispensasjoner.finn");
    const auto* misspelt = find("no.ks.fiks.plan.v2.innsyn.dipsensasjoner.finn.resultat");
    REQUIRE(misspelt != nullptr);
    CHECK(misspelt->misspelt);
    CHECK(misspelt->means == Meaning::done);
    CHECK(asked->may_be_answered_by(misspelt->name));
    const auto* opener = find("no.ks.fiks.plan.v2.oppdatering.planendring.registrer");
    REQUIRE(opener != nullptr);
    CHECK(opener->misspelt);
    CHECK(opener->opens());
    CHECK(opener->received == "no.ks.fiks.plan.v2.oppdatering.planendring.registrer.mottatt");
}

TEST_CASE("fiks protocols: a mistake in a file is named, and nothing of it is taken") {
    CHECK(fault_of(R"({"opens":"x","payload":[]})").empty());
    CHECK(fault_of(R"({"opens":"x","payload":[],"recieved":"y"})").find("recieved") !=
          std::string::npos);
    CHECK(fault_of(R"({"opens":"x"})").find("payload") != std::string::npos);
    CHECK(fault_of(R"({"opens":"","payload":[]})").find("empty") != std::string::npos);
    CHECK(fault_of(R"({"opens":"x","payload":[],"received":"y"})").find("owner") !=
          std::string::npos);
    CHECK(fault_of(R"({"opens":"x","payload":[],"owner":"system"})").find("owner") !=
          std::string::npos);
    CHECK(fault_of(R"({"opens":"x","payload":[],"errors":["invalid"]})").find("error") !=
          std::string::npos);
    CHECK(fault_of("", R"({"invalid":"f","file":"f.json","format":"yaml"})").find("format") !=
          std::string::npos);
    CHECK(fault_of(R"({"opens":"x","payload":[]},{"opens":"x","payload":[]})").find("twice") !=
          std::string::npos);
    CHECK(fault_of(R"({"opens":"x","payload":[],"done":{"r":["a"]}},)"
                   R"({"opens":"y","payload":[],"done":{"r":["b"]}})")
              .find("twice") != std::string::npos);
    CHECK_FALSE(read_protocol("a", "[").has_value());
    CHECK_FALSE(
        read_protocol("a", R"({"protocol":"no.a","title":"A","maturity":"odd"})").has_value());
}
