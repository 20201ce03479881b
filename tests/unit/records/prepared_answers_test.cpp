// What is held is answered again from a text that was written out before: logged each time, and
// never past what would be answered without it.

#include "keeping_world.hpp"
#include "written_out.hpp"

using namespace gateway;
using namespace tests::records;
using namespace std::chrono_literals;
using gateway::records::PreparedAnswer;
using gateway::records::PreparedAnswers;

namespace {

ports::RecordLookUp kept_question(const World& world, const char* person = kari) {
    auto question = world.question(person);
    question.write = written_out;
    return question;
}

/// The first is fetched, the second written out, so that the third may be the text.
std::string warm(World& world) {
    REQUIRE(world.ask(kept_question(world)).records.size() == 1);
    const auto held = world.ask(kept_question(world));
    REQUIRE(held.records.size() == 1);
    CHECK(world.prepared.size() == 1);
    return written_out(held.records.front());
}

std::shared_ptr<PreparedAnswer> some_answer(core::Uuid subject, std::string text = "tekst") {
    auto answer = std::make_shared<PreparedAnswer>();
    answer->subject.handle = subject;
    answer->until = core::Time::max();
    answer->text = std::move(text);
    return answer;
}

}   // namespace

TEST_CASE(
    "prepared answers: what is held leaves as it was written out, logged each time the same") {
    World world;
    const auto text = warm(world);
    for (int i = 0; i < 3; ++i) {
        const auto again = world.ask(kept_question(world));
        REQUIRE_FALSE(again.refusal);
        CHECK(again.records.empty());
        CHECK(again.text == text);
    }
    CHECK(world.freg.asked.size() == 1);
    REQUIRE(world.log().size() == 5);
    const auto& plain = world.log()[1];
    for (std::size_t i = 2; i < 5; ++i) {
        const auto& entry = world.log()[i];
        CHECK(entry.kind == ports::LogKind::read);
        CHECK(entry.subject == plain.subject);
        CHECK(entry.purpose == plain.purpose);
        CHECK(entry.dataset == plain.dataset);
        CHECK(entry.fields == plain.fields);
        CHECK(entry.freshness == "fresh");
        CHECK_FALSE(entry.sealed_detail.empty());   // who acted, in which case
    }
}

TEST_CASE("prepared answers: nothing leaves that the log does not have") {
    World world;
    warm(world);
    world.shelf.log_fails = true;
    const auto answer = world.ask(kept_question(world));
    CHECK(answer.refusal);
    CHECK(answer.text.empty());
    CHECK(answer.records.empty());
}

TEST_CASE("prepared answers: one system's are another's only with a grant of its own") {
    World world;
    const auto text = warm(world);
    auto other = kept_question(world);
    other.asker = world.asker({"read:contact:opptak"});
    other.asker.caller.system = core::SystemId("skole");
    const auto refused = world.ask(other);
    REQUIRE(refused.refusal);
    CHECK(refused.refusal->code.value == "auth.not_granted");
    CHECK(refused.text.empty());
    other.asker.caller.grants = {"read:person:opptak"};
    CHECK(world.ask(other).text == text);
    CHECK(world.log().back().system.value == "skole");
}

TEST_CASE("prepared answers: another purpose or other fields are another question") {
    World world;
    warm(world);
    auto fewer = kept_question(world);
    fewer.fields = {"names"};
    CHECK(world.ask(fewer).text.empty());
    CHECK_FALSE(world.ask(fewer).text.empty());
    CHECK(world.log().back().fields == std::vector<std::string>{"names"});
    auto of_other = kept_question(world, ola);
    CHECK(world.ask(of_other).text.empty());
    auto unknown = kept_question(world);
    unknown.asker.purpose = "ukjent";
    CHECK(world.ask(unknown).refusal);
}

TEST_CASE("prepared answers: a record that was outdated or written anew is read again") {
    World world;
    const auto text = warm(world);
    world.shelf.outdate("person", world.clock.now());
    const auto anew = world.ask(kept_question(world));
    REQUIRE(anew.records.size() == 1);
    CHECK(anew.records.front().fields.at("names").freshness == "fetched");
    CHECK(world.freg.asked.size() == 2);
    world.ask(kept_question(world));
    const auto again = world.ask(kept_question(world));
    CHECK_FALSE(again.text.empty());
    CHECK(again.text != text);
}

TEST_CASE(
    "prepared answers: they end with what makes them fresh, and when the clock was set back") {
    World world;
    world.prepared.sweep(world.clock.now());
    warm(world);
    world.clock.jump(-1h);
    CHECK(world.ask(kept_question(world)).text.empty());
    world.ask(kept_question(world));
    CHECK_FALSE(world.ask(kept_question(world)).text.empty());
    world.clock.advance(24h * 30);
    const auto later = world.ask(kept_question(world));
    REQUIRE(later.records.size() == 1);
    CHECK(later.records.front().fields.at("names").freshness == "fetched");
}

TEST_CASE("prepared answers: another configuration forgets them all") {
    World world;
    warm(world);
    world.configuration = std::make_shared<core::Configuration>(*world.configuration);
    world.tenant(oslo).purposes.at(core::PurposeId("opptak")).datasets["person"] = {"birthDate"};
    const auto answer = world.ask(kept_question(world));
    REQUIRE(answer.records.size() == 1);
    CHECK_FALSE(answer.records.front().values.has("names"));
}

TEST_CASE(
    "prepared answers: an erasure leaves none, of a person who asked for it or by the clock") {
    KeepingWorld world;
    warm(world.world);
    REQUIRE_FALSE(world.erase().refusal);
    CHECK(world.world.prepared.size() == 0);
    CHECK(world.world.prepared.bytes() == 0);
    warm(world.world);
    world.world.clock.advance(24h * 366);
    world.erase_due();
    CHECK(world.world.prepared.size() == 0);
}

TEST_CASE("prepared answers: what was read before an erasure is not kept after it") {
    PreparedAnswers answers;
    const auto under = std::make_shared<const core::Configuration>();
    const auto before = answers.forgotten();
    const core::Uuid kari_handle;
    answers.forget({kari_handle});
    answers.keep("q", some_answer(kari_handle), under, core::Time{}, before);
    CHECK(answers.size() == 0);
    answers.keep("q", some_answer(kari_handle), under, core::Time{}, answers.forgotten());
    CHECK(answers.size() == 1);
    answers.drop("q");
    CHECK(answers.size() == 0);
}

TEST_CASE("prepared answers: they are bounded in number, bytes and time; the oldest unused go") {
    gateway::records::PreparedLimits limits;
    limits.answers_max = 3;
    limits.bytes_max = 10'000;
    PreparedAnswers answers(limits);
    const auto under = std::make_shared<const core::Configuration>();
    const core::Time now{};
    const auto keep = [&](const std::string& name, std::size_t size) {
        answers.keep(name, some_answer({}, std::string(size, 'x')), under, now, 0);
    };
    keep("a", 10);
    keep("b", 10);
    keep("c", 10);
    CHECK(answers.find("a", under, now));
    keep("d", 10);
    CHECK(answers.find("a", under, now));
    CHECK_FALSE(answers.find("b", under, now));
    CHECK(answers.size() == 3);
    keep("e", 9'000);
    CHECK(answers.size() == 1);
    keep("f", 20'000);   // more than there is room for
    CHECK(answers.size() == 0);
    CHECK(answers.bytes() == 0);
    keep("g", 10);
    CHECK_FALSE(answers.find("g", under, now + limits.kept_for));
    keep("h", 10);
    answers.sweep(now + limits.kept_for);
    CHECK(answers.size() == 0);
}
