#include "adapters/svarut/standin/shapes.hpp"

#include "svarut_standin_files.hpp"

#include <stdexcept>

namespace gateway::svarut::standin {

using json::Value;

namespace {

constexpr const char* kinds[] = {
    "person",  "organisasjon",   "print",          "nhn", "v2", "receipt",
    "failure", "statusSearchV2", "statusSearchV3", "read"};

}   // namespace

Shapes::Shapes() {
    const auto common = json::parse(embedded::shipments);
    if (!common) {
        throw std::runtime_error("the schema of shipments is damaged");
    }
    for (const char* kind : kinds) {
        Value schema = (*common)["definitions"][kind];
        schema.set("$schema", (*common)["$schema"]).set("definitions", (*common)["definitions"]);
        auto compiled = json::Schema::compile(json::write(schema));
        if (!compiled) {
            throw std::runtime_error("the schema of " + std::string(kind) +
                                     " is damaged: " + compiled.error().to_string());
        }
        by_kind_.emplace(kind, std::move(*compiled));
    }
}

std::optional<std::string> Shapes::objection(const std::string& kind, const Value& value) const {
    const auto found = by_kind_.find(kind);
    if (found == by_kind_.end()) {
        return "unknown kind";
    }
    const auto faults = found->second.check(value, 1);
    if (faults.empty()) {
        return std::nullopt;
    }
    const json::SchemaFault& fault = faults.front();
    return (fault.pointer.empty() ? "/" : fault.pointer) + ": " + fault.keyword +
           (fault.detail.empty() ? "" : " " + fault.detail);
}

}   // namespace gateway::svarut::standin
