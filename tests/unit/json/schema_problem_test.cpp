#include "gateway/json/schema_problem.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

TEST_CASE("schema causes: each way to break a schema has its own code") {
    struct Row {
        const char* schema;
        const char* value;
        const char* code;
    };
    const std::vector<Row> rows{
        {R"({"required":["a"]})", "{}", "schema.required"},
        {R"({"additionalProperties":false})", R"({"a":1})", "schema.unknown_member"},
        {R"({"type":"string"})", "1", "schema.type"},
        {R"({"maxLength":1})", R"("ab")", "schema.too_long"},
        {R"({"minLength":1})", R"("")", "schema.too_short"},
        {R"({"pattern":"^a$"})", R"("b")", "schema.pattern"},
        {R"({"enum":["a"]})", R"("b")", "schema.enum"},
        {R"({"const":"a"})", R"("b")", "schema.const"},
        {R"({"maxItems":1})", "[1,2]", "schema.too_many"},
        {R"({"minItems":1})", "[]", "schema.too_few"},
        {R"({"minimum":1})", "0", "schema.out_of_range"},
        {R"({"maximum":1})", "2", "schema.out_of_range"},
        {R"({"oneOf":[{"required":["a"]},{"required":["b"]}]})", "{}", "schema.one_of"},
        {R"({"anyOf":[{"required":["a"]},{"required":["b"]}]})", "{}", "schema.any_of"},
        {R"({"uniqueItems":true})", "[1,1]", "schema.other"}};
    for (const auto& row : rows) {
        INFO(row.schema);
        const auto schema = json::Schema::compile(row.schema);
        REQUIRE(schema.has_value());
        const auto faults = schema->check(*json::parse(row.value));
        REQUIRE(!faults.empty());
        CHECK(json::problem_of(faults.front()).code.value == row.code);
    }
}

TEST_CASE("schema causes: what a text names is there, or another text is told") {
    struct Row {
        const char* schema;
        const char* value;
        const char* code;
        std::string param;
    };
    const std::vector<Row> rows{
        {R"({"enum":["decision","reminder"]})", R"("x")", "schema.enum", "decision, reminder"},
        {R"({"enum":[3,4,null,true,"a"]})", "5", "schema.enum", "3, 4, null, true, a"},
        {R"({"properties":{"enum":{"enum":["a"]}}})", R"({"enum":1})", "schema.enum", "a"},
        {R"({"const":"letter"})", "1", "schema.const", "letter"},
        {R"({"const":1})", "2", "schema.const", "1"},
        {R"({"const":{"a":1}})", "2", "schema.other", ""},
        {R"({"oneOf":[{"required":["a"]},{"required":["b"]}]})", "{}", "schema.one_of", "a, b"},
        {R"({"oneOf":[{"required":["a"]},{"required":["b"]}]})", R"({"a":1,"b":1})",
         "schema.one_of", "a, b"},
        {R"({"anyOf":[{"required":["a"]},{"required":["b"]}]})", "{}", "schema.any_of", "a, b"},
        {R"({"anyOf":[{"type":"string"},{"type":"integer"}]})", "[]", "schema.type",
         "string, integer"},
        {R"({"anyOf":[{"maximum":1},{"maximum":2}]})", "3", "schema.other", ""},
        {R"({"not":{"required":["a"]}})", R"({"a":1})", "schema.other", ""},
        {R"({"dependencies":{"a":["b"]}})", R"({"a":1})", "schema.required", "b"}};
    for (const auto& row : rows) {
        INFO(row.schema);
        const auto schema = json::Schema::compile(row.schema);
        REQUIRE(schema.has_value());
        const auto faults = schema->check(*json::parse(row.value));
        REQUIRE(faults.size() == 1);
        const auto problem = json::problem_of(faults.front());
        CHECK(problem.code.value == row.code);
        CHECK((problem.params.empty() ? "" : problem.params.front().second) == row.param);
    }
}
