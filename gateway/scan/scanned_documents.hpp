#pragma once

// The document store as systems upload to it: what is infected is not kept, and what could not be
// looked through is taken or not as policy says.

#include "gateway/ports/documents.hpp"
#include "gateway/ports/scanner.hpp"
#include "gateway/sdk/host.hpp"

namespace gateway::scan {

/// commit() fails with `unsupported` and the detail below for what is not taken: nothing of it is
/// kept then. Everything given outlives it and its writers.
class ScannedDocuments final : public ports::Documents {
public:
    ScannedDocuments(ports::Documents& documents, ports::Scanner& scanner, sdk::Log& log)
        : documents_(documents), scanner_(scanner), log_(log) {}

    sdk::Task<sdk::Result<std::unique_ptr<ports::DocumentWriter>>>
    create(core::TenantId tenant, core::SystemId uploader, std::uint64_t bytes_max) override;
    sdk::Task<sdk::Result<std::unique_ptr<ports::DocumentReader>>> open(core::TenantId tenant,
                                                                        core::Sha256 hash) override;
    sdk::Task<sdk::Result<std::size_t>> collect(core::Time before) override;
    sdk::Task<sdk::Result<std::vector<std::string>>> verify() override;

private:
    ports::Documents& documents_;
    ports::Scanner& scanner_;
    sdk::Log& log_;
};

}   // namespace gateway::scan
