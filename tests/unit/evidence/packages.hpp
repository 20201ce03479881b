#pragma once

// Evidence packages of a message that never was, made by the code under test and by hand.

#include "gateway/evidence/package_stream.hpp"
#include "gateway/evidence/verifier.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace tests::evidence {

using Files = std::vector<std::pair<std::string, std::string>>;   // in order

inline constexpr const char* tenant = "310001007";

/// A package as the verifier reads it; may fail, as a disk does.
class PackageBytes final : public gateway::seal::RandomAccess {
public:
    explicit PackageBytes(std::string bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    gateway::core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override;
    std::optional<std::uint64_t> fails_from;   // reads that reach this offset fail

private:
    std::string bytes_;
};

/// Chance from the seed that the run prints.
class PackageChance {
public:
    explicit PackageChance(std::uint64_t salt) : engine_(Catch::rngSeed() * 1000003ULL + salt) {}
    std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    std::string bytes(std::size_t count);

private:
    std::mt19937_64 engine_;
};

const gateway::crypto::Vault& vault();
const gateway::crypto::Vault& other_vault();

/// Two documents, four events.
gateway::evidence::PackageFacts facts(bool with_documents = true);
/// Bytes of its documents, by their digest.
const std::map<std::string, std::string>& documents();
/// As the stream gives it, read in pieces of this size.
std::string package_of(const gateway::evidence::PackageFacts& facts, std::size_t piece = 60'000);
/// The same form for files of anybody's choice.
std::string packed(const Files& files, gateway::core::Time made_at);
Files unpacked(const std::string& package);

gateway::evidence::EvidenceReport verified(const std::string& package, const std::string& key = {});
/// The codes of its faults, in order, and the files they name.
std::vector<std::string> faults_of(const std::string& package, const std::string& key = {});

}   // namespace tests::evidence
