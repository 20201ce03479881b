#pragma once

// What was read is written so that it reads back equal, in each of the three forms.

#include "gateway/json/utf8.hpp"
#include "gateway/json/value.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::json {

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace json = gateway::json;
    const auto text = text_of(data, size);
    const auto value = json::parse(text);
    if (!value) {
        const auto& error = value.error();
        promise(error.offset <= size, "a fault lies within the text");
        promise(error.line >= 1 && error.column >= 1, "lines and columns count from one");
        promise(json::utf8_fault(error.pointer) == std::string::npos, "a pointer is UTF-8");
        return;
    }
    promise(json::utf8_fault(text) == std::string::npos, "what was read is UTF-8");
    const auto written = json::write(*value);
    const auto again = json::parse(written);
    promise(again && *again == *value, "written text reads back equal");
    promise(json::write(*again) == written, "written text is stable");
    const auto pretty = json::parse(json::write_pretty(*value));
    promise(pretty && *pretty == *value, "pretty text reads back equal");
    const auto canonical = json::write_canonical(*value);
    const auto sorted = json::parse(canonical);
    promise(sorted && json::write_canonical(*sorted) == canonical, "canonical text is stable");
    promise(json::write_canonical(*again) == canonical, "equal content has one canonical text");
    for (const auto& [name, member] : value->members()) {
        const auto* found = value->at(json::pointer_token(name));
        promise(found != nullptr && *found == member, "a pointer finds its member");
    }
}

}   // namespace fuzz::json
