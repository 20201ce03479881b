#pragma once

// A register that answers as scripted, and who asks it.

#include "adapters/krr/krr_adapter.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"
#include "tests/support/test_certificates.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace krr_world {

namespace core = gateway::core;
namespace json = gateway::json;
namespace krr = gateway::krr;
namespace sdk = gateway::sdk;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Synthetic, with check digits that fit.
inline constexpr const char* kari = "01816000064";
inline constexpr const char* ola = "02816000850";
inline constexpr const char* nils = "03816001411";
inline constexpr const char* one_tenant = "310001007";
inline constexpr const char* other_tenant = "310005002";
inline constexpr const char* path = "/rest/v2/personer";

/// As the manual clock has it at first: 2026-01-15T12:00:00Z.
inline core::Time noon() {
    return *core::parse_rfc3339("2026-01-15T12:00:00Z");
}

/// A person of the answer: active, not reserved, to be reached by e-mail.
inline json::Value entry(const std::string& number) {
    return *json::parse(R"({"personidentifikator":")" + number +
                        R"(","reservasjon":"NEI","status":"AKTIV","varslingsstatus":"KAN_VARSLES",
        "kontaktinformasjon":{"epostadresse":"k@eksempel.example",
            "epostadresse_oppdatert":"2025-12-01T10:00:00+01",
            "epostadresse_sist_verifisert":"2025-12-24T10:00:00Z"},
        "spraak":"nn"})");
}

inline std::string answer(const std::vector<json::Value>& persons) {
    json::Value list = json::Value::array();
    for (const auto& person : persons) {
        list.push(person);
    }
    return json::write(json::Value::object().set("personer", std::move(list)));
}

inline std::string answer_about(const std::vector<std::string>& numbers) {
    std::vector<json::Value> persons;
    for (const auto& number : numbers) {
        persons.push_back(entry(number));
    }
    return answer(persons);
}

/// PEM of a certificate that ends `left` after noon.
inline std::string certificate(core::Duration left, core::Duration begun = hours(24)) {
    static const tests::CertificateAuthority authority;
    const auto now = std::chrono::time_point_cast<core::Duration>(std::chrono::system_clock::now());
    tests::CertificateWishes wishes;
    wishes.not_before = std::chrono::floor<seconds>(noon() - begun - now);
    wishes.not_after = std::chrono::floor<seconds>(noon() + left - now);
    return authority.issue(wishes).certificate_pem;
}

inline std::string without_lines(std::string pem) {
    pem.erase(0, pem.find('\n'));
    pem.erase(pem.find("-----END"));
    std::erase(pem, '\n');
    return pem;
}

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    std::unique_ptr<sdk::Adapter> adapter;

    explicit World(const std::string& settings = "{}") {
        sdk::ConnectionFacts facts;
        facts.connection = "krr-test";
        facts.base_url = "https://krr.example";
        facts.settings = settings;
        adapter = std::move(*krr::create(facts, *fake.host));
    }
    ~World() { tests::run(io, adapter->stop(fake.in(seconds(1)))); }

    static sdk::RegisterQuery query(std::vector<std::string> keys,
                                    const char* dataset = "contact") {
        sdk::RegisterQuery made;
        made.tenant = core::TenantId(one_tenant);
        made.dataset = dataset;
        made.keys = std::move(keys);
        return made;
    }
    /// Waits for what has been asked, turning the clock from sleeper to sleeper.
    sdk::RegisterAnswer ask(sdk::RegisterQuery what, core::Duration patience = seconds(30)) {
        Asked& asked = begin(std::move(what), patience);
        tests::run_until(
            io, fake.clock, [&] { return asked.has_value(); }, minutes(5));
        if (!asked) {
            throw std::runtime_error("the look-up never ended");
        }
        return *asked;
    }
    sdk::RegisterAnswer ask(const std::string& person) { return ask(query({person})); }
    sdk::RegisterAnswer ask_fresh(const std::string& person) {
        auto made = query({person});
        made.fresh = true;
        return ask(std::move(made));
    }
    json::Value value(const std::string& person) {
        const auto answer = ask(person);
        return answer.failure ? json::Value(answer.failure->code.value)
                              : answer.entries.at(0).value;
    }
    sdk::RegisterAnswer ask_print(bool fresh = false) {
        auto made = query({""}, "print");
        made.fresh = fresh;
        return ask(std::move(made));
    }
    /// Answers come here when they come.
    using Asked = std::optional<sdk::RegisterAnswer>;
    Asked& begin(sdk::RegisterQuery what, core::Duration patience = seconds(30)) {
        Asked& asked = asked_.emplace_back();
        boost::asio::co_spawn(
            io, adapter->registry()->look_up(std::move(what), fake.in(patience)),
            [&asked](const std::exception_ptr& error, const sdk::RegisterAnswer& answer) {
                if (!error) {
                    asked = answer;
                }
            });
        return asked;
    }
    /// Runs what can run without time passing.
    void settle() {
        io.restart();
        io.poll();
    }
    void advance(core::Duration by) {
        fake.clock.advance(by);
        settle();
    }
    std::size_t calls() const { return fake.http.calls().size(); }
    const tests::SentRequest& call(std::size_t index) const { return fake.http.calls().at(index); }
    tests::ScriptedHttpClient::Step& expect() { return fake.http.expect("POST", path); }

private:
    std::list<Asked> asked_;
};

/// Whatever is asked for is answered about.
inline void answer_all(World& world) {
    world.fake.http.always("POST", path).answer_with([](const tests::SentRequest& sent) {
        std::vector<std::string> numbers;
        const auto body = json::parse(sent.body);
        for (const auto& number : (*body)["personidentifikatorer"].items()) {
            numbers.push_back(number.as_string());
        }
        sdk::HttpResponse response(200, answer_about(numbers));
        return core::Result<sdk::HttpResponse>(response);
    });
}

/// Valid numbers, as many as are wanted.
inline std::vector<std::string> many(std::size_t count) {
    std::vector<std::string> numbers;
    for (long number = 1'81'600'000'00; numbers.size() < count; ++number) {
        std::string text = std::to_string(number);
        text.insert(0, 11 - text.size(), '0');
        if (core::is_person_number(text)) {
            numbers.push_back(std::move(text));
        }
    }
    return numbers;
}

inline std::size_t persons_in(const tests::SentRequest& sent) {
    const auto body = json::parse(sent.body);
    return (*body)["personidentifikatorer"].items().size();
}

inline sdk::RegisterQuery of_other_tenant(const std::string& person) {
    auto query = World::query({person});
    query.tenant = core::TenantId(other_tenant);
    return query;
}

inline std::string code(const sdk::RegisterAnswer& answer) {
    return answer.failure ? answer.failure->code.value : "none";
}

}   // namespace krr_world
