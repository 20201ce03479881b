#include "adapters/digital_post/standin/shapes.hpp"

#include "digital_post_standin_files.hpp"

#include <stdexcept>

namespace gateway::digital_post::standin {

using json::Value;

namespace {

constexpr const char* types[] = {"digital",
                                 "utskrift",
                                 "leveringskvittering",
                                 "aapningskvittering",
                                 "mottakskvittering",
                                 "returpostkvittering",
                                 "varslingfeiletkvittering",
                                 "feil"};

Value reference(const std::string& name) {
    Value out;
    out.set("$ref", "#/definitions/" + name);
    return out;
}

/// An object with exactly these members.
Value exactly(const json::Object& members) {
    Value names = Value::array();
    for (const auto& [name, schema] : members) {
        names.push(name);
    }
    Value out;
    out.set("type", "object").set("additionalProperties", false);
    out.set("required", std::move(names)).set("properties", members);
    return out;
}

}   // namespace

Shapes::Shapes() {
    const auto common = json::parse(embedded::business_message);
    if (!common) {
        throw std::runtime_error("the schema of business messages is damaged");
    }
    for (const char* type : types) {
        const json::Object inner{{"standardBusinessDocumentHeader", reference("header")},
                                 {type, reference(type)}};
        Value schema = exactly({{"standardBusinessDocument", exactly(inner)}});
        schema.set("$schema", (*common)["$schema"]).set("definitions", (*common)["definitions"]);
        auto compiled = json::Schema::compile(json::write(schema));
        if (!compiled) {
            throw std::runtime_error("the schema of " + std::string(type) +
                                     " is damaged: " + compiled.error().to_string());
        }
        by_type_.emplace(type, std::move(*compiled));
    }
}

std::optional<std::string> Shapes::objection(const std::string& type, const Value& message) const {
    const auto found = by_type_.find(type);
    if (found == by_type_.end()) {
        return "the type is unknown";
    }
    const auto faults = found->second.check(message, 1);
    if (faults.empty()) {
        return std::nullopt;
    }
    const json::SchemaFault& fault = faults.front();
    return (fault.pointer.empty() ? "/" : fault.pointer) + ": " + fault.keyword +
           (fault.detail.empty() ? "" : " " + fault.detail);
}

}   // namespace gateway::digital_post::standin
