#pragma once

// Whose business certificates are believed. Facts: wire notes 7.

#include "adapters/common/standin/test_ca.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::digital_post::standin {

/// Filled once, then only read. One thread.
class Trust {
public:
    /// Certificates in PEM: those that sign themselves are believed, the others lead to them.
    /// Throws std::runtime_error when there are none.
    void add(std::string_view pem);

    /// What is wrong with `leaf` as a signing business certificate at `unix_seconds`; nothing when
    /// all is well. `between` may help to build the chain.
    std::optional<std::string> objection(const gateway::standin::Certificate& leaf,
                                         const std::vector<gateway::standin::Certificate>& between,
                                         std::int64_t unix_seconds) const;
    /// Believed without further proof.
    bool is_anchor(const gateway::standin::Certificate& certificate) const;

private:
    std::vector<gateway::standin::Certificate> anchors_;
    std::vector<gateway::standin::Certificate> between_;
};

}   // namespace gateway::digital_post::standin
