#include "gateway/seal/trust_file.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "tests/support/business_certificates.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;

namespace {

const tests::BusinessAuthority& authority() {
    static const tests::BusinessAuthority one;
    return one;
}

std::string entry(const std::string& der, const std::string& more = {}) {
    return "{\"der_base64\": \"" + crypto::base64_encode(der) + "\"" + more + "}";
}

std::string list(const std::string& roots, const std::string& more = {}) {
    return "{\"test\": {\"roots\": [" + roots + "]" + more + "}}";
}

std::string fault(const std::string& text) {
    const auto file = read_trust_file(text, "test");
    return file ? "read" : file.error().to_string();
}

}   // namespace

TEST_CASE("trust list: a file is read and what it trusts is trusted") {
    const std::string sha256 = crypto::sha256(authority().root()).to_hex();
    const auto file = read_trust_file(
        list(entry(authority().root(), ", \"sha256\": \"" + sha256 + "\", \"subject\": \"CN=x\""),
             ", \"intermediates\": [" + entry(authority().intermediate()) +
                 "], \"policies\": [\"2.16.578.1.26.1.3.*\"], \"crl\": "
                 "[\"http://crl.example.test/a.crl\"], "
                 "\"critical_extensions_recognized\": [\"2.5.29.15\"], "
                 "\"critical_extensions_required\": []"),
        "test");
    INFO((file ? std::string() : file.error().to_string()));
    REQUIRE(file.has_value());
    CHECK(file->crl_urls == std::vector<std::string>{"http://crl.example.test/a.crl"});
    CHECK(file->policy.critical_extensions_known == std::vector<std::string>{"2.5.29.15"});
    CHECK(file->policy.critical_extensions_required.empty());
    CHECK(TrustStore::make(file->policy)
              .value()
              .judge(authority().issue().der, {}, tests::judged_at())
              .has_value());
}

TEST_CASE("trust list: a fault is told with its place") {
    const std::string root = entry(authority().root());
    CHECK(fault(list(root)) == "read");
    CHECK(fault("{").find("not JSON") != std::string::npos);
    CHECK(fault("{\"prod\": {}}").find("environment") != std::string::npos);
    CHECK(fault("{\"test\": []}").find("/test: not an object") != std::string::npos);
    CHECK(fault("{\"test\": {}}").find("/test/roots: no root") != std::string::npos);
    CHECK(fault(list(root + ", {}")).find("/test/roots/1/der_base64") != std::string::npos);
    CHECK(fault(list(entry("x"))).find("/test/roots/0/der_base64") != std::string::npos);
    CHECK(fault(list(entry(authority().root(), ", \"sha256\": \"00:11\"")))
              .find("/test/roots/0/sha256") != std::string::npos);
    CHECK(fault(list(root, ", \"policies\": [\"1.2\", 3]")).find("/test/policies/1") !=
          std::string::npos);
    CHECK(fault(list(root, ", \"policies\": \"1.2\"")).find("/test/policies: not a list") !=
          std::string::npos);
    CHECK(fault(list(root, ", \"polices\": []")).find("/test/polices: unknown member") !=
          std::string::npos);
}
