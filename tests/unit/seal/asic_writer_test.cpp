#include "gateway/seal/asic_writer.hpp"

#include "gateway/crypto/digest.hpp"
#include "gateway/seal/refusal.hpp"
#include "tests/unit/seal/envelopes.hpp"
#include "tests/unit/seal/workshop.hpp"
#include "tests/unit/seal/zip_maker.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace gateway;
using namespace std::string_literals;
using tests::SeededChance;
using tests::Workshop;

namespace {

seal::AsicOptions options(bool comment = false) {
    seal::AsicOptions made;
    made.modified = core::parse_rfc3339("2026-11-22T10:46:33Z").value();
    made.comment = comment;
    return made;
}

void add(seal::AsicWriter& writer, const std::string& name, std::string_view content,
         std::string& out) {
    REQUIRE(writer.begin_file({name, "text/plain", content.size()}, out).has_value());
    REQUIRE(writer.write(content, out).has_value());
    REQUIRE(writer.end_file(out).has_value());
}

std::string container_of(const std::map<std::string, std::string>& files, bool comment = false) {
    seal::AsicWriter writer(options(comment));
    std::string out;
    for (const auto& [name, content] : files) {
        add(writer, name, content, out);
    }
    REQUIRE(writer.finish(out).has_value());
    return out;
}

/// Text that compresses somewhat, or bytes that do not.
std::string some_content(SeededChance& chance) {
    const std::uint64_t kinds[] = {0, 1, chance.below(200), chance.below(70'000),
                                   chance.below(400'000)};
    const std::size_t size = kinds[chance.below(5)];
    std::string content = chance.bytes(size);
    if (chance.below(2) == 0) {
        for (char& c : content) {
            c = static_cast<char>('a' + (c & 3));
        }
    }
    return content;
}

std::string some_name(SeededChance& chance, std::size_t number) {
    const char* const parts[] = {"vedtak", "æøå", "bilde 1", "日本", "a", "Mappe/x", "ŧšŋ"};
    const char* const ends[] = {".pdf", ".xml", "", ".tar.gz"};
    return std::string(parts[chance.below(7)]) + "-" + std::to_string(number) +
           ends[chance.below(4)];
}

/// Names and contents as Python's zipfile sees them; it checks every checksum.
const char* const python_reads = R"(
import sys, zipfile, hashlib
with zipfile.ZipFile("made.asice") as z:
    assert z.testzip() is None
    names = z.namelist()
    assert names[0] == "mimetype", names
    assert z.infolist()[0].compress_type == zipfile.ZIP_STORED
    assert z.read("mimetype") == b"application/vnd.etsi.asic-e+zip"
    for name in names[1:]:
        assert z.getinfo(name).date_time == (2026, 11, 22, 10, 46, 32), z.getinfo(name).date_time
        sys.stdout.write(name + "\t" + hashlib.sha256(z.read(name)).hexdigest() + "\n")
)";

}   // namespace

TEST_CASE("asic: mimetype comes first, stored, whole in its header, its value at byte 38") {
    for (const bool comment : {false, true}) {
        const std::string made = container_of({{"a.txt", "text"}}, comment);
        CHECK(made.substr(0, 4) == "PK\x03\x04");
        CHECK(made.substr(4, 2) == "\x0a\0"s);   // version 1.0
        CHECK(made.substr(6, 2) == "\0\x08"s);   // names in UTF-8, no descriptor
        CHECK(made.substr(8, 2) == "\0\0"s);     // stored
        CHECK(made.substr(14, 4) == "\x8a\x21\xf9\x45");
        CHECK(made.substr(18, 8) == "\x1f\0\0\0\x1f\0\0\0"s);
        CHECK(made.substr(26, 4) == "\x08\0\0\0"s);   // no extra field
        CHECK(made.substr(30, 8) == "mimetype");
        CHECK(made.substr(38, 31) == "application/vnd.etsi.asic-e+zip");
        CHECK(made.substr(69, 4) == "PK\x03\x04");
        CHECK(made.substr(75, 2) == "\x08\x08"s);   // UTF-8, descriptor
        CHECK(made.substr(77, 2) == "\x08\0"s);     // deflated
        const std::string told = "mimetype=application/vnd.etsi.asic-e+zip";
        CHECK(made.ends_with(told) == comment);
        CHECK((made.find(told) != made.rfind(told)) == comment);   // and on the first entry
    }
    const std::string empty = container_of({});
    CHECK(empty.substr(38, 31) == "application/vnd.etsi.asic-e+zip");
    CHECK(tests::refusal_of(empty).empty());
}

TEST_CASE("asic: what is small or compressed already is not compressed") {
    const auto packed_size = [](const std::string& type, std::size_t size = 100'000) {
        seal::AsicWriter writer(options());
        std::string out;
        const std::string content(size, 'x');
        REQUIRE(writer.begin_file({"a", type, content.size()}, out).has_value());
        REQUIRE(writer.write(content, out).has_value());
        REQUIRE(writer.end_file(out).has_value());
        return out.size();
    };
    for (const char* type :
         {"application/pdf", "image/png", "image/jpeg", "application/octet-stream",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}) {
        INFO(type);
        CHECK(packed_size(type) > 100'000);
    }
    for (const char* type : {"text/plain", "text/html", "application/xml", "image/svg+xml", ""}) {
        INFO(type);
        CHECK(packed_size(type) < 1000);
        CHECK(packed_size(type, 5000) > 5000);
    }
}

TEST_CASE("asic: equal files and times make equal bytes") {
    const std::map<std::string, std::string> files{{"a.txt", "text"}, {"b.txt", "more"}};
    CHECK(container_of(files) == container_of(files));
}

TEST_CASE("asic: any set of files sealed and opened again is the same set, whoever opens it") {
    const Workshop& workshop = Workshop::get();
    workshop.write("read.py", python_reads);
    SeededChance chance(7);
    INFO("seed " << Catch::rngSeed());
    for (int round = 0; round < 25; ++round) {
        INFO("round " << round);
        std::map<std::string, std::string> files;
        seal::AsicWriter writer(options(round % 2 == 0));
        std::string made;
        const std::size_t count = chance.below(round % 5 == 0 ? 60 : 8);
        for (std::size_t i = 0; i < count; ++i) {
            const std::string name = some_name(chance, i);
            const std::string content = some_content(chance);
            seal::FileToPack file(name, "text/plain", content.size());
            file.compress = chance.below(3) != 0;
            REQUIRE(writer.begin_file(std::move(file), made).has_value());
            for (std::string_view rest = content; !rest.empty();) {
                const auto piece = rest.substr(0, 1 + chance.below(90'000));
                REQUIRE(writer.write(piece, made).has_value());
                rest.remove_prefix(piece.size());
            }
            const auto packed = writer.end_file(made);
            REQUIRE(packed.has_value());
            CHECK(packed->name == name);
            CHECK(packed->media_type == "text/plain");
            CHECK(packed->size == content.size());
            CHECK(packed->sha256 == crypto::sha256(content));
            files[name] = content;
        }
        REQUIRE(writer.finish(made).has_value());

        const std::string envelope = tests::seal(made, {workshop.certificate("sealing")}, chance);
        const auto opened = tests::open_envelope(envelope, "sealing", 1 + chance.below(100'000));
        REQUIRE(opened.refusal.empty());
        REQUIRE(opened.plain == made);
        tests::StringAccess source(opened.plain, 1 + chance.below(5000));
        const auto reader = seal::AsicReader::open(source);
        REQUIRE(reader.has_value());
        CHECK(reader->remarks().empty());
        REQUIRE(reader->entries().size() == files.size() + 1);
        for (const auto& [name, content] : files) {
            const auto* entry = reader->find(name);
            REQUIRE(entry != nullptr);
            CHECK(reader->read_all(*entry, 1U << 20U).value() == content);
        }
        if (round % 5 == 0) {
            workshop.write("made.asice", made);
            const bool python = workshop.run("/usr/bin/python3 read.py") == 0;
            INFO(workshop.read("log"));
            REQUIRE(python);
            std::string expected;
            for (const auto& entry : reader->entries()) {
                if (entry.name != "mimetype") {
                    expected +=
                        entry.name + "\t" + crypto::sha256(files.at(entry.name)).to_hex() + "\n";
                }
            }
            CHECK(workshop.read("log") == expected);
            const bool unzip = workshop.run("unzip -t made.asice") == 0;
            INFO(workshop.read("log"));
            CHECK(unzip);
        }
    }
}

TEST_CASE("asic: Info-ZIP reads and unpacks Norwegian names as they were written") {
    const Workshop& workshop = Workshop::get();
    workshop.write("navn.asice", container_of({{"Blåbærsyltetøy på ÆØÅ.pdf", "saft"},
                                               {"Mappe/søknad čŋđ.xml", "<a/>"}}));
    const auto unzip = [&](const std::string& arguments) {
        const bool good = workshop.run("LC_ALL=C.UTF-8 unzip " + arguments) == 0;
        INFO(workshop.read("log"));
        CHECK(good);
        return workshop.read("log");
    };
    CHECK(unzip("-Z1 navn.asice") == "mimetype\nBlåbærsyltetøy på ÆØÅ.pdf\nMappe/søknad čŋđ.xml\n");
    CHECK(unzip("-t navn.asice").find("Blåbærsyltetøy på ÆØÅ.pdf") != std::string::npos);
    CHECK(unzip("-Z navn.asice").find("-rw-r--r--") != std::string::npos);
    unzip("-qo navn.asice -d navn");
    CHECK(workshop.read("navn/Blåbærsyltetøy på ÆØÅ.pdf") == "saft");
}

TEST_CASE("asic: more files than a ZIP counts are counted by ZIP64") {
    const Workshop& workshop = Workshop::get();
    seal::AsicWriter writer(options());
    std::string made;
    bool all = true;
    for (int i = 0; i < 65'540; ++i) {
        all = all && writer.begin_file({"f" + std::to_string(i), "", 1}, made).has_value() &&
              writer.write("x", made).has_value() && writer.end_file(made).has_value();
    }
    REQUIRE(all);
    REQUIRE(writer.finish(made).has_value());
    workshop.write("many.zip", made);
    const bool counted = workshop.run("/usr/bin/python3 -c 'import zipfile; z = "
                                      "zipfile.ZipFile(\"many.zip\"); assert len(z.namelist()) == "
                                      "65541; assert z.read(\"f65539\") == b\"x\"'") == 0;
    INFO(workshop.read("log"));
    CHECK(counted);
    CHECK(tests::refusal_of(made) == "seal.zip_entries_too_many");
    seal::AsicLimits limits;
    limits.entries_max = 70'000;
    limits.directory_bytes_max = 10U << 20U;
    CHECK(tests::refusal_of(made, limits).empty());
}

TEST_CASE("asic: what goes out keeps up with what comes in") {
    seal::AsicWriter writer(options());
    SeededChance chance;
    std::string out;
    const std::string piece = chance.bytes(64 * 1024);
    REQUIRE(writer.begin_file({"a.bin", "", 100 * piece.size()}, out).has_value());
    std::size_t largest = 0;
    for (int i = 0; i < 100; ++i) {
        out.clear();
        REQUIRE(writer.write(piece, out).has_value());
        largest = std::max(largest, out.size());
    }
    CHECK(largest < 3 * piece.size());
    CHECK(writer.end_file(out).has_value());
}

TEST_CASE("asic: times outside a ZIP's years are the first and the last it can say") {
    for (const auto& [time, year] :
         {std::pair("1970-01-01T00:00:00Z", "1980"), std::pair("2200-01-01T00:00:00Z", "2107")}) {
        seal::AsicOptions made;
        made.modified = core::parse_rfc3339(time).value();
        seal::AsicWriter writer(made);
        std::string out;
        add(writer, "a.txt", "a", out);
        REQUIRE(writer.finish(out).has_value());
        Workshop::get().write("dated.zip", out);
        CHECK(Workshop::get().run("/usr/bin/python3 -c 'import zipfile; assert "
                                  "zipfile.ZipFile(\"dated.zip\").infolist()[1].date_time[0] == "s +
                                  year + "'") == 0);
    }
}

TEST_CASE("asic: names that nobody should unpack are not written") {
    seal::AsicWriter writer(options());
    std::string out;
    const auto refusal = [&](const std::string& name) {
        const auto begun = writer.begin_file({name, "", 0}, out);
        return begun.has_error() ? std::string(seal::refusal_name(begun.error())) : "";
    };
    CHECK(refusal("../a") == "seal.zip_name_unsafe");
    CHECK(refusal("folder/") == "seal.zip_name_unsafe");
    CHECK(refusal("\xff") == "seal.zip_name_not_text");
    CHECK(refusal("mimetype") == "seal.zip_name_duplicate");
    add(writer, "a.txt", "a", out);
    CHECK(refusal("A.txt") == "seal.zip_name_duplicate");
    REQUIRE(writer.finish(out).has_value());
    CHECK(tests::refusal_of(out).empty());
}

TEST_CASE("asic: a file has exactly the bytes that were told, and calls come in their order") {
    using core::Errc;
    seal::AsicWriter writer(options());
    std::string out;
    CHECK(writer.write("x", out).error().is(Errc::invalid_argument));
    CHECK(writer.end_file(out).error().is(Errc::invalid_argument));
    REQUIRE(writer.begin_file({"a.txt", "", 4}, out).has_value());
    CHECK(writer.begin_file({"b.txt", "", 4}, out).error().is(Errc::invalid_argument));
    CHECK(writer.finish(out).error().is(Errc::invalid_argument));
    REQUIRE(writer.write("tex", out).has_value());
    CHECK(writer.end_file(out).error().is(Errc::invalid_argument));
    CHECK(writer.write("ts", out).error().is(Errc::invalid_argument));
    REQUIRE(writer.write("t", out).has_value());
    REQUIRE(writer.end_file(out).has_value());
    REQUIRE(writer.finish(out).has_value());
    CHECK(writer.finish(out).error().is(Errc::invalid_argument));
    CHECK(writer.begin_file({"b.txt", "", 4}, out).error().is(Errc::invalid_argument));
    CHECK(tests::refusal_of(out).empty());
}
