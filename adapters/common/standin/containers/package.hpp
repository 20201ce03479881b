#pragma once

// ASiC-E with CAdES in a CMS envelope, as KS's clients make and take it: the same container in two
// national dialects. Facts: wire notes on Fiks 3.1 and 3.2.

#include "adapters/common/standin/containers/cms.hpp"
#include "gateway/core/failure.hpp"

#include <string>
#include <vector>

namespace gateway::standin {

struct PackageFile {
    std::string name;
    std::string bytes;
};

enum class Flavour { java, dotnet };

struct PackageOrder {
    Flavour flavour = Flavour::java;
    SignatureDigest digest = SignatureDigest::sha256;
    bool other_namespace = false;   // the manifest in ETSI's older one
    bool without_signature = false;
    const Issued* signer = nullptr;

    PackageOrder() = default;
};

/// The container. Throws std::runtime_error.
std::string make_container(const std::vector<PackageFile>& files, const PackageOrder& order);
/// The envelope of a container, to one certificate, as the flavour writes it.
std::string envelop(std::string_view container, const Certificate& to, Flavour flavour);

struct ReadContainer {
    std::vector<PackageFile> files;   // in their order, without META-INF and mimetype
    Certificate signer;
};

/// Strict, as what we are sent should be the form that everybody reads: `malformed` with words for
/// the sender.
core::Result<ReadContainer> read_container(std::string_view bytes);

}   // namespace gateway::standin
