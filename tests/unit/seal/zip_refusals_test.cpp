#include "tests/unit/seal/zip_maker.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace gateway;
using namespace std::string_literals;
using tests::container;
using tests::le;
using tests::MadeEntry;
using tests::MadeZip;
using tests::refusal_of;
using tests::refusal_with;

namespace {

std::string refusal_of_name(const std::string& name) {
    return refusal_with([&](MadeEntry& entry) { entry.name = name; });
}

/// A ZIP64 extra field of these values.
std::string zip64(std::initializer_list<std::uint64_t> values) {
    std::string field;
    for (const std::uint64_t value : values) {
        field += le(value, 8);
    }
    return le(1, 2) + le(field.size(), 2) + field;
}

}   // namespace

TEST_CASE("asic: what is no ZIP, ends early or goes on behind its end is refused") {
    CHECK(refusal_of("") == "seal.zip_not_a_zip");
    CHECK(refusal_of(std::string(1000, 'x')) == "seal.zip_not_a_zip");
    auto zip = container({MadeEntry("a.txt", "text")});
    const std::string whole = zip.bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string refusal = refusal_of(whole.substr(0, size));
        CHECK((refusal == "seal.zip_not_a_zip" || refusal == "seal.zip_trailing_bytes"));
    }
    zip.trailing = "x";
    CHECK(refusal_of(zip) == "seal.zip_trailing_bytes");
    zip.trailing.clear();
    zip.comment = "a comment";
    CHECK(refusal_of(zip).empty());
    zip.comment_size = 8;
    CHECK(refusal_of(zip) == "seal.zip_trailing_bytes");
    zip.comment_size.reset();
    zip.comment = "PK\x05\x06"s + std::string(18, '\0');
    CHECK(refusal_of(zip) == "seal.zip_record_malformed");
}

TEST_CASE("asic: bytes that no entry owns are refused, before, between and behind") {
    auto zip = container({MadeEntry("a.txt", "a"), MadeEntry("b.txt", "b")});
    zip.before = "#!/bin/sh";
    CHECK(refusal_of(zip) == "seal.zip_hidden_bytes");
    zip.before.clear();
    zip.entries[1].behind = "hidden";
    CHECK(refusal_of(zip) == "seal.zip_hidden_bytes");
    zip.entries[1].behind.clear();
    zip.entries[2].behind = std::string(30, 'h');
    CHECK(refusal_of(zip) == "seal.zip_hidden_bytes");
    zip.entries[2].descriptor = true;
    CHECK(refusal_of(zip) == "seal.zip_hidden_bytes");
    zip.entries[2].behind.clear();
    zip.behind_directory = "x";
    CHECK(refusal_of(zip) == "seal.zip_hidden_bytes");
    // An entry that the directory does not tell of.
    MadeEntry untold("c.txt", "c");
    MadeZip other;
    other.entries = {untold};
    other.bytes();
    auto with_untold = container({});
    with_untold.entries[0].behind = other.bytes().substr(0, other.directory_at);
    CHECK(refusal_of(with_untold) == "seal.zip_hidden_bytes");
}

TEST_CASE("asic: several disks are refused") {
    auto zip = container({MadeEntry("a.txt", "a")});
    zip.disk = 1;
    CHECK(refusal_of(zip) == "seal.zip_multi_disk");
    zip.disk = 0xffff;
    CHECK(refusal_of(zip) == "seal.zip_multi_disk");
    zip.disk.reset();
    zip.disk_count = 1;
    CHECK(refusal_of(zip) == "seal.zip_multi_disk");
    CHECK(refusal_with([](MadeEntry& entry) { entry.disk = 1; }) == "seal.zip_multi_disk");
}

