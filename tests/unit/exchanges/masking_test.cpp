#include "gateway/exchanges/exchange.hpp"
#include "gateway/exchanges/mask_body.hpp"
#include "gateway/exchanges/mask_head.hpp"
#include "tests/support/national_ids.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <random>

namespace {

using namespace gateway;
using exchanges::mask_form;
using exchanges::mask_json;
using exchanges::mask_url;
using exchanges::mask_xml;

/// Somebody who is nobody: what of them may stand anywhere in an exchange.
struct Person {
    std::string national_id;
    std::string first;
    std::string last;
    std::string email;
    std::string phone;

    Person(unsigned& at, std::mt19937& random) : national_id(tests::next_synthetic_id(at)) {
        constexpr std::array<const char*, 6> firsts{"Aslaug",   "Brynjulv", "Dagfrid",
                                                    "Eldbjørg", "Ragnhild", "Sigvart"};
        constexpr std::array<const char*, 6> lasts{"Nordmann", "Fjellvang",  "Østensjø",
                                                   "Strandli", "Tveitereid", "Haugsgjerd"};
        first = firsts[random() % firsts.size()];
        last = lasts[random() % lasts.size()];
        phone = "9" + std::to_string(1'000'000 + random() % 9'000'000);
        email = "post." + std::to_string(random() % 1000) + "@" + "tveitereid-gard.example";
    }
    std::string name() const { return first + " " + last; }
    /// One of them, as a component may write it.
    std::string any(std::mt19937& random) const {
        switch (random() % 6) {
        case 0: return national_id;
        case 1: return name();
        case 2: return last + ", " + first;
        case 3: return email;
        case 4: return phone;
        default: return "Vi fant ikke " + name() + " (" + national_id + ")";
        }
    }
    bool is_in(const std::string& text) const {
        const auto parts = {national_id, first, last, email, phone};
        return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
            return text.find(part) != std::string::npos;
        });
    }
};

/// Listed and unlisted alike: a component may write anything anywhere.
constexpr std::array<const char*, 12> fields{"status",  "code",    "id",    "errorCode",
                                             "created", "navn",    "title", "foedselsnummer",
                                             "state",   "traceId", "error", "recipient"};

json::Value any_json(const Person& person, std::mt19937& random, int depth) {
    const auto kind = depth == 0 ? 0 : random() % 4;
    if (kind == 0) {
        return json::Value(person.any(random));
    }
    if (kind == 1) {
        json::Value list = json::Value::array();
        for (unsigned i = 0; i < 1 + random() % 3; ++i) {
            list.push(any_json(person, random, depth - 1));
        }
        return list;
    }
    json::Value object = json::Value::object();
    for (unsigned i = 0; i < 1 + random() % 4; ++i) {
        object.set(fields[random() % fields.size()], any_json(person, random, depth - 1));
    }
    if (random() % 3 == 0) {   // a map by person
        object.set(person.any(random), any_json(person, random, depth - 1));
    }
    if (random() % 3 == 0) {
        object.set("number", static_cast<std::int64_t>(std::stoll(person.national_id)));
    }
    return object;
}

std::string any_xml(const Person& person, std::mt19937& random, int depth) {
    const std::string name = std::string("ns2:") + fields[random() % fields.size()];
    std::string text = "<" + name + " xmlns:ns2=\"urn:" + person.national_id + "\" " +
                       fields[random() % fields.size()] + "='" + person.any(random) + "'>";
    for (unsigned i = 0; depth > 0 && i < 1 + random() % 3; ++i) {
        text += any_xml(person, random, depth - 1);
    }
    text += random() % 2 == 0 ? person.any(random) : "<![CDATA[" + person.any(random) + "]]>";
    text += "<!-- " + person.any(random) + " --><?who " + person.any(random) + "?>";
    return text + "</" + name + ">";
}

std::string any_form(const Person& person, std::mt19937& random) {
    return std::string(fields[random() % fields.size()]) + "=" + person.any(random) + "&" +
           person.any(random) + "=1&" + fields[random() % fields.size()] + "=" + person.national_id;
}

