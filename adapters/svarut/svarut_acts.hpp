#pragma once

// What an operator asks of SvarUt, by the calls of v2 that have no place in a delivery's way.

#include "adapters/common/fiks/fiks_client.hpp"
#include "adapters/svarut/svarut_exchange.hpp"

#include <optional>

namespace gateway::svarut {

/// Lives on its connection's strand; everything given outlives it.
class Acts {
public:
    Acts(const Settings& settings, fiks_platform::Client& client, sdk::Host& host)
        : settings_(settings), client_(client), host_(host) {}

    static bool knows(const std::string& name);
    /// The names and their members stand in README.md.
    sdk::Task<sdk::ActAnswer> act(sdk::Act act, sdk::Deadline deadline);

private:
    /// Nothing: a member is missing or wrong.
    std::optional<sdk::HttpRequest> request_of(const sdk::Act& act) const;

    const Settings& settings_;
    fiks_platform::Client& client_;
    sdk::Host& host_;
};

}   // namespace gateway::svarut
