#include "tests/fuzz/altinn_answers.hpp"
#include "tests/fuzz/amqp.hpp"
#include "tests/fuzz/archive.hpp"
#include "tests/fuzz/broker_answers.hpp"
#include "tests/fuzz/brreg.hpp"
#include "tests/fuzz/cades.hpp"
#include "tests/fuzz/certificate.hpp"
#include "tests/fuzz/cms.hpp"
#include "tests/fuzz/content_digest.hpp"
#include "tests/fuzz/evidence.hpp"
#include "tests/fuzz/forms_answers.hpp"
#include "tests/fuzz/freg.hpp"
#include "tests/fuzz/http_head.hpp"
#include "tests/fuzz/http_target.hpp"
#include "tests/fuzz/json.hpp"
#include "tests/fuzz/json_schema.hpp"
#include "tests/fuzz/jws_base64url.hpp"
#include "tests/fuzz/krr_person.hpp"
#include "tests/fuzz/maskinporten_answers.hpp"
#include "tests/fuzz/multipart.hpp"
#include "tests/fuzz/revocation.hpp"
#include "tests/fuzz/svarinn_listing.hpp"
#include "tests/fuzz/svarut_answers.hpp"
#include "tests/fuzz/times_ids.hpp"
#include "tests/fuzz/token.hpp"
#include "tests/fuzz/upload_headers.hpp"
#include "tests/fuzz/xades.hpp"
#include "tests/fuzz/zip.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

/// Every kept input of a target, and the empty one.
void replay(const std::string& target, void (*one_input)(const std::uint8_t*, std::size_t)) {
    namespace fs = std::filesystem;
    CHECK_NOTHROW(one_input(nullptr, 0));
    std::size_t count = 0;
    for (const char* folder : {"corpus", "regressions"}) {
        const fs::path place = fs::path(SLUSE_SOURCE_DIR) / "tests/fuzz" / folder / target;
        if (!fs::exists(place)) {
            continue;
        }
        for (const auto& entry : fs::directory_iterator(place)) {
            std::ifstream stream(entry.path(), std::ios::binary);
            const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
            INFO(entry.path().string());
            CHECK_NOTHROW(
                one_input(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
            ++count;
        }
    }
    CHECK(count > 0);
}

}   // namespace

TEST_CASE("fuzz: kept JSON texts are read and written back equal") {
    replay("json", fuzz::json::one_input);
}

TEST_CASE("fuzz: kept letters have their faults where they are said to be") {
    replay("json_schema", fuzz::json_schema::one_input);
}

TEST_CASE("fuzz: kept HTTP heads and chunked bodies read the same however they are cut") {
    replay("http_head", fuzz::http_head::one_input);
}

TEST_CASE("fuzz: kept request targets never climb and encode back to themselves") {
    replay("http_target", fuzz::http_target::one_input);
}

TEST_CASE("fuzz: kept answers of an archive are told by their schema, or not at all") {
    replay("archive", fuzz::archive::one_input);
}

TEST_CASE("fuzz: kept base64url and JWS texts have one form") {
    replay("jws_base64url", fuzz::jws_base64url::one_input);
}

TEST_CASE("fuzz: kept times, dates, ids and numbers are read back") {
    replay("times_ids", fuzz::times_ids::one_input);
}

TEST_CASE("fuzz: kept stated checksums are read or told unreadable") {
    replay("content_digest", fuzz::content_digest::one_input);
}

TEST_CASE("fuzz: kept answers in the name of Altinn are taken for what they are") {
    replay("altinn_answers", fuzz::altinn_answers::one_input);
}

TEST_CASE("fuzz: kept answers in the name of Broker are taken for what they are") {
    replay("broker_answers", fuzz::broker_answers::one_input);
}

TEST_CASE("fuzz: kept words in the name of Altinn's forms make messages of forms, or none") {
    replay("forms_answers", fuzz::forms_answers::one_input);
}

TEST_CASE(
    "fuzz: kept units, updates and dumps of the register of entities are told as they are, or "
    "not at all") {
    replay("brreg", fuzz::brreg::one_input);
}

TEST_CASE("fuzz: kept answers of Folkeregisteret tell of no graded address as of an ungraded one") {
    replay("freg", fuzz::freg::one_input);
}

TEST_CASE("fuzz: kept persons of the contact register are told of as they are, or not at all") {
    replay("krr_person", fuzz::krr_person::one_input);
}

TEST_CASE("fuzz: kept answers in the name of Maskinporten are taken for what they are") {
    replay("maskinporten_answers", fuzz::maskinporten_answers::one_input);
}

TEST_CASE("fuzz: kept answers in the name of SvarUt are taken for what they are") {
    replay("svarut_answers", fuzz::svarut_answers::one_input);
}

TEST_CASE("fuzz: kept lists of SvarInn make messages by our schema, or none") {
    replay("svarinn_listing", fuzz::svarinn_listing::one_input);
}

TEST_CASE("fuzz: kept multipart bodies have the same parts however they are cut") {
    replay("multipart", fuzz::multipart::one_input);
}

TEST_CASE("fuzz: kept ZIP files stay within their limits and are written again the same") {
    replay("zip", fuzz::zip::one_input);
}

TEST_CASE("fuzz: kept evidence packages get a verdict, and what is sound has one form") {
    replay("evidence", fuzz::evidence::one_input);
}

TEST_CASE("fuzz: kept envelopes open the same however they are cut") {
    replay("cms", fuzz::cms::one_input);
}

TEST_CASE("fuzz: kept signature files are accepted for exactly the files they cover") {
    replay("xades", fuzz::xades::one_input);
}

TEST_CASE(
    "fuzz: kept manifests with CMS signatures are accepted for exactly the files they cover") {
    replay("cades", fuzz::cades::one_input);
}

TEST_CASE("fuzz: kept certificates are text where they say so, and hold numbers that are some") {
    replay("certificate", fuzz::certificate::one_input);
}

TEST_CASE("fuzz: kept revocation lists and OCSP answers are read or refused") {
    replay("revocation", fuzz::revocation::one_input);
}

TEST_CASE("fuzz: kept headers of uploads are read and written back equal") {
    replay("upload_headers", fuzz::upload_headers::one_input);
}

TEST_CASE("fuzz: kept tokens hold only with consumer, scope and time") {
    replay("token", fuzz::token::one_input);
}

TEST_CASE("fuzz: kept words of brokers are read the same however they are cut") {
    replay("amqp", fuzz::amqp::one_input);
}
