#pragma once

// What an adapter is. Life: load -> stamp matches -> capabilities and schemas are read -> config
// validated -> create (no I/O) -> start -> serving -> stop -> destroy. An adapter tries once:
// retries, pacing and circuits are the gateway's.

#include "gateway/core/channel.hpp"
#include "gateway/core/code.hpp"
#include "gateway/core/delivery.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/examination.hpp"
#include "gateway/sdk/feed.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/outcome.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::sdk {

/// How often a connection may call, enforced by HttpClient for requests that name the budget.
struct RateBudget {
    std::string name;
    int calls = 0;
    std::chrono::seconds per{60};

    RateBudget() = default;
    RateBudget(std::string what, int count, std::chrono::seconds window)
        : name(std::move(what)), calls(count), per(window) {}
};

struct CapabilityLimits {
    std::uint64_t document_bytes_max = 0;   // 0: none known
    int documents_max = 0;

    CapabilityLimits() = default;
};

/// One per message type and service, said before anything runs; dispatch obeys it.
struct Capability {
    std::string message_type;   // "letter/v1"
    Deduplicates deduplicates = Deduplicates::none;
    bool answers_lookup = false;
    /// "Not found" also means that a request still under way will never take effect: it may be sent
    /// again even where nobody deduplicates.
    bool lookup_is_final = false;
    bool receipts_arrive_later = false;
    /// Those that arrive later come by the adapter's Receiver: poll_receipts is never called.
    bool receipts_are_pushed = false;
    bool can_cancel = false;
    std::chrono::seconds attempt_time_max{60};
    std::chrono::seconds first_receipt_after{10};
    CapabilityLimits limits;
    std::vector<RateBudget> budgets;

    Capability() = default;
};

class Sender {
public:
    virtual ~Sender() = default;
    /// One attempt. Progress is durable before remember() returns.
    virtual Task<Outcome> send(const core::Delivery& delivery, Progress& progress,
                               Deadline deadline) = 0;
    /// Did it arrive? accepted (with upstream_reference) | not_found | try_later | unknown.
    virtual Task<Outcome> look_up(const core::Delivery& delivery, Progress& progress,
                                  Deadline deadline) = 0;
    virtual Task<Result<Receipts>> poll_receipts(const core::Delivery& delivery,
                                                 Deadline deadline) = 0;
    /// accepted: withdrawn; rejected: too late; try_later | unknown.
    virtual Task<Outcome> cancel(const core::Delivery& delivery, Deadline deadline) = 0;
};

/// What an operator asks a connection to do, by a name that its adapter's README.md lists.
struct Act {
    std::string name;
    json::Value with;   // object

    Act() = default;
};

/// Done: `value`, for the operator to see. Otherwise the code and whether waiting can help.
struct ActAnswer {
    Verdict verdict = Verdict::rejected;   // accepted, rejected, try_later or unknown
    json::Value value;
    core::Code code;
    core::Params params;

    ActAnswer() = default;
};

class Adapter {
public:
    virtual ~Adapter() = default;
    /// An upstream that is down is not a failure: report degraded. Fails only for what no waiting
    /// mends.
    virtual Task<Result<void>> start(Deadline deadline) = 0;
    virtual Task<Health> check_health(Deadline deadline) = 0;   // cheap, no side effect
    virtual Task<void> stop(Deadline deadline) = 0;             // safe twice, safe without start
    /// An operator's wish, once. `connection.no_such_act` unless the adapter knows it.
    virtual Task<ActAnswer> act(Act act, Deadline deadline);
    /// What an examination on behalf of `tenant` looks at. No I/O; whether it was started or not.
    virtual Needs needs(const core::TenantId& tenant) const;
    /// One harmless call, by everything a real one needs: no side effect, about no person. By
    /// default what check_health() says.
    virtual Task<ProbeAnswer> probe(core::TenantId tenant, Deadline deadline);
    virtual Sender* sender() { return nullptr; }
    virtual Receiver* receiver() { return nullptr; }
    virtual Register* registry() { return nullptr; }
    virtual Feed* feed() { return nullptr; }
    virtual TokenSource* tokens() { return nullptr; }
};

/// Every field is compared byte for byte at load; the refusal names the field that differs.
struct AbiStamp {
    std::uint32_t size = sizeof(AbiStamp);
    char sdk_version[16] = {};
    char compiler[32] = {};
    char boost[16] = {};
    char sanitizer[16] = {};
    char headers_sha256[65] = {};
};

/// The stamp of the headers this translation unit was compiled with.
AbiStamp make_abi_stamp(std::string_view headers_sha256, std::string_view compiler) noexcept;

/// What create() needs beside the settings, all checked before.
struct ConnectionFacts {
    std::string connection;
    std::string environment;
    std::string base_url;   // no trailing slash
    std::string settings;   // JSON object, valid by config_schema

    ConnectionFacts() = default;
};

struct Descriptor {
    AbiStamp stamp;
    std::string_view name;
    std::string_view version;
    std::string_view config_schema;   // JSON Schema draft 7 of the connection's adapter keys
    std::string_view route_schema;    // of a route's `with`
    std::span<const Capability> (*capabilities)();
    /// The channel's rules for this message, all problems at once; pure. `message` is normalised
    /// content, `with` the route's.
    std::vector<core::Problem> (*check)(std::string_view type, const json::Value& message,
                                        const json::Value& with,
                                        std::span<const core::DocumentRef> documents,
                                        core::Time now);
    Result<std::unique_ptr<Adapter>> (*create)(const ConnectionFacts& facts, Host& host);
    /// The kind of way that a route's `with` leads to; pure. Nothing: always digital.
    core::Channel (*channel_of)(const json::Value& with) = nullptr;
    /// What its Register can be asked for; none: it has no Register.
    std::span<const std::string_view> (*datasets)() = nullptr;
};

inline core::Channel channel_of(const Descriptor& adapter, const json::Value& with) {
    return adapter.channel_of == nullptr ? core::Channel::digital : adapter.channel_of(with);
}

inline constexpr const char* adapter_entry_point = "gateway_adapter_v1";

}   // namespace gateway::sdk

#define GATEWAY_ADAPTER(descriptor)                                                                \
    extern "C" __attribute__((visibility("default"))) const ::gateway::sdk::Descriptor*            \
    gateway_adapter_v1() {                                                                         \
        return &(descriptor);                                                                      \
    }
