#pragma once

// What the public API does with a message, apart from HTTP. app/intake.cpp is the one
// implementation: one line per step.

#include "gateway/core/channel.hpp"
#include "gateway/core/code.hpp"
#include "gateway/core/grants.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/documents.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/sdk/task.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// Who calls: exactly one tenant and system, by its credential.
struct Caller {
    core::TenantId tenant;
    core::SystemId system;
    core::Grants grants;

    Caller() = default;
    bool may(const std::string& grant) const { return grants.contains(grant); }
    bool sees_all() const { return may("messages:read-all"); }
};

/// The message that is accepted stands for one that failed and is closed with it, atomically.
struct Correction {
    core::MessageId old;
    core::DeliveryId seen;   // its newest delivery, as whoever corrected it saw it
    core::Time seen_changed{};
    std::string who;
    NewEvent closing;   // on the old; the id of the new is put in

    Correction() = default;
};

struct IntakeRequest {
    Caller caller;
    json::Value message;   // parsed, not yet checked
    std::map<std::string, StoredDocument>
        parts;   // multipart file parts, already in the document store
    std::optional<std::string> idempotency_key;
    bool dry_run = false;
    std::optional<Correction> correction;   // refused when the old one is not as it was seen

    IntakeRequest() = default;
};

struct IntakeDocument {
    std::string name;
    core::Sha256 hash;
    std::uint64_t size = 0;

    IntakeDocument() = default;
};

/// Why it was not accepted, as a problem of RFC 9457; HTTP status and owner come from
/// schemas/texts/codes.json.
struct Refusal {
    core::Code code;
    core::Params params;
    std::vector<core::Problem> problems;

    Refusal() = default;
    explicit Refusal(core::Code why, core::Params with = {}, std::vector<core::Problem> all = {})
        : code(std::move(why)), params(std::move(with)), problems(std::move(all)) {}
};

struct RouteChoice {
    core::ConnectionId connection;
    std::string use;   // chosen | possible | fall_back | passed
    core::Channel channel = core::Channel::digital;
    core::Code why;
    core::Params params;

    RouteChoice() = default;
};

struct IntakeAnswer {
    std::optional<Refusal> refusal;
    core::MessageId id;
    std::string type;
    std::vector<IntakeDocument> documents;
    std::vector<RouteChoice> route;        // dry run
    std::vector<core::Problem> warnings;   // it is taken as it is, but might be better
    bool replayed = false;                 // the first answer to this idempotency key

    IntakeAnswer() = default;
};

class Intake {
public:
    virtual ~Intake() = default;
    /// Checks grants first: nothing is read of a message the caller may not send.
    virtual sdk::Task<IntakeAnswer> accept(IntakeRequest request) = 0;
};

}   // namespace gateway::ports
