#include "adapters/krr/krr_answers.hpp"
#include "tests/unit/adapter_krr/krr_world.hpp"

#include <catch2/catch.hpp>

using namespace krr_world;

namespace {

gateway::registers::Reading read(const std::string& body, std::vector<std::string> asked,
                                 int status = 200) {
    const krr::Settings settings;
    return krr::read_persons(settings, sdk::HttpResponse(status, body), asked, noon());
}

std::string code(const std::optional<sdk::RegisterFailure>& failure) {
    return failure ? failure->code.value : "none";
}

core::Duration holds(const gateway::registers::Reading& reading, const char* person) {
    return reading.replies.at(person).entry.valid_until - noon();
}

std::string print_json(const std::string& certificate_text, const char* number = "974761076") {
    json::Value body;
    body.set("postkasseleverandoerAdresse", number).set("x509Sertifikat", certificate_text);
    return json::write(body);
}

krr::PrintReading read_print(const std::string& body, int status = 200) {
    const krr::Settings settings;
    return krr::read_print(settings, sdk::HttpResponse(status, body), noon());
}

json::Value with_certificate(const char* number, const std::string& text) {
    return entry(number).set("sertifikat", text);
}

}   // namespace

TEST_CASE("krr: a look-up is a POST of numbers, none of which stands in the address") {
    krr::Settings settings;
    settings.base_url = "https://krr.example";
    const auto request = krr::persons_request(settings, {kari, ola});
    CHECK(request.method == "POST");
    CHECK(request.url == "https://krr.example/rest/v2/personer");
    CHECK(request.body == R"({"personidentifikatorer":["01816000064","02816000850"]})");
    settings.version = "v1";
    CHECK(krr::persons_request(settings, {kari}).url == "https://krr.example/rest/v1/personer");
    CHECK(krr::print_request(settings).url == "https://krr.example/rest/v2/printSertifikat");
}

TEST_CASE("krr: everyone who was asked about has a reply") {
    const auto reading = read(answer_about({ola, kari}), {kari, ola, nils});
    CHECK_FALSE(reading.failure);
    REQUIRE(reading.replies.size() == 3);
    CHECK(reading.replies.at(kari).entry.key == kari);
    CHECK(reading.replies.at(kari).entry.fetched_at == noon());
    CHECK(reading.replies.at(ola).entry.value["status"].as_string() == "active");
    CHECK(code(reading.replies.at(nils).failure) == "krr.person_missing");
    CHECK(reading.replies.at(nils).failure->passing);
}

TEST_CASE("krr: an answer about somebody else is not believed in any part") {
    for (const auto& body : {answer_about({kari, nils}), answer({entry(kari), json::Value("x")}),
                             answer({entry(kari), entry("")})}) {
        const auto reading = read(body, {kari, ola});
        CHECK(code(reading.failure) == "krr.wrong_person");
        CHECK(reading.failure->passing);
        CHECK(reading.replies.empty());
    }
}

TEST_CASE("krr: somebody told of twice is believed when both say the same") {
    CHECK_FALSE(read(answer_about({kari, kari}), {kari}).replies.at(kari).failure);
    const auto other = entry(kari).set("reservasjon", "JA");
    const auto reading = read(answer({entry(kari), other, entry(kari), entry(ola)}), {kari, ola});
    CHECK(code(reading.replies.at(kari).failure) == "krr.contradicts_itself");
    CHECK_FALSE(reading.replies.at(ola).failure);
}

TEST_CASE("krr: one person who is not understood leaves the others as they are") {
    const auto strange = entry(ola).set("status", "UTVANDRET");
    const auto reading = read(answer({entry(kari), strange}), {kari, ola});
    CHECK_FALSE(reading.replies.at(kari).failure);
    const auto& failure = *reading.replies.at(ola).failure;
    CHECK(failure.code.value == "krr.person_not_understood");
    CHECK(failure.params == core::Params{{"field", "status"}});
    CHECK(failure.passing);
}

TEST_CASE(
    "krr: what is no answer of the register's is a failure, never a person without a reservation") {
    CHECK(code(read("<html>Logg inn</html>", {kari}).failure) == "upstream.html_answer");
    for (const char* body : {"", "{\"personer\": [", "[]", "null", "{}", R"({"personer":{}})",
                             R"({"personer":null})"}) {
        INFO(body);
        const auto reading = read(body, {kari});
        CHECK(code(reading.failure) == "upstream.bad_answer");
        CHECK(reading.failure->passing);
        CHECK(reading.replies.empty());
    }
    CHECK(code(read(answer_about({kari}), {kari}, 204).failure) == "upstream.bad_answer");
    CHECK(code(read("", {kari}, 302).failure) == "upstream.bad_answer");
}

