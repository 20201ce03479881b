#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/evidence/public_key.hpp"
#include "gateway/json/value.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/unit/evidence/packages.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace gateway;
using namespace tests::evidence;

namespace {

std::string file_in(const Files& files, std::string_view name) {
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const auto& file) { return file.first == name; });
    REQUIRE(found != files.end());
    return found->second;
}

std::vector<std::string> names_of(const Files& files) {
    std::vector<std::string> names;
    for (const auto& [name, text] : files) {
        names.push_back(name);
    }
    return names;
}

}   // namespace

TEST_CASE("evidence: a package holds manifest, signature, what happened, and the documents as they "
          "were accepted") {
    const auto files = unpacked(package_of(facts()));
    const std::string first = facts().documents[0].sha256.to_hex();
    CHECK(names_of(files) ==
          std::vector<std::string>{"manifest.json", "manifest.sig", "LES-MEG.txt", "public-key.pem",
                                   "message.json", "timeline.json", "attempts.json",
                                   "receipts.json", "result.json",
                                   "documents/01-.._Vedtak_ søknad_.pdf", "documents/02"});
    CHECK(file_in(files, "documents/01-.._Vedtak_ søknad_.pdf") == documents().at(first));
    const auto manifest = evidence::read_manifest(file_in(files, evidence::manifest_name)).value();
    CHECK(manifest.purpose == "complaint");
    CHECK(manifest.made_by == "archivist");
    CHECK(manifest.events == 4);
    CHECK(manifest.documents.at(0).sha256 == first);
    CHECK(manifest.public_key == crypto::base64url_encode(vault().verification_key()));
    REQUIRE(manifest.files.size() == files.size() - 2);
    for (std::size_t i = 0; i < manifest.files.size(); ++i) {
        CHECK(manifest.files[i].name == files[i + 2].first);
        CHECK(manifest.files[i].size == files[i + 2].second.size());
        CHECK(manifest.files[i].sha256 == crypto::sha256(files[i + 2].second).to_hex());
    }
    const auto receipts = json::parse(file_in(files, evidence::receipts_name)).value();
    CHECK(receipts["events"].items().size() == 2);
    const auto attempts = json::parse(file_in(files, evidence::attempts_name)).value();
    CHECK(attempts["events"].items().size() == 1);
    for (const auto* words : {"(bokmål)", "(nynorsk)", "(English)", "sluse verify --evidence"}) {
        CHECK(file_in(files, evidence::read_me_name).find(words) != std::string::npos);
    }
}

TEST_CASE("evidence: without documents their digests are told, and nothing of their names") {
    const auto package = package_of(facts(false));
    const auto files = unpacked(package);
    CHECK(files.size() == 9);
    CHECK(package.find("Vedtak") == std::string::npos);
    const auto manifest = evidence::read_manifest(file_in(files, evidence::manifest_name)).value();
    REQUIRE(manifest.documents.size() == 2);
    CHECK(manifest.documents[1].sha256 == facts().documents[1].sha256.to_hex());
    CHECK(manifest.documents[1].file.empty());
    CHECK(verified(package).sound());
}

TEST_CASE("evidence: the same facts make the same bytes, however they are read") {
    const auto whole = package_of(facts());
    CHECK(package_of(facts(), 1'000) == whole);
    CHECK(package_of(facts(), 1U << 20U) == whole);
}

TEST_CASE("evidence: a document whose bytes are others than accepted ends the stream without an "
          "end") {
    auto package = evidence::make_package(facts(), vault());
    std::vector<std::unique_ptr<sdk::ByteSource>> bytes;
    for (const auto& document : package.documents) {
        auto text = documents().at(document.sha256);
        text.back() = '!';
        bytes.push_back(std::make_unique<sdk::StringSource>(std::move(text)));
    }
    const auto stream = evidence::stream_package(std::move(package), std::move(bytes));
    std::string piece(1U << 20U, '\0');
    auto count = tests::run(stream->read(piece));
    while (count && *count > 0) {
        count = tests::run(stream->read(piece));
    }
    REQUIRE_FALSE(count.has_value());
    CHECK(count.error().is(core::Errc::corrupted));
}

TEST_CASE("evidence: a key is read as it is shown, and as PEM") {
    const auto& key = vault().verification_key();
    CHECK(evidence::read_public_key(evidence::write_public_key(key)) == key);
    CHECK(evidence::read_public_key(" " + crypto::base64url_encode(key) + "\n") == key);
    CHECK_FALSE(evidence::read_public_key("nøkkel"));
    CHECK_FALSE(evidence::read_public_key(crypto::base64url_encode("for kort")));
    CHECK_FALSE(evidence::read_public_key("-----BEGIN PUBLIC KEY-----"));
    CHECK_FALSE(
        evidence::read_public_key("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
}

TEST_CASE("evidence: Python's zipfile and openssl, which are not ours, find the package sound") {
    const tests::ScratchFolder shop;
    shop.write("bevis.zip", package_of(facts()));
    shop.write("les.py", R"(
import hashlib, json, zipfile
with zipfile.ZipFile("bevis.zip") as z:
    assert z.testzip() is None
    manifest = json.loads(z.read("manifest.json"))
    assert [f["name"] for f in manifest["files"]] == z.namelist()[2:]
    for f in manifest["files"]:
        data = z.read(f["name"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (f["size"], f["sha256"]), f
        assert z.getinfo(f["name"]).date_time == (2026, 11, 27, 12, 0, 0)
    for name in ("manifest.json", "manifest.sig", "public-key.pem"):
        z.extract(name)
)");
    REQUIRE(shop.run("python3 les.py && unzip -tq bevis.zip") == 0);
    const std::string verify = "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in "
                               "manifest.json -sigfile manifest.sig";
    CHECK(shop.run(verify) == 0);
    CHECK(shop.run("echo >> manifest.json && " + verify) != 0);
}
