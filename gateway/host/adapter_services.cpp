#include "gateway/host/adapter_services.hpp"

#include <utility>

namespace gateway::host {
namespace {

class ReceivedDocument final : public sdk::DocumentSink {
public:
    explicit ReceivedDocument(std::unique_ptr<ports::DocumentWriter> writer)
        : writer_(std::move(writer)) {}
    sdk::Task<sdk::Result<void>> write(std::span<const char> bytes) override {
        const auto written = co_await writer_->append(bytes);
        if (written.has_value()) {
            size_ += bytes.size();
        }
        co_return written;
    }
    std::uint64_t size() const override { return size_; }
    sdk::Task<sdk::Result<core::DocumentRef>> commit() override {
        const auto stored = co_await writer_->commit();
        if (stored.has_error()) {
            co_return stored.error();
        }
        core::DocumentRef document;
        document.sha256 = stored->hash;
        document.md5_hex = stored->md5_hex;
        document.size = stored->size;
        co_return document;
    }

private:
    std::unique_ptr<ports::DocumentWriter> writer_;
    std::uint64_t size_ = 0;
};

}   // namespace

sdk::Task<sdk::Result<std::unique_ptr<sdk::ByteSource>>>
ServedDocuments::open(core::TenantId tenant, core::Sha256 document) {
    if (!tenants_.contains(tenant)) {
        co_return core::Failure(core::Errc::not_found, "document of a tenant not served");
    }
    auto reader = co_await documents_.open(std::move(tenant), document);
    if (reader.has_error()) {
        co_return reader.error();
    }
    const auto size = (*reader)->size();
    co_return ports::make_source(std::move(*reader), 0, size);
}

/// Written by no system: only what refers to it lets one read it.
sdk::Task<sdk::Result<std::unique_ptr<sdk::DocumentSink>>>
ServedDocuments::create(core::TenantId tenant, std::uint64_t bytes_max) {
    if (!tenants_.contains(tenant)) {
        co_return core::Failure(core::Errc::not_found, "a tenant not served");
    }
    auto writer = co_await documents_.create(std::move(tenant), core::SystemId(), bytes_max);
    if (writer.has_error()) {
        co_return writer.error();
    }
    co_return std::make_unique<ReceivedDocument>(std::move(*writer));
}

sdk::Task<sdk::Result<sdk::State::Entry>> StoredState::get(std::string key) {
    const auto found = co_await store_.get_state(connection_, std::move(key));
    if (found.has_error()) {
        co_return found.error();
    }
    Entry entry;
    entry.value = found->value;
    entry.version = found->version;
    co_return entry;
}

sdk::Task<sdk::Result<std::uint64_t>> StoredState::put(std::string key, std::string value,
                                                       std::uint64_t expected_version) {
    if (key.empty() || key.size() > key_bytes_max) {
        co_return core::Failure(core::Errc::invalid_argument, "state key");
    }
    if (value.size() > value_bytes_max) {
        co_return core::Failure(core::Errc::too_large, "state value");
    }
    co_return co_await store_.put_state(connection_, std::move(key), std::move(value),
                                        expected_version);
}

core::Params LabelledMetrics::with_connection(const core::Params& labels) const {
    core::Params result{{"connection", connection_.value}};
    for (const auto& label : labels) {
        if (label.first != "connection") {
            result.push_back(label);
        }
    }
    return result;
}

void LabelledMetrics::count(std::string_view name, const core::Params& labels, std::uint64_t by) {
    metrics_.count(name, with_connection(labels), by);
}

void LabelledMetrics::gauge(std::string_view name, const core::Params& labels, double value) {
    metrics_.gauge(name, with_connection(labels), value);
}

void LabelledMetrics::observe(std::string_view name, const core::Params& labels, double value) {
    metrics_.observe(name, with_connection(labels), value);
}

sdk::Task<sdk::TokenAnswer> BorrowedTokens::token(sdk::TokenRequest request,
                                                  sdk::Deadline deadline) {
    return borrow(std::move(request), Lender::Fetch::when_needed, deadline);
}

sdk::Task<sdk::TokenAnswer> BorrowedTokens::fresh_token(sdk::TokenRequest request,
                                                        sdk::Deadline deadline) {
    return borrow(std::move(request), Lender::Fetch::now, deadline);
}

sdk::Task<sdk::TokenAnswer> BorrowedTokens::borrow(sdk::TokenRequest request, Lender::Fetch fetch,
                                                   sdk::Deadline deadline) {
    const auto lender = find_();   // kept for the whole call
    if (lender == nullptr) {
        sdk::TokenAnswer answer;
        answer.failure.code = core::Code("connection.tokens_missing");
        co_return answer;
    }
    co_return co_await lender->lend(std::move(request), fetch, deadline);
}

void BorrowedTokens::invalidate(const sdk::TokenRequest& request, const std::string& token) {
    if (const auto lender = find_()) {
        lender->invalidate(request, token);
    }
}

}   // namespace gateway::host
