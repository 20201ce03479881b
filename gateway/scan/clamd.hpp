#pragma once

// clamd as the scanner: its Unix socket, command INSTREAM (clamd(8), "zINSTREAM": chunks of a
// 4-byte length in network order and bytes, ended by a length of zero; the answer is
// "stream: OK", "stream: <name> FOUND" or "... ERROR", ended by a zero byte).

#include "gateway/ports/configuration.hpp"
#include "gateway/ports/scanner.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/host.hpp"

namespace gateway::scan {

/// As [scanner] of the configuration in force says, at each file anew; `off` without it. Bounded in
/// bytes and time. Everything given outlives it and its scans.
class ClamdScanner final : public ports::Scanner {
public:
    ClamdScanner(const ports::ConfigurationSource& configuration, sdk::Clock& clock, sdk::Log& log,
                 sdk::Metrics& metrics)
        : configuration_(configuration), clock_(clock), log_(log), metrics_(metrics) {}

    std::unique_ptr<ports::Scan> begin() override;
    bool is_off() const override;
    bool pass_when_down() const override;

private:
    const ports::ConfigurationSource& configuration_;
    sdk::Clock& clock_;
    sdk::Log& log_;
    sdk::Metrics& metrics_;
};

}   // namespace gateway::scan
