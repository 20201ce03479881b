// An ended id that an operator links with the one in use, and separates again.

#include "keeping_world.hpp"
#include "tests/support/national_ids.hpp"

using namespace gateway;
using namespace tests::records;
using namespace std::chrono_literals;

namespace {

constexpr const char* d_number = "57859100009";   // synthetic

class LinkingWorld : public KeepingWorld {
public:
    ports::LinkAnswer link(const char* ended, const std::string& successor,
                           const core::TenantId& tenant = oslo) {
        return tests::run(world.io,
                          keeping.link(which(ended, tenant), successor, keeper("melding 2026/20")));
    }
    ports::LinkAnswer unlink(const char* ended) {
        return tests::run(world.io, keeping.unlink(which(ended), keeper("feil person 2026/21")));
    }
    core::Uuid met(const char* person) {
        return world.ask(world.question(person)).records.front().handle;
    }
    /// Of those that are linked or separated: whose, and why.
    std::vector<std::pair<core::Uuid, std::string>> told(const char* person, const char* code) {
        std::vector<std::pair<core::Uuid, std::string>> found;
        for (const auto& entry : report(person).entries) {
            if (entry.entry.entry.code.value == code) {
                CHECK(entry.entry.entry.kind == ports::LogKind::corrected);
                CHECK(entry.entry.entry.system.value == "operator:root");
                found.emplace_back(*entry.entry.entry.subject, entry.reason);
            }
        }
        return found;
    }
};

std::string said(const ports::LinkAnswer& answer) {
    return answer.refusal ? answer.refusal->code.value : "";
}

}   // namespace

TEST_CASE("links: an ended id and the one in use become one person by hand, with who and why in "
          "the log, once") {
    LinkingWorld world;
    const auto ended = world.met(ola);
    world.world.tenant(oslo)
        .purposes.at(core::PurposeId("opptak"))
        .datasets["person"]
        .insert("nationalIds");
    const auto answer = world.link(ola, kari);
    REQUIRE(said(answer).empty());
    CHECK(answer.handle == ended);
    // Whom nobody had asked about has a handle from here on.
    CHECK(answer.another == world.met(kari));
    const auto now = world.world.ask(world.world.question(ola)).records.front();
    CHECK(now.ended);
    CHECK(now.replaced_by == answer.another);
    CHECK_FALSE(world.world.ask(world.world.question(kari)).records.front().ended);
    for (const char* by : {ola, kari}) {
        const auto report = world.report(by);
        CHECK(report.others.size() == 1);
        CHECK(world.told(by, "records.id_linked") ==
              std::vector<std::pair<core::Uuid, std::string>>{{ended, "melding 2026/20"}});
    }
    CHECK(said(world.link(ola, kari)).empty());
    CHECK(world.told(ola, "records.id_linked").size() == 1);
}

TEST_CASE("links: what is separated again are two persons, each with its own report and the reason "
          "in both") {
    LinkingWorld world;
    const auto ended = world.met(ola);
    const auto another = world.met(kari);
    REQUIRE(said(world.link(ola, kari)).empty());
    REQUIRE_FALSE(world.hold(true, kari).refusal);
    CHECK(said(world.unlink(kari)) == "records.not_linked");
    const auto answer = world.unlink(ola);
    REQUIRE(said(answer).empty());
    CHECK(answer.handle == ended);
    CHECK(answer.another == another);
    CHECK_FALSE(world.world.ask(world.world.question(ola)).records.front().ended);
    const auto of_ola = world.report(ola);
    const auto of_kari = world.report(kari);
    CHECK(of_ola.others.empty());
    CHECK(of_kari.others.empty());
    CHECK(of_ola.held.size() == 1);
    CHECK(of_kari.held.size() == 1);
    using Told = std::vector<std::pair<core::Uuid, std::string>>;
    CHECK(world.told(ola, "records.id_separated") == Told{{ended, "feil person 2026/21"}});
    CHECK(world.told(kari, "records.id_separated") == Told{{another, "feil person 2026/21"}});
    // The hold stands until it is lifted of each.
    CHECK(world.erase(ola).refusal->code.value == "records.legal_hold");
    REQUIRE_FALSE(world.hold(false, ola).refusal);
    CHECK(world.report(kari).legal_hold);
    CHECK(said(world.unlink(ola)) == "records.not_linked");
    CHECK_FALSE(world.erase(ola).refusal);
    CHECK_FALSE(world.report(kari).refusal);
    CHECK(said(world.unlink(ola)) == "records.not_found");
}

TEST_CASE("links: nonsense is refused with its reason, changes nothing, and that it was tried is "
          "in the log") {
    LinkingWorld world;
    world.met(ola);
    world.met(kari);
    world.met(d_number);
    const auto before = world.log().size();
    CHECK(said(world.link(ola, "17859130004")) == "records.not_a_national_id");
    CHECK(said(world.link(ola, "1785913000")) == "records.not_a_national_id");
    CHECK(said(world.link("17859130004", kari)) == "records.not_a_national_id");
    CHECK(said(world.link(ola, ola)) == "records.link_loop");
    CHECK(said(world.link(ola, d_number)) == "records.successor_unlikely");
    CHECK(said(world.unlink(ola)) == "records.not_linked");
    // Of the other municipality nobody is known.
    CHECK(said(world.link(ola, kari, bergen)) == "records.not_found");
    const auto log = world.log();
    CHECK(log.size() == before + 6);
    for (auto at = before; at < log.size(); ++at) {
        CHECK(log[at].entry.kind == ports::LogKind::refused);
        CHECK(log[at].entry.fields.empty());
        CHECK(log[at].entry.sealed_detail.find(kari) == std::string::npos);
    }
    REQUIRE(said(world.link(d_number, ola)).empty());
    CHECK(said(world.link(ola, d_number)) == "records.successor_unlikely");
    REQUIRE(said(world.link(ola, kari)).empty());
    CHECK(said(world.link(kari, ola)) == "records.link_loop");
    CHECK(said(world.link(d_number, kari)).empty());   // one person already
    unsigned at = 4'000'000;
    const auto third = tests::next_synthetic_id(at);
    CHECK(said(world.link(d_number, third)) == "records.already_linked");
    CHECK(world.report(kari).others.size() == 2);
    CHECK_FALSE(world.world.diary.holds(kari));
    REQUIRE_FALSE(world.erase(kari).refusal);
    CHECK(said(world.link(ola, kari)) == "records.not_found");
}

TEST_CASE("links: while the store is down nothing is said to be linked") {
    LinkingWorld world;
    world.met(ola);
    tests::run(world.world.io, world.store->close());
    CHECK_FALSE(said(world.link(ola, kari)).empty());
    CHECK_FALSE(said(world.unlink(ola)).empty());
}
