#include "tests/simulation/promises.hpp"

#include "gateway/crypto/digest.hpp"

#include <algorithm>
#include <optional>

namespace simulation {
namespace {

using core::DeliveryState;
using Faults = std::vector<std::string>;

/// What the component did for one message, by whichever key.
struct Effects {
    int count = 0;
    bool withdrawn = false;
    std::vector<std::string> files;
};

std::map<std::string, Effects> effects_by_message(const World& world) {
    std::map<std::string, Effects> all;
    for (const auto& [key, effect] : world.component->effects()) {
        auto& one = all[effect.message];
        one.count += effect.count;
        one.withdrawn = effect.withdrawn;
        one.files = effect.files;
    }
    return all;
}

class Judge {
public:
    Judge(World& world, Life& life) : world_(world), life_(life) {}

    Faults judge() {
        faults_ = world_.client.surprises;
        const auto effects = effects_by_message(world_);
        for (const auto& [message, effect] : effects) {
            if (effect.count > 1) {
                say(message, "took effect " + std::to_string(effect.count) + " times");
            }
        }
        if (world_.client.acknowledged.size() != world_.client.wants.size()) {
            faults_.emplace_back("the client could not deliver its letters");
        }
        for (const auto& [number, id] : world_.client.acknowledged) {
            const auto found = effects.find(id.to_string());
            judge_letter(number, id, found == effects.end() ? Effects() : found->second);
        }
        for (const auto& [content, hash] : world_.client.uploaded) {
            judge_document(content, hash);
        }
        judge_oddities();
        judge_forms();
        add(tests::run(life_.io(), life_.store().verify()));
        add(tests::run(life_.io(), life_.documents().verify()));
        return faults_;
    }

private:
    void say(const std::string& who, const std::string& what) {
        faults_.push_back(who + " " + what);
    }

    void add(const core::Result<Faults>& verified) {
        if (verified.has_error()) {
            faults_.emplace_back("verify failed: " + verified.error().to_string());
            return;
        }
        faults_.insert(faults_.end(), verified->begin(), verified->end());
    }

    void judge_letter(std::size_t number, const core::MessageId& id, const Effects& effects) {
        const std::string name = id.to_string();
        const auto found = tests::run(life_.io(), life_.store().get(oslo, id));
        if (found.has_error() || !found->has_value()) {
            say(name, "was acknowledged and is lost");
            return;
        }
        const auto& view = **found;
        const auto owner = id.to_bytes();
        const auto key = world_.vault->unwrap(view.wrapped_key, owner);
        if (!key || !key->open("content", owner, view.sealed_content)) {
            say(name, "does not open");
        }
        if (effects.count > 0 && effects.files != world_.client.wants[number].files) {
            say(name, "came with other files");
        }
        const auto timeline = tests::run(life_.io(), life_.store().timeline(oslo, id, 1000));
        if (timeline.has_error() || timeline->empty() || timeline->front().name != "accepted") {
            say(name, "has no timeline");
            return;
        }
        const auto count = [&](std::string_view event) {
            return std::count_if(timeline->begin(), timeline->end(),
                                 [&](const auto& line) { return line.name == event; });
        };
        const auto before = faults_.size();
        judge_state(name, view.state, effects);
        for (const auto* once : {"accepted", "delivered", "read", "cancelled"}) {
            if (count(once) > 1) {
                say(name, std::string("is told to be ") + once + " more than once");
            }
        }
        if (view.state == DeliveryState::read && (count("delivered") != 1 || count("read") != 1)) {
            say(name, "is read, and its timeline lacks a receipt");
        }
        judge_cancel(number, name, view.state, count("cancel_refused") > 0);
        if (faults_.size() > before) {
            std::string told = "is " + std::string(core::to_string(view.state)) + ":";
            for (const auto& line : *timeline) {
                told += " " + line.name;
            }
            say(name, told);
        }
    }

    void judge_state(const std::string& name, DeliveryState state, const Effects& effects) {
        const std::string said(core::to_string(state));
        switch (state) {
        case DeliveryState::read:
            if (effects.count == 0 || effects.withdrawn) {
                say(name, "is called read, and is not there");
            }
            break;
        case DeliveryState::cancelled:
            if (effects.count > 0 && !effects.withdrawn) {
                say(name, "is called cancelled, and is there");
            }
            break;
        case DeliveryState::held:
            if (world_.traits.deduplicates) {
                say(name, "waits for a person for no reason");
            }
            break;
        default: say(name, "ended as " + said); break;
        }
        if (effects.withdrawn && state != DeliveryState::cancelled) {
            say(name, "was withdrawn, and ended as " + said);
        }
    }

