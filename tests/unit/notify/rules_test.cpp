#include "gateway/notify/pace.hpp"
#include "gateway/notify/settings.hpp"
#include "gateway/notify/signing.hpp"
#include "gateway/runtime/ids.hpp"
#include "tests/support/manual_clock.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

notify::CallResult failed(int status = 500) {
    notify::CallResult result;
    result.status = status;
    result.code = "subscription.call_refused";
    return result;
}

}   // namespace

TEST_CASE("webhooks: a signature is the one that Standard Webhooks says") {
    // The key's bytes are "0123456789abcdef0123456789abcdef"; checked with openssl dgst -mac HMAC.
    const std::string secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    const core::Time at{std::chrono::seconds(1700000000)};
    const auto one = notify::signed_headers("msg_1", at, R"({"a":1})", {secret});
    CHECK(sdk::find_header(one, "webhook-id") == "msg_1");
    CHECK(sdk::find_header(one, "webhook-timestamp") == "1700000000");
    CHECK(sdk::find_header(one, "webhook-signature") ==
          "v1,rkwp5YuvdrMkcu0ZhuMsXoTg44mHAr1Q0+FFgFpXsjY=");
    const auto two = notify::signed_headers("msg_1", at, R"({"a":1})", {secret, secret});
    CHECK(std::string(sdk::find_header(two, "webhook-signature")) ==
          std::string(sdk::find_header(one, "webhook-signature")) + " " +
              std::string(sdk::find_header(one, "webhook-signature")));
}

TEST_CASE("webhooks: settings come back as they were sealed, and only for their subscription") {
    tests::ManualClock clock;
    const auto ids = runtime::make_seeded_ids(clock, 3);
    const crypto::Vault vault{crypto::SecretKey(std::array<std::uint8_t, 32>{1})};
    notify::Settings settings;
    settings.url = "https://example.no/hook?token=x";
    settings.events = {"no.sluse.message.delivered.v1"};
    settings.description = "æøå";
    settings.secrets = {notify::new_secret(*ids, clock.now())};
    ports::Subscription subscription;
    subscription.id = ids->uuid();
    REQUIRE(notify::seal_settings(settings, vault, *ids, subscription).has_value());
    CHECK(subscription.sealed_settings.find("example.no") == std::string::npos);
    const auto opened = notify::open_settings(subscription, vault);
    REQUIRE(opened.has_value());
    CHECK(opened->url == settings.url);
    CHECK(opened->events == settings.events);
    CHECK(opened->description == settings.description);
    CHECK(opened->secrets.front().text == settings.secrets.front().text);
    CHECK(settings.secrets.front().text.size() == 6 + 44);
    subscription.id = ids->uuid();
    CHECK_FALSE(notify::open_settings(subscription, vault).has_value());
}

TEST_CASE("webhooks: after a rotation both secrets sign until the overlap ends") {
    tests::ManualClock clock;
    const auto ids = runtime::make_seeded_ids(clock, 3);
    notify::Settings settings;
    settings.secrets = {notify::new_secret(*ids, clock.now())};
    const auto first = settings.secrets.front().text;
    const auto now = clock.now();
    notify::rotate(settings, notify::new_secret(*ids, now), now + 24h);
    const auto second = settings.secrets.front().text;
    CHECK(first != second);
    CHECK(notify::signing_secrets(settings, now) == std::vector<std::string>{second, first});
    CHECK(notify::signing_secrets(settings, now + 24h) == std::vector<std::string>{second});
    notify::rotate(settings, notify::new_secret(*ids, now), now + 48h);   // the first's end stays
    CHECK(notify::signing_secrets(settings, now + 25h).size() == 2);
    for (int i = 0; i < 5; ++i) {
        notify::rotate(settings, notify::new_secret(*ids, now), now + 24h);
    }
    CHECK(settings.secrets.size() == 3);
}

