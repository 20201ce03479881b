#pragma once

// The two manifests of a document package: manifest.xml (sdp-manifest.xsd, schema_v10), which says
// whose letter it is and what its files are, and META-INF/manifest.xml (OpenDocument), which every
// official sample carries though the rule text does without. Pure.

#include "adapters/digital_post/dpi_letter.hpp"

#include <string>

namespace gateway::digital_post {

/// `mailbox` is empty for print: the recipient then stands on the envelope alone.
std::string manifest_xml(const Letter& letter, const Parties& parties, const std::string& mailbox);

/// Of the files that the signature covers.
std::string package_list_xml(const Letter& letter);

/// fakturaReferanse: the letter's costAccount, else the route's or connection's; may be empty.
std::string invoice_reference_of(const Letter& letter);

}   // namespace gateway::digital_post