    /// What was answered to the cancel must be kept; who has read it has also answered.
    void judge_cancel(std::size_t number, const std::string& name, DeliveryState state,
                      bool refused) {
        const auto asked = world_.client.cancels.find(number);
        const bool cancelled = state == DeliveryState::cancelled;
        if (asked == world_.client.cancels.end()) {
            if (cancelled && !world_.client.wants[number].changes_its_mind) {
                say(name, "was cancelled by nobody");
            }
            return;
        }
        if (asked->second == ports::CancelAnswer::cancelled && !cancelled) {
            say(name, "was said to be cancelled, and is not");
        }
        const bool answered = cancelled || refused || state == DeliveryState::read;
        if (asked->second == ports::CancelAnswer::requested && !answered) {
            say(name, "was to be withdrawn, and nobody answered");
        }
    }

    void judge_document(const std::string& content, const core::Sha256& hash) {
        auto reader = tests::run(life_.io(), life_.documents().open(oslo, hash));
        if (!reader) {
            say(hash.to_hex(), "was acknowledged and is lost");
            return;
        }
        const auto source = ports::make_source(std::move(*reader), 0, ~0ULL);
        const auto read = tests::run(life_.io(), sdk::read_all(*source, 1U << 20U));
        if (!read || *read != content) {
            say(hash.to_hex(), "is not what was uploaded");
        }
    }

    /// Of each that is known as kept every system has one copy, which it can read with its file,
    /// and of which it is remembered that it was acknowledged.
    void judge_forms() {
        ports::InboxQuery query;
        query.tenant = oslo;
        query.limit = 1000;
        const auto listed = tests::run(life_.io(), life_.store().list_inbox(query));
        if (listed.has_error()) {
            faults_.emplace_back("the inbox cannot be read");
            return;
        }
        std::map<std::pair<std::string, int>, int> copies;
        for (const auto& line : *listed) {
            const auto item =
                tests::run(life_.io(), life_.store().find_inbox(oslo, line.system, line.id));
            const int number = form_in(*world_.vault, **item);
            const auto name = line.system.value + "'s copy of form " + std::to_string(number);
            if (++copies[{line.system.value, number}] > 1) {
                say(name, "is there more than once");
            }
            const bool settled = world_.client.settled.contains({line.system.value, number});
            if (settled && line.state != core::InboundState::acknowledged) {
                say(name, "was acknowledged, and is " + std::string(core::to_string(line.state)));
            }
        }
        for (const int number : world_.client.forms) {
            for (const auto* system : receivers) {
                if (!copies.contains({system, number})) {
                    say("form " + std::to_string(number), "is known as kept, and is not there");
                }
            }
            const auto content = form_file(number);
            judge_document(content, crypto::sha256(content));
        }
    }

    /// Each that was acknowledged is there, and none twice.
    void judge_oddities() {
        ports::QuarantineQuery query;
        query.tenant = oslo;
        const auto items = tests::run(life_.io(), life_.store().quarantined(query));
        if (items.has_error()) {
            faults_.emplace_back("the quarantine cannot be read");
            return;
        }
        std::multiset<std::string> contents;
        for (const auto& item : *items) {
            const auto found =
                tests::run(life_.io(), life_.store().find_quarantined(oslo, item.id));
            const auto owner = item.id.to_bytes();
            const auto key = world_.vault->unwrap((*found)->wrapped_key, owner);
            contents.insert(*key->open("content", owner, (*found)->sealed_content));
        }
        for (const int number : world_.client.oddities) {
            if (contents.count(oddity(number)) != 1) {
                say("oddity " + std::to_string(number), "was acknowledged and is not there once");
            }
        }
        if (std::set<std::string>(contents.begin(), contents.end()).size() != contents.size()) {
            faults_.emplace_back("an oddity is kept twice");
        }
    }

    World& world_;
    Life& life_;
    Faults faults_;
};

}   // namespace

std::vector<std::string> broken_promises(World& world, Life& life) {
    return Judge(world, life).judge();
}

}   // namespace simulation
