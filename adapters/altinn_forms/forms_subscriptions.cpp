#include "adapters/altinn_forms/forms_subscriptions.hpp"

#include "adapters/altinn_forms/forms_exchange.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

namespace gateway::altinn_forms {

using sdk::Severity;
using std::chrono::seconds;

namespace {

constexpr seconds call_time_max{30};
constexpr seconds look_soon{60};   // until everything is validated
constexpr seconds look_again{3600};
constexpr seconds reload_after{2};                 // wrong secrets make us read no oftener
constexpr std::chrono::minutes deaf_at_most{70};   // the cache's hour, and some
constexpr std::size_t secret_bytes = 32;

std::string hash_of(const std::string& secret) {
    return crypto::sha256(secret).to_hex();
}

std::string new_secret(sdk::Ids& ids) {
    std::array<std::uint8_t, secret_bytes> bytes{};
    ids.random(bytes);
    return crypto::base64url_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string state_key(const std::string& app) {
    return "subscription/" + app;
}

/// The last part of an address.
std::string secret_of(const std::string& end_point) {
    return end_point.substr(end_point.rfind('/') + 1);
}

}   // namespace

std::string Subscriptions::own_prefix() const {
    return settings_.callback_url + "/callbacks/" + settings_.connection + "/";
}

/// Made for this connection, by this or an earlier address of the gateway.
bool Subscriptions::is_ours(const Subscription& subscription) const {
    const auto at = subscription.end_point.find("/callbacks/" + settings_.connection + "/");
    return at != std::string::npos && subscription.type == completed_type;
}

sdk::Task<core::Result<void>> Subscriptions::load() {
    for (const auto& app : settings_.apps) {
        const auto entry = co_await host_.state.get(state_key(app));
        if (!entry) {
            co_return entry.error();
        }
        Kept kept;
        kept.version = entry->version;
        const auto value = json::parse(entry->value.empty() ? "{}" : entry->value);
        if (value) {
            kept.hash = (*value)["hash"].as_string();
            kept.old_hash = (*value)["old"].as_string();
            kept.id = (*value)["id"].as_string();
            kept.since = core::Time(core::Duration((*value)["since"].as_int()));
            kept.validated = (*value)["validated"].as_bool();
        }
        kept_[app] = std::move(kept);
    }
    loaded_ = true;
    loaded_at_ = host_.clock.steady();
    co_return core::Result<void>();
}

sdk::Task<bool> Subscriptions::save(const std::string& app, Kept kept) {
    json::Value value;
    value.set("hash", kept.hash).set("old", kept.old_hash).set("id", kept.id);
    value.set("since", kept.since.time_since_epoch().count()).set("validated", kept.validated);
    const auto version = co_await host_.state.put(state_key(app), json::write(value), kept.version);
    if (!version) {
        loaded_ = false;   // somebody else's is newer, or the store is away
        co_return false;
    }
    kept.version = *version;
    kept_[app] = std::move(kept);
    co_return true;
}

sdk::Task<core::Result<std::optional<std::string>>>
Subscriptions::app_of(const std::string& secret) {
    const std::string hash = hash_of(secret);
    for (int look = 0; look < 2; ++look) {
        for (const auto& [app, kept] : kept_) {
            const bool same = crypto::equal_in_constant_time(kept.hash, hash);
            const bool same_as_old = crypto::equal_in_constant_time(kept.old_hash, hash);
            if (same || same_as_old) {
                co_return std::optional<std::string>(app);
            }
        }
        if (loaded_ && host_.clock.steady() < loaded_at_ + reload_after) {
            break;
        }
        const auto fresh = co_await load();
        if (!fresh) {
            co_return fresh.error();
        }
    }
    co_return std::optional<std::string>();
}

/// The validation may come before the answer that tells the id.
bool Subscriptions::may_be(const std::string& app, const std::string& subscription) const {
    const auto found = kept_.find(app);
    return found != kept_.end() && (found->second.id.empty() || found->second.id == subscription);
}

bool Subscriptions::all_validated() const {
    return std::all_of(settings_.apps.begin(), settings_.apps.end(), [this](const auto& app) {
        const auto found = kept_.find(app);
        return found != kept_.end() && found->second.validated;
    });
}

sdk::Task<seconds> Subscriptions::tend() {
    if (!loaded_) {
        const auto fresh = co_await load();
        if (!fresh) {
            co_return look_soon;
        }
    }
    const bool had_one = std::any_of(kept_.begin(), kept_.end(),
                                     [](const auto& item) { return !item.second.hash.empty(); });
    if (settings_.callback_url.empty() && !had_one) {
        co_return look_again;
    }
    FormsClient::Make make = [this] { return list_subscriptions(settings_); };
    const auto reply =
        co_await client_.call(std::move(make), sdk::Effect::none, host_.clock.in(call_time_max));
    const auto all = reply.response && reply.response->status == 200
                         ? read_subscriptions(*reply.response)
                         : std::nullopt;
    if (!all) {
        const auto outcome = outcome_of(reply);
        host_.log.write(Severity::warning, "altinn_forms.subscriptions_unreadable",
                        {{"code", outcome.code.value}});
        co_return look_soon;
    }
    bool settled = true;
    for (const auto& app : settings_.apps) {
        const bool done = co_await tend(app, *all);
        settled = settled && done;
    }
    co_return settled ? look_again : look_soon;
}

/// True when there is nothing more to do for it.
sdk::Task<bool> Subscriptions::tend(const std::string& app, const std::vector<Subscription>& all) {
    Kept kept = kept_[app];
    std::optional<Subscription> current;
    std::vector<Subscription> others;
    for (const auto& subscription : all) {
        if (!is_ours(subscription) || subscription.resource != resource_of(settings_, app)) {
            continue;
        }
        const bool in_force = !settings_.callback_url.empty() && !kept.hash.empty() &&
                              subscription.end_point.starts_with(own_prefix()) &&
                              hash_of(secret_of(subscription.end_point)) == kept.hash;
        if (in_force && !current) {
            current = subscription;
        } else {
            others.push_back(subscription);
        }
    }
    if (settings_.callback_url.empty()) {
        for (const auto& subscription : others) {
            co_await remove(subscription);
        }
        kept.hash.clear();
        kept.old_hash.clear();
        kept.id.clear();
        kept.validated = false;
        co_return co_await save(app, std::move(kept));
    }
    if (!current) {
        co_return co_await make_new(app, std::move(kept));
    }
    const bool changed = kept.id != current->id || kept.validated != current->validated;
    kept.id = current->id;
    kept.validated = current->validated;
    if (!current->validated) {
        // Asked for again with the same filters, it is validated again.
        co_return co_await ask_for(app, std::move(kept), current->end_point);
    }
    if (changed) {
        const bool saved = co_await save(app, kept);
        if (!saved) {
            co_return false;
        }
    }
    kept.version = kept_[app].version;
    const bool deaf = host_.clock.now() < kept.since + deaf_at_most;
    if (deaf) {
        co_return others.empty() && kept.old_hash.empty();   // the old ones push until it hears
    }
    for (const auto& subscription : others) {
        co_await remove(subscription);
    }
    if (!kept.old_hash.empty()) {
        kept.old_hash.clear();
        co_return co_await save(app, std::move(kept));
    }
    co_return true;
}

sdk::Task<bool> Subscriptions::make_new(const std::string& app, Kept kept) {
    const std::string secret = new_secret(host_.ids);
    if (!kept.hash.empty()) {
        kept.old_hash = kept.hash;
    }
    kept.hash = hash_of(secret);
    kept.id.clear();
    kept.validated = false;
    kept.since = host_.clock.now();
    // Before it is asked for: the validation comes at once.
    if (!co_await save(app, kept)) {
        co_return false;
    }
    co_return co_await ask_for(app, kept_[app], own_prefix() + secret);
}

sdk::Task<bool> Subscriptions::ask_for(const std::string& app, Kept kept,
                                       const std::string& end_point) {
    GATEWAY_CRASH_POINT("altinn_forms.before_subscribe");
    FormsClient::Make make = [&] { return subscribe(settings_, app, end_point); };
    const auto reply = co_await client_.call(std::move(make), sdk::Effect::possible,
                                             host_.clock.in(call_time_max));
    const bool made =
        reply.response && (reply.response->status == 201 || reply.response->status == 200);
    const auto subscription = made ? read_subscription(*reply.response) : std::nullopt;
    if (!subscription) {
        const auto outcome = outcome_of(reply);
        host_.log.write(Severity::warning, "altinn_forms.not_subscribed",
                        {{"app", app}, {"code", outcome.code.value}});
        co_return false;
    }
    GATEWAY_CRASH_POINT("altinn_forms.subscribed");
    host_.log.write(Severity::info, "altinn_forms.subscribed",
                    {{"app", app}, {"subscription", subscription->id}});
    kept.id = subscription->id;
    kept.validated = subscription->validated;
    const bool saved = co_await save(app, std::move(kept));
    co_return saved && subscription->validated;
}

sdk::Task<void> Subscriptions::remove(const Subscription& subscription) {
    FormsClient::Make make = [&] { return unsubscribe(settings_, subscription.id); };
    const auto reply =
        co_await client_.call(std::move(make), sdk::Effect::none, host_.clock.in(call_time_max));
    const int status = reply.response ? reply.response->status : 0;
    host_.log.write(Severity::info, "altinn_forms.unsubscribed",
                    {{"subscription", subscription.id}, {"status", std::to_string(status)}});
}

}   // namespace gateway::altinn_forms
