#pragma once

// Look-ups in registers: found by tenant and dataset among the running connections, anew at each
// call, since one may start later or be replaced meanwhile.

#include "gateway/core/ids.hpp"
#include "gateway/sdk/register.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string_view>

namespace gateway::host {

/// Hops onto the strand of who has the register, and back.
class RegisterOwner {
public:
    virtual ~RegisterOwner() = default;
    virtual sdk::Task<sdk::RegisterAnswer> ask_register(sdk::RegisterQuery query,
                                                        sdk::Deadline deadline) = 0;
};

/// Nothing when no running connection serves the tenant and has the dataset. Any thread.
using FindRegister = std::function<std::shared_ptr<RegisterOwner>(const core::TenantId& tenant,
                                                                  std::string_view dataset)>;

/// All registers, as the gateway itself asks them. `register.none`, not passing, when nobody
/// answers for the dataset. Any strand may call.
class AllRegisters final : public sdk::Registers {
public:
    explicit AllRegisters(FindRegister find) : find_(std::move(find)) {}
    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query,
                                           sdk::Deadline deadline) override;

private:
    FindRegister find_;
};

/// The same for an adapter: for the tenants its connection serves and no other.
class ServedRegisters final : public sdk::Registers {
public:
    ServedRegisters(std::set<core::TenantId> tenants, FindRegister find)
        : tenants_(std::move(tenants)), all_(std::move(find)) {}
    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query,
                                           sdk::Deadline deadline) override;

private:
    std::set<core::TenantId> tenants_;
    AllRegisters all_;
};

}   // namespace gateway::host
