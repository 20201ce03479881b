#pragma once

// A folder in which independent programs (openssl, unzip, python3) make and open what is tested
// here, with keys and certificates made for one test run. Goes with the process.

#include "gateway/core/randomness.hpp"
#include "gateway/crypto/private_key.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>

namespace tests {

class Workshop {
public:
    static const Workshop& get();
    ~Workshop();

    std::string read(const std::string& name) const;
    void write(const std::string& name, std::string_view bytes) const;
    std::filesystem::path path(const std::string& name) const { return folder_ / name; }
    /// Runs a shell command in the folder; its exit code. What it prints is read("log").
    int run(const std::string& command) const;
    /// Of the named identity: `<name>.key` and `<name>.pem`, which the openssl program makes as
    /// soon as they are asked for, here or in a command. A test waits for no key that it does not
    /// need.
    std::string certificate(const std::string& name) const;   // DER
    std::unique_ptr<gateway::crypto::PrivateKey> key(const std::string& name) const;

private:
    Workshop();
    int shell(const std::string& command) const;
    void make_named_in(const std::string& text) const;

    std::filesystem::path folder_;
};

/// Chance from the seed that the run prints.
class SeededChance final : public gateway::core::Randomness {
public:
    explicit SeededChance(std::uint64_t salt = 0) : engine_(Catch::rngSeed() * 1000003ULL + salt) {}
    void random(std::span<std::uint8_t> out) override {
        for (auto& byte : out) {
            byte = static_cast<std::uint8_t>(engine_());
        }
    }
    std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    std::string bytes(std::size_t count) {
        std::string text(count, '\0');
        random({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
        return text;
    }

private:
    std::mt19937_64 engine_;
};

}   // namespace tests
