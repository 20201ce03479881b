#pragma once

// Who is calling, and whether they may: the Bearer token of every call. Facts: wire notes 1.3, 1.6
// and 2.2.

#include "adapters/common/standin/maskinporten_tokens.hpp"
#include "adapters/common/standin/program.hpp"
#include "adapters/digital_post/standin/problem.hpp"

#include <memory>
#include <set>
#include <string>
#include <variant>

namespace gateway::digital_post::standin {

struct Caller {
    std::string token;           // as it came, for comparison with the one in the body
    std::string consumer;        // organisation number: on whose behalf
    std::string databehandler;   // the supplier, or else the consumer: whose queue it is
};

/// One thread.
class Access {
public:
    explicit Access(gateway::standin::World& world);

    /// The own address, which `aud` names when it is there.
    void open(const std::string& url) { url_ = url; }

    /// 401 for a token that does not hold, 403 for one that does not allow.
    sdk::Task<std::variant<Caller, Refusal>> identify(const http::Request& request);

    /// All organisations have an agreement with this access point unless told otherwise; kept over
    /// restarts.
    void set_agreement(const std::string& organisation, bool agreement);
    json::Value without_agreement() const;

private:
    bool is_for_us(const json::Value& audience) const;

    gateway::standin::World& world_;
    gateway::standin::MaskinportenTokens maskinporten_;
    std::string audience_;
    std::string url_;
    std::set<std::string> without_agreement_;
};

}   // namespace gateway::digital_post::standin
