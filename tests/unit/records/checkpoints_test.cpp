#include "gateway/records/checkpoints.hpp"

#include "gateway/crypto/base64url.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace gateway;
using records::Checkpoint;
using records::CheckpointReader;

namespace {

const core::TenantId oslo{"958935420"};

const crypto::Vault& vault() {
    static const crypto::Vault one(crypto::SecretKey(std::array<std::uint8_t, 32>{1, 2, 3}));
    return one;
}

/// So many lines, as a file has them.
std::vector<std::string> lines(std::size_t count) {
    std::vector<std::string> made;
    std::string before(32, '\0');
    for (std::size_t i = 1; i <= count; ++i) {
        Checkpoint one;
        one.tenant = oslo;
        one.head.number = 10 * i;
        one.head.hash = std::string(32, static_cast<char>(i));
        one.at = core::Time(std::chrono::hours(1000 + i));
        one.before = before;
        made.push_back(records::write_checkpoint(one, vault()));
        before = records::line_hash(made.back());
    }
    return made;
}

std::string file_of(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& line : all) {
        text += line + "\n";
    }
    return text;
}

CheckpointReader read(const std::string& text, std::size_t step = 1'000'000) {
    CheckpointReader reader(oslo, vault().verification_key());
    for (std::size_t at = 0; at < text.size(); at += step) {
        reader.add(std::string_view(text).substr(at, step));
    }
    reader.end();
    return reader;
}

}   // namespace

TEST_CASE("checkpoints: a file is read as it was written, in pieces of any size") {
    const auto text = file_of(lines(5));
    for (const std::size_t step : {1U, 7U, 100U, 10'000U}) {
        const auto reader = read(text, step);
        CHECK(reader.faulty_lines().empty());
        REQUIRE(reader.checkpoints().size() == 5);
        CHECK(reader.checkpoints()[2].head.number == 30);
        CHECK(reader.checkpoints()[2].head.hash == std::string(32, '\3'));
        CHECK(reader.checkpoints()[2].at == core::Time(std::chrono::hours(1003)));
    }
    CHECK(read("").checkpoints().empty());
}

TEST_CASE("checkpoints: whatever is changed in a file but its end is found") {
    const auto all = lines(6);
    const auto text = file_of(all);
    const auto seed = Catch::rngSeed();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto up_to = [&](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    };
    for (int i = 0; i < 2'000; ++i) {
        auto changed = text;
        const auto at = up_to(text.size() - 1);   // the last line break aside
        changed[at] = static_cast<char>(changed[at] ^ (1 << up_to(8)));
        const auto reader = read(changed, 1 + up_to(500));
        INFO("at " << at);
        REQUIRE_FALSE(reader.faulty_lines().empty());
    }
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        auto without = all;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(read(file_of(without)).faulty_lines() == std::vector<std::uint64_t>{i + 1});
        auto swapped = all;
        std::swap(swapped[i], swapped[i + 1]);
        CHECK_FALSE(read(file_of(swapped)).faulty_lines().empty());
    }
    // What is taken off the end leaves a file that is whole: another place tells (README).
    auto shorter = all;
    shorter.pop_back();
    CHECK(read(file_of(shorter)).faulty_lines().empty());
}

TEST_CASE("checkpoints: what a power cut left of a line is no fault, at the end or in between") {
    const auto all = lines(3);
    const auto half = all[2].substr(0, 40);
    const auto torn = read(all[0] + "\n" + all[1] + "\n" + half);
    CHECK(torn.faulty_lines().empty());
    CHECK(torn.checkpoints().size() == 2);
    CHECK(torn.last_hash() == records::line_hash(all[1]));
    const auto gone_on = read(all[0] + "\n" + all[1] + "\n" + half + "\n" + all[2] + "\n");
    CHECK(gone_on.faulty_lines().empty());
    CHECK(gone_on.checkpoints().size() == 3);
}

TEST_CASE("checkpoints: neither another key nor another tenant's line is believed") {
    const auto line = lines(1).front();
    CHECK(records::read_checkpoint(line, vault().verification_key()).has_value());
    const crypto::Vault other(crypto::SecretKey(std::array<std::uint8_t, 32>{9}));
    const auto refused = records::read_checkpoint(line, other.verification_key());
    REQUIRE(refused.has_error());
    CHECK(refused.error().is(core::Errc::corrupted));
    CheckpointReader bergen(core::TenantId("964338531"), vault().verification_key());
    bergen.add(line + "\n");
    bergen.end();
    CHECK(bergen.checkpoints().empty());
    CHECK(bergen.faulty_lines() == std::vector<std::uint64_t>{1});
    for (const auto* text : {"", "x", "sluse-checkpoint-v1", " signature=",
                             "sluse-checkpoint-v1 "
                             "tenant=1 number=x hash= at= before= signature="}) {
        const auto read = records::read_checkpoint(text, vault().verification_key());
        REQUIRE(read.has_error());
        CHECK(read.error().is(core::Errc::malformed));
    }
    CHECK(records::read_checkpoint(line + std::string(2'000, 'x'), vault().verification_key())
              .has_error());
}
