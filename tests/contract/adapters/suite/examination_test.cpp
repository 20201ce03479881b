// What the connection doctor hears from each adapter: never that all is well where it is not,
// always with words for what helps, and not a moment after its time.

#include "gateway/texts/texts.hpp"
#include "tests/contract/adapters/suite/world.hpp"

using namespace gateway;
using candidates::Candidate;
using candidates::for_each_adapter;
using candidates::World;
using sdk::Finding;
using std::chrono::seconds;

namespace {

const core::TenantId examined("991825827");

sdk::ProbeAnswer probe_of(World& world) {
    return tests::run(world.io, world.adapter->probe(examined, world.in(5)));
}

/// In every language: what it is, and what to do.
void has_remedy(const core::Code& code) {
    INFO(code.value);
    CHECK(texts::knows(code));
    for (const auto language : {texts::Language::nb, texts::Language::nn, texts::Language::en}) {
        const auto words = texts::render(code, {}, language);
        CHECK_FALSE(words.title.empty());
        CHECK_FALSE(words.action.empty());
    }
}

/// The upstream answers everything so; what is found is no access, and said with a remedy.
template <class Break>
void is_not_well(const Candidate& candidate, Break breaks) {
    World world(candidate);
    breaks(world.fake.http.always("", ""));
    const auto found = probe_of(world);
    CHECK_FALSE(found.proves_access);
    if (world.fake.http.calls().empty()) {
        return;   // it has no call that does no harm, and says nothing about one
    }
    if (found.finding == Finding::green && candidate.any_answer_is_well) {
        return;
    }
    CHECK((found.finding == Finding::red || found.finding == Finding::yellow));
    has_remedy(found.code);
}

}   // namespace

TEST_CASE("adapters: examined where nobody answers, each is red and says what helps") {
    for (const auto fault :
         {core::Errc::unreachable, core::Errc::timed_out, core::Errc::tls_expired,
          core::Errc::tls_untrusted, core::Errc::tls_wrong_host, core::Errc::answer_lost}) {
        INFO(static_cast<int>(fault));
        for_each_adapter([&](const Candidate& candidate) {
            is_not_well(candidate, [&](auto& step) { step.fail(fault); });
        });
    }
}

TEST_CASE("adapters: examined where it is refused, has the wrong address or something is broken, "
          "each is red and says what helps") {
    for (const int status : {401, 403, 404, 500, 503}) {
        INFO(status);
        for_each_adapter([&](const Candidate& candidate) {
            is_not_well(candidate, [&](auto& step) { step.answer(status); });
        });
    }
}

TEST_CASE("adapters: a page for people is not the component") {
    for_each_adapter([](const Candidate& candidate) {
        is_not_well(candidate, [](auto& step) {
            step.answer(200, "<html>Logg inn</html>", {{"Content-Type", "text/html"}});
        });
    });
}

TEST_CASE("adapters: examined where all is well, each is green, and none that asked nobody claims "
          "access") {
    for_each_adapter([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").answer_json(candidate.probe_status, candidate.probe_body);
        const auto found = probe_of(world);
        INFO(found.code.value);
        CHECK(found.finding == Finding::green);
        CHECK(found.proves_access <= !world.fake.http.calls().empty());
    });
}

TEST_CASE("adapters: an examination of what hangs ends when it is cut off, and leaves nothing") {
    for_each_adapter([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").hang();
        candidates::Running running(world, world.adapter->probe(examined, world.in(5)));
        world.io.restart();
        world.io.poll();
        if (!running.ended()) {
            running.cancel();
        }
        CHECK(world.fake.clock.sleepers() == 0);
    });
}

TEST_CASE("adapters: an examination that hangs is over at its deadline by itself") {
    for_each_adapter([](const Candidate& candidate) {
        World world(candidate);
        world.fake.http.always("", "").hang();
        candidates::Running running(world, world.adapter->probe(examined, world.in(5)));
        world.pass(seconds(6));
        CHECK(running.ended());
    });
}

TEST_CASE("adapters: the places an examination looks at are addresses without secrets") {
    for_each_adapter([](const Candidate& candidate) {
        World world(candidate);
        for (const auto& place : world.adapter->needs(examined).places) {
            INFO(place);
            CHECK(place.find("://") != std::string::npos);
            CHECK(place.find('@') == std::string::npos);
            CHECK(place.find('?') == std::string::npos);
        }
        CHECK(world.fake.http.calls().empty());
    });
}
