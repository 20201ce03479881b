#pragma once

// XML signatures by xmlsec1, over files of a package.

#include "adapters/common/standin/containers/xml.hpp"
#include "adapters/common/standin/containers/zip.hpp"
#include "adapters/common/standin/jose.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::digital_post::standin {

using gateway::standin::XmlDocument;
using gateway::standin::XmlNode;
using gateway::standin::Zip;
using gateway::standin::ZipEntry;

/// Does the signature hold by this key, and every reference by what it refers to: nodes of the
/// document by their Id, all other URIs by files of the package? RSA with SHA-256, digests by
/// SHA-256, canonical XML without comments; nothing else is computed. Needs all Ids of the document
/// to be different. One thread.
bool verify_xml_signature(const XmlDocument& document, XmlNode* signature,
                          const gateway::standin::Key& key, const Zip& zip);

/// The entry that a reference's URI names, escaped or not; nullptr when there is none.
const ZipEntry* find_by_uri(const Zip& zip, const std::string& uri);

}   // namespace gateway::digital_post::standin
