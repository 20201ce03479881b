#include "tests/unit/adapter_altinn_forms/forms_world.hpp"

#include <catch2/catch.hpp>

using namespace forms_world;

namespace {

/// The adapter has looked at Altinn once.
void settle(World& world) {
    world.run_for(1s);
}

std::string read_stage(World& world, const Form& form) {
    for (const auto& [key, entry] : world.fakes.state.entries) {
        const auto value = json::parse(entry.value);
        if (key.starts_with("ledger/") && value && value->has(form.guid)) {
            return (*value)[form.guid]["s"].as_string();
        }
    }
    return "";
}

}   // namespace

TEST_CASE("forms: a form comes in whole, is stored, and only then confirmed") {
    World world;
    auto& form = world.altinn.add_form();
    world.altinn.add_file(form, "vedlegg", "image/png", "bilde.png", "png bytes", "Clean");
    world.altinn.add_file(form, "ref-data-as-pdf", "application/pdf", "kvittering.pdf", "%PDF");
    world.altinn.add_file(form, "model", "application/xml", "", "<skjema/>");
    std::size_t stored_when_confirmed = 0;
    world.altinn.on_confirm = [&](const Form&) { stored_when_confirmed = world.inbox(); };
    world.altinn.publish(form);
    world.run_for(2min);

    REQUIRE(world.inbox() == 1);
    CHECK(stored_when_confirmed == 1);
    CHECK(form.confirmations == 1);
    const auto& message = world.message();
    CHECK(message.type == "form/v1");
    CHECK(message.tenant->value == "991825827");
    CHECK(message.dedupe_id == "form/" + form.guid);
    CHECK(message.facts.app == "ttd/skjema");
    CHECK(message.facts.sender.empty());
    CHECK(message.received_at == form.changed);
    const auto& content = message.content;
    CHECK(content["instance"].as_string() == form.id());
    CHECK(content["submitter"]["person"].as_string() == "17859130003");
    REQUIRE(message.documents.size() == 3);
    CHECK(content["documents"].items()[0]["role"].as_string() == "answers");
    CHECK(content["documents"].items()[1]["role"].as_string() == "receipt");
    CHECK(content["documents"].items()[2]["name"].as_string() == "bilde.png");
    CHECK(world.fakes.documents.bytes_of(message.documents[0].sha256) == "<skjema/>");
    CHECK(world.fakes.documents.bytes_of(message.documents[2].sha256) == "png bytes");
    CHECK_FALSE(world.fakes.log.holds("17859130003"));
}

TEST_CASE("forms: a webhook's form is fetched at once, long before the feed gives its event") {
    World world;
    settle(world);
    world.validate();
    auto& form = world.altinn.add_form();
    CHECK(world.call_back(world.secret(), world.altinn.publish(form)) ==
          sdk::CallbackAnswer::taken);
    world.run_for(1s);
    CHECK(world.inbox() == 1);
    CHECK(form.confirmed);
    world.run_for(5min);
    CHECK(world.inbox() == 1);
    CHECK(form.confirmations == 1);
}

TEST_CASE("forms: a hint that was taken survives a crash before anything was fetched") {
    World world;
    settle(world);
    auto& form = world.altinn.add_form();
    form.listed = false;   // nothing but the webhook tells of it
    CHECK(world.call_back(world.secret(), json::write(world.altinn.event_of(form))) ==
          sdk::CallbackAnswer::taken);
    world.restart();
    world.run_for(5s);
    CHECK(world.inbox() == 1);
    CHECK(form.confirmed);
}

