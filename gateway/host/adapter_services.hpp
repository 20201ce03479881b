#pragma once

// The small services behind sdk::Host, each bound to one connection.

#include "gateway/host/services.hpp"
#include "gateway/ports/connections.hpp"

#include <functional>
#include <memory>

namespace gateway::host {

/// Documents of the tenants the connection serves, and of no other.
class ServedDocuments final : public sdk::Documents {
public:
    ServedDocuments(ports::Documents& documents, std::set<core::TenantId> tenants)
        : documents_(documents), tenants_(std::move(tenants)) {}
    sdk::Task<sdk::Result<std::unique_ptr<sdk::ByteSource>>> open(core::TenantId tenant,
                                                                  core::Sha256 document) override;
    sdk::Task<sdk::Result<std::unique_ptr<sdk::DocumentSink>>>
    create(core::TenantId tenant, std::uint64_t bytes_max) override;

private:
    ports::Documents& documents_;
    std::set<core::TenantId> tenants_;
};

class StoredState final : public sdk::State {
public:
    StoredState(ports::Store& store, core::ConnectionId connection)
        : store_(store), connection_(std::move(connection)) {}
    sdk::Task<sdk::Result<Entry>> get(std::string key) override;
    /// `invalid_argument` for a key, `too_large` for a value past its limit.
    sdk::Task<sdk::Result<std::uint64_t>> put(std::string key, std::string value,
                                              std::uint64_t expected_version) override;

    static constexpr std::size_t key_bytes_max = 200;
    static constexpr std::size_t value_bytes_max = 1U << 20U;

private:
    ports::Store& store_;
    core::ConnectionId connection_;
};

/// Every series of an adapter carries its connection.
class LabelledMetrics final : public sdk::Metrics {
public:
    LabelledMetrics(sdk::Metrics& metrics, core::ConnectionId connection)
        : metrics_(metrics), connection_(std::move(connection)) {}
    void count(std::string_view name, const core::Params& labels, std::uint64_t by) override;
    void gauge(std::string_view name, const core::Params& labels, double value) override;
    void observe(std::string_view name, const core::Params& labels, double value) override;

private:
    core::Params with_connection(const core::Params& labels) const;

    sdk::Metrics& metrics_;
    core::ConnectionId connection_;
};

/// The token source of another connection, found anew at each call: it may start later or be
/// replaced meanwhile.
class BorrowedTokens final : public sdk::TokenSource {
public:
    /// Hops onto the strand of who has the tokens, and back.
    class Lender {
    public:
        enum class Fetch { when_needed, now };

        virtual ~Lender() = default;
        virtual sdk::Task<sdk::TokenAnswer> lend(sdk::TokenRequest request, Fetch fetch,
                                                 sdk::Deadline deadline) = 0;
        virtual void invalidate(sdk::TokenRequest request, std::string token) = 0;
    };
    using FindLender = std::function<std::shared_ptr<Lender>()>;

    explicit BorrowedTokens(FindLender find) : find_(std::move(find)) {}
    /// `connection.tokens_missing`, passing, while nobody lends.
    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline deadline) override;
    sdk::Task<sdk::TokenAnswer> fresh_token(sdk::TokenRequest request,
                                            sdk::Deadline deadline) override;
    void invalidate(const sdk::TokenRequest& request, const std::string& token) override;

private:
    sdk::Task<sdk::TokenAnswer> borrow(sdk::TokenRequest request, Lender::Fetch fetch,
                                       sdk::Deadline deadline);

    FindLender find_;
};

}   // namespace gateway::host
