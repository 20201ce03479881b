#pragma once

// Requests for a system user, as the Authentication service takes them and a person answers them.
// Facts: wire notes, section 1.3.

#include "adapters/common/standin/altinn_access.hpp"
#include "adapters/common/standin/journal.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::standin {

/// One thread.
class SystemUsers {
public:
    /// The system "<vendor>_sluse" is registered by the vendor, with rights on the sandbox's
    /// resources.
    SystemUsers(const World& world, const std::string& vendor);

    void open(std::string url) { url_ = std::move(url); }
    static bool is_for(std::string_view path);
    /// Below /authentication/api/v1/systemuser/request/vendor: the vendor alone, and only with the
    /// scopes systemuser.request.write and .read.
    sdk::Task<http::Response> handle(http::Request& request, const AltinnCaller& caller);
    /// A person's answer: {"id" or "externalRef", "act": "approve" | "reject" | "deny" | "timeout"
    /// | "escalate"}. Says what is wrong with the command instead.
    std::string answer(const json::Value& command);
    json::Value state() const;
    void clear();
    const std::string& system() const { return system_; }

private:
    sdk::Task<http::Response> create(http::Request& request);
    json::Value* find(const std::string& id);
    json::Value* find(const std::string& system, const std::string& party,
                      const std::string& reference);

    Journal journal_;
    const SkewedClock& clock_;
    std::string url_;
    std::string vendor_;
    std::string system_;
    std::map<std::string, json::Value> requests_;
};

}   // namespace gateway::standin
