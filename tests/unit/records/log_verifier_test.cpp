#include "gateway/records/log_verifier.hpp"

#include "gateway/records/log_chain.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using records::LogReport;

namespace {

const core::TenantId oslo{"958935420"};

const crypto::Vault& vault() {
    static const crypto::Vault one(crypto::SecretKey(std::array<std::uint8_t, 32>{7}));
    return one;
}

void rehash(std::vector<ports::LogEntry>& log, std::size_t from) {
    for (auto i = from; i < log.size(); ++i) {
        log[i].hash =
            records::chain_hash(i == 0 ? records::first_hash() : log[i - 1].hash,
                                records::canonical_bytes(oslo, log[i].number, log[i].entry));
    }
}

std::vector<ports::LogEntry> a_log(std::size_t count) {
    std::vector<ports::LogEntry> log(count);
    for (std::size_t i = 0; i < count; ++i) {
        log[i].number = i + 1;
        log[i].entry.dataset = "person";
        log[i].entry.code = core::Code(std::to_string(i));
    }
    rehash(log, 0);
    return log;
}

/// With a checkpoint at each of these entries.
LogReport verify(const std::vector<ports::LogEntry>& log, const std::vector<ports::LogEntry>& then,
                 const std::vector<std::size_t>& at) {
    records::CheckpointReader reader(oslo, vault().verification_key());
    for (const auto number : at) {
        records::Checkpoint one;
        one.tenant = oslo;
        one.head.number = number;
        one.head.hash = then[number - 1].hash;
        one.before = reader.last_hash();
        reader.add(records::write_checkpoint(one, vault()) + "\n");
    }
    reader.end();
    records::LogVerifier verifier(oslo, reader);
    for (const auto& entry : log) {
        verifier.add(entry);
    }
    return verifier.finish();
}

struct Expected {
    const char* code;
    std::uint64_t from;
    std::uint64_t to;
};

void check(const LogReport& report, const std::vector<Expected>& expected) {
    REQUIRE(report.findings.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(report.findings[i].code.value == expected[i].code);
        CHECK(report.findings[i].from == expected[i].from);
        CHECK(report.findings[i].to == expected[i].to);
    }
    CHECK(report.found == expected.size());
    CHECK(report.sound() == expected.empty());
}

}   // namespace

TEST_CASE("log verifier: a log that is whole is sound, and it says up to where that is proved") {
    const auto log = a_log(10);
    const auto report = verify(log, log, {3, 8});
    check(report, {});
    CHECK(report.entries == 10);
    CHECK(report.head.number == 10);
    CHECK(report.head.hash == log.back().hash);
    CHECK(report.checkpoints == 2);
    CHECK(report.proved == 8);
    check(verify({}, log, {}), {});
    CHECK(verify(log, log, {}).proved == 0);
}

TEST_CASE("log verifier: it says what is wrong, and from which entry") {
    const auto was = a_log(10);
    auto log = was;
    SECTION("an entry was edited") {
        log[4].entry.dataset = "organisation";
        check(verify(log, was, {8}), {{"log.changed", 5, 5}});
    }
    SECTION("entries side by side were edited") {
        log[4].entry.dataset = log[5].entry.dataset = "organisation";
        check(verify(log, was, {8}), {{"log.changed", 5, 6}});
    }
    SECTION("an entry was edited and its own hash made anew") {
        log[4].entry.dataset = "organisation";
        log[4].hash =
            records::chain_hash(log[3].hash, records::canonical_bytes(oslo, 5, log[4].entry));
        check(verify(log, was, {8}), {{"log.changed", 6, 6}});
    }
    SECTION("the whole chain was made anew behind an edited entry") {
        log[4].entry.dataset = "organisation";
        rehash(log, 4);
        const auto report = verify(log, was, {3, 8, 10});
        check(report, {{"log.rewritten", 4, 8}});
        CHECK(report.proved == 3);
    }
    SECTION("entries were taken out") {
        log.erase(log.begin() + 3, log.begin() + 5);
        check(verify(log, was, {8}), {{"log.missing", 4, 5}});
    }
    SECTION("the first was taken out") {
        log.erase(log.begin());
        check(verify(log, was, {8}), {{"log.missing", 1, 1}});
    }
    SECTION("two changed places") {
        std::swap(log[2].entry, log[6].entry);
        std::swap(log[2].hash, log[6].hash);
        check(verify(log, was, {}), {{"log.changed", 3, 4}, {"log.changed", 7, 8}});
    }
    SECTION("the end was cut off") {
        log.resize(6);
        check(verify(log, was, {3, 8}), {{"log.cut_off", 7, 8}});
    }
    SECTION("an older state was put back, and gone on with") {
        log.resize(6);
        log.push_back(log.back());
        log.back().number = 7;
        rehash(log, 6);
        check(verify(log, was, {3, 8}), {{"log.cut_off", 8, 8}});
        log.push_back(log.back());
        log.back().number = 8;
        rehash(log, 7);
        check(verify(log, was, {3, 8}), {{"log.rewritten", 4, 8}});
    }
    SECTION("everything is gone") {
        check(verify({}, was, {3, 8}), {{"log.cut_off", 1, 8}});
    }
}

TEST_CASE("log verifier: an entry that stands twice, and a line that is no checkpoint, are told") {
    const auto was = a_log(4);
    auto log = was;
    log.insert(log.begin() + 2, log[1]);
    check(verify(log, was, {}), {{"log.unfounded", 2, 2}});
    records::CheckpointReader reader(oslo, vault().verification_key());
    reader.add("no checkpoint\n");
    reader.end();
    records::LogVerifier verifier(oslo, reader);
    for (const auto& entry : was) {
        verifier.add(entry);
    }
    const auto report = verifier.finish();
    REQUIRE(report.found == 1);
    CHECK(report.findings[0].code.value == "log.checkpoint_faulty");
}

TEST_CASE("log verifier: checkpoints that disagree are told, whichever the log agrees with") {
    const auto was = a_log(10);
    check(verify(was, was, {8, 5}), {{"log.checkpoints_disagree", 6, 8}});
}

TEST_CASE("log verifier: of a log that is wrong everywhere the first findings are enough") {
    auto log = a_log(1'000);
    for (std::size_t i = 0; i < log.size(); i += 2) {
        log[i].entry.dataset = "x";
    }
    const auto report = verify(log, log, {});
    CHECK(report.found == 500);
    CHECK(report.findings.size() == records::LogVerifier::findings_max);
}
