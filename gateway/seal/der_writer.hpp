#pragma once

// DER (X.690) of what a CMS signature is made of. Each function returns one whole element; any
// thread.

#include "gateway/core/time.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal::der {

/// Any tag of one byte, definite length.
std::string element(unsigned char tag, std::string_view content);
std::string sequence(std::initializer_list<std::string_view> elements);
/// SET OF: in the order of their encodings, as DER demands.
std::string set_of(std::vector<std::string> elements);
/// The same order under [number] IMPLICIT.
std::string tagged_set_of(unsigned number, std::vector<std::string> elements);
std::string octet_string(std::string_view bytes);
/// A dotted object identifier of at least two arcs, as a constant of the program.
std::string object_identifier(std::string_view dotted);
std::string small_integer(unsigned char value);   // 0 to 127
std::string null();
/// UTCTime until 2049, GeneralizedTime after, whole seconds, as CMS demands (RFC 5652 11.3).
std::string time(core::Time at);

}   // namespace gateway::seal::der