TEST_CASE("asic: a directory that does not follow its format is refused") {
    auto zip = container({MadeEntry("a.txt", "a")});
    zip.count = 3;
    CHECK(refusal_of(zip) == "seal.zip_record_malformed");
    zip.count = 1;
    CHECK(refusal_of(zip) == "seal.zip_record_malformed");
    zip.count.reset();
    zip.bytes();
    zip.directory_size = static_cast<std::uint32_t>(zip.directory_bytes) + 100;
    CHECK(refusal_of(zip) == "seal.zip_truncated");
    zip.directory_size = static_cast<std::uint32_t>(zip.directory_bytes) - 1;
    CHECK(refusal_of(zip) == "seal.zip_hidden_bytes");
    zip.directory_size.reset();
    zip.directory_offset = static_cast<std::uint32_t>(zip.directory_at) + 1;
    CHECK(refusal_of(zip) == "seal.zip_truncated");
    zip.directory_offset = static_cast<std::uint32_t>(zip.directory_at) - 1;
    zip.directory_size = static_cast<std::uint32_t>(zip.directory_bytes) + 1;
    CHECK(refusal_of(zip) == "seal.zip_record_malformed");
    for (const std::string& extra : {"x"s, le(7, 2) + le(5, 2) + "1234", zip64({}) + zip64({})}) {
        CHECK(refusal_with([&](MadeEntry& entry) { entry.extra = extra; }) ==
              "seal.zip_record_malformed");
    }
    CHECK(refusal_with([](MadeEntry& entry) {
              entry.size = 0xffffffff;
              entry.extra = zip64({});
          }) == "seal.zip_record_malformed");
}

