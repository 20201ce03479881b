#pragma once

// The sandbox on disk and its stand-ins: a folder with configuration, keys, data and logs, and the
// national components imitated by child processes that die with us.

#include "gateway/core/failure.hpp"
#include "gateway/runtime/child_process.hpp"
#include "gateway/runtime/lock_file.hpp"

#include <map>
#include <memory>
#include <string>

namespace gateway::app {

struct StandIn {
    std::unique_ptr<runtime::ChildProcess> process;
    std::string url;
    std::string control;
    std::map<std::string, std::string> material;   // issuer, keystore, ...

    StandIn() = default;
};

/// Used from one thread.
class SandboxWorld {
public:
    /// Locks the folder, starts the stand-ins, writes the configuration. `conflict` when another
    /// sandbox has the folder.
    static core::Result<std::unique_ptr<SandboxWorld>>
    open(const std::string& folder, const std::string& library, bool remove_at_end);
    ~SandboxWorld();
    SandboxWorld(const SandboxWorld&) = delete;
    SandboxWorld& operator=(const SandboxWorld&) = delete;

    const std::string& folder() const { return folder_; }
    std::string config_folder() const { return folder_ + "/config"; }
    std::string log_file(const std::string& name) const {
        return folder_ + "/logs/" + name + ".log";
    }
    std::string key_file() const { return folder_ + "/fagsystem.key"; }
    const StandIn& altinn() const { return standins_.at("altinn"); }
    const StandIn& maskinporten() const { return standins_.at("maskinporten"); }
    const StandIn& krr() const { return standins_.at("krr"); }
    const StandIn& digital_post() const { return standins_.at("digital_post"); }
    const StandIn& broker() const { return standins_.at("altinn_broker"); }
    const StandIn& forms() const { return standins_.at("altinn_forms"); }
    const StandIn& svarut() const { return standins_.at("svarut"); }
    const StandIn& fiks() const { return standins_.at("fiks_io"); }
    const StandIn& persons() const { return standins_.at("folkeregister"); }
    const StandIn& organisations() const { return standins_.at("enhetsregisteret"); }
    /// There is a RabbitMQ, so that messages of Fiks IO go out and come in.
    bool has_broker() const { return fiks().material.contains("amqp_port"); }

    static constexpr const char* tenant = "310000019";             // synthetic, as all numbers here
    static constexpr const char* recipient = "312345676";          // the demo's letters go here,
    static constexpr const char* digital_person = "01816000064";   // to one with a mailbox,
    static constexpr const char* paper_person = "04816002163";     // and one who has reserved
    static constexpr const char* system = "fagsystem";

private:
    explicit SandboxWorld(std::string folder) : folder_(std::move(folder)) {}
    core::Result<void> make_folders();
    core::Result<void> start_standin(const std::string& name, const std::string& program,
                                     std::vector<std::string> more);
    /// Until it has said where it listens.
    core::Result<void> await_standin(const std::string& name);
    /// What stand-in `name` is told beside where to listen.
    std::vector<std::string> arguments_of(const std::string& name) const;
    core::Result<void> write_trust_file() const;
    core::Result<void> write_configuration();

    std::string folder_;
    bool remove_at_end_ = false;
    std::unique_ptr<runtime::LockFile> lock_;
    std::map<std::string, StandIn> standins_;
};

/// ~/.local/share/sluse/sandbox; empty when there is no home.
std::string default_sandbox_folder();
/// A new, empty one. Empty when it cannot be made.
std::string temporary_sandbox_folder();

}   // namespace gateway::app
