#pragma once

#include "adapters/common/standin/test_ca.hpp"

#include <string_view>

namespace gateway::digital_post::standin {

/// Is this the certificate's issuer as XML signatures write it (RFC 2253, last part first)? Names
/// of parts may be short, long or dotted, values text or "#" and hexadecimal DER.
bool names_issuer(std::string_view name, const gateway::standin::Certificate& certificate);
/// The serial number in decimal digits.
std::string serial_number(const gateway::standin::Certificate& certificate);

}   // namespace gateway::digital_post::standin
