#pragma once

// References to secrets ("file:/path", "env:NAME", "pkcs11:..."), resolved where they are used and
// never before. A file with a secret must be readable by its owner alone, and the owner must be
// root or the user the service runs as: anything else is refused, in words an operator can act on.

#include "gateway/core/failure.hpp"

#include <string>
#include <string_view>

namespace gateway::app {

enum class Secrecy {
    secret,   // keys, passwords: mode 0600 or 0400
    open,     // certificates: anybody may read them
};

enum class SecretFault {
    none,
    unknown_kind,   // neither file: nor env:
    missing,        // no such file or variable
    unreadable,     // no permission, or no regular file
    too_open,       // others may read it
    wrong_owner,
    empty,
    too_large,
};

struct SecretAnswer {
    SecretFault fault = SecretFault::none;
    std::string bytes;

    SecretAnswer() = default;
    explicit SecretAnswer(SecretFault why) : fault(why) {}
};

/// Keys and chains of certificates; more is a mistake.
inline constexpr std::size_t secret_bytes_max = 1U << 20U;

/// "file:" reads the file, "env:" the variable. Blocks; any thread.
SecretAnswer read_secret(std::string_view reference, Secrecy secrecy);

/// The same as a Result: `not_found`, `unauthorised` (mode, owner), `invalid_argument`. The detail
/// names the reference, never its content.
core::Result<std::string> resolve_secret(const std::string& reference, Secrecy secrecy);

/// The first line without its end: what an editor adds to a password file is not the password.
std::string first_line(std::string_view text);

/// "pkcs11:..." : a key that never leaves its hardware.
bool is_hardware_reference(std::string_view reference);

/// A relative "file:" path starts at `folder`; anything else stays as it is.
std::string anchored(const std::string& reference, const std::string& folder);

}   // namespace gateway::app
