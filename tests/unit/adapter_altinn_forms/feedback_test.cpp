// What a specialist system says of a form, back to its instance.

#include "adapters/altinn_forms/forms_system_answer.hpp"
#include "tests/unit/adapter_altinn_forms/forms_world.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace forms_world;

namespace {

constexpr const char* pdf = "%PDF-1.7 vedtak";
constexpr const char* examples = SLUSE_SOURCE_DIR "/schemas/messages/formanswer/examples/";

struct Told {
    World world;
    Form* form = nullptr;
    core::DocumentRef decision;

    Told() : form(&world.altinn.add_form()), decision(world.fakes.documents.add("v.pdf", pdf)) {}

    json::Value file(const char* name = "Vedtak på søknad.pdf") const {
        json::Value one;
        one.set("sha256", decision.sha256.to_hex()).set("name", name);
        one.set("mediaType", "application/pdf").set("documentType", "vedtak");
        return one;
    }
    json::Value answer() const {
        json::Value value;
        value.set("documents", json::Value::array().push(file()));
        value.set("substatus", json::Value::object().set("label", "Innvilget"));
        return value;
    }
    sdk::Outcome tell(const json::Value& said) {
        sdk::InboundSettled settled;
        settled.memo = "skjema/" + form->id();
        settled.answer = said;
        return tests::run(
            world.io, world.adapter->receiver()->settled(std::move(settled), world.fakes.in(60s)));
    }
    std::size_t files() const { return form->data.items().size(); }
};

json::Value read_json(const std::filesystem::path& path) {
    std::ifstream stream(path);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto value = json::parse(text);
    REQUIRE(value.has_value());
    return *value;
}

}   // namespace

TEST_CASE("feedback: files are put beside the form first, then the substatus tells of them") {
    Told told;
    CHECK(told.tell(told.answer()).verdict == sdk::Verdict::accepted);
    REQUIRE(told.files() == 1);
    const auto& element = told.form->data.items()[0];
    CHECK(element["filename"].as_string() == "Vedtak på søknad.pdf");
    CHECK(element["dataType"].as_string() == "vedtak");
    CHECK(element["contentType"].as_string() == "application/pdf");
    CHECK(told.form->bytes[element["id"].as_string()] == pdf);
    const auto& asked = told.world.altinn.asked;
    CHECK(asked.back().method == "PUT");
    CHECK(asked.back().url.ends_with("/substatus"));
    CHECK(asked[asked.size() - 2].url.find("platform.test/storage/") != std::string::npos);
}

TEST_CASE("feedback: an answer that was lost puts nothing there twice") {
    Told told;
    bool lose = true;
    told.world.altinn.instead =
        [&](const Asked& asked) -> std::optional<sdk::Result<sdk::HttpResponse>> {
        if (asked.method == "POST" && lose) {
            lose = false;
            told.world.altinn.add_file(*told.form, "vedtak", "application/pdf",
                                       "Vedtak på søknad.pdf", asked.body);
            return sdk::Result<sdk::HttpResponse>(core::Failure(core::Errc::answer_lost, "cut"));
        }
        return std::nullopt;
    };
    CHECK(told.tell(told.answer()).verdict != sdk::Verdict::accepted);
    CHECK(told.tell(told.answer()).verdict == sdk::Verdict::accepted);
    CHECK(told.tell(told.answer()).verdict == sdk::Verdict::accepted);
    CHECK(told.files() == 1);
}

TEST_CASE("feedback: another file of the same name and length is no reason to leave ours out") {
    Told told;
    told.world.altinn.add_file(*told.form, "vedtak", "application/pdf", "Vedtak på søknad.pdf",
                               std::string(std::string_view(pdf).size(), 'x'));
    CHECK(told.tell(told.answer()).verdict == sdk::Verdict::accepted);
    CHECK(told.files() == 2);
}

TEST_CASE("feedback: a file that is not here is told, and nothing is shown") {
    Told told;
    auto value = told.answer();
    auto file = told.file();
    file.set("sha256", std::string(64, 'a'));
    value.set("documents", json::Value::array().push(std::move(file)));
    const auto outcome = told.tell(value);
    CHECK(outcome.verdict == sdk::Verdict::rejected);
    CHECK(outcome.code.value == "altinn_forms.feedback_missing");
    CHECK(told.files() == 0);
    CHECK(told.world.altinn.count("PUT", "/substatus") == 0);
}

TEST_CASE("feedback: what Altinn refuses is final, and what passes is told again") {
    Told told;
    const auto [status, verdict] =
        GENERATE(std::pair(400, sdk::Verdict::rejected), std::pair(403, sdk::Verdict::rejected),
                 std::pair(404, sdk::Verdict::rejected), std::pair(409, sdk::Verdict::rejected),
                 std::pair(429, sdk::Verdict::try_later), std::pair(503, sdk::Verdict::try_later));
    CAPTURE(status);
    told.world.altinn.instead =
        [status = status](const Asked& asked) -> std::optional<sdk::Result<sdk::HttpResponse>> {
        if (asked.method == "POST") {
            return sdk::Result<sdk::HttpResponse>(sdk::HttpResponse(status, ""));
        }
        return std::nullopt;
    };
    const auto outcome = told.tell(told.answer());
    CHECK(outcome.verdict == verdict);
    if (status == 400 || status == 409) {
        CHECK(outcome.code.value == "altinn_forms.refused");
    }
    CHECK(told.files() == 0);
    CHECK(told.world.altinn.count("PUT", "/substatus") == 0);
}

TEST_CASE("feedback: without an answer Altinn is not called") {
    Told told;
    for (const char* nothing : {"null", "{}", R"({"documents":[]})"}) {
        CHECK(told.tell(*json::parse(nothing)).verdict == sdk::Verdict::accepted);
    }
    CHECK(told.world.altinn.asked.empty());
}

TEST_CASE("feedback: what the schema lets through is read, and what it refuses is refused") {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(examples) + "valid")) {
        INFO(entry.path().string());
        CHECK(forms::read_system_answer(read_json(entry.path())).wrong.empty());
        ++count;
    }
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(examples) + "invalid")) {
        INFO(entry.path().string());
        if (entry.path().filename() != "expect.json") {
            CHECK_FALSE(forms::read_system_answer(read_json(entry.path())).wrong.empty());
            ++count;
        }
    }
    CHECK(count == 22);
    const auto wrong = [](const char* said) {
        return forms::read_system_answer(*json::parse(said)).wrong.value;
    };
    CHECK(wrong(R"({"substatus":{"label":7}})") == "altinn_forms.substatus_wrong");
    CHECK(wrong(R"({"documents":[{"sha256":"no"}]})") == "altinn_forms.feedback_wrong");
    const auto long_label = json::parse(R"({"substatus":{"label":")" + [] {
        std::string text;
        for (int i = 0; i < 100; ++i) {
            text += "ø";   // characters, not bytes
        }
        return text;
    }() + R"("}})");
    CHECK(forms::read_system_answer(*long_label).wrong.empty());
}
