// A person whose id was replaced by another is one person.

#include "record_commands.hpp"

using namespace tests;

namespace {

template <class Kind>
class SuccessionWorld : public RecordWorld<Kind> {
public:
    core::Result<ports::Subject> replace(core::Uuid ended, const std::string& successor,
                                         ports::LinkFrom from = ports::LinkFrom::in_use) {
        return this->run(this->records().replace_subject(
            oslo, ended, person(*this, successor), from, this->now(), {entry_of(*this, ended)}));
    }
    auto separate(core::Uuid ended, core::Uuid successor, const core::TenantId& tenant = oslo) {
        return this->records().separate_subject(
            tenant, ended, successor, this->now(),
            {entry_of(*this, ended), entry_of(*this, successor)});
    }
    std::vector<core::Uuid> linked(core::Uuid handle, const core::TenantId& tenant = oslo) {
        std::vector<core::Uuid> handles;
        for (const auto& one : this->run(this->records().linked_subjects(tenant, handle)).value()) {
            handles.push_back(one.handle);
        }
        return handles;
    }
    std::uint64_t version(core::Uuid handle) { return this->find(handle)->version; }
    bool is_known(const std::string& key) {
        return this
            ->run(this->records().find_subject_by_token(oslo, core::RecordKeyKind::person,
                                                        person(*this, key).token))
            ->has_value();
    }
    bool is_held(core::Uuid handle) {
        return this->run(this->records().find_subject(oslo, handle)).value()->legal_hold;
    }
};

}   // namespace

TEMPLATE_TEST_CASE("succession: an ended id and the one in use are one person, by every handle",
                   "[contract]", InMemory, InSqlite) {
    SuccessionWorld<TestType> world;
    const auto ended = world.known("d-number");
    world.keep(write_of(world, ended, "1"));
    const auto version = world.find(ended)->version;
    CHECK(world.linked(ended) == std::vector<core::Uuid>{ended});
    const auto made = world.replace(ended, "birth number");
    REQUIRE(made.has_value());
    const auto in_use = made->handle;
    CHECK(in_use == world.known("birth number"));
    const std::vector<core::Uuid> both{ended, in_use};
    CHECK(world.linked(ended) == both);
    CHECK(world.linked(in_use) == both);
    CHECK(world.linked(ended, bergen).empty());
    CHECK(world.run(world.records().find_subject(oslo, ended)).value()->replaced_by == in_use);
    // What is held of the ended is asked for anew: an answer written out before says nothing of it.
    CHECK(world.find(ended)->version == version + 1);
    CHECK(world.find(ended)->valid_until <= world.now());
    CHECK(world.log().size() == 1);
    // Said once more it changes nothing; the other way round it is a contradiction.
    CHECK(world.replace(ended, "birth number")->handle == in_use);
    CHECK(world.log().size() == 1);
    CHECK(world.find(ended)->version == version + 1);
    CHECK(world.replace(in_use, "d-number").error().is(Errc::conflict));
    CHECK(world.replace(in_use, "birth number").error().is(Errc::conflict));
    CHECK(world.replace(core::Uuid(), "birth number").error().is(Errc::not_found));
    world.restart();
    CHECK(world.linked(ended) == both);
    // A third: whoever said it of which of them, the newest is in use.
    const auto third = world.replace(ended, "third");
    REQUIRE(third.has_value());
    CHECK(world.linked(ended).back() == third->handle);
    CHECK(world.linked(in_use).size() == 3);
    world.check_sound();
}

TEMPLATE_TEST_CASE("succession: a legal hold of one id stands over all, before the link and after",
                   "[contract]", InMemory, InSqlite) {
    SuccessionWorld<TestType> world;
    const auto ended = world.known("d-number");
    world.keep(write_of(world, ended, "1"));
    world.ok(world.records().hold_subject(oslo, ended, true, {}));
    const auto in_use = world.replace(ended, "birth number")->handle;
    CHECK(world.is_held(ended));
    CHECK(world.is_held(in_use));
    auto forget = world.forget(in_use);
    CHECK(world.fails(Errc::conflict, world.records().erase(forget)));
    world.ok(world.records().hold_subject(oslo, in_use, false, {}));
    CHECK_FALSE(world.is_held(ended));
    world.ok(world.records().hold_subject(oslo, ended, true, {}));
    CHECK(world.is_held(in_use));
    world.ok(world.records().hold_subject(oslo, in_use, false, {}));
    // All of a person is erased at once.
    forget.also = {ended};
    world.ok(world.records().erase(forget));
    CHECK_FALSE(world.find(ended).has_value());
    for (const auto& handle : world.linked(ended)) {
        const auto left = world.run(world.records().find_subject(oslo, handle)).value();
        CHECK(left->token.empty());
        CHECK(left->wrapped_key.empty());
    }
    CHECK(world.linked(ended).size() == 2);
    CHECK(world.replace(ended, "again").error().is(Errc::not_found));
    world.check_sound();
}

TEMPLATE_TEST_CASE("succession: one that was linked by mistake is separated, and may be linked "
                   "with another",
                   "[contract]", InMemory, InSqlite) {
    SuccessionWorld<TestType> world;
    const auto ended = world.known("d-number");
    const auto other = world.known("somebody else's");
    world.keep(write_of(world, ended, "1"));
    world.keep(write_of(world, other, "2"));
    const auto nobodys = world.version(other);
    REQUIRE(world.replace(ended, "somebody else's").has_value());
    // Where another came after it already, nothing comes from it alone.
    CHECK(world.replace(ended, "birth number", ports::LinkFrom::ended).error().is(Errc::conflict));
    CHECK(world.replace(ended, "somebody else's", ports::LinkFrom::ended)->handle == other);
    CHECK_FALSE(world.is_known("birth number"));
    world.ok(world.records().hold_subject(oslo, other, true, {}));
    const auto version = world.version(ended);
    const auto logged = world.log().size();
    CHECK(world.fails(Errc::conflict, world.separate(ended, ended)));
    CHECK(world.fails(Errc::conflict, world.separate(other, ended)));
    CHECK(world.fails(Errc::not_found, world.separate(core::Uuid(), other)));
    CHECK(world.fails(Errc::not_found, world.separate(ended, other, bergen)));
    CHECK(world.log().size() == logged);
    world.ok(world.separate(ended, other));
    CHECK(world.linked(ended) == std::vector<core::Uuid>{ended});
    CHECK(world.linked(other) == std::vector<core::Uuid>{other});
    CHECK(world.log().size() == logged + 2);
    CHECK(world.version(ended) == version + 1);
    CHECK(world.version(other) == nobodys);
    // Of whom the hold was nobody can say here: it stands until somebody lifts it.
    CHECK(world.is_held(ended));
    CHECK(world.is_held(other));
    world.ok(world.records().hold_subject(oslo, ended, false, {}));
    CHECK(world.is_held(other));
    CHECK(world.fails(Errc::conflict, world.separate(ended, other)));
    world.restart();
    const auto right = world.replace(ended, "birth number", ports::LinkFrom::ended);
    REQUIRE(right.has_value());
    CHECK(world.linked(right->handle).size() == 2);
    CHECK(world.linked(other).size() == 1);
    world.check_sound();
}