TEST_CASE("asic: names that leave the folder, hide or are no text are refused") {
    for (const char* name : {"/etc/passwd", "../a", "a/../b", "a/..", "./a", "a/./b", "a//b", "c:a",
                             "C:/a", "a\\b", "..", ".", "a\nb", "a\x7f", "a\xc2\x85"}) {
        INFO(name);
        CHECK(refusal_of_name(name) == "seal.zip_name_unsafe");
    }
    CHECK(refusal_of_name("") == "seal.zip_name_unsafe");
    CHECK(refusal_with([](MadeEntry& entry) { entry = MadeEntry("/", ""); }) ==
          "seal.zip_name_unsafe");
    CHECK(refusal_of_name("a\0b"s) == "seal.zip_name_unsafe");
    CHECK(refusal_of_name(std::string(513, 'n')) == "seal.zip_name_unsafe");
    CHECK(refusal_of_name(std::string(512, 'n')).empty());
    for (const char* name : {"\xe5.txt", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xc3"}) {
        INFO(name);
        CHECK(refusal_of_name(name) == "seal.zip_name_not_text");
    }
    for (const char* name :
         {"...", "a..b", "..a", "a b.txt", "æøå/čđŋ.pdf", "kl. 12:30", "日本.txt"}) {
        INFO(name);
        CHECK(refusal_of_name(name).empty());
    }
}

TEST_CASE("asic: two names for what unpacks to one file are refused") {
    const auto refusal = [](const std::string& one, const std::string& other) {
        return refusal_of(container({MadeEntry(one, "1"), MadeEntry(other, "2")}));
    };
    const std::pair<const char*, const char*> same[] = {
        {"a.txt", "a.txt"},
        {"a.txt", "A.TXT"},
        {"på.txt", "PÅ.txt"},
        {"på.txt", "pa\u030a.txt"},   // composed, and a letter with a ring
        {"Å.txt", "\u212b.txt"},      // the sign of the unit
        {"Č.txt", "c\u030c.txt"},
        {"Đ.txt", "đ.txt"},
        {"Ÿ.txt", "ÿ.txt"},
        {"Żaž.txt", "żaŽ.txt"},
        {"ЙЁ.txt", "й\u0435\u0308.txt"},
        {"Ω.txt", "ω.txt"},
        {"META-INF/a", "meta-inf/A"},
    };
    for (const auto& [one, other] : same) {
        INFO(one << " " << other);
        CHECK(refusal(one, other) == "seal.zip_name_duplicate");
    }
    MadeEntry folder("a/", "");
    folder.deflate = false;
    CHECK(refusal_of(container({folder, MadeEntry("a", "1")})) == "seal.zip_name_duplicate");
    CHECK(refusal_of(container({MadeEntry("Mimetype", "1")})) == "seal.zip_name_duplicate");
    for (const auto& [one, other] :
         {std::pair("a.txt", "å.txt"), std::pair("o", "ø"), std::pair("d", "đ"),
          std::pair("×", "÷"), std::pair("n", "ñ")}) {
        INFO(one << " " << other);
        CHECK(refusal(one, other).empty());
    }
}

TEST_CASE("asic: links, devices and other things that are no files are refused") {
    for (const std::uint32_t type : {0120000U, 0020000U, 0060000U, 0010000U, 0140000U, 0040000U}) {
        CHECK(refusal_with([&](MadeEntry& entry) {
                  entry.external = (type | 0644U) << 16U;
                  entry.made_by = 0x0314;
              }) == "seal.zip_entry_special");
    }
    CHECK(refusal_with([](MadeEntry& entry) { entry.external = 0x08; }) ==
          "seal.zip_entry_special");
    CHECK(refusal_with([](MadeEntry& entry) { entry.external = 0x10; }) ==
          "seal.zip_entry_special");
    CHECK(refusal_with([](MadeEntry& entry) { entry.external = 0100644U << 16U | 0x20; }).empty());
    CHECK(refusal_of_name("folder/") == "seal.zip_entry_special");   // with content
}

TEST_CASE("asic: encrypted entries and strange methods are refused") {
    for (const std::uint16_t flag : std::initializer_list<std::uint16_t>{0x0001, 0x0041, 0x2000}) {
        CHECK(refusal_with([&](MadeEntry& entry) { entry.flags = flag; }) ==
              "seal.zip_entry_encrypted");
    }
    CHECK(refusal_with([](MadeEntry& entry) { entry.flags = 0x0020; }) ==
          "seal.zip_method_unsupported");
    for (const std::uint16_t method :
         std::initializer_list<std::uint16_t>{1, 6, 9, 12, 14, 93, 95, 98, 99}) {
        CHECK(refusal_with([&](MadeEntry& entry) { entry.method = method; }) ==
              "seal.zip_method_unsupported");
    }
}

TEST_CASE("asic: a local header that tells another story than the directory is refused") {
    const std::pair<const char*, tests::EntryChange> changes[] = {
        {"name", [](MadeEntry& entry) { entry.local_name = "letter.exe"; }},
        {"name's length", [](MadeEntry& entry) { entry.local_name = "letter.tx"; }},
        {"method", [](MadeEntry& entry) { entry.local_method = 0; }},
        {"encryption", [](MadeEntry& entry) { entry.local_flags = 0x0801; }},
        {"UTF-8", [](MadeEntry& entry) { entry.local_flags = 0; }},
        {"descriptor", [](MadeEntry& entry) { entry.local_flags = 0x0808; }},
        {"checksum", [](MadeEntry& entry) { entry.local_crc = 1; }},
        {"size", [](MadeEntry& entry) { entry.local_size = 1; }},
        {"no checksum", [](MadeEntry& entry) { entry.local_crc = 0; }},
        {"packed size", [](MadeEntry& entry) { entry.local_packed_size = 1; }},
        {"ZIP64 field cut",
         [](MadeEntry& entry) {
             entry.local_size = 0xffffffff;
             entry.local_extra = zip64({42});
         }},
        {"descriptor's own",
         [](MadeEntry& entry) {
             entry.descriptor = true;
             entry.descriptor_bytes = std::string(16, 'd');
         }},
        {"descriptor without a signature",
         [](MadeEntry& entry) {
             entry.descriptor = true;
             entry.descriptor_bytes = le(tests::crc32_of(entry.content), 4) + le(1, 4) + le(2, 4);
         }},
        {"descriptor that is missing",
         [](MadeEntry& entry) {
             entry.descriptor = true;
             entry.descriptor_bytes = "";
         }},
        {"two names",
         [](MadeEntry& entry) {
             entry.extra = le(0x7075, 2) + le(10, 2) + "\x01" + le(0, 4) + "other";
         }},
        {"stored in two sizes",
         [](MadeEntry& entry) {
             entry.deflate = false;
             entry.size = 1;
         }},
    };
    for (const auto& [what, change] : changes) {
        INFO(what);
        CHECK(refusal_with(change) == "seal.zip_headers_disagree");
    }
    CHECK(refusal_with([](MadeEntry& entry) { entry.offset = 5; }) == "seal.zip_entries_overlap");
    auto nowhere = container({MadeEntry("a.txt", "a")});
    nowhere.entries[1].offset = 0x7fffffff;
    CHECK(refusal_of(nowhere) == "seal.zip_truncated");
    // A descriptor may go without its signature, and have 64 bits.
    CHECK(refusal_with([](MadeEntry& entry) {
              const auto packed = tests::deflated(entry.content).size();
              entry.descriptor = true;
              entry.descriptor_bytes = le(tests::crc32_of(entry.content), 4) + le(packed, 8) +
                                       le(entry.content.size(), 8);
          }).empty());
}

TEST_CASE("asic: entries that share bytes are refused") {
    // The quine and the overlapping bomb: one body, many entries.
    auto zip = container({MadeEntry("a.txt", "text"), MadeEntry("b.txt", "text")});
    const std::string first = zip.bytes();
    zip.entries[2].offset = 69;
    zip.entries[2].local_name = "b.txt";
    CHECK(refusal_of(zip) == "seal.zip_entries_overlap");
    auto nested = container({});
    MadeEntry outer("outer", "");
    outer.deflate = false;
    MadeZip inner;
    inner.entries = {MadeEntry("inner", "what is inside")};
    const std::string inside = inner.bytes();
    outer.content = inside.substr(0, inner.directory_at);
    MadeEntry again("inner", "what is inside");
    again.offset = 69 + 30 + 5;   // in the middle of outer's data
    nested.entries.push_back(outer);
    nested.entries.push_back(again);
    CHECK(refusal_of(nested) == "seal.zip_entries_overlap");
}

TEST_CASE("asic: ZIP64 records are read and held against the others") {
    MadeEntry entry("large.bin", "not so large in truth");
    entry.size = entry.packed_size = entry.local_size = entry.local_packed_size = 0xffffffff;
    entry.deflate = false;
    entry.extra = entry.local_extra = zip64({21, 21});
    const auto with_records = [&](const std::function<void(MadeZip&, std::string&)>& change) {
        auto zip = container({entry});
        zip.bytes();
        std::string record = "PK\x06\x06" + le(44, 8) + le(45, 2) + le(45, 2) + le(0, 4) +
                             le(0, 4) + le(2, 8) + le(2, 8) + le(zip.directory_bytes, 8) +
                             le(zip.directory_at, 8) + "PK\x06\x07" + le(0, 4) +
                             le(zip.directory_at + zip.directory_bytes, 8) + le(1, 4);
        zip.count = 0xffff;
        zip.directory_offset = zip.directory_size = 0xffffffff;
        zip.disk = 0xffff;
        change(zip, record);
        zip.behind_directory = record;
        return refusal_of(zip);
    };
    const auto replaced = [](std::size_t at, const std::string& bytes) {
        return
            [at, bytes](MadeZip&, std::string& record) { record.replace(at, bytes.size(), bytes); };
    };
    CHECK(with_records([](MadeZip&, std::string&) {}).empty());
    CHECK(with_records(replaced(4, le(45, 8))) == "seal.zip_record_malformed");
    CHECK(with_records(replaced(0, "PK\x06\x08")) == "seal.zip_record_malformed");
    CHECK(with_records(replaced(16, le(1, 4))) == "seal.zip_multi_disk");
    CHECK(with_records(replaced(24, le(1, 8))) == "seal.zip_multi_disk");
    CHECK(with_records(replaced(40, le(5, 8))) == "seal.zip_hidden_bytes");
    CHECK(with_records(replaced(48, le(~0ULL, 8))) == "seal.zip_truncated");
    CHECK(with_records(replaced(40, le(~0ULL, 8))) == "seal.zip_truncated");
    CHECK(with_records(replaced(60, le(1, 4))) == "seal.zip_multi_disk");
    CHECK(with_records(replaced(64, le(7, 8))) == "seal.zip_record_malformed");
    CHECK(with_records(replaced(72, le(2, 4))) == "seal.zip_multi_disk");
    CHECK(with_records([](MadeZip& zip, std::string&) { zip.count = 1; }) ==
          "seal.zip_headers_disagree");
    CHECK(with_records([](MadeZip& zip, std::string&) { zip.directory_offset = 1; }) ==
          "seal.zip_headers_disagree");
    // Sizes beyond all limits stay numbers.
    entry.extra = zip64({~0ULL, ~0ULL});
    CHECK(refusal_of(container({entry})) == "seal.zip_entry_too_large");
}
