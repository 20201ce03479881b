#pragma once

// Requests for a system user, as the Authentication service takes them and a person answers them.
// Facts: wire notes, section 1.3.

#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/skewed_clock.hpp"
#include "gateway/http/message.hpp"
#include "gateway/json/value.hpp"

#include <map>
#include <string>
#include <vector>

namespace gateway::altinn_forms::standin {

/// One thread.
class SystemUsers {
public:
    /// `system` is registered by the vendor `organisation` with rights on `resources`.
    SystemUsers(gateway::standin::Journal& journal, const gateway::standin::SkewedClock& clock,
                std::string system, std::vector<std::string> resources);

    void open(std::string url) { url_ = std::move(url); }
    /// After /authentication/api/v1/systemuser/request/vendor. `may_write` and `may_read` are the
    /// scopes systemuser.request.write and .read.
    sdk::Task<http::Response> handle(http::Request& request, const std::vector<std::string>& parts,
                                     bool may_write, bool may_read);
    /// A person's answer: {"id" or "externalRef", "act": "approve" | "reject" | "deny" | "timeout"
    /// | "escalate"}. Says what is wrong with the command instead.
    std::string answer(const json::Value& command);
    json::Value state() const;
    void clear() { requests_.clear(); }

private:
    sdk::Task<http::Response> create(http::Request& request);
    json::Value* find(const std::string& id);
    json::Value* find(const std::string& system, const std::string& party,
                      const std::string& reference);

    gateway::standin::Journal& journal_;
    const gateway::standin::SkewedClock& clock_;
    std::string url_;
    std::string system_;
    std::vector<std::string> resources_;
    std::map<std::string, json::Value> requests_;
};

}   // namespace gateway::altinn_forms::standin
