#include "adapters/altinn_forms/forms_sender.hpp"

#include "adapters/altinn_forms/forms_exchange.hpp"
#include "gateway/runtime/crash_point.hpp"

namespace gateway::altinn_forms {

using sdk::Outcome;
using sdk::Verdict;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds attempt_time{60};
constexpr std::chrono::minutes believed_missing_after{2};   // a call that was cut off may yet land
constexpr std::chrono::minutes clocks_differ{10};
constexpr std::chrono::hours claims_kept{24 * 60};   // longer than any message lives
constexpr int writes_max = 20;                       // others write the same piece meanwhile

/// Content and settings were checked at accept: another shape now is a fault of ours.
Outcome unreadable() {
    return Outcome(Verdict::rejected, "service.internal");
}

Outcome later(const char* code) {
    Outcome outcome(Verdict::try_later, code);
    outcome.retry_after = believed_missing_after;
    return outcome;
}

/// Which instances are whose, in 256 pieces by their last digits.
std::string claims_key(const InstanceRef& instance) {
    return "made/" + instance.guid.substr(instance.guid.size() - 2);
}

std::string owner_of(const json::Value& claims, const InstanceRef& instance) {
    return claims[instance.guid]["delivery"].as_string();
}

/// Turned away at the door: nothing was begun.
bool turned_away(int status) {
    return status == 429 || status == 503 || (status >= 400 && status < 500);
}

Outcome outcome_of_refusal(const sdk::HttpResponse& response) {
    auto outcome = outcome_of(Reply(response));
    const bool access = response.status == 401 || response.status == 403;
    if (outcome.verdict == Verdict::rejected && !access) {
        outcome.code = "altinn_forms.prefill_refused";
    }
    return outcome;
}

}   // namespace

sdk::Task<Outcome> FormsSender::send(const core::Delivery& delivery, sdk::Progress& progress,
                                     sdk::Deadline deadline) {
    const auto prefill = read_prefill(delivery);
    if (!prefill) {
        co_return unreadable();
    }
    const auto kept = PrefillProgress::read(progress.value());
    if (kept.asked) {
        auto found = co_await find(delivery, *prefill, *kept.asked, deadline);
        if (found.verdict != Verdict::not_found) {
            co_return found;
        }
    }
    co_return co_await make(delivery, *prefill, progress, deadline);
}

sdk::Task<Outcome> FormsSender::look_up(const core::Delivery& delivery, sdk::Progress& progress,
                                        sdk::Deadline deadline) {
    const auto prefill = read_prefill(delivery);
    if (!prefill) {
        co_return unreadable();
    }
    const auto kept = PrefillProgress::read(progress.value());
    if (!kept.asked) {
        co_return Outcome(Verdict::not_found);
    }
    co_return co_await find(delivery, *prefill, *kept.asked, deadline);
}

sdk::Task<Outcome> FormsSender::make(const core::Delivery& delivery, const Prefill& prefill,
                                     sdk::Progress& progress, sdk::Deadline deadline) {
    PrefillProgress asking;
    asking.asked = host_.clock.now();
    const auto intent = co_await progress.remember(asking.write());
    if (!intent) {
        co_return Outcome(Verdict::try_later, "attempt_interrupted");
    }
    GATEWAY_CRASH_POINT("altinn_forms.before_prefill");
    FormsClient::Make make = [&] {
        return create_instance(settings_, prefill.app, body_of(prefill));
    };
    const auto reply = co_await client_.call(std::move(make), sdk::Effect::possible, deadline);
    GATEWAY_CRASH_POINT("altinn_forms.prefill_sent");
    Outcome outcome = reply.outcome;
    if (reply.response) {
        const auto& response = *reply.response;
        const auto instance = response.status == 201 ? read_made(response, settings_, prefill)
                                                     : std::optional<InstanceRef>();
        if (instance) {
            co_return co_await made(delivery, *instance);
        }
        if (!turned_away(response.status)) {
            co_return sdk::outcome_of_bad_answer(response, sdk::Effect::possible);
        }
        outcome = outcome_of_refusal(response);
    }
    if (outcome.verdict == Verdict::unknown) {
        co_return outcome;
    }
    const auto nothing = co_await progress.remember(PrefillProgress().write());
    if (!nothing) {
        co_return Outcome(Verdict::try_later, "attempt_interrupted");
    }
    co_return outcome;
}

