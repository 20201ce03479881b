// The catalogue of datasets as it ships, and what makes one unreadable.

#include "gateway/records/dataset_catalogue.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace gateway;
using namespace gateway::records;

TEST_CASE("datasets: every file of schemas/records is in the catalogue under its own name") {
    const auto folder = std::string(SLUSE_SOURCE_DIR) + "/schemas/records";
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".json") {
            files.insert(entry.path().stem().string());
            std::ifstream file(entry.path());
            std::ostringstream text;
            text << file.rdbuf();
            const auto alone = DatasetCatalogue::read({text.str()});
            INFO(entry.path());
            REQUIRE(alone.has_value());
            CHECK(alone->ids() == std::vector{entry.path().stem().string()});
        }
    }
    const auto ids = DatasetCatalogue::current().ids();
    CHECK(files == std::set<std::string>(ids.begin(), ids.end()));
}

TEST_CASE("datasets: a field is a member, or one below it, and nothing else") {
    const auto* person = DatasetCatalogue::current().find("person");
    REQUIRE(person != nullptr);
    CHECK(person->key == core::RecordKeyKind::person);
    CHECK(person->has_field("names"));
    CHECK(person->has_field("addresses.residence"));
    CHECK_FALSE(person->has_field("addresses.resident"));
    CHECK_FALSE(person->has_field("addresses."));
    CHECK_FALSE(person->has_field("addresses.residence.street"));
    CHECK_FALSE(person->has_field(""));
    CHECK_FALSE(person->has_field("shoe"));
    CHECK(person->field("addresses.postal")->graded);
    CHECK(person->grading == "protection");
    CHECK(DatasetCatalogue::current().find("persons") == nullptr);
}

TEST_CASE("datasets: a catalogue that is not understood is refused whole") {
    const std::string right =
        R"({"dataset":"a","key":"person","authority":"x","register":"y","validHours":2,)"
        R"("staleHours":3,"absentHours":1,"identity":[],"fields":{"b":{"sensitivity":"open"}}})";
    REQUIRE(DatasetCatalogue::read({right}).has_value());
    CHECK(DatasetCatalogue::read({right, right}).has_error());
    for (const auto& [from, to] : {std::pair{"\"person\"", "\"dog\""},
                                   {"\"open\"", "\"secret\""},
                                   {"\"validHours\":2", "\"validHours\":0"},
                                   {"\"staleHours\":3", "\"staleHours\":1"},
                                   {"\"absentHours\":1", "\"absentHours\":9"},
                                   {"\"identity\"", "\"idenity\""},
                                   {"{\"b\":{\"sensitivity\":\"open\"}}", "{}"},
                                   {"\"identity\":[]", "\"grading\":{\"member\":\"c\"}"},
                                   {"\"authority\":\"x\"", "\"authority\":\"\""}}) {
        auto wrong = right;
        wrong.replace(wrong.find(from), std::string(from).size(), to);
        INFO(wrong);
        CHECK(DatasetCatalogue::read({wrong}).has_error());
    }
}

TEST_CASE("datasets: a tenant's own has the fields that its schema names") {
    core::DatasetConfig config;
    config.id = "plass";
    config.sensitive = true;
    config.schema = R"({"properties":{"a":{"properties":{"b":{}}},"c":{}}})";
    const auto dataset = own_dataset(config);
    REQUIRE(dataset.has_value());
    CHECK(dataset->field_names() == std::vector<std::string>{"a", "a.b", "c"});
    CHECK(dataset->field("c")->sensitivity == Sensitivity::protected_);
    CHECK(dataset->own);
    config.schema = "{}";
    CHECK(own_dataset(config).has_error());
    config.schema = "{";
    CHECK(own_dataset(config).has_error());
}
