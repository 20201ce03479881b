#include "adapters/digital_post/dpi_address.hpp"
#include "tests/unit/adapter_digital_post/letters.hpp"

#include <catch2/catch.hpp>

using namespace letters;

namespace {

std::string written(const std::string& address) {
    return json::write(dpi::address_information(dpi::read_postal_address(parsed(address))));
}

std::vector<std::string> problems(const std::string& address) {
    return told(dpi::check_address(dpi::read_postal_address(parsed(address)), "/address"));
}

const std::string hundred(100, 'x');

}   // namespace

TEST_CASE("digital_post: a Norwegian address has postal code and place, and no country") {
    CHECK(written(R"({"name":"Ola","lines":["Vei 1","2. etg"],"postalCode":"0150","city":"Oslo",
                      "country":"NO"})") ==
          R"({"navn":"Ola","adresselinje1":"Vei 1","adresselinje2":"2. etg","postnummer":"0150",)"
          R"("poststed":"Oslo"})");
}

TEST_CASE("digital_post: a foreign address has a country code, and its postal code is a line") {
    CHECK(
        written(R"({"name":"Ola","lines":["Rue 1"],"postalCode":"75001","city":"Paris",
                      "country":"FR"})") ==
        R"({"navn":"Ola","adresselinje1":"Rue 1","adresselinje2":"75001 Paris","landkode":"FR"})");
    CHECK(written(R"({"name":"Ola","city":"Dublin","country":"IE"})") ==
          R"({"navn":"Ola","adresselinje1":"Dublin","landkode":"IE"})");
}

TEST_CASE("digital_post: what a Norwegian address lacks is told with its place") {
    CHECK(
        problems(R"({"name":"Ola","lines":["Vei 1"],"postalCode":"0150","city":"Oslo"})").empty());
    CHECK(problems(R"({"name":"Ola","city":"Oslo"})") ==
          std::vector<std::string>{"/address/lines letter.address_line_missing",
                                   "/address/postalCode letter.address_postal_code"});
    CHECK(problems(R"({"name":"Ola","lines":["a"],"postalCode":"150","city":"Oslo"})").size() == 1);
    CHECK(problems(R"({"name":"Ola","lines":["a"],"postalCode":"015A","city":"Oslo"})").size() ==
          1);
    CHECK(problems(R"({"name":"Ola","lines":["a"],"postalCode":"0150","city":")" +
                   std::string(81, 'x') + "\"}") ==
          std::vector<std::string>{"/address/city letter.address_line_too_long"});
    CHECK(problems(R"({"name":"Ola","lines":["a","b","c","d"],"postalCode":"0150","city":"O"})")
              .empty());
}

TEST_CASE("digital_post: a foreign address keeps a line free for postal code and place") {
    CHECK(problems(R"({"name":"O","lines":["a","b","c"],"city":"Rom","country":"IT"})").empty());
    CHECK(problems(R"({"name":"O","lines":["a","b","c","d"],"city":"Rom","country":"IT"})") ==
          std::vector<std::string>{"/address/lines letter.address_lines_too_many"});
    CHECK(problems(R"({"name":"O","postalCode":"00100","city":")" + hundred +
                   R"(","country":"IT"})") ==
          std::vector<std::string>{"/address/city letter.address_line_too_long"});
}

TEST_CASE("digital_post: a line of an address is one line, and says something") {
    CHECK(
        problems(R"({"name":"Ola\nNordmann","lines":[" "],"postalCode":"0150","city":"\u0007"})") ==
        std::vector<std::string>{"/address/name letter.text_not_plain",
                                 "/address/city letter.text_not_plain",
                                 "/address/lines/0 letter.text_not_plain"});
    CHECK(problems(R"({"name":"O","lines":[")" + hundred +
                   R"(x"],"postalCode":"0150","city":"O"})") ==
          std::vector<std::string>{"/address/lines/0 letter.address_line_too_long"});
}
