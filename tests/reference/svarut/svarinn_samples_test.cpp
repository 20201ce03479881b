// KS' own SvarInn samples: a list of v1 as their import program's tests have it, and a download
// that their code encrypted.

#include "gateway/crypto/private_key.hpp"
#include "tests/unit/adapter_svarinn/svarinn_world.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace svarinn_world;

namespace {

std::string sample(const std::string& name) {
    std::ifstream in(std::string(SLUSE_REFERENCE_DIR) + "/fiks/testvectors/svarinn-cms/" + name,
                     std::ios::binary);
    REQUIRE(in.good());
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}   // namespace

TEST_CASE("reference: KS' sample list is read, its zeros and nulls as nothing") {
    const auto listing = svarinn::read_listing(sample("SvarUtForsendelse.json"));
    REQUIRE(listing.has_value());
    REQUIRE(listing->items.size() == 3);
    CHECK(listing->unreadable.empty());
    const auto& first = listing->items[0];
    CHECK(first.id == "d1c6d795-f1a0-4a36-bce1-a4d9f26696db");
    CHECK(first.sender.name == "Tester testmann");
    CHECK(first.sender.lines.size() == 3);
    CHECK(first.sender.postal_code == "3333");
    CHECK(first.recipient.name == "Orgnavn");
    CHECK(first.recipient.lines.size() == 2);
    CHECK(core::to_rfc3339(*first.received_at) == "2014-12-16T11:55:06.808Z");
    CHECK(first.for_import.is_null());
    CHECK(first.from_sender.is_null());
    CHECK(first.files.at(0).name == "dokument-d1c6d795.pdf");
    CHECK(listing->items[1].files.size() == 3);
    CHECK(listing->items[2].for_import.is_null());   // sakssekvensnummer -1
}

TEST_CASE("reference: what KS' code encrypted is opened by our key and stored byte for byte") {
    World world(R"(,"version":"v1")");
    const auto key = gateway::crypto::load_pem_key(sample("sp-key.pem"), "");
    REQUIRE(key.has_value());
    world.fake.keys.unwrapper = [&](core::KeyTransport transport, const std::string& wrapped,
                                    std::size_t bytes) {
        return *(*key)->unwrap_key(transport, wrapped, bytes);
    };
    const std::string pdf = sample("small.pdf");
    json::Value item = parsed(R"({"id":"d1c6d795-f1a0-4a36-bce1-a4d9f26696db","tittel":"t",
        "filmetadata":[{"filnavn":"small.pdf","mimetype":"application/pdf"}]})");
    item.find("filmetadata")->mutable_items().front().set("sha256hash", hash_of(pdf));
    world.fake.http.expect("GET", "hentNyeForsendelser").answer_json(200, listing({item}));
    world.fake.http.expect("GET", std::string("/forsendelse/") + shipment_id)
        .answer(200, sample("small.crypt"));
    world.fake.http.expect("POST", "/kvitterMottak/").answer(200);
    CHECK(world.round());
    REQUIRE(world.fake.inbound.messages.size() == 1);
    CHECK(world.fake.documents.bytes_of(world.fake.inbound.messages[0].documents.at(0).sha256) ==
          pdf);
}
