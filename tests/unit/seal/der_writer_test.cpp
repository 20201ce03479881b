#include "gateway/seal/der_writer.hpp"

#include "gateway/core/ids.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;

namespace {

std::string hex(const std::string& bytes) {
    return core::to_hex(bytes);
}

core::Time at(const char* text) {
    return core::parse_rfc3339(text).value();
}

}   // namespace

TEST_CASE("DER: lengths take as few bytes as they can") {
    CHECK(hex(der::octet_string("ab")) == "04026162");
    CHECK(hex(der::octet_string(std::string(127, 'x'))).substr(0, 4) == "047f");
    CHECK(hex(der::octet_string(std::string(128, 'x'))).substr(0, 6) == "048180");
    CHECK(hex(der::octet_string(std::string(256, 'x'))).substr(0, 8) == "04820100");
    CHECK(hex(der::octet_string(std::string(70'000, 'x'))).substr(0, 10) == "0483011170");
}

TEST_CASE("DER: object identifiers, integers and null are what their standard says") {
    CHECK(hex(der::object_identifier("1.2.840.113549.1.9.16.2.47")) ==
          "060b2a864886f70d010910022f");
    CHECK(hex(der::object_identifier("2.16.840.1.101.3.4.2.1")) == "0609608648016503040201");
    CHECK(hex(der::small_integer(1)) == "020101");
    CHECK(hex(der::null()) == "0500");
    CHECK(hex(der::sequence({der::small_integer(1), der::null()})) == "30050201010500");
}

TEST_CASE("DER: a set is in the order of its encodings, whatever order it was given in") {
    const std::string one = der::octet_string("b");
    const std::string two = der::octet_string("a");
    const std::string longer = der::octet_string("aa");
    CHECK(der::set_of({one, two, longer}) == der::set_of({longer, one, two}));
    CHECK(hex(der::set_of({one, two, longer})) == "310a04016104016204026161");
    CHECK(hex(der::tagged_set_of(0, {one, two})) == "a006040161040162");
}

TEST_CASE("DER: a time is UTCTime until 2049 and GeneralizedTime after") {
    CHECK(der::time(at("2026-01-15T12:34:56.789Z")).substr(2) == "260115123456Z");
    CHECK(der::time(at("2026-01-15T12:34:56.789Z"))[0] == 0x17);
    CHECK(der::time(at("2049-12-31T23:59:59Z")).substr(2) == "491231235959Z");
    CHECK(der::time(at("2050-01-01T00:00:00Z")).substr(2) == "20500101000000Z");
    CHECK(der::time(at("2050-01-01T00:00:00Z"))[0] == 0x18);
}

TEST_CASE("DER: what is written is read by openssl's own parser") {
    const tests::ScratchFolder folder;
    folder.write(
        "made.der",
        der::sequence({der::object_identifier("1.2.840.113549.1.7.2"),
                       der::time(at("2026-01-15T12:34:56Z")),
                       der::tagged_set_of(0, {der::octet_string(std::string(300, 'x'))})}));
    REQUIRE(folder.run("openssl asn1parse -inform DER -in made.der") == 0);
    const std::string said = folder.read("log");
    CHECK(said.find("pkcs7-signedData") != std::string::npos);
    CHECK(said.find("260115123456Z") != std::string::npos);
    CHECK(said.find("l= 300 prim: OCTET STRING") != std::string::npos);
}