TEST_CASE("krr: each status tells who must act") {
    struct Case {
        int status;
        const char* code;
        bool passing;
        bool refused_as_asked;
    };
    for (const auto& [status, expected, passing, as_asked] :
         {Case{400, "krr.refused", false, true}, Case{422, "krr.refused", false, true},
          Case{401, "krr.access_refused", false, false},
          Case{403, "krr.access_refused", false, false}, Case{404, "krr.refused", false, false},
          Case{408, "upstream.server_error", true, false},
          Case{429, "upstream.rate_limited", true, false},
          Case{500, "upstream.server_error", true, false},
          Case{503, "upstream.server_error", true, false}}) {
        INFO(status);
        const auto reading = read(answer_about({kari}), {kari}, status);
        CHECK(code(reading.failure) == expected);
        CHECK(reading.failure->passing == passing);
        CHECK(reading.refused_as_asked == as_asked);
        CHECK(reading.replies.empty());
    }
    const krr::Settings settings;
    sdk::HttpResponse busy(429, "");
    busy.headers.emplace_back("Retry-After", "7");
    CHECK(krr::read_persons(settings, busy, {kari}, noon()).failure->retry_after == seconds(7));
}

TEST_CASE("krr: certificates come as PEM or as bare base64, and leave in one form") {
    const std::string pem = certificate(hours(1000));
    const std::string bare = without_lines(pem);
    for (const auto& text :
         {pem, bare, "\r\n" + bare.substr(0, 64) + "\r\n" + bare.substr(64) + " "}) {
        const auto reading = read(answer({with_certificate(kari, text)}), {kari});
        CHECK(reading.replies.at(kari).entry.value["certificate"].as_string() == bare);
        CHECK_FALSE(reading.replies.at(kari).entry.value.has("certificateFault"));
    }
}

TEST_CASE(
    "krr: a certificate that cannot be used is left out and said so, the person is still told of") {
    const auto fault = [](const std::string& text) {
        const auto reading = read(answer({with_certificate(kari, text)}), {kari});
        const auto& value = reading.replies.at(kari).entry.value;
        CHECK_FALSE(value.has("certificate"));
        CHECK(value["status"].as_string() == "active");
        CHECK(holds(reading, kari) == minutes(60));
        return value["certificateFault"].as_string();
    };
    CHECK(fault(certificate(-hours(1), hours(48))) == "expired");
    CHECK(fault(certificate(hours(48), -hours(1))) == "not_yet_valid");
    CHECK(fault("MIIB") == "unreadable");
    CHECK(fault("not base64!") == "unreadable");
    CHECK(fault("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") == "unreadable");
    CHECK(fault("-----BEGIN NONSENSE-----\n") == "unreadable");
    CHECK(fault(std::string(70'000, 'A')) == "unreadable");
}

TEST_CASE("krr: an entry holds for a day, and no longer than anything in it") {
    const auto held = [](const json::Value& person) {
        return holds(read(answer({person}), {kari}), kari);
    };
    CHECK(held(entry(kari)) == hours(24));
    CHECK(held(with_certificate(kari, certificate(hours(1000)))) == hours(24));
    const auto ends = held(with_certificate(kari, certificate(hours(3))));
    CHECK(ends < hours(3) + seconds(5));   // made by the real clock
    CHECK(ends > hours(3) - seconds(5));
    auto aging = entry(kari);
    aging.find("kontaktinformasjon")->set("epostadresse_sist_verifisert", "2024-07-15T13:30:00Z");
    aging.find("kontaktinformasjon")->set("epostadresse_oppdatert", "");
    CHECK(held(aging) == minutes(90));   // then canNotify is another
    CHECK(held(entry(kari).set("status", "SLETTET")) == hours(24));
    CHECK(held(entry(kari).set("status", "IKKE_REGISTRERT")) == hours(1));
}

TEST_CASE("krr: the print service is read in either spelling") {
    const std::string pem = certificate(hours(1000));
    const auto reading = read_print(print_json(pem));
    REQUIRE_FALSE(reading.failure);
    CHECK(reading.entry.value["operator"].as_string() == "974761076");
    CHECK(reading.entry.value["certificate"].as_string() == without_lines(pem));
    CHECK(reading.entry.valid_until == noon() + hours(24));
    json::Value other;
    other.set("postkasseleverandoeradresse", "974761076").set("x509sertifikat", pem);
    CHECK_FALSE(read_print(json::write(other)).failure);
    CHECK(read_print(print_json(certificate(hours(3)))).entry.valid_until < noon() + hours(4));
}

TEST_CASE("krr: a print service that cannot be used is a failure") {
    const std::string pem = certificate(hours(1000));
    const auto unusable = [](const std::string& body) {
        const auto reading = read_print(body);
        REQUIRE(reading.failure);
        CHECK(reading.failure->code.value == "krr.print_unusable");
        CHECK(reading.failure->passing);
        CHECK(reading.entry.value.is_null());
        return reading.failure->params.at(0).second;
    };
    CHECK(unusable(print_json(pem, "Skatteetaten")) == "postkasseleverandoerAdresse");
    CHECK(unusable(print_json(certificate(-hours(1), hours(48)))) == "x509Sertifikat");
    CHECK(unusable(print_json("")) == "x509Sertifikat");
    CHECK(unusable("{}") == "postkasseleverandoerAdresse");
    CHECK(code(read_print("<!DOCTYPE html>").failure) == "upstream.html_answer");
    CHECK(code(read_print("[]").failure) == "upstream.bad_answer");
    CHECK(code(read_print("{}", 503).failure) == "upstream.server_error");
    CHECK(code(read_print("{}", 403).failure) == "krr.access_refused");
}
