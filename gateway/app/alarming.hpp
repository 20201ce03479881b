#pragma once

// Alarms with what they look at: the running connections, the certificates in use, this machine;
// and with what tells of them: mail through a thread of its own, and signed calls.

#include "gateway/alarms/watcher.hpp"
#include "gateway/dispatch/traffic.hpp"
#include "gateway/notify/parts.hpp"
#include "gateway/ports/connections.hpp"
#include "gateway/ports/scanner.hpp"
#include "gateway/runtime/executor.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

namespace gateway::app {

/// How the jobs by the clock went the last time. Any thread.
class Housekeeping {
public:
    void did(const std::string& job, bool well);
    std::vector<alarms::JobSight> jobs() const;
    /// What checkpoints prove and access logs do not hold.
    void saw_logs(std::vector<alarms::LogSight> set_back);
    /// Nothing: nobody has looked yet.
    std::optional<std::vector<alarms::LogSight>> logs() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, bool> failed_;
    std::optional<std::vector<alarms::LogSight>> logs_;
};

/// The last difference between a component's clock and ours that was worth a word. Any thread.
class SkewSeen {
public:
    explicit SkewSeen(const sdk::Clock& clock) : clock_(clock) {}
    void saw(std::chrono::seconds skew);
    std::optional<std::chrono::seconds> lately() const;

private:
    const sdk::Clock& clock_;
    mutable std::mutex mutex_;
    std::chrono::seconds skew_{0};
    std::optional<core::SteadyTime> at_;
};

struct AlarmingParts {
    ports::Store& store;
    const ports::ConfigurationSource& configuration;
    const ports::Connections& connections;
    const dispatch::Traffic& traffic;
    const Housekeeping& housekeeping;
    const SkewSeen& skew;
    ports::Scanner& scanner;
    const std::atomic<bool>& disk_full;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    runtime::Executor& blocking;
    decltype(notify::Parts::make_http) make_http;
    std::function<void()> changed;   // as in alarms::WatcherParts
    std::string library_folder;      // where what sends mail lies
};

/// run() on one strand, ended by cancellation.
class Alarming {
public:
    explicit Alarming(AlarmingParts parts);
    ~Alarming();
    Alarming(const Alarming&) = delete;
    Alarming& operator=(const Alarming&) = delete;

    sdk::Task<void> run() { return watcher_->run(); }

private:
    // Of its own: a mail server that hangs must not hold up the gateway's work.
    std::unique_ptr<runtime::Executor> mailing_;
    std::unique_ptr<alarms::Surroundings> surroundings_;
    std::unique_ptr<alarms::Courier> courier_;
    std::unique_ptr<alarms::Watcher> watcher_;
};

}   // namespace gateway::app
