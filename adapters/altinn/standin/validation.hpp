#pragma once

// Model validation: the shape of a request before anyone judges its meaning. Each fault is a line
// of an STD-00000 answer. Facts: wire notes 2.2 and 2.5.

#include "adapters/altinn/standin/problem.hpp"
#include "gateway/json/value.hpp"

namespace gateway::altinn::standin {

FieldFaults validate_initialize(const json::Value& request);
FieldFaults validate_attachment(const json::Value& attachment, const std::string& path);

/// Characters, not bytes.
std::size_t characters(std::string_view utf8);

}   // namespace gateway::altinn::standin
