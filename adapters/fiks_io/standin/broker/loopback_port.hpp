#pragma once

#include <cstdint>

namespace gateway::fiks_io::standin {

/// A TCP port of 127.0.0.1 that nobody has, for a program that cannot be told "any" and asked
/// afterwards. For about a minute the kernel gives it to nobody who asks for any port. Throws
/// std::runtime_error when there is none.
std::uint16_t reserve_loopback_port();

/// Does somebody accept connections there?
bool somebody_listens(std::uint16_t port);

}   // namespace gateway::fiks_io::standin