TEST_CASE("forms: forged, strange and misplaced call-backs are refused without effect") {
    World world;
    settle(world);
    world.validate();
    auto& form = world.altinn.add_form();
    form.listed = false;
    const std::string text = json::write(world.altinn.event_of(form));
    const std::string secret = world.secret();
    REQUIRE(secret.size() == 43);
    std::string forged = secret;
    forged[10] = forged[10] == 'A' ? 'B' : 'A';
    CHECK(world.call_back(forged, text) == sdk::CallbackAnswer::stranger);
    CHECK(world.call_back(secret.substr(0, 42), text) == sdk::CallbackAnswer::stranger);
    CHECK(world.call_back("", text) == sdk::CallbackAnswer::stranger);
    CHECK(world.call_back(world.secret("annet"), text) == sdk::CallbackAnswer::refused);

    const auto with = [&](const char* member, const json::Value& value) {
        auto event = world.altinn.event_of(form);
        event.set(member, value);
        return json::write(event);
    };
    const auto without = [&](const char* member) {
        auto event = world.altinn.event_of(form);
        event.remove(member);
        return json::write(event);
    };
    const std::string base = "https://ttd.apps.test/ttd/";
    for (const auto& body :
         {std::string(), std::string("{}"), std::string("[]"), std::string("not json"),
          without("id"), without("source"), without("type"), without("specversion"),
          with("specversion", "0.3"), with("type", "app.instance.created"), with("id", 7),
          with("source", base + "skjema/instances/"),
          with("source", base + "fremmed/instances/" + form.id()),
          with("source", base + "skjema/instances/../" + form.id()),
          with("source", base + "skjema/instances/" + form.id() + "/data"),
          with("source", "https://evil.test/ttd/skjema/instances/" + form.id()),
          with("resource", "urn:altinn:resource:app_ttd_annet"),
          with("resourceinstance", "50015641/a72223a3-926b-4095-a2a6-bacc10815f2d"),
          std::string(300, '[')}) {
        CAPTURE(body);
        CHECK(world.call_back(secret, body) == sdk::CallbackAnswer::refused);
    }
    const auto calls = world.altinn.asked.size();
    world.run_for(2s);
    CHECK(world.altinn.asked.size() == calls);
    CHECK(world.inbox() == 0);
    CHECK(read_stage(world, form).empty());
    CHECK_FALSE(world.fakes.log.holds(secret));
}

TEST_CASE("forms: a replayed call-back has no effect") {
    World world;
    settle(world);
    auto& form = world.altinn.add_form();
    const auto text = json::write(world.altinn.event_of(form));
    CHECK(world.call_back(world.secret(), text) == sdk::CallbackAnswer::taken);
    world.run_for(2s);
    REQUIRE(form.confirmed);
    const auto calls = world.altinn.asked.size();
    for (int i = 0; i < 20; ++i) {
        CHECK(world.call_back(world.secret(), text) == sdk::CallbackAnswer::taken);
    }
    world.run_for(2s);
    CHECK(world.altinn.asked.size() == calls);
    CHECK(world.inbox() == 1);
}

TEST_CASE("forms: a hint that cannot be stored is not acknowledged") {
    World world;
    settle(world);
    auto& form = world.altinn.add_form();
    form.listed = false;
    const auto secret = world.secret();
    const auto kept = world.fakes.state.entries;
    class FullState final : public sdk::State {
    public:
        sdk::Task<core::Result<Entry>> get(std::string) override {
            co_return core::Failure(core::Errc::storage_failed);
        }
        sdk::Task<core::Result<std::uint64_t>> put(std::string, std::string,
                                                   std::uint64_t) override {
            co_return core::Failure(core::Errc::storage_full);
        }
    } full;
    sdk::Host broken{world.altinn,          world.fakes.streams,   world.fakes.tokens,
                     world.fakes.documents, world.fakes.keys,      full,
                     *world.fakes.ids,      world.fakes.clock,     world.fakes.log,
                     world.fakes.metrics,   world.fakes.registers, world.fakes.inbound,
                     world.fakes.spools,    world.fakes.work};
    sdk::ConnectionFacts facts;
    facts.connection = "altinn-skjema";
    facts.base_url = "https://platform.test";
    facts.settings = settings_text;
    const auto adapter = std::move(*forms::create(facts, broken));
    sdk::Callback call;
    call.secret = secret;
    call.body = json::write(world.altinn.event_of(form));
    CHECK(tests::run(adapter->receiver()->on_callback(call, world.fakes.in(1s))) ==
          sdk::CallbackAnswer::not_kept);
}

TEST_CASE("forms: an infected file is named and never fetched, the rest comes in") {
    World world;
    auto& form = world.altinn.add_form();
    world.altinn.add_file(form, "model", "application/xml", "", "<skjema/>");
    const auto bad =
        world.altinn.add_file(form, "vedlegg", "image/png", "virus.png", "evil", "Infected");
    world.altinn.publish(form);
    world.run_for(2min);
    REQUIRE(world.inbox() == 1);
    CHECK(world.altinn.count("GET", bad) == 0);
    CHECK(world.message().documents.size() == 1);
    const auto& withheld = world.message().content["withheld"].items();
    REQUIRE(withheld.size() == 1);
    CHECK(withheld[0]["name"].as_string() == "virus.png");
    CHECK(withheld[0]["reason"].as_string() == "infected");
    CHECK(world.fakes.log.holds("altinn_forms.infected"));
    CHECK(form.confirmed);
}

