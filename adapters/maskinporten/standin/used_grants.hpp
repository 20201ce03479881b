#pragma once

#include "adapters/common/standin/journal.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace gateway::maskinporten::standin {

/// Which grants were used, over restarts too; forgotten once they have expired anyway. One thread.
class UsedGrants {
public:
    explicit UsedGrants(gateway::standin::Journal& journal);

    /// False when it was used before. `key` is client and jti, or the whole assertion's digest
    /// where jti is missing.
    bool use(const std::string& key, std::int64_t expires, std::int64_t now);
    std::size_t size() const { return expires_.size(); }
    void clear() { expires_.clear(); }

private:
    gateway::standin::Journal& journal_;
    std::map<std::string, std::int64_t> expires_;
};

}   // namespace gateway::maskinporten::standin
