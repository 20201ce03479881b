#pragma once

// What the admin API asks of the program around it. Implemented in app/; any thread may call.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/sdk/task.hpp"
#include "gateway/texts/texts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::admin {

/// Who did it and why: kept with everything that is changed.
struct Author {
    std::string who;   // "root", "uid 997", "key 3f9a2k1b7c0d"
    std::string why;

    Author() = default;
};

struct ListenerView {
    std::string name;   // "public", "admin"
    std::string address;
    bool up = false;

    ListenerView() = default;
};

struct SystemView {
    bool draining = false;
    std::vector<ListenerView> listeners;
    std::optional<std::uint64_t> free_bytes;   // of the data folder's disk; nothing: it cannot tell

    SystemView() = default;
};

struct AdapterView {
    std::string name;
    std::string version;
    std::string sdk;
    std::string compiler;

    AdapterView() = default;
};

/// A certificate of ours that the configuration names.
struct CertificateView {
    std::string use;    // listener | connection
    std::string name;   // "public", "altinn-prod"
    bool readable = false;
    std::string subject;
    std::string issuer;
    std::string serial;
    std::string sha256;
    core::Time not_before{};
    core::Time not_after{};

    CertificateView() = default;
};

class SystemStatus {
public:
    virtual ~SystemStatus() = default;
    virtual sdk::Task<SystemView> look() = 0;
    virtual std::vector<AdapterView> adapters() const = 0;
    virtual sdk::Task<std::vector<CertificateView>> certificates() = 0;
};

/// A connection's circuit breaker, as dispatch has it now.
struct CircuitView {
    std::string state = "closed";   // closed | open | half_open
    int in_flight = 0;

    CircuitView() = default;
};

class Circuits {
public:
    virtual ~Circuits() = default;
    virtual CircuitView circuit(const core::ConnectionId& connection) const = 0;
};

/// One thing that is wrong with an access log.
struct LogFault {
    core::Code code;   // log.changed and the like
    core::Params params;
    std::uint64_t from = 0;   // entries; 0: of none
    std::uint64_t to = 0;

    LogFault() = default;
};

/// A tenant's access log, held against its chain and its checkpoints.
struct LogView {
    std::uint64_t entries = 0;
    std::uint64_t proved = 0;        // up to this entry a checkpoint agrees
    std::uint64_t checkpoints = 0;   // in the tenant's file
    std::uint64_t found = 0;         // faults, of which the first are told
    std::vector<LogFault> faults;
    std::string public_key;   // base64url: what the checkpoints verify with

    LogView() = default;
};

class LogChecks {
public:
    virtual ~LogChecks() = default;
    /// Reads the whole log. `not_found`: no such tenant, or its key is not at hand.
    virtual sdk::Task<core::Result<LogView>> check_log(core::TenantId tenant) = 0;
};

/// One mistake of a configuration, in the language asked for.
struct ConfigMistake {
    std::string file;
    unsigned line = 0;   // 0: only the file is known
    unsigned column = 0;
    std::string reason;
    std::string remedy;

    ConfigMistake() = default;
};

struct ConfigAnswer {
    std::uint64_t version = 0;             // in force now; 0: nothing was changed
    std::vector<ConfigMistake> mistakes;   // why not
    std::string refused;                   // why not, apart from mistakes
    std::vector<std::string> notes;        // what needs a restart, or could not be written back

    ConfigAnswer() = default;
};

class ConfigService {
public:
    virtual ~ConfigService() = default;
    /// Reads the folder, judges it whole, swaps it in, and records it with who and why.
    virtual sdk::Task<ConfigAnswer> apply(Author author, texts::Language language) = 0;
    /// Back to the version before the newest, also in the folder.
    virtual sdk::Task<ConfigAnswer> undo(Author author, texts::Language language) = 0;
};

}   // namespace gateway::admin