TEST_CASE("forms: a scan that is pending, or ends in a word we do not know, is waited for") {
    World world;
    auto& form = world.altinn.add_form();
    world.altinn.add_file(form, "vedlegg", "image/png", "b.png", "png", "Pending");
    world.altinn.publish(form);
    world.run_for(3min);
    CHECK(world.inbox() == 0);
    CHECK_FALSE(form.confirmed);
    form.data.mutable_items()[0].set("fileScanResult", "Postponed");
    world.run_for(20min);
    CHECK(world.inbox() == 0);
    form.data.mutable_items()[0].set("fileScanResult", "Clean");
    world.run_for(15min);
    CHECK(world.inbox() == 1);
    CHECK(form.confirmed);
}

TEST_CASE("forms: a file of another length than was said is fetched again, then left to a person") {
    World world;
    auto& form = world.altinn.add_form();
    const auto id = world.altinn.add_file(form, "vedlegg", "image/png", "b.png", "0123456789");
    form.bytes[id] = GENERATE("01234", "0123456789ab");
    world.altinn.publish(form);
    world.run_for(3min);
    CHECK(world.inbox() == 0);
    CHECK(world.fakes.inbound.oddities.empty());
    SECTION("and comes in when it is right again") {
        form.bytes[id] = "0123456789";
        world.run_for(15min);
        CHECK(world.inbox() == 1);
        CHECK(form.confirmed);
    }
    SECTION("and is never confirmed when it stays wrong") {
        world.run_for(2h);
        CHECK(world.inbox() == 0);
        REQUIRE(world.fakes.inbound.oddities.size() == 1);
        CHECK(world.fakes.inbound.oddities[0].code.value == "altinn_forms.wrong_length");
        CHECK_FALSE(form.confirmed);
        CHECK(read_stage(world, form) == "aside");
    }
}

TEST_CASE("forms: a huge form is set aside whole, and not confirmed") {
    World world;
    auto& form = world.altinn.add_form();
    SECTION("of bytes") {
        world.altinn.add_file(form, "vedlegg", "image/png", "b.png", "x");
        form.data.mutable_items()[0].set("size", std::int64_t{6} << 30U);
    }
    SECTION("of bytes whose sum is past any number") {
        for (int i = 0; i < 3; ++i) {
            world.altinn.add_file(form, "vedlegg", "image/png", "b.png", "x");
            form.data.mutable_items()[static_cast<std::size_t>(i)].set(
                "size", std::numeric_limits<std::int64_t>::max());
        }
    }
    SECTION("of files") {
        for (int i = 0; i < 501; ++i) {
            world.altinn.add_file(form, "vedlegg", "image/png", "b.png", "x");
        }
    }
    world.altinn.publish(form);
    world.run_for(2min);
    CHECK(world.inbox() == 0);
    REQUIRE(world.fakes.inbound.oddities.size() == 1);
    CHECK(world.fakes.inbound.oddities[0].code.value == "altinn_forms.too_large");
    CHECK_FALSE(form.confirmed);
    CHECK(world.altinn.count("GET", "/data/") == 0);
}

TEST_CASE("forms: what the inbox cannot keep now is not confirmed, and is kept later") {
    World world;
    auto& form = world.altinn.add_form();
    world.altinn.publish(form);
    world.fakes.inbound.failure = core::Failure(core::Errc::storage_full);
    world.run_for(10min);
    CHECK_FALSE(form.confirmed);
    world.fakes.inbound.failure.reset();
    world.run_for(10min);
    CHECK(world.inbox() == 1);
    CHECK(form.confirmations == 1);
}

TEST_CASE("forms: what the inbox takes in no form is set aside, and is not confirmed") {
    World world;
    auto& form = world.altinn.add_form();
    world.altinn.publish(form);
    auto& inbound = world.fakes.inbound;
    inbound.failure = core::Failure(core::Errc::invalid_argument);
    inbound.on_call = [&] {
        if (inbound.calls > 1) {   // of the message alone
            inbound.failure.reset();
        }
    };
    world.run_for(10min);
    REQUIRE(world.fakes.inbound.oddities.size() == 1);
    CHECK(world.fakes.inbound.oddities[0].code.value == "altinn_forms.not_accepted");
    CHECK_FALSE(form.confirmed);
}

