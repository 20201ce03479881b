#include "gateway/json/schema.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

json::Schema compiled(std::string_view text) {
    auto schema = json::Schema::compile(text);
    INFO((schema.has_error() ? schema.error().to_string() : ""));
    REQUIRE(schema.has_value());
    return std::move(*schema);
}

/// "pointer keyword detail" of each fault.
std::vector<std::string> faults(const json::Schema& schema, std::string_view text) {
    const auto value = json::parse(text);
    REQUIRE(value.has_value());
    std::vector<std::string> said;
    for (const auto& fault : schema.check(*value)) {
        said.push_back(fault.pointer + " " + fault.keyword + " " + fault.detail);
    }
    return said;
}

std::string first(std::string_view schema, std::string_view text) {
    const auto all = faults(compiled(schema), text);
    return all.empty() ? "valid" : all.front();
}

using Faults = std::vector<std::string>;

}   // namespace

TEST_CASE("json schema: an unknown and a missing member are named where they stand") {
    const auto schema =
        compiled(R"({"type":"object","additionalProperties":false,"required":["a/b"],
        "properties":{"a/b":{},"o":{"type":"object","additionalProperties":false,"required":["x"]}}})");
    CHECK(faults(schema, R"({"a/b":1})").empty());
    CHECK(faults(schema, R"({"q~":1})") ==
          Faults{"/q~0 additionalProperties q~", "/a~1b required a/b"});
    CHECK(faults(schema, R"({"a/b":1,"o":{"z":1}})") ==
          Faults{"/o/z additionalProperties z", "/o/x required x"});
}

TEST_CASE("json schema: each keyword says its own name and limit") {
    CHECK(first(R"({"type":"string"})", "1") == " type string");
    CHECK(first(R"({"type":["string","null"]})", "1") == " type null, string");
    CHECK(first(R"({"type":"integer"})", "1.5") == " type integer");
    CHECK(first(R"({"type":"integer"})", "2.0") == "valid");
    CHECK(first(R"({"enum":["a",1,null]})", "\"b\"") == " enum a, 1, null");
    CHECK(first(R"({"enum":["a",1,null]})", "1") == "valid");
    CHECK(first(R"({"const":{"a":[1]}})", R"({"a":[2]})") == " const ");
    CHECK(first(R"({"const":{"a":[1],"b":2}})", R"({"b":2,"a":[1]})") == "valid");
    CHECK(first(R"({"maxLength":2})", "\"\xC3\xA6\xC3\xB8\xC3\xA5\"") == " maxLength 2");
    CHECK(first(R"({"maxLength":3})", "\"\xC3\xA6\xC3\xB8\xC3\xA5\"") == "valid");
    CHECK(first(R"({"minLength":1})", "\"\"") == " minLength 1");
    CHECK(first(R"({"pattern":"^[a-z\u00e6]{2}$"})", "\"b\xC3\xA6\"") == "valid");
    CHECK(first(R"({"pattern":"^.$"})", "\"\xC3\xA6\"") == "valid");
    CHECK(first(R"({"pattern":"^[a-z]+$"})", "\"A\"") == " pattern ^[a-z]+$");
    CHECK(first(R"({"maximum":3})", "4") == " maximum 3");
    CHECK(first(R"({"exclusiveMaximum":3})", "3") == " exclusiveMaximum 3");
    CHECK(first(R"({"minimum":-1.5})", "-2") == " minimum -1.5");
    CHECK(first(R"({"exclusiveMinimum":0})", "0") == " exclusiveMinimum 0");
    CHECK(first(R"({"multipleOf":3})", "7") == " multipleOf 3");
    CHECK(first(R"({"multipleOf":0.1})", "0.3") == "valid");
    CHECK(first(R"({"multipleOf":0.01})", "0.005") == " multipleOf 0.01");
    CHECK(first(R"({"maxItems":1})", "[1,2]") == " maxItems 1");
    CHECK(first(R"({"minItems":1})", "[]") == " minItems 1");
    CHECK(first(R"({"uniqueItems":true})", "[1,2,1.0]") == " uniqueItems ");
    CHECK(first(R"({"contains":{"const":1}})", "[2]") == " contains ");
    CHECK(first(R"({"items":[{},{"type":"null"}],"additionalItems":false})", "[1,null,3]") ==
          "/2 additionalItems ");
    CHECK(first(R"({"items":{"type":"null"}})", "[null,3]") == "/1 type null");
    CHECK(first(R"({"maxProperties":1})", R"({"a":1,"b":1})") == " maxProperties 1");
    CHECK(first(R"({"minProperties":1})", "{}") == " minProperties 1");
    CHECK(first(R"({"propertyNames":{"maxLength":2}})", R"({"abc":1})") ==
          "/abc propertyNames abc");
    CHECK(first(R"({"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false})",
                R"({"x-a":1})") == "/x-a type string");
    CHECK(first(R"({"dependencies":{"a":["b"]}})", R"({"a":1})") == "/b dependencies b");
    CHECK(first(R"({"not":{"type":"null"}})", "null") == " not ");
    CHECK(first(R"({"properties":{"a":false}})", R"({"a":1})") == "/a false ");
    CHECK(first(R"({"format":"date-time"})", "\"2026-13-01T00:00:00Z\"") == " format date-time");
    CHECK(first(R"({"format":"date"})", "\"2026-02-28\"") == "valid");
    CHECK(first(R"({"minLength":3,"maximum":1,"minItems":1})", "true") == "valid");
}

