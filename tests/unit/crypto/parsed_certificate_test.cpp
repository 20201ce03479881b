#include "gateway/crypto/parsed_certificate.hpp"

#include "tests/unit/crypto/made_keys.hpp"

#include <catch2/catch.hpp>
#include <openssl/x509.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace gateway;

namespace {

/// A certificate with this serial number; that nobody signed it so is not looked at.
std::string numbered(int number) {
    static const std::string leaf = tests::MadeKeys::get().read("leaf.der");
    std::string der = leaf;
    const std::size_t at = der.find("\x02\x02\x0a\x1b");
    REQUIRE(at != std::string::npos);
    der[at + 3] = static_cast<char>(number);
    return der;
}

int number_of(const std::shared_ptr<void>& certificate) {
    const auto* x509 = static_cast<const X509*>(certificate.get());
    return static_cast<int>(ASN1_INTEGER_get(X509_get0_serialNumber(x509))) - 0x0a00;
}

}   // namespace

TEST_CASE("certificates: one that was read is not read again, and each is told from the others") {
    const auto first = crypto::parse_certificate(numbered(1));
    REQUIRE(first != nullptr);
    CHECK(crypto::parse_certificate(numbered(1)) == first);
    CHECK(crypto::parse_certificate(numbered(2)) != first);
    // More than are kept: those long unused go, and are read again when they are met.
    for (int number = 3; number < 120; ++number) {
        CHECK(number_of(crypto::parse_certificate(numbered(number))) == number);
    }
    const auto again = crypto::parse_certificate(numbered(1));
    CHECK(again != first);
    CHECK(number_of(again) == 1);
    CHECK(number_of(first) == 1);
}

TEST_CASE("certificates: what is none is none each time") {
    for (int i = 0; i < 2; ++i) {
        CHECK(crypto::parse_certificate("") == nullptr);
        CHECK(crypto::parse_certificate("no certificate") == nullptr);
        CHECK(crypto::parse_certificate(numbered(1) + "x") == nullptr);
        CHECK(crypto::parse_certificate(std::string((1U << 20U) + 1, '0')) == nullptr);
    }
}

TEST_CASE("certificates: many threads may read the same and different ones at once") {
    std::vector<std::string> some;
    for (int number = 0; number < 100; ++number) {
        some.push_back(numbered(number));
    }
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&some, &wrong, thread] {
            for (int i = 0; i < 300; ++i) {
                const int number = (i * (thread + 1)) % 100;
                const auto read = crypto::parse_certificate(some[static_cast<std::size_t>(number)]);
                wrong += read == nullptr || number_of(read) != number ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(wrong == 0);
}