sdk::Task<Outcome> FormsSender::find(const core::Delivery& delivery, const Prefill& prefill,
                                     core::Time asked, sdk::Deadline deadline) {
    FormsClient::Make make = [&] {
        return list_made(settings_, prefill.app, prefill.owner(), asked - clocks_differ,
                         asked + attempt_time + clocks_differ);
    };
    // What is asked about may have had its effect: not to hear of it leaves that unknown.
    const auto reply = co_await client_.call(std::move(make), sdk::Effect::possible, deadline);
    if (!reply.response) {
        co_return reply.outcome;
    }
    const auto found = reply.response->status == 200
                           ? read_made_by_us(*reply.response, settings_, prefill)
                           : std::nullopt;
    if (!found) {
        const auto passing = sdk::outcome_of_passing_status(*reply.response);
        co_return passing ? *passing
                          : sdk::outcome_of_bad_answer(*reply.response, sdk::Effect::possible);
    }
    std::optional<InstanceRef> ours;
    std::size_t unclaimed = 0;
    for (const auto& instance : *found) {
        const auto known = co_await claims(instance);
        if (!known) {
            co_return Outcome(Verdict::try_later, "attempt_interrupted");
        }
        const auto owner = owner_of(*known, instance);
        if (owner == delivery.id.to_string()) {
            co_return co_await made(delivery, instance);
        }
        if (owner.empty()) {
            ours = instance;
            ++unclaimed;
        }
    }
    if (unclaimed > 1) {
        co_return Outcome(Verdict::unknown, "altinn_forms.prefill_ambiguous",
                          {{"count", std::to_string(unclaimed)}});
    }
    if (ours) {
        co_return co_await made(delivery, *ours);
    }
    if (host_.clock.now() < asked + believed_missing_after) {
        co_return later("upstream.answer_lost");
    }
    co_return Outcome(Verdict::not_found);
}

/// It is this message's from now on, and nothing more will be heard of it but the form itself.
sdk::Task<Outcome> FormsSender::made(const core::Delivery& delivery, const InstanceRef& instance) {
    const auto claimed = co_await claim(delivery, instance);
    if (!claimed || !*claimed) {
        co_return Outcome(Verdict::unknown, "attempt_interrupted");
    }
    Outcome outcome(Verdict::accepted);
    outcome.upstream_reference = instance.path();
    outcome.delivered_already = true;
    co_return outcome;
}

sdk::Task<core::Result<json::Value>> FormsSender::claims(const InstanceRef& instance) {
    const auto entry = co_await host_.state.get(claims_key(instance));
    if (!entry) {
        co_return entry.error();
    }
    auto value = json::parse(entry->value.empty() ? "{}" : entry->value);
    co_return value ? std::move(*value) : json::Value::object();
}

/// False: another message has it.
sdk::Task<core::Result<bool>> FormsSender::claim(const core::Delivery& delivery,
                                                 const InstanceRef& instance) {
    const std::string key = claims_key(instance);
    const core::Time now = host_.clock.now();
    for (int i = 0; i < writes_max; ++i) {
        const auto entry = co_await host_.state.get(key);
        if (!entry) {
            co_return entry.error();
        }
        const auto known = json::parse(entry->value.empty() ? "{}" : entry->value);
        json::Value kept = json::Value::object();
        if (known) {
            const auto owner = owner_of(*known, instance);
            if (!owner.empty()) {
                co_return owner == delivery.id.to_string();
            }
            for (const auto& [guid, one] : known->members()) {
                if (core::Time(core::Duration(one["at"].as_int())) + claims_kept > now) {
                    kept.set(guid, one);
                }
            }
        }
        json::Value line;
        line.set("delivery", delivery.id.to_string()).set("at", now.time_since_epoch().count());
        kept.set(instance.guid, std::move(line));
        const auto stored = co_await host_.state.put(key, json::write(kept), entry->version);
        if (stored) {
            co_return true;
        }
        if (!stored.error().is(core::Errc::conflict)) {
            co_return stored.error();
        }
    }
    co_return core::Failure(core::Errc::conflict, "claims of made forms");
}

}   // namespace gateway::altinn_forms