std::string any_url(const Person& person, std::mt19937& random) {
    return "https://" + person.national_id + "@api.example/api/v1/" + person.any(random) +
           "/attachment/" + person.last + "?" + any_form(person, random) + "#" + person.any(random);
}

sdk::Headers any_headers(const Person& person, std::mt19937& random, const std::string& type) {
    sdk::Headers headers{{"Content-Type", type},
                         {"Authorization", "Bearer " + person.any(random)},
                         {"Location", any_url(person, random)}};
    constexpr std::array<const char*, 8> names{
        "X-Request-Id",   "Retry-After", "Date",        "Set-Cookie",
        "Content-Length", "X-Name",      "traceparent", "ETag"};
    for (unsigned i = 0; i < 4; ++i) {
        headers.emplace_back(names[random() % names.size()], person.any(random));
    }
    headers.emplace_back(person.any(random), "1");
    return headers;
}

}   // namespace

TEST_CASE("masking: no person comes through, wherever a component writes one") {
    std::mt19937 random(20260203);   // NOLINT: the same each time
    unsigned at = 4'000;
    for (int round = 0; round < 600; ++round) {
        const Person person(at, random);
        constexpr std::array<const char*, 6> types{"application/json",
                                                   "application/problem+json",
                                                   "text/xml; charset=utf-8",
                                                   "application/x-www-form-urlencoded",
                                                   "text/plain",
                                                   "application/pdf"};
        const std::string type = types[random() % types.size()];
        const auto body = [&] {
            switch (random() % 4) {
            case 0: return json::write(any_json(person, random, 4));
            case 1: return any_xml(person, random, 3);
            case 2: return any_form(person, random);
            default: return person.any(random);
            }
        };
        sdk::HttpRequest request("POST", any_url(person, random));
        request.headers = any_headers(person, random, type);
        request.body = body();
        sdk::HttpResponse answer(400, body());
        answer.headers = any_headers(person, random, type);
        exchanges::Exchange exchange(request, core::Time{});
        const sdk::Result<sdk::HttpResponse> result(std::move(answer));
        const auto kept =
            json::write(std::move(exchange).ended(result, std::chrono::milliseconds(20)));
        INFO(kept);
        REQUIRE_FALSE(person.is_in(kept));
        REQUIRE(kept.size() <= exchanges::Exchange::bytes_max);
    }
}

TEST_CASE("masking: a failure keeps its code and nothing of what the peer said") {
    sdk::HttpRequest request("GET", "https://api.example/api/v1/messages/in?kanal=x");
    exchanges::Exchange exchange(request, core::Time{});
    core::Failure failure(core::Errc::answer_lost, "Kari");
    const sdk::Result<sdk::HttpResponse> result(std::move(failure));
    const auto kept = std::move(exchange).ended(result, std::chrono::seconds(2));
    CHECK(kept["failure"].as_string() == "upstream.answer_lost");
    CHECK(kept["milliseconds"].as_int() == 2000);
    CHECK(kept["url"].as_string() == "https://api.example/api/v1/messages/in?kanal=***");
    CHECK(json::write(kept).find("Kari") == std::string::npos);
}

