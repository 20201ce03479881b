#pragma once

// What whoever configures the gateway for the sandbox needs: a business certificate, a registered
// key, and their clients.

#include "adapters/common/standin/test_ca.hpp"
#include "adapters/maskinporten/standin/registry.hpp"

#include <string>

namespace gateway::maskinporten::standin {

/// Files in <state>/material. One thread.
class Material {
public:
    Material(std::string folder, std::string organisation);

    /// Makes certificate, key and clients unless they are there. Throws std::runtime_error.
    void prepare(const gateway::standin::TestCa& ca, Registry& registry, std::int64_t now) const;
    /// Members for the JSON line: where everything is.
    json::Value describe(const gateway::standin::TestCa& ca, const std::string& issuer) const;

private:
    std::string folder_;
    std::string organisation_;
};

/// A certificate for a test: {"organisation", "kind":
/// valid|expired|not_yet_valid|self_signed|other_ca}. Nothing for other kinds.
std::optional<json::Value> order_certificate(const gateway::standin::TestCa& ca,
                                             const std::string& other_ca_folder,
                                             const json::Value& order, std::int64_t now);

}   // namespace gateway::maskinporten::standin
