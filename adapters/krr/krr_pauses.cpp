#include "adapters/krr/krr_pauses.hpp"

#include <algorithm>

namespace gateway::krr {
namespace {

constexpr std::chrono::seconds passing_pause{2};
constexpr std::chrono::seconds final_pause{15};

}   // namespace

void Pauses::begin(const core::TenantId& tenant, const sdk::RegisterFailure& failure,
                   core::SteadyTime now) {
    Pause pause;
    pause.failure = failure;
    if (!failure.passing) {
        pause.ends_at = now + final_pause;
        of_tenants_[tenant] = std::move(pause);
        return;
    }
    pause.ends_at = now + std::max(passing_pause, failure.retry_after.value_or(passing_pause));
    of_all_ = std::move(pause);
}

std::optional<sdk::RegisterFailure> Pauses::find(const core::TenantId& tenant,
                                                 core::SteadyTime now) const {
    const auto of_tenant = of_tenants_.find(tenant);
    const Pause* pause = of_all_ ? &*of_all_ : nullptr;
    if (pause == nullptr || now >= pause->ends_at) {
        pause = of_tenant == of_tenants_.end() ? nullptr : &of_tenant->second;
    }
    if (pause == nullptr || now >= pause->ends_at) {
        return std::nullopt;
    }
    auto failure = pause->failure;
    failure.retry_after = std::chrono::ceil<std::chrono::seconds>(pause->ends_at - now);
    return failure;
}

void Pauses::end(const core::TenantId& tenant, core::SteadyTime now) {
    if (of_all_ && now >= of_all_->ends_at) {
        of_all_.reset();
    }
    const auto found = of_tenants_.find(tenant);
    if (found != of_tenants_.end() && now >= found->second.ends_at) {
        of_tenants_.erase(found);
    }
}

const sdk::RegisterFailure* Pauses::trouble() const {
    if (of_all_) {
        return &of_all_->failure;
    }
    return of_tenants_.empty() ? nullptr : &of_tenants_.begin()->second.failure;
}

}   // namespace gateway::krr
