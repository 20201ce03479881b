#pragma once

// The doctor with what it looks at: the real network, and this very machine.

#include "gateway/doctor/doctor.hpp"
#include "gateway/ports/scanner.hpp"
#include "gateway/runtime/executor.hpp"

#include <memory>

namespace gateway::app {

struct ExaminingParts {
    const ports::ConfigurationSource& configuration;
    const ports::ExaminedConnections& connections;
    ports::Scanner& scanner;
    sdk::Clock& clock;
    sdk::Ids& ids;
    runtime::Executor& blocking;
    boost::asio::any_io_executor executor;
};

/// stop() is awaited before it goes.
class Examining {
public:
    explicit Examining(const ExaminingParts& parts);
    ~Examining();
    Examining(const Examining&) = delete;
    Examining& operator=(const Examining&) = delete;

    doctor::Doctor& doctor() { return doctor_; }
    sdk::Task<void> stop();

private:
    // Of its own: a dead name server keeps a thread, and the gateway's work must not wait for one.
    std::unique_ptr<runtime::Executor> resolving_;
    std::unique_ptr<doctor::Network> network_;
    std::unique_ptr<doctor::House> house_;
    doctor::Doctor doctor_;
};

}   // namespace gateway::app
