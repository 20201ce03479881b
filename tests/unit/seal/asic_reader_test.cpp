#include "gateway/seal/asic_reader.hpp"

#include "gateway/seal/refusal.hpp"
#include "tests/unit/seal/workshop.hpp"
#include "tests/unit/seal/zip_maker.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using tests::container;
using tests::le;
using tests::MadeEntry;
using tests::MadeZip;
using tests::refusal_of;
using tests::refusal_with;
using tests::StringAccess;

namespace {

std::vector<std::string> remarks_of(MadeZip zip) {
    StringAccess source(zip.bytes());
    const auto reader = seal::AsicReader::open(source);
    REQUIRE(reader.has_value());
    std::vector<std::string> remarks;
    for (const auto& remark : reader->remarks()) {
        remarks.push_back(remark.code.value);
    }
    return remarks;
}

}   // namespace

TEST_CASE("asic: a container opens, and its files are read in pieces of any size") {
    MadeEntry plain("manifest.xml", "<manifest/>");
    MadeEntry described("vedlegg/bilde æøå.png", std::string(100'000, 'p'));
    described.descriptor = true;
    MadeEntry stored("stored.bin", std::string(5000, 's'));
    stored.deflate = false;
    MadeEntry empty("empty.txt", "");
    MadeEntry folder("vedlegg/", "");
    folder.deflate = false;
    auto zip = container({plain, described, stored, empty, folder});
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20U}) {
        StringAccess source(zip.bytes(), piece);
        const auto reader = seal::AsicReader::open(source);
        REQUIRE(reader.has_value());
        CHECK(reader->remarks().empty());
        REQUIRE(reader->entries().size() == 6);
        for (const auto& made : zip.entries) {
            const auto* entry = reader->find(made.name);
            REQUIRE(entry != nullptr);
            CHECK(entry->size == made.content.size());
            CHECK(reader->read_all(*entry, 100'000).value() == made.content);
        }
        CHECK(reader->entries()[5].is_folder());
        CHECK(reader->find("Manifest.xml") == nullptr);
        CHECK(
            reader->read_all(*reader->find("stored.bin"), 4999).error().is(core::Errc::too_large));
    }
}

TEST_CASE("asic: what unzip and Python make of odd but sound files opens as well") {
    const auto& workshop = tests::Workshop::get();
    workshop.write("make.py", R"(
import io, zipfile
class Pipe(io.RawIOBase):                     # not seekable: descriptors
    def __init__(self, to): self.to = to
    def writable(self): return True
    def write(self, data): self.to.write(data); return len(data)
with open("python.zip", "wb") as out:
    with zipfile.ZipFile(Pipe(out), "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("mimetype", "application/vnd.etsi.asic-e+zip", zipfile.ZIP_STORED)
        z.writestr("æøå.txt", "norsk" * 1000)
        with z.open(zipfile.ZipInfo("large.txt"), "w", force_zip64=True) as f: f.write(b"zip64" * 1000)
        z.comment = b"a comment"
)");
    REQUIRE(workshop.run("/usr/bin/python3 make.py") == 0);
    StringAccess source(workshop.read("python.zip"));
    const auto reader = seal::AsicReader::open(source);
    INFO((reader.has_error() ? reader.error().to_string() : ""));
    REQUIRE(reader.has_value());
    CHECK(reader->remarks().empty());
    CHECK(reader->read_all(*reader->find("large.txt"), 5000)->substr(0, 10) == "zip64zip64");
    CHECK(reader->read_all(*reader->find("æøå.txt"), 5000)->size() == 5000);
}

TEST_CASE("asic: a mimetype that is not as it should be is remarked on, not refused") {
    CHECK(remarks_of(MadeZip()) == std::vector<std::string>{"seal.mimetype_missing"});
    auto second = container({MadeEntry("a.txt", "a")});
    std::swap(second.entries[0], second.entries[1]);
    CHECK(remarks_of(second) == std::vector<std::string>{"seal.mimetype_not_first"});
    auto extra = container({});
    extra.entries[0].local_extra = le(0xcafe, 2) + le(0, 2);
    CHECK(remarks_of(extra) == std::vector<std::string>{"seal.mimetype_extra_field"});
    auto deflated = container({});
    deflated.entries[0].deflate = true;
    CHECK(remarks_of(deflated) == std::vector<std::string>{"seal.mimetype_compressed"});
    auto other = container({});
    other.entries[0].content = "application/zip";
    CHECK(remarks_of(other) == std::vector<std::string>{"seal.mimetype_other"});
    other.entries[0].content = std::string(1000, 'x');
    CHECK(remarks_of(other) == std::vector<std::string>{"seal.mimetype_other"});
}

TEST_CASE("asic: data that unpack to something else are refused when they are read") {
    CHECK(refusal_with([](MadeEntry& entry) { entry.crc = 1; }) == "seal.zip_checksum_wrong");
    CHECK(refusal_with([](MadeEntry& entry) { entry.size = 41; }) == "seal.zip_size_wrong");
    CHECK(refusal_with([](MadeEntry& entry) { entry.size = 43; }) == "seal.zip_size_wrong");
    CHECK(refusal_with([](MadeEntry& entry) { entry.data = "no deflate stream"; }) ==
          "seal.zip_data_malformed");
    CHECK(refusal_with([](MadeEntry& entry) {
              entry.data = tests::deflated(entry.content) + "x";
          }) == "seal.zip_data_malformed");
    CHECK(refusal_with([](MadeEntry& entry) {
              const std::string packed = tests::deflated(entry.content);
              entry.data = packed.substr(0, packed.size() - 1);
          }) == "seal.zip_data_malformed");
    CHECK(refusal_with([](MadeEntry& entry) { entry.data = ""; }) == "seal.zip_data_malformed");
    CHECK(refusal_with([](MadeEntry& entry) {
              entry.deflate = false;
              entry.crc = 1;
          }) == "seal.zip_checksum_wrong");
}

TEST_CASE("asic: a file that fails keeps failing") {
    auto zip = container({MadeEntry("a.txt", "text")});
    zip.entries[1].crc = 1;
    StringAccess source(zip.bytes());
    const auto reader = seal::AsicReader::open(source);
    REQUIRE(reader.has_value());
    auto file = reader->extract(reader->entries()[1]);
    std::string block(100, '\0');
    CHECK(file.read(block).value() == 4);
    for (int i = 0; i < 2; ++i) {
        CHECK(seal::refusal_name(file.read(block).error()) == "seal.zip_checksum_wrong");
    }
}

TEST_CASE("asic: bombs are refused before a byte of them is unpacked") {
    seal::AsicLimits limits;
    limits.entries_max = 3;
    limits.entry_bytes_max = 1000;
    limits.total_bytes_max = 1500;
    limits.ratio_max = 10;
    limits.ratio_free_bytes = 500;
    const auto refusal = [&](std::vector<MadeEntry> entries) {
        return refusal_of(container(std::move(entries)), limits);
    };
    tests::SeededChance chance;
    const std::string dense = chance.bytes(700);
    CHECK(refusal({MadeEntry("a", dense), MadeEntry("b", dense)}).empty());
    CHECK(refusal({MadeEntry("a", dense), MadeEntry("b", dense), MadeEntry("c", "c")}) ==
          "seal.zip_entries_too_many");
    CHECK(refusal({MadeEntry("a", chance.bytes(1001))}) == "seal.zip_entry_too_large");
    CHECK(refusal({MadeEntry("a", dense), MadeEntry("b", chance.bytes(800))}) ==
          "seal.zip_total_too_large");
    CHECK(refusal({MadeEntry("a", std::string(900, 'a'))}) == "seal.zip_ratio_too_high");
    CHECK(refusal({MadeEntry("a", std::string(450, 'a'))}).empty());
    CHECK(refusal({MadeEntry("a", std::string(450, 'a')), MadeEntry("b", std::string(450, 'b'))}) ==
          "seal.zip_ratio_too_high");
    limits.directory_bytes_max = 100;
    CHECK(refusal({MadeEntry("a", "a")}) == "seal.zip_directory_too_large");
    // One that lies about its size is stopped at the size it told.
    CHECK(refusal_with([](MadeEntry& entry) {
              entry.data = tests::deflated(std::string(50'000'000, '\0'));
          }) == "seal.zip_size_wrong");
}

TEST_CASE("asic: a source that fails is told as what it is") {
    auto zip = container({MadeEntry("a.txt", "text")});
    StringAccess source(zip.bytes());
    source.fails_from = 0;
    CHECK(seal::AsicReader::open(source).error().is(core::Errc::storage_failed));
    source.fails_from.reset();
    const auto reader = seal::AsicReader::open(source);
    REQUIRE(reader.has_value());
    source.fails_from = 0;
    std::string block(10, '\0');
    CHECK(reader->extract(reader->entries()[1]).read(block).error().is(core::Errc::storage_failed));
}

TEST_CASE("asic: judging a container costs little more than its directory") {
    std::vector<MadeEntry> entries;
    for (int i = 0; i < 100; ++i) {
        entries.emplace_back("file" + std::to_string(i), std::string(50'000, 'x'));
        entries.back().deflate = false;
    }
    auto zip = container(std::move(entries));
    StringAccess source(zip.bytes());
    REQUIRE(seal::AsicReader::open(source).has_value());
    CHECK(source.read_bytes < 100'000);
}
