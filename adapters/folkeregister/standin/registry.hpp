#pragma once

// The people, what has happened to them, and the list of events: <state>/people.jsonl, written
// through at once.

#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/skewed_clock.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::folkeregister::standin {

struct Event {
    std::int64_t number = 0;
    std::string person;
    std::string type;       // "endringIBostedsadresse"
    std::string document;   // id of what it changed
    std::string at;         // RFC 3339
    std::string part;       // "bostedsadresse"
    std::string change;     // "registrereNy"

    json::Value value() const;
    static Event of(const json::Value& value);
};

/// One thread. Throws std::runtime_error for a damaged file.
class Registry {
public:
    Registry(const std::string& folder, unsigned households,
             const gateway::standin::SkewedClock& clock);

    /// By any number the person has or had; nullptr for nobody.
    const json::Value* find(const std::string& number) const;
    const std::map<std::string, json::Value>& people() const { return people_; }
    const std::vector<Event>& events() const { return events_; }
    /// By the id of what it changed; nullptr for none.
    const Event* find_event(const std::string& document) const;
    std::int64_t last_number() const;

    /// {"number", "act", ...}; says what is wrong instead. `done` is what the caller is told.
    std::optional<std::string> act(const json::Value& command, json::Value& done);
    void move_many(std::int64_t count);
    void reset();

private:
    struct What {
        const char* type;
        const char* part;
        const char* change = "registrereNy";
    };
    void fill();
    void save(const json::Value& person);
    void tell(const std::string& number, What what);
    void move(json::Value person);
    void die(json::Value person);
    void revive(json::Value person);
    std::optional<std::string> marry(json::Value person, const std::string& with);
    std::string bear(json::Value mother);
    std::string renumber(json::Value person);
    bool simple(const std::string& act, json::Value person, const json::Value& command);

    unsigned households_;
    const gateway::standin::SkewedClock& clock_;
    gateway::standin::Journal journal_;
    std::map<std::string, json::Value> people_;   // by the number in use
    std::map<std::string, std::string> former_;   // to the number in use
    std::vector<Event> events_;
    unsigned moves_ = 0;
};

}   // namespace gateway::folkeregister::standin
