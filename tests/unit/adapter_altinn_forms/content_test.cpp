// The message made of a form, judged by the schema that specialist systems read it by.

#include "adapters/altinn_forms/forms_content.hpp"
#include "gateway/json/schema.hpp"
#include "tests/unit/adapter_altinn_forms/forms_world.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace forms_world;

namespace {

std::string faults_of(const json::Value& content) {
    std::ifstream stream(SLUSE_SOURCE_DIR "/schemas/messages/form/v1.schema.json");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto schema = json::Schema::compile(text);
    REQUIRE(schema.has_value());
    std::string all;
    for (const auto& fault : schema->check(content)) {
        all += fault.pointer + " " + fault.keyword + " " + fault.detail + "\n";
    }
    return all;
}

/// An instance with this owner, without files.
json::Value content_of(const std::string& owner) {
    const auto value = json::parse(
        R"({"id":"50015641/a72223a3-2b9f-4f9f-8f6f-0a5f2f6a7b8c","appId":"ttd/skjema",
        "process":{"ended":"2026-01-15T11:58:00Z"},"instanceOwner":)" +
        owner + "}");
    REQUIRE(value.has_value());
    forms::Settings settings;
    settings.org = "ttd";
    settings.apps = {"skjema"};
    const auto instance = forms::read_instance(*value, settings);
    REQUIRE(instance.has_value());
    return forms::inbound_of(*instance, {}, {}, settings).content;
}

}   // namespace

TEST_CASE("content: a form that came in with every kind of file is form/v1 by our own schema") {
    World world;
    auto& form = world.altinn.add_form();
    world.altinn.add_file(form, "model", "application/xml", "", "<skjema/>");
    world.altinn.add_file(form, "ref-data-as-pdf", "application/pdf", "kvittering.pdf", "%PDF");
    world.altinn.add_file(form, "vedlegg", "", "..", "x", "Clean");
    world.altinn.add_file(form, "vedlegg", "image/png", "..\\b/i\n.png", "png", "Clean");
    world.altinn.add_file(form, "vedlegg", "image/png", std::string(5000, 'n'), "png", "Clean");
    world.altinn.add_file(form, "vedlegg", "image/png", "virus.png", "ond", "Infected");
    world.altinn.publish(form);
    world.run_for(2min);
    REQUIRE(world.inbox() == 1);
    const auto& content = world.message().content;
    CHECK(faults_of(content).empty());
    CHECK(content["documents"].items().size() == 5);
    CHECK(content["withheld"].items().size() == 1);
    CHECK(content["documents"].items()[2]["name"].as_string() == "fil");
    CHECK(content["documents"].items()[2]["mediaType"].as_string() == "application/octet-stream");
    CHECK(content["documents"].items()[3]["name"].as_string() == ".._b_i .png");
}

TEST_CASE("content: whoever sent it in, a form is form/v1, and no number is taken for another") {
    const std::pair<const char*, const char*> owners[] = {
        {R"({"partyId":"50015641","personNumber":"17859130003"})", "person"},
        {R"({"partyId":"50015641","organisationNumber":"310002003"})", "organisation"},
        {R"({"partyId":"50015641","username":"selvregistrert"})", ""},
        {R"({"partyId":"50015641","personNumber":"1785913000x"})", ""},
        {R"({"partyId":"50015641","personNumber":"310002003"})", ""},
        {R"({"partyId":"50015641","organisationNumber":" 31000203"})", ""},
        {R"({"partyId":"50015641","organisationNumber":310002003})", ""},
        {"null", ""}};
    for (const auto& [owner, known] : owners) {
        CAPTURE(owner);
        const auto content = content_of(owner);
        CHECK(faults_of(content).empty());
        CHECK(content["submitter"].has("person") == (std::string(known) == "person"));
        CHECK(content["submitter"].has("organisation") == (std::string(known) == "organisation"));
    }
}

TEST_CASE("content: a form of a confidential app says so, and no other does") {
    std::string text = settings_text;
    text.insert(1, R"("confidential_apps":["annet"],)");
    World world(text);
    world.altinn.publish(world.altinn.add_form("annet"));
    world.altinn.publish(world.altinn.add_form("skjema"));
    world.run_for(3min);
    REQUIRE(world.inbox() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& content = world.message(i).content;
        CHECK(faults_of(content).empty());
        const bool of_other = world.message(i).facts.app.ends_with("/annet");
        CHECK(content.has("confidential") == of_other);
        CHECK(content["confidential"].as_bool(false) == of_other);
    }
}

TEST_CASE("content: an app that is said to be confidential is one of the apps") {
    sdk::ConnectionFacts facts;
    facts.base_url = "https://platform.test";
    facts.settings = settings_text;
    facts.settings.insert(1, R"("confidential_apps":["ukjent"],)");
    const auto settings = forms::read_settings(facts);
    REQUIRE(settings.has_error());
    CHECK(settings.error().detail.find("ukjent") != std::string::npos);
}
