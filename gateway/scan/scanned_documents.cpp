#include "gateway/scan/scanned_documents.hpp"

#include <utility>

namespace gateway::scan {

using core::Errc;
using core::Failure;
using ports::Scanned;

namespace {

class ScannedWriter final : public ports::DocumentWriter {
public:
    ScannedWriter(std::unique_ptr<ports::DocumentWriter> writer, ports::Scanner& scanner,
                  sdk::Log& log, core::Params who)
        : writer_(std::move(writer)),
          scanner_(scanner),
          scan_(scanner.begin()),
          log_(log),
          who_(std::move(who)) {}

    sdk::Task<sdk::Result<void>> append(std::span<const char> bytes) override {
        const auto taken = co_await writer_->append(bytes);
        if (taken.has_value()) {
            co_await scan_->write(bytes);
        }
        co_return taken;
    }

    sdk::Task<sdk::Result<ports::StoredDocument>> commit() override {
        const auto verdict = co_await scan_->finish();
        if (verdict.scanned == Scanned::infected) {
            who_.emplace_back("signature", verdict.signature);
            log_.write(sdk::Severity::error, "infected_upload_refused", who_);
            co_return Failure(Errc::unsupported, "infected");
        }
        const bool passed = verdict.scanned == Scanned::too_large ||
                            (verdict.scanned == Scanned::down && scanner_.pass_when_down());
        if (verdict.scanned == Scanned::down && !passed) {
            co_return Failure(Errc::unsupported, "not scanned");
        }
        auto stored = co_await writer_->commit();
        if (stored.has_value() && passed) {
            who_.emplace_back("sha256", stored->hash.to_hex());
            log_.write(sdk::Severity::warning, "unscanned_upload_taken", who_);
        }
        co_return stored;
    }

private:
    std::unique_ptr<ports::DocumentWriter> writer_;
    ports::Scanner& scanner_;
    std::unique_ptr<ports::Scan> scan_;
    sdk::Log& log_;
    core::Params who_;
};

}   // namespace

sdk::Task<sdk::Result<std::unique_ptr<ports::DocumentWriter>>>
ScannedDocuments::create(core::TenantId tenant, core::SystemId uploader, std::uint64_t bytes_max) {
    core::Params who{{"tenant", tenant.value}, {"system", uploader.value}};
    auto writer = co_await documents_.create(std::move(tenant), std::move(uploader), bytes_max);
    if (writer.has_error()) {
        co_return writer.error();
    }
    co_return std::unique_ptr<ports::DocumentWriter>(
        std::make_unique<ScannedWriter>(std::move(*writer), scanner_, log_, std::move(who)));
}

sdk::Task<sdk::Result<std::unique_ptr<ports::DocumentReader>>>
ScannedDocuments::open(core::TenantId tenant, core::Sha256 hash) {
    return documents_.open(std::move(tenant), hash);
}

sdk::Task<sdk::Result<std::size_t>> ScannedDocuments::collect(core::Time before) {
    return documents_.collect(before);
}

sdk::Task<sdk::Result<std::vector<std::string>>> ScannedDocuments::verify() {
    return documents_.verify();
}

}   // namespace gateway::scan
