#pragma once

// The adapter's whole world, one per connection: no sockets, clock, environment or files of its
// own. Every service is called from the adapter's strand and returns there.

#include "gateway/core/delivery.hpp"
#include "gateway/core/key_transport.hpp"
#include "gateway/sdk/bytes.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/http_client.hpp"
#include "gateway/sdk/ids.hpp"
#include "gateway/sdk/outcome.hpp"
#include "gateway/sdk/receiver.hpp"
#include "gateway/sdk/register.hpp"
#include "gateway/sdk/spool.hpp"
#include "gateway/sdk/streams.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::sdk {

/// What a token must be good for. Equal requests share one cached token.
struct TokenRequest {
    std::vector<std::string> scopes;
    std::string consumer_org;   // 9 digits; left out when it is the client's own organisation
    std::vector<std::string> resource;   // RFC 8707 audiences
    std::string authorization_details;   // JSON array, or empty
    std::string system_user_org;   // 9 digits: asks for a system user token of this organisation
    std::string system_user_reference;   // externalRef, when the system user was requested with one

    TokenRequest() = default;
    friend bool operator==(const TokenRequest&, const TokenRequest&) = default;
    friend auto operator<=>(const TokenRequest&, const TokenRequest&) = default;
};

struct Token {
    std::string value;
    core::Time expires_at{};

    Token() = default;
    Token(std::string text, core::Time until) : value(std::move(text)), expires_at(until) {}
};

/// A token that could not be had: an Outcome's code, params and whether waiting can help.
struct TokenFailure {
    core::Code code;
    core::Params params;
    bool passing = true;   // false: a person must act
    std::optional<std::chrono::seconds> retry_after;

    TokenFailure() = default;
};

struct TokenAnswer {
    std::optional<Token> token;
    TokenFailure failure;

    TokenAnswer() = default;
};

class TokenSource {
public:
    virtual ~TokenSource() = default;
    /// From the cache while fresh, else one fetch however many ask at once.
    virtual Task<TokenAnswer> token(TokenRequest request, Deadline deadline) = 0;
    /// Fetched now, beside the cache and any pause after a failure: what an examination asks for.
    virtual Task<TokenAnswer> fresh_token(TokenRequest request, Deadline deadline) {
        return token(std::move(request), deadline);
    }
    /// The component refused this very token: forget it.
    virtual void invalidate(const TokenRequest& request, const std::string& token) = 0;
};

/// One document being written, streamed to disk. Destroyed without commit(): nothing is kept. One
/// strand at a time.
class DocumentSink : public ByteSink {
public:
    /// `too_large` past the limit, `storage_full`, `storage_failed`.
    Task<Result<void>> write(std::span<const char> bytes) override = 0;
    virtual std::uint64_t size() const = 0;   // taken so far
    /// Durable. Hash, MD5 and size are filled in, names are not. What no message refers to within a
    /// day is removed.
    virtual Task<Result<core::DocumentRef>> commit() = 0;
};

/// Reads documents of the deliveries being carried, writes those of what comes in. Documents are a
/// tenant's own: name the delivery's tenant. `not_found` for a tenant the connection does not
/// serve.
class Documents {
public:
    virtual ~Documents() = default;
    virtual Task<Result<std::unique_ptr<ByteSource>>> open(core::TenantId tenant,
                                                           core::Sha256 document) = 0;
    virtual Task<Result<std::unique_ptr<DocumentSink>>> create(core::TenantId tenant,
                                                               std::uint64_t bytes_max) = 0;
};

/// The connection's business key: signs and unwraps without being seen.
class Keys {
public:
    virtual ~Keys() = default;
    /// RSASSA-PKCS1-v1_5 with SHA-256 over `bytes` (JWS RS256). `unavailable` when the key file or
    /// token is away.
    virtual Task<Result<std::string>> sign_rs256(std::string bytes) = 0;
    /// The content key of `key_bytes` (at most 32) of an envelope for this key. What does not
    /// unwrap gives a key that opens nothing, so that no sender learns why. `unavailable` as above.
    /// `which` counts the opening keys.
    virtual Task<Result<std::string>> unwrap_key(core::KeyTransport transport, std::string wrapped,
                                                 std::size_t key_bytes, std::size_t which) = 0;
    Task<Result<std::string>> unwrap_key(core::KeyTransport transport, std::string wrapped,
                                         std::size_t key_bytes) {
        return unwrap_key(transport, std::move(wrapped), key_bytes, 0);
    }
    /// DER SubjectPublicKeyInfo of each key that opens what comes in, in the configuration's order:
    /// several while one takes over from another; without `opening_keys` the business key alone.
    virtual Task<Result<std::vector<std::string>>> opening_public_keys() = 0;
    /// DER certificates, leaf first; empty when only a bare key is configured.
    virtual Task<Result<std::vector<std::string>>> certificate_chain() = 0;
};

/// Durable key-value of the connection, compare-and-set. Keys up to 200 bytes, values up to 1 MiB.
class State {
public:
    struct Entry {
        std::string value;
        std::uint64_t version = 0;   // 0: absent
    };
    virtual ~State() = default;
    virtual Task<Result<Entry>> get(std::string key) = 0;
    /// `conflict` when the stored version is another. An empty value removes.
    virtual Task<Result<std::uint64_t>> put(std::string key, std::string value,
                                            std::uint64_t expected_version) = 0;
};

enum class Severity { debug, info, warning, error };

/// JSON lines. Only codes, ids, counts: never personal data, tokens or what a component said.
class Log {
public:
    virtual ~Log() = default;
    virtual void write(Severity severity, std::string_view event, const core::Params& fields) = 0;
};

class Metrics {
public:
    virtual ~Metrics() = default;
    virtual void count(std::string_view name, const core::Params& labels, std::uint64_t by = 1) = 0;
    virtual void gauge(std::string_view name, const core::Params& labels, double value) = 0;
    virtual void observe(std::string_view name, const core::Params& labels, double value) = 0;
};

/// Durable progress of the delivery at hand: JSON text, sealed by the gateway. Remembered before
/// remember() returns.
class Progress {
public:
    virtual ~Progress() = default;
    virtual const std::string& value() const = 0;   // empty: none yet
    /// `stale_fence`: another node took over; stop at once.
    virtual Task<Result<void>> remember(std::string json) = 0;
    /// A line for the timeline (an attachment uploaded, a step done).
    virtual void note(core::Code code, core::Params params) = 0;
};

struct Host {
    HttpClient& http;
    Streams& streams;
    TokenSource& tokens;
    Documents& documents;
    Keys& keys;
    State& state;
    Ids& ids;
    Clock& clock;
    Log& log;
    Metrics& metrics;
    Registers& registers;
    Inbound& inbound;
    Spools& spools;
    Work& work;
};

}   // namespace gateway::sdk
