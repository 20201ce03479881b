#pragma once

// Reads members of what a register answered, and remembers the first that is not understood. Pure.

#include "gateway/json/value.hpp"

#include <string>

namespace gateway::registers {

class Fields {
public:
    static constexpr std::size_t text_bytes_max = 2000;

    /// A text that may be missing, null or empty; anything else is a fault.
    std::string text(const json::Value& object, const char* name);
    /// The same, and a date where it is not empty.
    std::string date(const json::Value& object, const char* name);
    /// A truth that may be missing or null: false then.
    bool flag(const json::Value& object, const char* name);
    void fault(const char* name) {
        if (fault_.empty()) {
            fault_ = name;
        }
    }
    /// The name of the first member at fault; empty: none.
    const std::string& first_fault() const { return fault_; }

private:
    std::string fault_;
};

/// Sets it unless it is empty.
void set_text(json::Value& into, const char* name, const std::string& text);

}   // namespace gateway::registers
