#include "adapters/common/standin/operator_certificates.hpp"

#include "tests/contract/standins/child.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>

namespace gateway::tests::standins {

using standin::OperatorCertificates;

namespace {

std::int64_t today() {
    const auto now = std::chrono::system_clock::now();
    return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
}

std::string certificate(const OperatorCertificates& all, const char* organisation) {
    return all.find(organisation)->certificate.der();
}

}   // namespace

TEST_CASE("operator certificates: stand-ins that start at the same time have the same ones") {
    const TemporaryFolder folder;
    const auto open = [&] { return OperatorCertificates(folder.path(), today()); };
    auto first = std::async(std::launch::async, open);
    auto second = std::async(std::launch::async, open);
    const OperatorCertificates one = first.get();
    const OperatorCertificates other = second.get();
    const OperatorCertificates later = open();
    CHECK(one.find("991825827") == nullptr);
    for (const standin::Operator& each : standin::operators) {
        INFO(each.organisation);
        CHECK(certificate(one, each.organisation) == certificate(other, each.organisation));
        CHECK(certificate(one, each.organisation) == certificate(later, each.organisation));
        const standin::Issued* issued = later.find(each.organisation);
        CHECK(issued->certificate.organisation() == each.organisation);
        CHECK(issued->certificate.public_key().verify("RS256", "text",
                                                      issued->key.sign("RS256", "text")));
        const std::string leaf =
            folder.path() + "/operator-" + std::string(each.organisation) + ".cer";
        CHECK(std::system(("openssl verify -x509_strict -purpose any -CAfile '" +
                           one.authority_path() + "' '" + leaf + "' > /dev/null")
                              .c_str()) == 0);
    }
}

TEST_CASE("operator certificates: what has expired is made anew under the same authority") {
    const TemporaryFolder folder;
    constexpr std::int64_t four_years = 4LL * 365 * 24 * 3600;
    const OperatorCertificates old(folder.path(), today());
    const OperatorCertificates renewed(folder.path(), today() + four_years);
    CHECK(certificate(old, "984661185") != certificate(renewed, "984661185"));
    CHECK(old.authority().der() == renewed.authority().der());
    CHECK(certificate(renewed, "984661185") ==
          certificate(OperatorCertificates(folder.path(), today() + four_years), "984661185"));
}

TEST_CASE("operator certificates: mailbox addresses are known once the register has told them") {
    const TemporaryFolder folder;
    CHECK_FALSE(standin::read_mailboxes(folder.path()).has_value());
    standin::write_mailboxes(folder.path(), {{"kari.nordmann#4F2K", "984661185"}});
    const auto read = standin::read_mailboxes(folder.path());
    REQUIRE(read.has_value());
    REQUIRE(read->size() == 1);
    CHECK(read->front().address == "kari.nordmann#4F2K");
    CHECK(read->front().organisation == "984661185");
    std::ofstream(folder.path() + "/mailboxes.json") << "{";
    CHECK_THROWS_AS(standin::read_mailboxes(folder.path()), std::runtime_error);
}

}   // namespace gateway::tests::standins
