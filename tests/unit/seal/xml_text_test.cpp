#include "gateway/seal/xml_text.hpp"

#include <catch2/catch.hpp>

using namespace gateway::seal;

TEST_CASE("XML text: characters are escaped as canonical XML escapes them") {
    CHECK(xml_character_data("a<b>&\"'\r\n\t") == "a&lt;b&gt;&amp;\"'&#xD;\n\t");
    CHECK(xml_attribute_value("a<b>&\"'\r\n\t") == "a&lt;b>&amp;&quot;'&#xD;&#xA;&#x9;");
}

TEST_CASE("XML text: what XML cannot hold is told") {
    CHECK(is_xml_text("blåbær \t\r\n \xf0\x9f\x93\xae"));
    CHECK(is_xml_text(""));
    CHECK_FALSE(is_xml_text(std::string("a\0b", 3)));
    CHECK_FALSE(is_xml_text("\x1b"));
    CHECK_FALSE(is_xml_text("\xe5"));           // ISO 8859-1
    CHECK_FALSE(is_xml_text("\xed\xa0\x80"));   // a surrogate
    CHECK_FALSE(is_xml_text("\xef\xbf\xbe"));
    CHECK_FALSE(is_xml_text("\xef\xbf\xbf"));
}

TEST_CASE("XML text: a file's name is a URI and comes back") {
    CHECK(uri_of_name("Test.txt") == "Test.txt");
    CHECK(uri_of_name("Vedtak om barnehageplass (2).pdf") ==
          "Vedtak%20om%20barnehageplass%20%282%29.pdf");
    CHECK(uri_of_name("mappe/blåbær+50%.pdf") == "mappe/bl%C3%A5b%C3%A6r%2B50%25.pdf");
    CHECK(uri_of_name("a:b?c#d") == "a%3Ab%3Fc%23d");
    for (const char* name : {"Test.txt", "blåbær + 50%.pdf", "a~b*c/d;e", "\xf0\x9f\x93\xae"}) {
        CHECK(name_of_uri(uri_of_name(name), false) == std::string(name));
        CHECK(name_of_uri(uri_of_name(name), true) == std::string(name));
    }
}

TEST_CASE("XML text: a plus is a space only where forms are meant, and a broken escape is none") {
    CHECK(name_of_uri("a+b%2Bc", false) == std::string("a+b+c"));
    CHECK(name_of_uri("a+b%2Bc", true) == std::string("a b+c"));
    CHECK(name_of_uri("%e5%C3%a5", false) == std::string("\xe5\xc3\xa5"));
    CHECK(name_of_uri("a%", false) == std::nullopt);
    CHECK(name_of_uri("a%4", false) == std::nullopt);
    CHECK(name_of_uri("a%4g", false) == std::nullopt);
}

TEST_CASE("XML text: a time without a zone is taken as UTC") {
    CHECK(parse_xml_time("2026-01-15T12:00:00") == parse_xml_time("2026-01-15T12:00:00Z"));
    CHECK(parse_xml_time("2026-01-15T13:00:00+01:00") == parse_xml_time("2026-01-15T12:00:00Z"));
    CHECK(parse_xml_time("2022-03-16T14:16:08.883+01:00").has_value());
    CHECK(parse_xml_time("i går") == std::nullopt);
    CHECK(parse_xml_time("") == std::nullopt);
}
