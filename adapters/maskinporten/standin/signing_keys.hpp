#pragma once

#include "adapters/common/standin/jose.hpp"

#include <string>
#include <vector>

namespace gateway::maskinporten::standin {

/// The two keys of /jwk: the one that signs and the one before it. Kept in `folder`. One thread.
class SigningKeys {
public:
    explicit SigningKeys(std::string folder);

    json::Value jwks() const;
    std::string sign(const json::Value& payload) const;
    const std::string& active_kid() const { return keys_.front().kid; }
    /// A new key signs from here on. The oldest goes; with `drop_all` every earlier one does.
    void roll_over(bool drop_all);

private:
    struct Named {
        std::string kid;
        gateway::standin::Key key;
    };
    static Named make();
    void save() const;

    std::string folder_;
    std::vector<Named> keys_;   // the first signs
};

}   // namespace gateway::maskinporten::standin
