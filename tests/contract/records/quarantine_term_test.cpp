// What stands in quarantine is kept for so long, and goes only when it was told of.

#include "gateway/records/retention_preview.hpp"
#include "tests/contract/records/retention_world.hpp"

using namespace tests;

namespace {

template <class Kind>
class TermWorld : public RetentionWorld<Kind> {
public:
    TermWorld() {
        this->rules.clear();
        this->configuration->tenants[oslo].quarantine_kept = 24h * 60;
    }
    void days(int number) { this->pass(24h * number, 24h); }
    ports::InboundCommand put(const std::string& name) {
        auto command = inbound(*this, name, {});
        command.type = "oddity";
        command.code = core::Code("receiver.unreadable");
        REQUIRE(this->run(this->store->store_inbound(command)).has_value());
        return command;
    }
    ports::QuarantinedItem item(const ports::InboundCommand& command) {
        const auto found = this->run(this->store->find_quarantined(oslo, command.id));
        REQUIRE((found.has_value() && found->has_value()));
        return **found;
    }
    bool is_whole(const ports::InboundCommand& command) {
        const auto found = item(command);
        CHECK(found.wrapped_key.empty() == found.sealed_content.empty());
        CHECK(found.wrapped_key.empty() == found.sealed_raw.empty());
        return !found.wrapped_key.empty();
    }
    std::uint64_t ending() {
        return this->run(this->retention().quarantine_ending(oslo)).value().count;
    }
    /// What the dry run says; asked twice, for asking changes nothing.
    ports::QuarantineSight foreseen() {
        gateway::records::RetentionPreview preview(gateway::records::PreviewParts{
            this->retention(), this->store->records(), *this, this->vaults, this->clock,
            [&] { return std::make_shared<const core::MessageRetentions>(this->rules); }});
        REQUIRE(this->run(preview.preview(oslo)).has_value());
        const auto seen = this->run(preview.preview(oslo));
        REQUIRE(seen->quarantines.size() == 1);
        CHECK(this->run(preview.preview(bergen))->quarantines.empty());
        return seen->quarantines.front();
    }
    void settle(const ports::InboundCommand& command) {
        ports::ResolveCommand settled;
        settled.tenant = oslo;
        settled.id = command.id;
        settled.at = this->now();
        settled.who = "key 3f9a";
        settled.sealed_reason = "sealed reason";
        this->ok(this->store->resolve_quarantined(settled));
    }
};

}   // namespace

TEMPLATE_TEST_CASE("quarantine term: what waits is told of for two weeks, then erased, and the log "
                   "says so of nobody",
                   "[contract]", InMemory, InSqlite) {
    TermWorld<TestType> world;
    const auto command = world.put("1");
    world.days(45);
    CHECK(world.ending() == 0);
    world.days(3);
    CHECK(world.ending() == 1);
    CHECK(world.diary.holds("quarantine_ends"));
    CHECK(world.is_whole(command));
    world.days(11);
    CHECK(world.is_whole(command));
    world.days(5);
    CHECK_FALSE(world.is_whole(command));
    const auto gone = world.item(command);
    CHECK(gone.resolved);
    CHECK(gone.resolved_by == "gateway:retention");
    CHECK(gone.code.value == "receiver.unreadable");   // that it came, and why it stood there
    CHECK(world.ending() == 0);
    CHECK(world.run(world.store->counts())->quarantined == 0);
    const auto erased = world.erasures();
    REQUIRE(erased.size() == 1);
    CHECK(erased.front().entry.code.value == "erasure.quarantine_retention");
    CHECK(erased.front().entry.fields == std::vector<std::string>{command.id.to_string()});
    CHECK_FALSE(erased.front().entry.subject);
    world.start_again();
    world.days(20);
    CHECK(world.erasures().size() == 1);
    world.check_sound();
}

TEMPLATE_TEST_CASE("quarantine term: one that is set when all is old already is told of as long "
                   "before anything goes",
                   "[contract]", InMemory, InSqlite) {
    TermWorld<TestType> world;
    world.configuration->tenants[oslo].quarantine_kept.reset();
    const auto waiting = world.put("1");
    const auto settled = world.put("2");
    world.settle(settled);
    world.days(300);
    CHECK(world.is_whole(waiting));
    CHECK(world.is_whole(settled));
    world.configuration->tenants[oslo].quarantine_kept = 24h * 60;
    world.days(13);
    CHECK(world.ending() == 1);
    CHECK(world.is_whole(waiting));
    CHECK_FALSE(world.is_whole(settled));   // a person has decided about it
    CHECK(world.item(settled).resolved_by == "key 3f9a");
    world.days(3);
    CHECK_FALSE(world.is_whole(waiting));
    world.check_sound();
}

TEMPLATE_TEST_CASE("quarantine term: while somebody of the municipality is under a legal hold "
                   "nothing goes, for nobody knows whom it is of",
                   "[contract]", InMemory, InSqlite) {
    TermWorld<TestType> world;
    const auto kari = world.known_person(letter_kari_id);
    const auto command = world.put("1");
    world.ok(world.store->records().hold_subject(oslo, kari, true, {}));
    world.days(100);
    CHECK(world.is_whole(command));
    CHECK(world.ending() == 1);
    CHECK(world.diary.holds("quarantine_held"));
    world.ok(world.store->records().hold_subject(oslo, kari, false, {}));
    world.days(2);
    CHECK_FALSE(world.is_whole(command));
    world.check_sound();
}

TEMPLATE_TEST_CASE("quarantine term: the dry run says what would be told of and what would go, as "
                   "it then does",
                   "[contract]", InMemory, InSqlite) {
    TermWorld<TestType> world;
    const auto kari = world.known_person(letter_kari_id);
    world.put("1");
    const auto settled = world.put("2");
    world.put("3");
    world.settle(settled);
    CHECK(world.foreseen().kept == 24h * 60);
    CHECK(world.foreseen().to_tell == 0);
    world.clock.advance(24h * 46 + 1h);
    CHECK(world.foreseen().to_tell == 2);
    CHECK(world.foreseen().told == 0);
    CHECK_FALSE(world.foreseen().first_told);
    world.days(2);   // the first day the clock is not believed
    const auto told = world.foreseen();
    CHECK(told.to_tell == 0);
    CHECK(told.told == 2);
    CHECK(told.first_told <= world.now());
    CHECK(told.due == 0);
    world.clock.advance(24h * 15);
    world.ok(world.store->records().hold_subject(oslo, kari, true, {}));
    CHECK(world.foreseen().held == 3);
    CHECK(world.foreseen().due == 0);
    world.ok(world.store->records().hold_subject(oslo, kari, false, {}));
    CHECK(world.foreseen().held == 0);
    CHECK(world.foreseen().due == 3);
    CHECK(world.foreseen().complete);
    world.days(3);
    CHECK(world.erasures().size() == 3);
    CHECK(world.foreseen().due == 0);
    CHECK(world.foreseen().told == 0);
}
