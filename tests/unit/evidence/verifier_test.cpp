#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/evidence/public_key.hpp"
#include "gateway/json/value.hpp"
#include "tests/unit/evidence/packages.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace gateway;
using namespace tests::evidence;
using evidence::SignedBy;
using Faults = std::vector<std::string>;

namespace {

core::Time time_of_making() {
    return facts().made_at;
}

std::string& text_of(Files& files, std::string_view name) {
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const auto& file) { return file.first == name; });
    REQUIRE(found != files.end());
    return found->second;
}

/// Manifest and signature made to fit the files: as one with a key does it.
std::string sealed_anew(Files files, const crypto::Vault& by) {
    auto manifest = evidence::read_manifest(text_of(files, evidence::manifest_name)).value();
    manifest.public_key = crypto::base64url_encode(by.verification_key());
    if (by.verification_key() != vault().verification_key()) {
        text_of(files, evidence::public_key_name) =
            evidence::write_public_key(by.verification_key());
    }
    for (auto& file : manifest.files) {
        const auto& text = text_of(files, file.name);
        file.size = text.size();
        file.sha256 = crypto::sha256(text).to_hex();
    }
    auto text = evidence::write_manifest(manifest);
    text_of(files, evidence::signature_name) = by.sign(text);
    text_of(files, evidence::manifest_name) = std::move(text);
    return packed(files, time_of_making());
}

}   // namespace

TEST_CASE("evidence: whose key signed is told apart: the one given, the package's own, another") {
    const auto package = package_of(facts());
    const auto& key = vault().verification_key();
    const auto known = verified(package, key);
    CHECK(known.sound());
    CHECK(known.signed_by == SignedBy::given_key);
    CHECK(known.files == 11);
    CHECK(known.manifest->message == facts().message.to_string());
    const auto unknown = verified(package);
    CHECK(unknown.sound());
    CHECK(unknown.signed_by == SignedBy::key_in_package);

    // Whoever has no key of ours can make a package that is whole, and it is no more than that.
    const auto forged = sealed_anew(unpacked(package), other_vault());
    CHECK(verified(forged).signed_by == SignedBy::key_in_package);
    const auto seen = verified(forged, key);
    CHECK(seen.signed_by == SignedBy::other_key);
    CHECK(faults_of(forged, key) == Faults{"evidence.other_key"});
}

TEST_CASE("evidence: what is wrong is said with its place") {
    const auto files = unpacked(package_of(facts()));
    const auto with = [&](auto change) {
        auto changed = files;
        change(changed);
        return faults_of(packed(changed, time_of_making()));
    };
    CHECK(with([](Files&) {}).empty());
    CHECK(with([](Files& f) { text_of(f, "timeline.json")[40] ^= 1; }).front() ==
          "evidence.digest_wrong timeline.json");
    CHECK(with([](Files& f) { text_of(f, "documents/02").pop_back(); }) ==
          Faults{"evidence.digest_wrong documents/02"});
    CHECK(with([](Files& f) { f.pop_back(); }) == Faults{"evidence.file_missing documents/02"});
    CHECK(with([](Files& f) { f.emplace_back("mer.txt", "x"); }) ==
          Faults{"evidence.file_extra mer.txt"});
    CHECK(with([](Files& f) { f[4].first = "melding.json"; }) ==
          Faults{"evidence.file_extra melding.json", "evidence.file_missing message.json"});
    CHECK(with([](Files& f) { std::swap(f[6], f[7]); }) ==
          Faults{"evidence.order_wrong receipts.json"});
    CHECK(with([](Files& f) { text_of(f, "manifest.sig")[5] ^= 1; }) ==
          Faults{"evidence.signature_wrong"});
    CHECK(with([](Files& f) { text_of(f, "manifest.sig") += "x"; }).front() ==
          "evidence.file_unreadable manifest.sig");
    CHECK(with([](Files& f) {
              auto& text = text_of(f, "manifest.json");
              text.replace(text.find("complaint"), 9, "complaine");
          }) == Faults{"evidence.signature_wrong"});
    CHECK(with([](Files& f) { f.erase(f.begin()); }) ==
          Faults{"evidence.file_missing manifest.json"});
    CHECK(with([](Files& f) { f.erase(f.begin() + 1); }) ==
          Faults{"evidence.file_missing manifest.sig"});
    CHECK(with([](Files& f) { text_of(f, "manifest.json") = "{}"; }) ==
          Faults{"evidence.manifest_unreadable"});
    // The same files at another time, which no digest covers.
    CHECK(faults_of(packed(files, time_of_making() + std::chrono::hours(1))) ==
          Faults{"evidence.container_changed"});
    CHECK(faults_of("ikke en zip") == Faults{"seal.zip_not_a_zip"});
    CHECK(faults_of("") == Faults{"seal.zip_not_a_zip"});
}

