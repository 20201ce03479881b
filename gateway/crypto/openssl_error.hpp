#pragma once

#include "gateway/core/failure.hpp"

#include <string>

namespace gateway::crypto {

/// `what` and OpenSSL's reason, which names no data. Empties this thread's error queue.
core::Failure openssl_failure(core::Errc errc, std::string what);

}   // namespace gateway::crypto
