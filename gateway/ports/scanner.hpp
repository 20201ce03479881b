#pragma once

// Looks through files for malware: what comes in, and what is uploaded.

#include "gateway/sdk/task.hpp"

#include <memory>
#include <span>
#include <string>

namespace gateway::ports {

enum class Scanned {
    clean,
    infected,
    too_large,   // beyond what is looked through; what was taken is unknown
    down,        // the scanner cannot tell now
    off,         // this installation has none
};

struct ScanVerdict {
    Scanned scanned = Scanned::down;
    std::string signature;   // of `infected`: the malware's name, at most 200 bytes

    ScanVerdict() = default;
    explicit ScanVerdict(Scanned what, std::string name = {})
        : scanned(what), signature(std::move(name)) {}
};

/// One file on its way past. One strand at a time. It never fails: what went wrong is the verdict.
class Scan {
public:
    virtual ~Scan() = default;
    virtual sdk::Task<void> write(std::span<const char> bytes) = 0;
    virtual sdk::Task<ScanVerdict> finish() = 0;
};

/// Any strand may call.
class Scanner {
public:
    virtual ~Scanner() = default;
    virtual std::unique_ptr<Scan> begin() = 0;
    /// Nothing is looked through: every verdict would be `off`.
    virtual bool is_off() const { return false; }
    /// What policy says of `down`: taken with a mark, else not taken.
    virtual bool pass_when_down() const = 0;
};

}   // namespace gateway::ports
