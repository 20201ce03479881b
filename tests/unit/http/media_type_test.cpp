#include "gateway/http/media_type.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

TEST_CASE("media type: case, blanks and parameters do not hide what it is") {
    for (const char* same : {"application/json", "Application/JSON", "application/json ; charset=x",
                             "\tapplication/json\t;a=b", "application/json;"}) {
        INFO(same);
        CHECK(http::is_media_type(same, "application/json"));
    }
    for (const char* other :
         {"", ";", "application/jsonx", "application/jso", "text/plain;application/json"}) {
        INFO(other);
        CHECK_FALSE(http::is_media_type(other, "application/json"));
    }
}

TEST_CASE(
    "media type: a parameter is found by name, quoted or not, and not inside another's value") {
    const auto of = [](const char* text, const char* name = "b") {
        return http::parameter_of(text, name).value_or("none");
    };
    CHECK(of("x; b=1") == "1");
    CHECK(of("x;a=2; B = 1 ;c=3") == "1");
    CHECK(of(R"(x; a="; b=2"; b=1)") == "1");
    CHECK(of(R"(x; b="one \"and\" two; three")") == "one \"and\" two; three");
    CHECK(of("x; b=") == "");
    for (const char* without : {"", "b=1", "x", "x;", "x; ;", "x; bb=1"}) {
        INFO(without);
        CHECK(of(without) == "none");
    }
    CHECK(of("x;; b=1") == "1");
    // Nobody can say that it is not there.
    for (const char* unreadable : {"x; a", "x; a; b=1", R"(x; a="; b=1)", R"(x; b="1)"}) {
        INFO(unreadable);
        CHECK(of(unreadable).empty());
    }
}
