#pragma once

// Look-ups in a national register: the role of an adapter that can answer them, and the service
// through which every other adapter and the gateway ask. Values are JSON in the gateway's own words
// (adapters/<name>/README.md), whatever the register calls them.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace gateway::sdk {

/// One dataset, some keys, asked for one tenant. Keys are personal where the dataset is of persons:
/// never logged, never in a URL of ours.
struct RegisterQuery {
    core::TenantId tenant;
    std::string dataset;             // "contact", "print"
    std::vector<std::string> keys;   // at least one; "" where the dataset has a single entry
    /// From the register itself, not from what is kept of an earlier answer.
    bool fresh = false;
    /// Why it is asked, as the tenant's configuration names it: a register that binds its answers
    /// to a purpose (a role of Folkeregisteret's) goes by it. Empty: policy's own questions.
    std::string purpose;
    std::vector<std::string> fields;   // what is wanted, in the dataset's words; empty: all of it

    RegisterQuery() = default;
};

struct RegisterEntry {
    std::string key;
    json::Value value;   // null: the register does not know the key
    core::Time fetched_at{};
    core::Time valid_until{};                  // ask again after this
    std::optional<core::Time> register_time;   // when the register itself wrote it

    RegisterEntry() = default;
};

/// A look-up that could not be made: an Outcome's code, params and whether waiting can help.
struct RegisterFailure {
    core::Code code;
    core::Params params;
    bool passing = true;   // false: a person must act
    std::optional<std::chrono::seconds> retry_after;

    RegisterFailure() = default;
};

struct RegisterAnswer {
    std::vector<RegisterEntry> entries;   // one for each key, in the order of the query
    std::optional<RegisterFailure> failure;

    RegisterAnswer() = default;
};

/// The role of an adapter. Called on its strand. The datasets it has are said in its Descriptor.
class Register {
public:
    virtual ~Register() = default;
    /// From what is kept while fresh, else one call however many ask at once; single look-ups that
    /// come close together share a call where the register has batches.
    virtual Task<RegisterAnswer> look_up(RegisterQuery query, Deadline deadline) = 0;
};

/// Every register of the installation, found by tenant and dataset: the one connection that serves
/// the tenant and has the dataset. `register.none`, not passing, when there is no such connection.
class Registers {
public:
    virtual ~Registers() = default;
    virtual Task<RegisterAnswer> look_up(RegisterQuery query, Deadline deadline) = 0;
};

}   // namespace gateway::sdk
