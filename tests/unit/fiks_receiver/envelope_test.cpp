#include "adapters/fiks_io/receiver_envelope.hpp"
#include "adapters/fiks_io/receiver_memo.hpp"

#include <catch2/catch.hpp>

using namespace gateway::fiks_io;

namespace {

const std::string id = "0b2b6e7e-3f5e-4f4e-9d3c-5d0f6f3d1a11";
const std::string sender = "6c1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a01";
const std::string account = "9a1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a02";

amqp::MessageHead whole() {
    amqp::MessageHead head;
    head.headers = {
        {"melding-id", id}, {"type", "no.ks.fiks.arkiv.v1.innsyn.sok"}, {"avsender-id", sender}};
    return head;
}

std::string fault_without(const std::string& name) {
    auto head = whole();
    std::erase_if(head.headers, [&](const auto& one) { return one.first == name; });
    const auto read = read_envelope(head);
    CHECK((read.fault.empty() || read.params[0].second == name));
    return read.fault.value;
}

}   // namespace

TEST_CASE("fiks_io envelope: what a receiver needs is there, or said to be missing") {
    const auto read = read_envelope(whole());
    CHECK(read.fault.empty());
    CHECK(read.envelope.id == id);
    CHECK(read.envelope.sender == sender);
    CHECK(read.envelope.type == "no.ks.fiks.arkiv.v1.innsyn.sok");
    for (const char* name : {"melding-id", "type", "avsender-id"}) {
        CHECK(fault_without(name) == "fiks_io.header_missing");
    }
}

TEST_CASE("fiks_io envelope: headers that are no text are passed over, or told where they matter") {
    auto head = whole();
    head.odd = {"x-death", "egendefinert-header.antall"};
    auto read = read_envelope(head);
    CHECK(read.fault.empty());
    CHECK(read.odd == 2);
    for (const char* name : {"melding-id", "type", "avsender-id", "svar-til", "dokumentlager-id",
                             "egendefinert-header.klientMeldingId"}) {
        auto wrong = whole();
        std::erase_if(wrong.headers, [&](const auto& one) { return one.first == name; });
        wrong.odd = {name};
        read = read_envelope(wrong);
        CHECK(read.fault == "fiks_io.header_not_text");
        CHECK(read.params[0].second == name);
    }
}

TEST_CASE("fiks_io envelope: ids that are none, and names no protocol has, are wrong") {
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
             {"melding-id", "17"},
             {"avsender-id", "not a uuid"},
             {"type", "two words"},
             {"type", std::string(101, 't')},
             {"svar-til", "x"},
             {"dokumentlager-id", "../../etc/passwd"}}) {
        auto head = whole();
        std::erase_if(head.headers, [&](const auto& one) { return one.first == name; });
        head.headers.emplace_back(name, value);
        const auto read = read_envelope(head);
        CHECK(read.fault == "fiks_io.header_wrong");
        CHECK(read.params[0].second == name);
    }
}

TEST_CASE("fiks_io envelope: both spellings of the correlation are read, the right one first") {
    auto head = whole();
    head.headers.emplace_back("egendefinert-header.klientKorrelasjonId", "old");
    CHECK(read_envelope(head).envelope.correlation == "old");
    head.headers.emplace_back("egendefinert-header.klientKorrelasjonsId", "new");
    head.headers.emplace_back("egendefinert-header.videresendt-fra-konto", "x");
    const auto read = read_envelope(head);
    CHECK(read.envelope.correlation == "new");
    REQUIRE(read.envelope.headers.size() == 1);
    CHECK(read.envelope.headers[0].first == "videresendt-fra-konto");
}

TEST_CASE("fiks_io envelope: what cannot stand in JSON stays out of it") {
    auto head = whole();
    head.headers.emplace_back("egendefinert-header.klientKorrelasjonsId", "\xff\xfe");
    head.headers.emplace_back("egendefinert-header.a", "line\nbreak");
    const auto read = read_envelope(head);
    CHECK(read.envelope.correlation.empty());
    CHECK(read.envelope.headers.empty());
}

TEST_CASE("fiks_io envelope: Fiks IO's own words need no sender") {
    amqp::MessageHead head;
    head.headers = {{"type", "no.ks.fiks.kvittering.tidsavbrudd"}, {"svar-til", id}};
    const auto read = read_envelope(head);
    CHECK(read.fault.empty());
    CHECK(read.envelope.answers == id);
}

TEST_CASE("fiks_io envelope: a message is the same however often it is sent, and to one account") {
    auto head = whole();
    CHECK(read_envelope(head).envelope.dedupe_id(account) == id);
    head.headers.emplace_back("egendefinert-header.klientMeldingId", account);
    const auto first = read_envelope(head).envelope;
    head.headers[0].second = sender;   // another melding-id
    const auto again = read_envelope(head).envelope;
    CHECK(first.dedupe_id(account) == again.dedupe_id(account));
    CHECK(first.dedupe_id(account) != first.dedupe_id(sender));
    head.headers[1].second = "no.ks.fiks.arkiv.v1.innsyn.mappe.hent";
    CHECK(read_envelope(head).envelope.dedupe_id(account) != first.dedupe_id(account));
    CHECK(first.dedupe_id(account).size() <= 200);
    head.headers[1].second = std::string(100, 't');
    CHECK(read_envelope(head).envelope.dedupe_id(account).size() <= 200);
}

TEST_CASE("fiks_io memo: what was kept is read back, and nothing else is") {
    auto head = whole();
    head.headers.emplace_back("egendefinert-header.klientKorrelasjonsId", "sak 17 \"æøå\"");
    Memo memo(account, read_envelope(head).envelope);
    memo.error = "no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel";
    const auto read = Memo::read(memo.write());
    REQUIRE(read);
    CHECK(read->account == account);
    CHECK(read->sender == sender);
    CHECK(read->id == id);
    CHECK(read->correlation == "sak 17 \"æøå\"");
    CHECK(read->error == memo.error);
    CHECK(memo.write().size() <= 4096);
    CHECK_FALSE(Memo::read(""));
    CHECK_FALSE(Memo::read("{}"));
    CHECK_FALSE(Memo::read("[1]"));
}