TEST_CASE("forms: an instance that cannot be read, however often it is asked for, is set aside") {
    World world;
    auto& form = world.altinn.add_form();
    world.altinn.publish(form);
    world.altinn.instead =
        [&](const Asked& asked) -> std::optional<sdk::Result<sdk::HttpResponse>> {
        if (asked.method == "GET" && asked.url.ends_with("/instances/" + form.id())) {
            return sdk::Result<sdk::HttpResponse>(sdk::HttpResponse(200, R"({"id":7})"));
        }
        return std::nullopt;
    };
    world.run_for(1h);
    REQUIRE(world.fakes.inbound.oddities.size() == 1);
    CHECK(world.fakes.inbound.oddities[0].code.value == "altinn_forms.unreadable");
    CHECK_FALSE(form.confirmed);
}

TEST_CASE("forms: a crash at any step ends as one copy, confirmed") {
    // Each answer in turn is lost, and the gateway starts anew with what was durable.
    int steps = 0;
    for (int fail_at = 0; fail_at < 12; ++fail_at) {
        World world;
        auto& form = world.altinn.add_form();
        world.altinn.add_file(form, "model", "application/xml", "", "<skjema/>");
        world.altinn.add_file(form, "vedlegg", "image/png", "b.png", "png");
        world.altinn.publish(form);
        int calls = 0;
        world.altinn.instead =
            [&](const Asked& one) -> std::optional<sdk::Result<sdk::HttpResponse>> {
            if (one.url.find("/instances/") == std::string::npos || calls++ != fail_at) {
                return std::nullopt;
            }
            ++steps;
            if (one.url.ends_with("/complete")) {
                form.confirmed = true;   // it took effect
            }
            return core::Failure(core::Errc::answer_lost);
        };
        world.run_for(40s);
        world.restart();
        world.run_for(30min);
        CAPTURE(fail_at);
        CHECK(world.inbox() == 1);
        CHECK(form.confirmed);
        CHECK(read_stage(world, form) == "done");
    }
    CHECK(steps >= 4);   // instance, two files, complete
}

TEST_CASE("forms: 429 makes all wait as long as is asked, and nothing is lost") {
    World world;
    for (int i = 0; i < 5; ++i) {
        world.altinn.publish(world.altinn.add_form());
    }
    bool limited = true;
    world.altinn.instead = [&](const Asked& one) -> std::optional<sdk::Result<sdk::HttpResponse>> {
        if (!limited || one.url.find("/instances/") == std::string::npos) {
            return std::nullopt;
        }
        sdk::HttpResponse response(429, "");
        response.headers.emplace_back("Retry-After", "120");
        return response;
    };
    world.run_for(50s);
    CHECK(world.altinn.count("GET", "/instances/") == 1);
    world.run_for(100s);
    CHECK(world.altinn.count("GET", "/instances/") == 2);
    limited = false;
    world.run_for(10min);
    CHECK(world.inbox() == 5);
}

TEST_CASE("forms: what somebody else confirmed before our time is not fetched") {
    World world;
    auto& form = world.altinn.add_form();
    form.confirmed_first = true;
    world.altinn.publish(form);
    world.run_for(2min);
    CHECK(world.inbox() == 0);
    CHECK(form.confirmations == 0);
    CHECK(read_stage(world, form) == "done");
}

TEST_CASE("forms: an event that came before the form was sent in is forgotten, not lost") {
    World world;
    settle(world);
    auto& form = world.altinn.add_form();
    form.ended = false;
    const auto text = json::write(world.altinn.event_of(form));
    CHECK(world.call_back(world.secret(), text) == sdk::CallbackAnswer::taken);
    world.run_for(2s);
    CHECK(read_stage(world, form).empty());
    form.ended = true;
    CHECK(world.call_back(world.secret(), text) == sdk::CallbackAnswer::taken);
    world.run_for(2s);
    CHECK(world.inbox() == 1);
}

TEST_CASE("forms: a form that Altinn does not have is asked for an hour, then told of") {
    World world;
    settle(world);
    Form ghost;
    ghost.guid = "a72223a3-926b-4095-a2a6-bacc10815f2d";
    CHECK(world.call_back(world.secret(), json::write(world.altinn.event_of(ghost))) ==
          sdk::CallbackAnswer::taken);
    world.run_for(30min);
    CHECK(world.fakes.inbound.oddities.empty());
    world.run_for(3h);
    REQUIRE(world.fakes.inbound.oddities.size() == 1);
    CHECK(world.fakes.inbound.oddities[0].code.value == "altinn_forms.not_found");
    const auto calls = world.altinn.count("GET", ghost.guid);
    world.run_for(3h);
    CHECK(world.altinn.count("GET", ghost.guid) == calls);
}
