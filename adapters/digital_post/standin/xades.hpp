#pragma once

// META-INF/signatures.xml: XAdES as the profile of digital post has it. Facts: wire notes 2.5.

#include "adapters/common/standin/containers/zip.hpp"
#include "adapters/digital_post/standin/trust.hpp"
#include "gateway/core/time.hpp"

#include <map>
#include <string>
#include <string_view>

namespace gateway::digital_post::standin {

using gateway::standin::Zip;

struct PackageSignature {
    std::string signer;   // organisation number in the certificate
    core::Time signed_at;
    std::map<std::string, std::string> files;   // name -> type, as DataObjectFormat has them
};

/// Is it no document but part of the container?
bool is_container_file(std::string_view name);

/// One signature that covers every file outside META-INF, by a believed certificate that is valid
/// at `arrived`. Its signing time is at most `age_max` before and five seconds after `arrived`.
/// `malformed` with words for the sender otherwise.
core::Result<PackageSignature> verify_package(const Zip& zip, const Trust& trust,
                                              core::Time arrived, core::Duration age_max);

}   // namespace gateway::digital_post::standin
