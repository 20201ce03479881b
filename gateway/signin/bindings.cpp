#include "gateway/signin/bindings.hpp"

#include <algorithm>
#include <iterator>

namespace gateway::signin {
namespace {

const ports::Caller* find(const std::map<std::string, ports::Caller>& callers,
                          const std::string& name) {
    const auto found = callers.find(name);
    return found == callers.end() ? nullptr : &found->second;
}

}   // namespace

Bindings::Bindings(std::shared_ptr<const core::Configuration> configuration)
    : configuration_(std::move(configuration)) {
    for (const auto& [tenant_id, tenant] : configuration_->tenants) {
        for (const auto& [system_id, system] : tenant.systems) {
            ports::Caller caller;
            caller.tenant = tenant_id;
            caller.system = system_id;
            caller.grants = system.grants;
            if (system.token) {
                tokens_.emplace(*system.token, caller);
            }
            for (const auto& certificate : system.certificates) {
                if (!certificate.sha256.empty()) {
                    fingerprints_.emplace(certificate.sha256, caller);
                } else {
                    organisations_.emplace(certificate.organisation, caller);
                }
            }
        }
    }
}

std::vector<ports::Caller> Bindings::of_token(const std::string& consumer,
                                              const std::set<std::string>& scopes) const {
    std::set<std::string> granted;
    std::vector<ports::Caller> callers;
    if (!configuration_->maskinporten_in) {
        return callers;
    }
    const auto& known = configuration_->maskinporten_in->scopes;
    for (const std::string& scope : scopes) {
        const auto grants = known.find(scope);
        if (grants == known.end()) {
            continue;
        }
        granted.insert(grants->second.begin(), grants->second.end());
        const auto found = tokens_.find(core::TokenBinding{consumer, scope});
        if (found != tokens_.end()) {
            callers.push_back(found->second);
        }
    }
    for (ports::Caller& caller : callers) {
        core::Grants::Set both;
        std::set_intersection(caller.grants.begin(), caller.grants.end(), granted.begin(),
                              granted.end(), std::inserter(both, both.end()));
        caller.grants = std::move(both);
    }
    return callers;
}

const ports::Caller* Bindings::of_fingerprint(const std::string& sha256) const {
    return find(fingerprints_, sha256);
}

const ports::Caller* Bindings::of_organisation(const std::string& number) const {
    return find(organisations_, number);
}

}   // namespace gateway::signin
