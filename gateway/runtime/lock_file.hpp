#pragma once

// One program at a time on a data folder. The lock is the kernel's (flock): it goes with the
// process, however that ends.

#include "gateway/core/failure.hpp"

#include <memory>
#include <string>

namespace gateway::runtime {

/// Held until it is destroyed.
class LockFile {
public:
    virtual ~LockFile() = default;
};

/// `conflict` when another has it; the detail is what that one wrote of itself. `who`: one line
/// without a secret, such as "sluse serve, pid 17". Blocks shortly.
core::Result<std::unique_ptr<LockFile>> take_lock(const std::string& path, const std::string& who);

}   // namespace gateway::runtime
