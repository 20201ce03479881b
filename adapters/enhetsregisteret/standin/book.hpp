#pragma once

// What the register holds: two series, what was changed about them, and the updates that told of
// it. Changes lie in <state>/register.jsonl, written through at once.

#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/skewed_clock.hpp"
#include "adapters/enhetsregisteret/standin/series.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::enhetsregisteret::standin {

enum class Kind { unit, sub_unit };

struct Update {
    std::int64_t id = 0;
    std::string at;   // RFC 3339
    std::string number;
    std::string type;   // "Endring"
    json::Value changes = json::Value::array();
};

/// One thread. Throws std::runtime_error for a damaged file.
class Book {
public:
    struct Sizes {
        std::size_t units = 0;
        std::size_t updates = 0;
    };
    Book(const std::string& folder, Sizes sizes, const gateway::standin::SkewedClock& clock);

    std::size_t size(Kind kind) const { return series_of(kind).size(); }
    /// As the register holds it now; null for a number nobody has. {"removed": true}: taken away.
    json::Value find(Kind kind, const std::string& number) const;
    json::Value at(Kind kind, std::size_t index) const;
    json::Value roles(const std::string& number) const;
    const std::vector<Update>& updates(Kind kind) const {
        return kind == Kind::unit ? unit_updates_ : sub_unit_updates_;
    }

    /// {"number", "act", ...} or {"act": "create", ...}; says what is wrong instead. `done` is what
    /// the caller is told.
    std::optional<std::string> change(const json::Value& command, json::Value& done);
    void reset();

private:
    Series& series_of(Kind kind) { return kind == Kind::unit ? units_ : sub_units_; }
    const Series& series_of(Kind kind) const { return kind == Kind::unit ? units_ : sub_units_; }
    void fill();
    void read();
    std::optional<std::string> act(Kind kind, const std::string& number,
                                   const json::Value& command);
    std::optional<std::string> create(const json::Value& command, json::Value& done);
    void tell(Kind kind, const std::string& number, const char* type, json::Value changes);
    void keep(Kind kind, const std::string& number, json::Value value);

    Sizes sizes_;
    const gateway::standin::SkewedClock& clock_;
    gateway::standin::Journal journal_;
    Series units_;
    Series sub_units_;
    std::map<std::string, json::Value> changed_;   // by number: numbers are in common
    std::vector<Update> unit_updates_;
    std::vector<Update> sub_unit_updates_;
};

}   // namespace gateway::enhetsregisteret::standin
