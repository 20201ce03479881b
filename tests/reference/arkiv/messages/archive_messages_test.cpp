#include "adapters/fiks_io/arkiv/arkiv.hpp"
#include "gateway/json/schema.hpp"
#include "xml_schema.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

using namespace gateway;
using tests::arkiv::XmlSchema;

namespace {

constexpr const char* type_folder = SLUSE_SOURCE_DIR "/schemas/messages/archive/";

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file.good());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<json::Value> examples() {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(type_folder) + "examples/valid")) {
        paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<json::Value> messages;
    for (const auto& path : paths) {
        messages.push_back(*json::parse_or_failure(read(path)));
    }
    return messages;
}

std::vector<core::DocumentRef> documents_of(const json::Value& message) {
    std::vector<core::DocumentRef> documents;
    for (const auto& one : message["documents"].items()) {
        core::DocumentRef document;
        document.name = one["name"].as_string();
        document.media_type = one["mediaType"].as_string();
        document.size = documents.size() * 3'000'000'000U;
        documents.push_back(std::move(document));
    }
    return documents;
}

/// One schema a message type, read once.
class Judge {
public:
    std::string faults(const fiks_io::arkiv::Outgoing& outgoing) {
        auto found = schemas_.find(outgoing.message_type);
        if (found == schemas_.end()) {
            found = schemas_.emplace(outgoing.message_type, XmlSchema(outgoing.message_type)).first;
        }
        return found->second.faults(outgoing.payload);
    }

    std::size_t types() const { return schemas_.size(); }

private:
    std::map<std::string, XmlSchema> schemas_;
};

core::Result<fiks_io::arkiv::Outgoing> made(const json::Value& message) {
    return fiks_io::arkiv::message_of(
        message, documents_of(message),
        {"Fagsystem <&>", "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21", core::Time{}});
}

/// A part of the message is left out, another list item doubled, a text changed: at random.
class Shaker {
public:
    explicit Shaker(std::uint32_t seed) : engine_(seed) {}

    json::Value shaken(const json::Value& value, int keep_percent) {
        if (value.is_object()) {
            json::Value object = json::Value::object();
            for (const auto& [name, inner] : value.members()) {
                const bool must = name == "type" || name == "version" || name == "intent";
                if (must || percent() < keep_percent) {
                    object.set(name, must ? inner : shaken(inner, keep_percent));
                }
            }
            return object;
        }
        if (value.is_array()) {
            json::Value list = json::Value::array();
            for (const auto& item : value.items()) {
                for (int copies = percent() < 20 ? 2 : 1; copies > 0; --copies) {
                    list.push(shaken(item, keep_percent));
                }
            }
            return list;
        }
        if (value.is_string() && percent() < 5) {
            return std::string(" <x a='&amp;'>]]>æ\t\r\n\"\xf0\x9f\x98\x80");
        }
        return value;
    }

private:
    int percent() { return static_cast<int>(engine_() % 100); }
    std::mt19937 engine_;
};

}   // namespace

TEST_CASE("reference: every example of an archive message is valid by the official XML Schema") {
    Judge judge;
    for (const auto& message : examples()) {
        INFO(json::write(message));
        const auto outgoing = made(message);
        REQUIRE(outgoing.has_value());
        INFO(outgoing->payload);
        CHECK(judge.faults(*outgoing).empty());
    }
    CHECK(judge.types() == 9);   // all that go to an archive
}

TEST_CASE("reference: whatever the rules let through is valid by the official XML Schema") {
    const auto schema = json::Schema::compile(read(std::string(type_folder) + "v1.schema.json"));
    REQUIRE(schema.has_value());
    const auto seed = static_cast<std::uint32_t>(Catch::rngSeed());
    INFO("rng seed " << seed);
    Shaker shaker(seed);
    Judge judge;
    const auto all = examples();
    std::size_t judged = 0;
    for (int round = 0; round < 120; ++round) {
        for (const auto& message : all) {
            const auto shaken = shaker.shaken(message, 70 + round % 30);
            if (!schema->check(shaken).empty() ||
                !fiks_io::arkiv::check(shaken, documents_of(shaken)).empty()) {
                continue;
            }
            const auto outgoing = made(shaken);
            INFO(json::write(shaken));
            REQUIRE(outgoing.has_value());
            INFO(outgoing->payload);
            const auto faults = judge.faults(*outgoing);
            CHECK(faults == std::string());
            ++judged;
            if (!faults.empty()) {
                return;
            }
        }
    }
    CHECK(judged > 500);   // or the test has stopped testing
}

TEST_CASE("reference: the judge refuses what is not valid") {
    const XmlSchema schema("no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett");
    auto outgoing = made(examples().front());
    REQUIRE(outgoing.has_value());
    CHECK_FALSE(schema.faults("<arkivmelding/>").empty());
    CHECK_FALSE(schema.faults("nothing").empty());
}
