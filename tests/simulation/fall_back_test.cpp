// Letters with two ways under power cuts, by one seed: a screen that may refuse, fail or stay
// unopened, and paper that takes over. A failing seed replays with SLUSE_SEED=<seed>.

#include "tests/simulation/power_cuts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

using namespace simulation;
using namespace std::chrono_literals;

namespace {

using core::DeliveryState;
using Effect = tests::SimulatedComponent::Effect;

/// What has been seen over all seeds: a promise about what never happens says nothing.
struct Seen {
    int fell_back = 0;
    int copied = 0;
    int failed = 0;
    int cancelled = 0;
};

class WaysJudge {
public:
    WaysJudge(World& world, Life& life, Seen& seen) : world_(world), life_(life), seen_(seen) {}

    std::vector<std::string> judge() {
        faults_ = world_.client.surprises;
        if (world_.client.acknowledged.size() != world_.client.wants.size()) {
            faults_.emplace_back("the client could not deliver its letters");
        }
        for (const auto& [number, id] : world_.client.acknowledged) {
            judge_letter(world_.client.wants[number], id);
        }
        const auto verified = tests::run(life_.io(), life_.store().verify());
        if (verified.has_error() || !verified->empty()) {
            faults_.emplace_back("the store is not sound");
        }
        return faults_;
    }

private:
    /// All that a component did for the letter, whichever deliveries asked for it.
    static std::vector<Effect> effects_on(const tests::SimulatedComponent& way,
                                          const std::string& message) {
        std::vector<Effect> found;
        for (const auto& [key, effect] : way.effects()) {
            if (effect.message == message) {
                found.push_back(effect);
            }
        }
        return found;
    }

    void judge_letter(const Client::Letter& wanted, const core::MessageId& id) {
        const auto before = faults_.size();
        const auto name = id.to_string();
        const auto screen = effects_on(*world_.component, name);
        const auto paper = effects_on(*world_.paper, name);
        for (const auto* way : {&screen, &paper}) {
            if (way->size() > 1 || (!way->empty() && way->front().count > 1)) {
                say(name, "took effect more than once on one way");
            }
        }
        const auto found = tests::run(life_.io(), life_.store().get(oslo, id));
        const auto timeline = tests::run(life_.io(), life_.store().timeline(oslo, id, 1000));
        if (found.has_error() || !found->has_value() || timeline.has_error()) {
            say(name, "was acknowledged and is lost");
            return;
        }
        const auto count = [&](std::string_view event) {
            return std::count_if(timeline->begin(), timeline->end(),
                                 [&](const auto& line) { return line.name == event; });
        };
        for (const auto* once : {"accepted", "fell_back", "cancelled"}) {
            if (count(once) > 1) {
                say(name, std::string("says ") + once + " more than once");
            }
        }
        judge_ways(name, wanted, screen, paper);
        judge_end(name, **found, screen, paper);
        count_seen((**found).state, paper, count("unread") > 0);
        if (faults_.size() > before) {
            std::string told = "is " + std::string(core::to_string((**found).state)) + ":";
            for (const auto& line : *timeline) {
                told += " " + line.name + "/" + line.code.value;
            }
            say(name, told);
        }
    }

    static bool is_live(const std::vector<Effect>& effects) {
        return !effects.empty() && !effects.front().failed && !effects.front().withdrawn;
    }

    void judge_ways(const std::string& name, const Client::Letter& wanted,
                    const std::vector<Effect>& screen, const std::vector<Effect>& paper) {
        if (!is_live(screen) || paper.empty()) {
            return;
        }
        if (!wanted.copy_if_unread) {
            say(name, "went two ways, and nobody asked for it");
        } else if (screen.front().opened) {
            say(name, "was opened on a screen, and went on paper, too");
        }
    }

    void judge_end(const std::string& name, const ports::MessageView& view,
                   const std::vector<Effect>& screen, const std::vector<Effect>& paper) {
        const bool live = is_live(screen) || is_live(paper);
        const auto& newest = view.deliveries.back();
        switch (view.state) {
        case DeliveryState::read:
        case DeliveryState::delivered:
            if (!live) {
                say(name, "is said to be there, and is nowhere");
            }
            if (newest.channel == core::Channel::paper ? !is_live(paper) : !is_live(screen)) {
                say(name, "is not where it is said to be");
            }
            break;
        case DeliveryState::failed:
            // A copy that failed leaves the letter on the screen.
            if (live && !(view.deliveries.size() > 1 && is_live(screen) && !is_live(paper))) {
                say(name, "is said to have failed, and is there");
            }
            break;
        case DeliveryState::cancelled:
            if (is_live(paper) || (is_live(screen) && paper.empty())) {
                say(name, "is said to be cancelled, and is there");
            }
            break;
        case DeliveryState::held:
            if (world_.traits.deduplicates) {
                say(name, "waits for a person for no reason");
            }
            break;
        default: say(name, "has not come to rest"); break;
        }
    }

    void count_seen(DeliveryState state, const std::vector<Effect>& paper, bool was_unread) {
        seen_.copied += was_unread && !paper.empty() ? 1 : 0;
        seen_.fell_back += !was_unread && !paper.empty() ? 1 : 0;
        seen_.failed += state == DeliveryState::failed ? 1 : 0;
        seen_.cancelled += state == DeliveryState::cancelled ? 1 : 0;
    }

    void say(const std::string& who, const std::string& what) {
        faults_.push_back(who + " " + what);
    }

    World& world_;
    Life& life_;
    Seen& seen_;
    std::vector<std::string> faults_;
};

}   // namespace

TEST_CASE("simulation: a letter with two ways is live on one at most, and nothing is lost or "
          "doubled, seed after seed") {
    static Seen seen;
    for_each_seed(150, [](std::uint64_t seed) {
        World world(seed, Ways::two);
        return live_through(
            world, 24h, [](World& in, Life& life) { return WaysJudge(in, life, seen).judge(); });
    });
    if (std::getenv("SLUSE_SEED") == nullptr && std::getenv("SLUSE_SEEDS") == nullptr) {
        CHECK(seen.fell_back > 0);
        CHECK(seen.copied > 0);
        CHECK(seen.failed > 0);
        CHECK(seen.cancelled > 0);
    }
}
