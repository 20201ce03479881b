#pragma once

// What goes wrong on purpose. A fault waits until a request matches, acts so many times, and is
// gone.

#include "gateway/http/message.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/clock.hpp"

#include <cstdint>
#include <list>
#include <optional>
#include <string>

namespace gateway::standin {

/// Kinds that work for every stand-in:
/// - delay: waits `delay_ms`, then goes on as if nothing were
/// - status: answers `status` (and `body`, `retry_after`); no effect unless `after`
/// - retry_after: the same with 429 and `Retry-After: 1` unless said otherwise
/// - cut_before: closes the connection; nothing was stored
/// - cut_after_write: the effect is stored, the answer is lost
/// - cut_answer: the effect is stored, half of the answer's body arrives
/// - slow_answer: the effect is stored, the body comes in `pieces` with `delay_ms` between them
/// - hang: no answer for `delay_ms` (an hour unless said), then closes; no effect unless `after`
/// - html_200: a login page with 200; no effect
/// - bad_json: the effect is stored, the answer is broken JSON
/// Any other kind belongs to the stand-in, which asks for it by name (take).
struct Fault {
    std::uint64_t id = 0;
    std::string kind;
    std::string method;        // empty: any
    std::string path_prefix;   // of the decoded path; empty: any
    std::string path_suffix;
    std::int64_t times = 1;   // 0: until cleared
    std::int64_t skip = 0;    // matches that pass first
    std::int64_t hits = 0;
    json::Value with;   // the command as it was given, for what a kind needs more

    Fault() = default;
    std::int64_t number(std::string_view name, std::int64_t otherwise) const {
        return with[name].as_int(otherwise);
    }
};

/// One thread.
class Faults {
public:
    /// Adds one from its command; says what is wrong with it instead.
    std::optional<std::string> add(const json::Value& command);
    /// The first fault of a general kind that matches this request, counted as used.
    std::optional<Fault> match(const http::Request& request);
    /// A fault of the stand-in's own kind for this request, counted as used.
    std::optional<Fault> take(std::string_view kind, const http::Request& request);
    /// The same where no request decides.
    std::optional<Fault> take(std::string_view kind);
    void clear() { faults_.clear(); }
    json::Value list() const;

private:
    std::optional<Fault> use(std::list<Fault>::iterator fault);

    std::list<Fault> faults_;
    std::uint64_t last_id_ = 0;
};

/// Wraps a stand-in's public side: every request passes the faults first. Same threads as the
/// handler behind it.
class FaultyHandler final : public http::Handler {
public:
    FaultyHandler(http::Handler& behind, Faults& faults, sdk::Clock& clock)
        : behind_(behind), faults_(faults), clock_(clock) {}

    sdk::Task<http::Response> handle(http::Request& request) override;
    http::Response refuse(int status, std::string_view code,
                          std::string_view accept_language) override {
        return behind_.refuse(status, code, accept_language);
    }

private:
    sdk::Task<void> wait(std::int64_t milliseconds);

    http::Handler& behind_;
    Faults& faults_;
    sdk::Clock& clock_;
};

}   // namespace gateway::standin