TEST_CASE("evidence: what does not hang together is told also when it is signed") {
    const auto files = unpacked(package_of(facts()));
    const auto with = [&](auto change) {
        auto changed = files;
        change(changed);
        return faults_of(sealed_anew(changed, vault()));
    };
    const auto edit_timeline = [](Files& files_, auto edit) {
        auto& text = text_of(files_, evidence::timeline_name);
        auto value = json::parse(text).value();
        edit(value.find("events")->mutable_items());
        text = json::write(value);
    };
    CHECK(with([](Files&) {}).empty());
    CHECK(with([&](Files& f) {
              edit_timeline(f, [](json::Array& events) { std::swap(events[1], events[2]); });
          }) == Faults{"evidence.timeline_order"});
    CHECK(with([&](Files& f) {
              edit_timeline(f, [](json::Array& events) { events.pop_back(); });
          }) == Faults{"evidence.timeline_incomplete"});
    CHECK(with([&](Files& f) {
              edit_timeline(f, [](json::Array& events) { events[3].set("id", events[2]["id"]); });
          }) == Faults{"evidence.timeline_order"});
    CHECK(with([](Files& f) { text_of(f, evidence::message_name) = R"({"id":"en annen"})"; }) ==
          Faults{"evidence.other_message message.json"});
    CHECK(with([](Files& f) { text_of(f, "documents/02") = "noe annet"; }) ==
          Faults{"evidence.document_other documents/02"});
    CHECK(with([](Files& f) {
              text_of(f, evidence::public_key_name) =
                  evidence::write_public_key(other_vault().verification_key());
          }) == Faults{"evidence.key_other"});
}

TEST_CASE("evidence: one byte changed anywhere, cut out or put in is found, hundreds of times") {
    PackageChance chance(71);
    INFO("seed " << Catch::rngSeed());
    auto small = facts();
    small.documents.erase(std::find_if(small.documents.begin(), small.documents.end(),
                                       [](const auto& one) { return one.size > 1000; }));
    const auto package = package_of(small);
    REQUIRE(verified(package).sound());
    const auto& key = vault().verification_key();
    for (int i = 0; i < 600; ++i) {
        auto changed = package;
        const auto at = chance.below(changed.size());
        switch (chance.below(4)) {
        case 0: changed.erase(at, 1 + chance.below(20)); break;
        case 1: changed.insert(at, chance.bytes(1 + chance.below(20))); break;
        default:
            changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1 + chance.below(255)));
        }
        if (changed == package) {
            continue;
        }
        INFO("place " << at << " of " << package.size() << ", round " << i);
        CHECK_FALSE(verified(changed, key).sound());
    }
    // Every byte of what stands around the files, where no digest reaches.
    const auto directory = package.rfind("PK\x01\x02", package.size() - 1);
    for (auto at = directory; at < package.size(); ++at) {
        auto changed = package;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        INFO("place " << at);
        CHECK_FALSE(verified(changed, key).sound());
    }
}

TEST_CASE("evidence: files taken out, added, renamed, moved and exchanged are found, hundreds of "
          "times") {
    PackageChance chance(72);
    INFO("seed " << Catch::rngSeed());
    auto small = facts();
    small.documents.erase(std::find_if(small.documents.begin(), small.documents.end(),
                                       [](const auto& one) { return one.size > 1000; }));
    const auto files = unpacked(package_of(small));
    for (int i = 0; i < 300; ++i) {
        auto changed = files;
        const auto one = chance.below(changed.size());
        const auto other = (one + 1 + chance.below(changed.size() - 1)) % changed.size();
        switch (chance.below(6)) {
        case 0: changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(one)); break;
        case 1:
            changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(one),
                           {"documents/" + std::to_string(i), chance.bytes(chance.below(50))});
            break;
        case 2: changed[one].first += "x"; break;
        case 3: std::swap(changed[one], changed[other]); break;
        case 4: std::swap(changed[one].second, changed[other].second); break;
        default: changed[one].second += static_cast<char>('a' + chance.below(26));
        }
        INFO("round " << i);
        CHECK_FALSE(verified(packed(changed, small.made_at)).sound());
    }
}

TEST_CASE("evidence: a package of more than it packs, or with a way out of its folder, is refused "
          "before it is read") {
    auto package = package_of(facts());
    const std::string name = "documents/02";
    for (auto at = package.find(name); at != std::string::npos; at = package.find(name, at + 1)) {
        package.replace(at, name.size(), "../../etc/02");
    }
    // The manifest that names it is changed too: the container is judged first.
    CHECK(faults_of(package) == Faults{"seal.zip_name_unsafe"});
    seal::AsicWriter writer(evidence::package_options(time_of_making()));
    std::string bomb;
    seal::FileToPack large;
    large.name = "manifest.json";
    large.size = 1U << 20U;
    REQUIRE(writer.begin_file(large, bomb).has_value());
    REQUIRE(writer.write(std::string(large.size, ' '), bomb).has_value());
    REQUIRE(writer.end_file(bomb).has_value());
    REQUIRE(writer.finish(bomb).has_value());
    CHECK(faults_of(bomb) == Faults{"seal.zip_ratio_too_high"});
}

TEST_CASE("evidence: a disk that fails is no fault of the package") {
    PackageBytes source(package_of(facts()));
    source.fails_from = 5'000;
    const auto report = evidence::verify_package(source, std::nullopt);
    REQUIRE_FALSE(report.has_value());
}