TEST_CASE("masking: what tells an operator what went wrong is there") {
    CHECK(mask_json(R"({"status":400,"code":"INVALID_RECIPIENT","title":"Ukjent: Ola","errors":[)"
                    R"({"pointer":"/navn","id":"0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a22"}],)"
                    R"("timestamp":"2026-02-03T09:00:00Z","ok":true,"none":null})") ==
          R"({"status":400,"code":"INVALID_RECIPIENT","title":"***","errors":[{"pointer":"***",)"
          R"("id":"0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a22"}],"timestamp":"2026-02-03T09:00:00Z",)"
          R"("ok":"***","none":null})");
    CHECK(mask_xml("<?xml version='1.0'?><e:feil xmlns:e='urn:x' nr=\"7\"><kode>A</kode>"
                   "<e:status>MOTTATT</e:status><tom/> tekst </e:feil>") ==
          "<e:feil nr=\"***\"><kode>***</kode><e:status>MOTTATT</e:status><tom/>***</e:feil>");
    CHECK(mask_form("error=invalid_grant&assertion=ey.J&error=Ola") ==
          "error=invalid_grant&assertion=***&error=***");
    CHECK(
        mask_form("OlaNordmann&x&ola.nordmann=1&@odata.type=2&reason=OlaNordmann&reason=failed") ==
        "***&***&***=***&@odata.type=***&reason=***&reason=failed");
    CHECK(mask_url("https://u:p@h.example:8443/correspondence/api/v1/correspondence/"
                   "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a22/details/Ola?x=1#y") ==
          "https://h.example:8443/correspondence/api/v1/correspondence/"
          "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a22/details/***?x=***");
    const auto headers = exchanges::masked_headers({{"content-type", "text/xml; boundary=Ola"},
                                                    {"Authorization", "Bearer x"},
                                                    {"Retry-After", "120"},
                                                    {"Date", "Tue, 03 Feb 2026 09:00:00 GMT"},
                                                    {"X-Request-Id", "Ola"}});
    CHECK(json::write(headers) ==
          R"([["content-type","text/xml"],["Authorization","***"],["Retry-After","120"],)"
          R"(["Date","Tue, 03 Feb 2026 09:00:00 GMT"],["X-Request-Id","***"]])");
}

TEST_CASE("masking: what is not what it says it is, or too long to be looked into, is a length") {
    for (const char* text : {"", "{", "{\"a\":1}x", "Ola"}) {
        CHECK_FALSE(mask_json(text).has_value());
    }
    for (const char* text : {"", "Ola", "<a>", "<a></b>", "</a>", "<a b></a>", "<a b=c/>", "<!--",
                             "<!DOCTYPE a [<!ENTITY x 'Ola'>]><a>&x;</a>", "<a b='x>", "<>", "<"}) {
        INFO(text);
        CHECK_FALSE(mask_xml(text).has_value());
    }
    std::string deep;
    for (std::size_t i = 0; i <= exchanges::xml_depth_max; ++i) {
        deep += "<a>";
    }
    CHECK_FALSE(mask_xml(deep).has_value());
    const std::string long_text = "{\"a\":\"" + std::string(70'000, 'x') + "\"}";
    const auto long_body = exchanges::masked_body("application/json", long_text);
    CHECK(long_body["bytes"].as_int() == 70'008);
    CHECK_FALSE(long_body.has("text"));
    const auto document = exchanges::masked_body("application/pdf", "%PDF Ola");
    CHECK(json::write(document) == R"({"type":"application/pdf","bytes":8})");
    CHECK(exchanges::masked_body("text/ola", "x")["type"].as_string() == "***");
}

TEST_CASE("masking: what is cut says so, and an exchange stays within its bytes") {
    json::Value many = json::Value::object();
    for (int i = 0; i < 300; ++i) {
        many.set(
            "felt_" +
                std::string(static_cast<std::size_t>(i % 26) + 1, static_cast<char>('a' + i % 26)) +
                "_" + std::to_string(i),
            "\"quoted\"");
    }
    sdk::HttpRequest request("POST", "https://api.example/" + std::string(2000, 'x'));
    request.headers = {{"Content-Type", "application/json"}};
    for (int i = 0; i < 100; ++i) {
        request.headers.emplace_back("X-Header", "value");
    }
    request.body = json::write(many);
    exchanges::Exchange exchange(request, core::Time{});
    sdk::HttpResponse answer(200, json::write(many));
    answer.headers = request.headers;
    const sdk::Result<sdk::HttpResponse> result(std::move(answer));
    const auto kept = std::move(exchange).ended(result, std::chrono::seconds(1));
    CHECK(json::write(kept).size() <= exchanges::Exchange::bytes_max);
    CHECK(kept["request"]["body"]["cut"].as_bool());
    CHECK(kept["response"]["body"]["cut"].as_bool());
    CHECK(kept["request"]["headers"].items().back().items().empty());
}
