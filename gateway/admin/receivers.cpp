#include "gateway/admin/receivers.hpp"

namespace gateway::admin {

std::vector<core::SystemId> receivers_of(const core::TenantConfig& tenant, std::string_view type) {
    const auto grant = "receive:" + std::string(type.substr(0, type.find('/')));
    std::vector<core::SystemId> found;
    for (const auto& [id, system] : tenant.systems) {
        if (system.grants.contains(grant)) {
            found.push_back(id);
        }
    }
    return found;
}

}   // namespace gateway::admin
