#pragma once

// A configuration's text for people to read. Secrets never stand in it but by reference; what
// somebody wrote there all the same is not shown.

#include <string>
#include <string_view>

namespace gateway::admin {

/// Line by line as it stands, with a dot row instead of what looks like a secret itself: the value
/// of a key named like one that is no reference, a PIN in a pkcs11 address, a password in a URL.
std::string without_secrets(std::string_view toml);

}   // namespace gateway::admin
