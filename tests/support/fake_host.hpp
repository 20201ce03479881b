#pragma once

// An adapter's whole world, made of fakes: a clock turned by hand, a scripted upstream, seeded ids,
// documents, state and keys in memory, and a log that remembers every word.

#include "gateway/sdk/adapter.hpp"
#include "tests/support/fake_roles.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http_client.hpp"
#include "tests/support/scripted_streams.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tests {

namespace core = gateway::core;
namespace sdk = gateway::sdk;

/// Gives "token-1", "token-2", ... a new one after each invalidate(), or the failure it is set to.
class FakeTokens final : public sdk::TokenSource {
public:
    explicit FakeTokens(sdk::Clock& clock) : clock_(clock) {}
    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline deadline) override;
    void invalidate(const sdk::TokenRequest& request, const std::string& token) override;

    std::vector<sdk::TokenRequest> asked;
    std::vector<std::string> invalidated;
    std::optional<sdk::TokenFailure> failure;

private:
    sdk::Clock& clock_;
    int number_ = 1;
};

class FakeDocuments final : public sdk::Documents {
public:
    sdk::Task<core::Result<std::unique_ptr<sdk::ByteSource>>> open(core::TenantId tenant,
                                                                   core::Sha256 document) override;
    sdk::Task<core::Result<std::unique_ptr<sdk::DocumentSink>>>
    create(core::TenantId tenant, std::uint64_t bytes_max) override;
    /// Stores `bytes` under its SHA-256 and describes it.
    core::DocumentRef add(const std::string& name, std::string bytes);

    /// The plain bytes; nothing when there is no such document.
    std::optional<std::string> bytes_of(core::Sha256 document) const;

    std::vector<core::TenantId> opened_for;
    std::vector<core::TenantId> written_for;   // each commit
    std::optional<core::Failure> failure;      // what every further create() and write() answers

private:
    class Sink;
    std::map<core::Sha256, std::string> documents_;
};

/// Signs with "signature over N bytes" unless given a function.
class FakeKeys final : public sdk::Keys {
public:
    sdk::Task<core::Result<std::string>> sign_rs256(std::string bytes) override;
    sdk::Task<core::Result<std::string>> unwrap_key(core::KeyTransport transport,
                                                    std::string wrapped, std::size_t key_bytes,
                                                    std::size_t which) override;
    sdk::Task<core::Result<std::vector<std::string>>> opening_public_keys() override;
    using sdk::Keys::unwrap_key;
    sdk::Task<core::Result<std::vector<std::string>>> certificate_chain() override;

    std::function<std::string(const std::string&)> signer;
    /// Without it every key unwraps to as many 'k' as are asked for.
    std::function<std::string(core::KeyTransport, const std::string&, std::size_t)> unwrapper;
    /// Of each opening key in turn; empty: `unwrapper` opens for the one there is.
    std::vector<decltype(unwrapper)> unwrappers;
    std::vector<std::string> public_keys{"public-key-der"};
    std::vector<std::string> chain{"leaf-der", "issuer-der"};
    std::optional<core::Failure> failure;
    int signed_count = 0;
};

class FakeState final : public sdk::State {
public:
    sdk::Task<core::Result<Entry>> get(std::string key) override;
    sdk::Task<core::Result<std::uint64_t>> put(std::string key, std::string value,
                                               std::uint64_t expected) override;

    std::map<std::string, Entry> entries;
};

class RecordingLog final : public sdk::Log {
public:
    void write(sdk::Severity severity, std::string_view event, const core::Params& fields) override;
    /// Whether `text` stands anywhere in it.
    bool holds(std::string_view text) const { return all.find(text) != std::string::npos; }

    std::string all;
};

class NoMetrics final : public sdk::Metrics {
public:
    void count(std::string_view, const core::Params&, std::uint64_t) override {}
    void gauge(std::string_view, const core::Params&, double) override {}
    void observe(std::string_view, const core::Params&, double) override {}
};

/// Durable progress as a list of what was remembered and noted.
class FakeProgress final : public sdk::Progress {
public:
    FakeProgress() = default;
    explicit FakeProgress(std::string json) : value_(std::move(json)) {}
    const std::string& value() const override { return value_; }
    sdk::Task<core::Result<void>> remember(std::string json) override;
    void note(core::Code code, core::Params) override { noted.push_back(code.value); }
    bool has_note(const std::string& code) const;

    std::vector<std::string> remembered;
    std::vector<std::string> noted;
    std::optional<core::Failure> failure;   // what remember() answers

private:
    std::string value_;
};

struct FakeHost {
    ManualClock clock;
    ScriptedHttpClient http{clock};
    ScriptedStreams streams{clock};
    FakeTokens tokens{clock};
    FakeDocuments documents;
    FakeKeys keys;
    FakeState state;
    std::unique_ptr<sdk::Ids> ids;
    RecordingLog log;
    NoMetrics metrics;
    ScriptedRegisters registers{clock};
    RecordedInbound inbound;
    MemorySpools spools;
    InlineWork work;
    std::unique_ptr<sdk::Host> host;

    FakeHost();
    sdk::Deadline in(core::Duration wait) const { return clock.in(wait); }
};

}   // namespace tests
