#pragma once

// A register of units that answers as scripted, and who asks it.

#include "adapters/enhetsregisteret/brreg_adapter.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace brreg_world {

namespace brreg = gateway::enhetsregisteret;
namespace core = gateway::core;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Synthetic, with check digits that fit.
inline constexpr const char* one = "310001007";
inline constexpr const char* two = "310005002";
inline constexpr const char* three = "310000019";

/// As the manual clock has it at first: 2026-01-15T12:00:00Z.
inline core::Time noon() {
    return *core::parse_rfc3339("2026-01-15T12:00:00Z");
}

inline json::Value unit(const std::string& number, const std::string& more = "{}") {
    json::Value made = *json::parse(
        R"({"organisasjonsnummer":")" + number +
        R"(","navn":"EIN AS","organisasjonsform":{"kode":"AS","beskrivelse":"Aksjeselskap"}})");
    const json::Value extra = *json::parse(more);
    for (const auto& [name, value] : extra.members()) {
        made.set(name, value);
    }
    return made;
}

/// A page of a search, or of updates: `list` is the name of what is in it.
inline std::string page(const char* list, const std::vector<json::Value>& items) {
    json::Value answer;
    if (!items.empty()) {
        json::Value array = json::Value::array();
        for (const auto& item : items) {
            array.push(item);
        }
        answer.set("_embedded", json::Value::object().set(list, std::move(array)));
    }
    json::Value about;
    about.set("size", 20).set("totalElements", static_cast<std::int64_t>(items.size()));
    answer.set("page", std::move(about));
    return json::write(answer);
}

inline json::Value update(std::int64_t id, const std::string& number, const char* kind = "Endring",
                          const char* at = "2026-01-15T11:00:00.000Z") {
    json::Value made;
    made.set("oppdateringsid", id).set("dato", at).set("organisasjonsnummer", number);
    made.set("endringstype", kind);
    return made;
}

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    std::unique_ptr<sdk::Adapter> adapter;

    explicit World(const std::string& settings = R"({"batch_window_ms":0})") {
        sdk::ConnectionFacts facts;
        facts.connection = "brreg-test";
        facts.base_url = "https://brreg.example/enhetsregisteret/api";
        facts.settings = settings;
        adapter = std::move(*brreg::create(facts, *fake.host));
    }
    ~World() { tests::run(io, adapter->stop(fake.in(seconds(1)))); }

    sdk::RegisterAnswer ask(std::vector<std::string> keys, const char* dataset = "organisation") {
        sdk::RegisterQuery query;
        query.tenant = core::TenantId("310001007");
        query.dataset = dataset;
        query.keys = std::move(keys);
        return tests::run(io, adapter->registry()->look_up(std::move(query), fake.in(minutes(1))));
    }
    sdk::ChangePage changes(std::string cursor) {
        return tests::run(io, adapter->feed()->changes(core::TenantId("310001007"),
                                                       std::move(cursor), fake.in(minutes(1))));
    }
    tests::ScriptedHttpClient::Step& expect(const std::string& url_part) {
        return fake.http.expect("GET", url_part);
    }
    std::size_t calls() const { return fake.http.calls().size(); }
    const std::string& url(std::size_t index) const { return fake.http.calls().at(index).url; }
};

/// Keeps what it is given, or fails.
class Intake final : public sdk::RegisterIntake {
public:
    sdk::Task<core::Result<void>> put(std::string dataset,
                                      std::vector<sdk::RegisterEntry> entries) override {
        if (failure) {
            co_return *failure;
        }
        datasets.push_back(std::move(dataset));
        most_at_once = std::max(most_at_once, entries.size());
        for (auto& entry : entries) {
            kept.push_back(std::move(entry));
        }
        co_return core::Result<void>();
    }
    void progress(std::uint64_t done, std::uint64_t of) override { told.emplace_back(done, of); }

    std::vector<std::string> datasets;
    std::vector<sdk::RegisterEntry> kept;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
    std::size_t most_at_once = 0;
    std::optional<core::Failure> failure;
};

inline std::string code(const std::optional<sdk::RegisterFailure>& failure) {
    return failure ? failure->code.value : "none";
}

}   // namespace brreg_world
