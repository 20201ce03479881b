#include "adapters/common/registers/fields.hpp"

#include "adapters/common/registers/dates.hpp"

namespace gateway::registers {

using json::Value;

std::string Fields::text(const Value& object, const char* name) {
    const Value& member = object[name];
    if ((!member.is_null() && !member.is_string()) || member.as_string().size() > text_bytes_max) {
        fault(name);
        return {};
    }
    return member.as_string();
}

std::string Fields::date(const Value& object, const char* name) {
    std::string said = text(object, name);
    if (!said.empty() && !is_date(said)) {
        fault(name);
        said.clear();
    }
    return said;
}

bool Fields::flag(const Value& object, const char* name) {
    const Value& member = object[name];
    if (!member.is_null() && !member.is_bool()) {
        fault(name);
    }
    return member.as_bool();
}

void set_text(Value& into, const char* name, const std::string& text) {
    if (!text.empty()) {
        into.set(name, text);
    }
}

}   // namespace gateway::registers
