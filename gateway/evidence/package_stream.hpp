#pragma once

// An evidence package as a stream, in constant memory whatever its documents' size.

#include "gateway/evidence/package.hpp"
#include "gateway/sdk/bytes.hpp"
#include "gateway/seal/asic_writer.hpp"

#include <memory>
#include <vector>

namespace gateway::evidence {

/// How a package is written, by those who make one and by those who make it anew to compare.
seal::AsicOptions package_options(core::Time made_at);
seal::FileToPack to_pack(std::string name, std::uint64_t size);

/// `documents` are the bytes of `package.documents`, in their order. The stream fails with
/// `corrupted` when one of them has not the digest that its line tells.
std::unique_ptr<sdk::ByteSource>
stream_package(Package package, std::vector<std::unique_ptr<sdk::ByteSource>> documents);

}   // namespace gateway::evidence
