#include "gateway/records/log_chain.hpp"

#include "gateway/crypto/digest.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace gateway;
using records::canonical_bytes;

namespace {

const core::TenantId oslo{"958935420"};

ports::NewLogEntry an_entry() {
    ports::NewLogEntry entry;
    entry.kind = ports::LogKind::refused;
    entry.at = core::Time(core::Duration(1'700'000'000'000'000));
    entry.system = core::SystemId("visma");
    entry.purpose = core::PurposeId("barnehage");
    entry.dataset = "person";
    entry.fields = {"names", "addresses.residence"};
    entry.subject = core::Uuid();
    entry.subject->bytes.fill(0xAB);
    entry.freshness = "fresh";
    entry.code = core::Code("records.purpose_unknown");
    entry.sealed_detail = std::string("\0\1\2", 3);
    return entry;
}

}   // namespace

TEST_CASE("log chain: an entry's bytes are as the page says, and are never laid out otherwise") {
    // The form is frozen: a chain that was written must verify for ever. Laid out by hand.
    const std::string expected =
        std::string("sluse-log-v1") + std::string("\0\0\0\x09", 4) + "958935420" +
        std::string("\0\0\0\0\0\0\0\x07", 8) + std::string("\0\0\0\0\0\0\0\x02", 8) +
        std::string("\x00\x06\x0A\x24\x18\x1E\x40\x00", 8) + std::string("\0\0\0\x05", 4) +
        "visma" + std::string("\0\0\0\x09", 4) + "barnehage" + std::string("\0\0\0\x06", 4) +
        "person" + std::string("\0\0\0\x02", 4) + std::string("\0\0\0\x05", 4) + "names" +
        std::string("\0\0\0\x13", 4) + "addresses.residence" + std::string("\0\0\0\x10", 4) +
        std::string(16, '\xAB') + std::string("\0\0\0\x05", 4) + "fresh" +
        std::string("\0\0\0\x17", 4) + "records.purpose_unknown" + std::string("\0\0\0\x03", 4) +
        std::string("\0\1\2", 3);
    CHECK(core::to_hex(canonical_bytes(oslo, 7, an_entry())) == core::to_hex(expected));
    CHECK(records::chain_hash(records::first_hash(), expected) ==
          crypto::sha256(std::string(32, '\0') + expected).to_bytes());
}

TEST_CASE("log chain: no two entries have the same bytes") {
    std::set<std::string> seen;
    std::size_t made = 0;
    const auto add = [&](const core::TenantId& tenant, std::uint64_t number,
                         const ports::NewLogEntry& entry) {
        seen.insert(canonical_bytes(tenant, number, entry));
        CHECK(seen.size() == ++made);
    };
    add(oslo, 1, an_entry());
    add(oslo, 2, an_entry());
    add(core::TenantId("964338531"), 1, an_entry());
    const auto with = [&](auto change) {
        auto entry = an_entry();
        change(entry);
        add(oslo, 1, entry);
    };
    with([](auto& e) { e.kind = ports::LogKind::read; });
    with([](auto& e) { e.at += core::Duration(1); });
    with([](auto& e) { e.system.value = "vism"; });
    with([](auto& e) {   // what moves from one text to the next
        e.system.value = "vism";
        e.purpose.value = "abarnehage";
    });
    with([](auto& e) { e.dataset.clear(); });
    with([](auto& e) { e.fields = {"names"}; });
    with([](auto& e) { e.fields = {"namesaddresses.residence"}; });
    with([](auto& e) { e.fields.clear(); });
    with([](auto& e) { e.subject.reset(); });
    with([](auto& e) { e.subject->bytes[15] = 0; });
    with([](auto& e) { e.freshness = "stale"; });
    with([](auto& e) { e.code = core::Code(); });
    with([](auto& e) { e.sealed_detail.clear(); });
}

TEST_CASE("log chain: an entry that could not be read back as it was is refused") {
    const auto refused = [](auto change) {
        auto entry = an_entry();
        change(entry);
        const auto checked = records::check_log_entry(entry);
        return checked.has_error() ? checked.error().code.message() : std::string("taken");
    };
    CHECK(refused([](auto&) {}) == "taken");
    CHECK(refused([](auto& e) { e.fields = {""}; }) == "invalid argument");
    CHECK(refused([](auto& e) { e.fields = {"a,b"}; }) == "invalid argument");
    CHECK(refused([](auto& e) { e.sealed_detail = std::string(8 * 1024, 'x'); }) == "too large");
    CHECK(refused([](auto& e) { e.sealed_detail = std::string(7 * 1024, 'x'); }) == "taken");
}
