#pragma once

// A scanner that says what it is told to say, and finds what holds "EICAR" infected.

#include "gateway/ports/scanner.hpp"

#include <memory>
#include <string>

namespace tests {

class FakeScanner final : public gateway::ports::Scanner {
public:
    std::unique_ptr<gateway::ports::Scan> begin() override { return std::make_unique<Look>(*this); }
    bool is_off() const override { return off; }
    bool pass_when_down() const override { return passes; }

    gateway::ports::Scanned says = gateway::ports::Scanned::clean;
    bool passes = false;
    bool off = false;
    int looked = 0;   // files

private:
    class Look final : public gateway::ports::Scan {
    public:
        explicit Look(FakeScanner& scanner) : scanner_(scanner) {}
        gateway::sdk::Task<void> write(std::span<const char> bytes) override {
            seen_.append(bytes.data(), bytes.size());
            co_return;
        }
        gateway::sdk::Task<gateway::ports::ScanVerdict> finish() override {
            ++scanner_.looked;
            gateway::ports::ScanVerdict verdict(scanner_.says);
            if (seen_.find("EICAR") != std::string::npos) {
                verdict.scanned = gateway::ports::Scanned::infected;
                verdict.signature = "Test.EICAR";
            }
            co_return verdict;
        }

    private:
        FakeScanner& scanner_;
        std::string seen_;
    };
};

}   // namespace tests
