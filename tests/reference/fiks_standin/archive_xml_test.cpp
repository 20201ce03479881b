#include "adapters/fiks_io/standin/archive_xml.hpp"

#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

namespace fiks = gateway::fiks_io::standin;

namespace {

constexpr const char* id = "2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e";
constexpr const char* at = "2026-11-26T08:00:00Z";
const std::string arkiv = "no.ks.fiks.arkiv.v1.";

/// xmllint's judgement by the schema of a message type.
bool is_valid(const std::string& xml, const std::string& type) {
    const tests::ScratchFolder folder;
    folder.write("answer.xml", xml);
    const bool valid =
        folder.run("xmllint --nonet --noout --schema " + std::string(SLUSE_REFERENCE_DIR) +
                   "/fiks/fiks-arkiv-v1/" + arkiv + type + ".xsd answer.xml") == 0;
    UNSCOPED_INFO(folder.read("log") << xml);
    return valid;
}

fiks::Case folder_of() {
    fiks::Case folder;
    folder.id = id;
    folder.title = "Byggesak & mer";
    folder.outside_id = "Fagsystem sak-1";
    folder.year = 2026;
    folder.sequence = 3;
    return folder;
}

fiks::Record record_of(const char* type) {
    fiks::Record record;
    record.id = id;
    record.outside_id = "Fagsystem brev-1";
    record.title = "Vedtak";
    record.type = type;
    record.year = 2026;
    record.sequence = 17;
    record.number = 1;
    record.files.push_back({id, "brev.pdf", "00"});
    return record;
}

}   // namespace

TEST_CASE("fiks stand-in: receipts and refusals of its archive are valid by the official schemas") {
    const fiks::Case folder = folder_of();
    const fiks::Record journal = record_of("U");
    const fiks::Record plain = record_of("");
    const std::string receipt = "arkivering.arkivmelding.opprett.kvittering";
    CHECK(is_valid(fiks::write_receipt(&folder, false, &journal, at), receipt));
    CHECK(is_valid(fiks::write_receipt(&folder, true, nullptr, at), receipt));
    CHECK(is_valid(fiks::write_receipt(nullptr, false, &plain, at), receipt));
    CHECK(is_valid(fiks::write_refusal({"Mappen", "Registreringen"}), receipt));
    CHECK(is_valid(fiks::write_file_receipt({id, "b.pdf", "00"}, at),
                   "arkivering.dokumentobjekt.opprett.kvittering"));
    for (const char* root : {"ugyldigforespoersel", "serverfeil", "ikkefunnet"}) {
        CHECK(is_valid(fiks::write_error(root, "Fordi"), std::string("feilmelding.") + root));
    }
}

TEST_CASE("fiks stand-in: what its archive finds and fetches is valid by the official schemas") {
    const fiks::Case folder = folder_of();
    const fiks::Record journal = record_of("I");
    fiks::Query query;
    query.system = "Fagsystem";
    query.take = 10;
    for (const char* kind : {"noekler", "minimum", "utvidet"}) {
        query.response_type = kind;
        query.for_cases = false;
        CHECK(is_valid(fiks::write_found(query, {}, {&journal}),
                       std::string("innsyn.sok.resultat.") + kind));
        query.for_cases = true;
        CHECK(is_valid(fiks::write_found(query, {&folder}, {}),
                       std::string("innsyn.sok.resultat.") + kind));
    }
    CHECK(is_valid(fiks::write_folder(folder), "innsyn.mappe.hent.resultat"));
    CHECK(is_valid(fiks::write_record(journal, &folder), "innsyn.registrering.hent.resultat"));
    CHECK(
        is_valid(fiks::write_record(record_of(""), nullptr), "innsyn.registrering.hent.resultat"));
}
