#pragma once

// A found record as text, and back: what a test needs of it.

#include "gateway/ports/records.hpp"

namespace tests::records {

inline std::string written_out(const gateway::ports::FoundRecord& record) {
    auto value = gateway::json::Value::object();
    value.set("handle", record.handle.to_string())
        .set("values", record.values)
        .set("version", record.version)
        .set("withheld", record.withheld.size());
    return gateway::json::write(value);
}

inline gateway::ports::FoundRecord read_again(const std::string& text) {
    const auto value = gateway::json::parse(text).value();
    gateway::ports::FoundRecord record;
    record.handle = gateway::core::parse_uuid(value["handle"].as_string()).value();
    record.values = value["values"];
    record.withheld.resize(static_cast<std::size_t>(value["withheld"].as_int()));
    return record;
}

}   // namespace tests::records
