#pragma once

#include "gateway/app/cli/client/verbs.hpp"

#include <string>
#include <vector>

namespace gateway::app::client {

struct AccountOptions {
    GatePlace place;
    std::string name, why;
    std::string act;                  // renew | remove
    std::vector<std::string> roles;   // "operator@310001007", "auditor@*"
    bool json = false;
};
int run_accounts_add(const Desk& desk, const AccountOptions& options);
int run_accounts_list(const Desk& desk, const AccountOptions& options);
int run_accounts_act(const Desk& desk, const AccountOptions& options);

}   // namespace gateway::app::client