TEST_CASE("webhooks: a subscription wants the events it names, or all") {
    notify::Settings settings;
    CHECK(notify::wants(settings, "no.sluse.message.sent.v1"));
    settings.events = {"no.sluse.message.delivered.v1", "no.sluse.subscription.*"};
    CHECK(notify::wants(settings, "no.sluse.message.delivered.v1"));
    CHECK(notify::wants(settings, "no.sluse.subscription.disabled.v1"));
    CHECK_FALSE(notify::wants(settings, "no.sluse.message.sent.v1"));
    CHECK(notify::is_event_pattern("no.sluse.*"));
    for (const auto* text : {"", "*", "no.sluse", "no.sluse.*.v1", "com.other.x", "no.sluse.Å"}) {
        CAPTURE(text);
        CHECK_FALSE(notify::is_event_pattern(text));
    }
}

TEST_CASE("webhooks: a failed event waits by the schedule, with a random part, over days") {
    const core::WebhookConfig config;
    core::Time now{std::chrono::hours(500'000)};
    ports::WaitingCall call;
    call.since = now;
    std::vector<core::Duration> waits;
    for (int i = 0; i < 8; ++i) {
        call = notify::after_failure(call, failed(), now, config, 0);
        REQUIRE(call.due.has_value());
        waits.push_back(*call.due - now);
    }
    const std::vector<core::Duration> expected{5s, 5min, 30min, 2h, 5h, 10h, 10h, 10h};
    CHECK(waits == expected);
    CHECK(call.attempts == 8);
    const auto late = notify::after_failure({}, failed(), now, config, 200);
    CHECK(*notify::after_failure(call, failed(), now, config, 200).due - now == 12h);
    auto asked = failed(503);
    asked.retry_after = 600s;
    ports::WaitingCall fresh;
    fresh.since = now;
    CHECK(*notify::after_failure(fresh, asked, now, config, 0).due - now == 600s);
    asked.retry_after = 100'000s;
    CHECK(*notify::after_failure(fresh, asked, now, config, 0).due - now == 3600s);   // capped
    CHECK_FALSE(late.due.has_value());   // it has failed since 1970: given up
    now += 120h;
    CHECK_FALSE(notify::after_failure(call, failed(), now, config, 0).due.has_value());
}

TEST_CASE("webhooks: an endpoint that fails is left alone for longer and longer, and one success "
          "forgives all") {
    const core::WebhookConfig config;
    const core::Time now{std::chrono::hours(500'000)};
    ports::SubscriptionProgress progress;
    notify::note(progress, failed(), now, config, 0);
    notify::note(progress, failed(), now + 1s, config, 0);
    CHECK_FALSE(progress.retry_at.has_value());
    notify::note(progress, failed(), now + 2s, config, 0);
    CHECK(progress.retry_at == now + 7s);
    notify::note(progress, failed(), now + 7s, config, 0);
    CHECK(progress.retry_at == now + 17s);
    for (int i = 0; i < 20; ++i) {
        notify::note(progress, failed(), now + 60s, config, 0);
    }
    CHECK(progress.retry_at == now + 60s + 5min);
    CHECK(progress.failing_since == now);
    CHECK(progress.last_code == core::Code("subscription.call_refused"));
    CHECK_FALSE(notify::has_failed_too_long(progress, now + 119h, config));
    CHECK(notify::has_failed_too_long(progress, now + 120h, config));
    notify::CallResult good;
    good.delivered = true;
    notify::note(progress, good, now + 61s, config, 0);
    CHECK(progress.failures == 0);
    CHECK_FALSE(progress.retry_at.has_value());
    CHECK_FALSE(progress.failing_since.has_value());
    CHECK(progress.last_success == now + 61s);
    auto asked = failed(429);
    asked.retry_after = 30s;
    notify::note(progress, asked, now + 62s, config, 0);
    CHECK(progress.retry_at == now + 92s);   // at once, when it asks for it
}
