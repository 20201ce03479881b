#include "adapters/altinn_forms/forms_adapter.hpp"

namespace gateway::altinn_forms {

sdk::Needs FormsAdapter::needs(const core::TenantId&) const {
    sdk::Needs needs;
    needs.places.push_back(settings_.access.base_url);
    needs.places.push_back(settings_.apps_url);
    needs.tokens.push_back(token_request(settings_));
    return needs;
}

}   // namespace gateway::altinn_forms
