#pragma once

// Which system a token or a certificate belongs to, found quickly. Made once of a configuration.

#include "gateway/core/configuration.hpp"
#include "gateway/ports/intake.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace gateway::signin {

/// Immutable; any thread.
class Bindings {
public:
    explicit Bindings(std::shared_ptr<const core::Configuration> configuration);

    const core::Configuration& configuration() const { return *configuration_; }
    /// The systems of this consumer whose scope is among these, each with those of its grants that
    /// one of the scopes lets it use.
    std::vector<ports::Caller> of_token(const std::string& consumer,
                                        const std::set<std::string>& scopes) const;
    bool by_organisation() const { return !organisations_.empty(); }
    const ports::Caller* of_fingerprint(const std::string& sha256) const;
    const ports::Caller* of_organisation(const std::string& number) const;

private:
    std::shared_ptr<const core::Configuration> configuration_;
    std::map<core::TokenBinding, ports::Caller> tokens_;
    std::map<std::string, ports::Caller> fingerprints_;
    std::map<std::string, ports::Caller> organisations_;
};

}   // namespace gateway::signin