TEST_CASE("json schema: a condition says what the branch that applies demands") {
    const auto schema = compiled(R"({"if":{"required":["body"]},"else":{"required":["documents"],
        "properties":{"documents":{"minItems":1}}}})");
    CHECK(faults(schema, R"({"body":""})").empty());
    CHECK(faults(schema, "{}") == Faults{"/documents required documents"});
    CHECK(faults(schema, R"({"documents":[]})") == Faults{"/documents minItems 1"});
}

TEST_CASE("json schema: of several choices the one that was meant is explained, else the choice") {
    const auto schema = compiled(R"({"properties":{"to":{"oneOf":[
        {"required":["person"],"properties":{"person":{"pattern":"^[0-9]{11}$"}}},
        {"required":["organisation"],"properties":{"organisation":{"pattern":"^[0-9]{9}$"}}}]}}})");
    CHECK(faults(schema, R"({"to":{"person":"01017012345"}})").empty());
    CHECK(faults(schema, R"({"to":{"person":"1"}})") == Faults{"/to/person pattern ^[0-9]{11}$"});
    CHECK(faults(schema, R"({"to":{}})") == Faults{"/to oneOf person, organisation"});
    CHECK(faults(schema, R"({"to":{"person":"01017012345","organisation":"123456789"}})") ==
          Faults{"/to oneOf person, organisation"});
    CHECK(first(R"({"anyOf":[{"type":"null"},{"type":"string"}]})", "1") == " type null, string");
    CHECK(first(R"({"allOf":[{"required":["a"]},{"required":["b"]}]})", R"({"a":1})") ==
          "/b required b");
}

TEST_CASE("json schema: references within the document are followed, also in a circle") {
    const auto schema = compiled(R"({"$ref":"#/definitions/tree","definitions":{"tree":{
        "type":"object","additionalProperties":false,
        "properties":{"left":{"$ref":"#/definitions/tree"},"name":{"type":"string"}}}}})");
    CHECK(faults(schema, R"({"left":{"left":{"name":"x"}}})").empty());
    CHECK(faults(schema, R"({"left":{"left":{"name":1}}})") ==
          Faults{"/left/left/name type string"});
}

TEST_CASE("json schema: the number of faults is bounded and each place is said once") {
    const auto schema = compiled(R"({"items":{"type":"string","enum":["a"]}})");
    std::string many = "[0";
    for (int i = 0; i < 20'000; ++i) {
        many += ",0";
    }
    const auto value = json::parse(many + "]");
    CHECK(schema.check(*value).size() == 50);
    CHECK(schema.check(*value, 3).size() == 3);
    CHECK(faults(schema, "[1]").size() == 1);
}

TEST_CASE("json schema: the deepest fault comes first") {
    const auto schema =
        compiled(R"({"required":["z"],"properties":{"a":{"properties":{"b":{"type":"null"}}}}})");
    CHECK(faults(schema, R"({"a":{"b":1}})") == Faults{"/a/b type null", "/z required z"});
}

TEST_CASE("json schema: long text and unlucky patterns cost neither stack nor years") {
    const auto schema = compiled(R"({"pattern":"^(a+)+$"})");
    const std::string letters(300'000, 'a');
    CHECK(schema.check(json::Value(letters)).empty());
    CHECK(schema.check(json::Value(letters.substr(0, 5000) + "b")).size() == 1);
}

TEST_CASE("json schema: what is no schema is refused when it is read") {
    for (const char* text : {"{", "1", R"({"type":"text"})", R"({"pattern":"("})", R"({"$ref":7})",
                             R"({"required":"a"})", R"({"properties":{"a":1}})",
                             R"({"$ref":"http://elsewhere.test/schema"})", R"({"minLength":-1})",
                             R"({"patternProperties":{"[":{}}})"}) {
        INFO(text);
        const auto schema = json::Schema::compile(text);
        REQUIRE(schema.has_error());
        CHECK(schema.error().is(core::Errc::malformed));
    }
}
