#include "gateway/seal/cades_certificates.hpp"

#include "gateway/seal/tlv.hpp"
#include "tests/unit/seal/cades_samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace gateway::seal;
using tests::cades_parts;

namespace {

std::string wrapped(std::uint8_t identifier, std::string_view content) {
    std::string out;
    tlv::append(out, identifier, content);
    return out;
}

/// A SignedData with these certificates, and nothing in it that anybody could verify.
std::string signed_data(std::string_view certificates) {
    const std::string parts = wrapped(tlv::integer, "\x01") + wrapped(tlv::set, "") +
                              wrapped(tlv::sequence, "encapContentInfo") +
                              std::string(certificates) + wrapped(tlv::set, "signerInfos");
    return wrapped(tlv::sequence, wrapped(tlv::object_identifier, "oid") +
                                      wrapped(0xa0, wrapped(tlv::sequence, parts)));
}

}   // namespace

TEST_CASE(
    "CAdES certificates: those of a signature are taken out, and the rest is left as it was") {
    const auto signature = cades_parts().signature;
    const auto apart = take_certificates_out(signature);
    REQUIRE(apart.has_value());
    const auto chain = tests::cades_input().chain;
    REQUIRE(apart->certificates.size() == chain.size());
    for (const auto& certificate : chain) {
        CHECK(std::count(apart->certificates.begin(), apart->certificates.end(), certificate) == 1);
    }
    std::size_t taken = 0;
    for (const auto& certificate : chain) {
        taken += certificate.size();
    }
    CHECK(apart->der.size() < signature.size() - taken);
    CHECK(signature.ends_with(apart->der.substr(apart->der.size() - 400)));

    const auto one = wrapped(tlv::sequence, "certificate");
    const auto whole = signed_data(wrapped(0xa0, one));
    const auto made = take_certificates_out(whole);
    REQUIRE(made.has_value());
    CHECK(made->der == signed_data(""));
    CHECK(made->certificates == std::vector<std::string_view>{one});
}

TEST_CASE("CAdES certificates: what is no DER of a signature with X.509 alone is left to be read "
          "as it stands") {
    const auto whole = cades_parts().signature;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        REQUIRE_FALSE(take_certificates_out(whole.substr(0, size)));
    }
    CHECK_FALSE(take_certificates_out(whole + '\0'));
    CHECK_FALSE(take_certificates_out(signed_data("")));
    const auto one = wrapped(tlv::sequence, "certificate");
    CHECK_FALSE(
        take_certificates_out(signed_data(wrapped(0xa0, one + wrapped(0xa1, "attributes")))));
    std::string indefinite = whole;
    indefinite[1] = '\x80';
    CHECK_FALSE(take_certificates_out(indefinite));
}
