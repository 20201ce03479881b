#pragma once

// The people of the register and what was changed about them by hand: <state>/changes.json, written
// through at once.

#include "gateway/json/value.hpp"

#include <map>
#include <optional>
#include <string>

namespace gateway::krr::standin {

/// One thread.
class People {
public:
    /// Throws std::runtime_error for a damaged file.
    explicit People(std::string path);

    /// nullptr for a number nobody has.
    const json::Value* find(const std::string& number) const;
    /// By number.
    const std::map<std::string, json::Value>& all() const { return all_; }

    /// {"number", "act": "reserve" | "unreserve" | "expire" | "renew" | "move_mailbox" |
    /// "close_mailbox" | "delete"} or {"number", "set": {members of a description, null removes}};
    /// a number nobody has is a new person with "set". Says what is wrong instead.
    std::optional<std::string> change(const json::Value& command);
    /// As at the first start.
    void reset();

private:
    std::optional<std::string> act(json::Value& person, const std::string& act) const;
    void fill();
    void save() const;

    std::string path_;
    std::map<std::string, json::Value> all_;
    std::map<std::string, json::Value> changed_;
};

}   // namespace gateway::krr::standin
