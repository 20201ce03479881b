#pragma once

// Postal addresses as the print service wants them (schema `utskrift`, adresseInformasjon): either
// a Norwegian one with postnummer and poststed, or a foreign one with landkode and neither. Both at
// once is invalid, so a foreign postal code and place become an address line. Pure.

#include "adapters/digital_post/dpi_settings.hpp"
#include "gateway/core/code.hpp"

namespace gateway::digital_post {

/// `address` of a letter, valid by letter/v1.
PostalAddress read_postal_address(const json::Value& address);

/// What keeps it from being printed on an envelope; `pointer` is the address's own.
std::vector<core::Problem> check_address(const PostalAddress& address, const std::string& pointer);

/// adresseInformasjon; only of an address without problems.
json::Value address_information(const PostalAddress& address);

}   // namespace gateway::digital_post
