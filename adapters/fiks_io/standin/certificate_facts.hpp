#pragma once

#include "gateway/json/value.hpp"

#include <cstdint>
#include <string>

namespace gateway::fiks_io::standin {

/// What the catalogue says of an account's certificate, at this time (unix seconds). Facts: wire
/// notes 2.4.
json::Value describe_certificate(const std::string& pem, std::int64_t now);

/// The id of an organisation at Fiks: always the same UUID for the same number.
std::string fiks_organisation_of(const std::string& organisation);

/// A certificate in PEM, or of a PKCS #12 file; empty when it is neither.
std::string certificate_pem_of(const std::string& bytes, const std::string& password);

}   // namespace gateway::fiks_io::standin
