#pragma once

// Commands about records, and what tests ask of them.

#include "gateway/ports/record_store.hpp"
#include "gateway/records/log_chain.hpp"
#include "tests/contract/store/worlds.hpp"

namespace tests {

inline const core::ConnectionId brreg{"brreg-prod"};

inline std::string token_of(const std::string& who) {
    auto token = who;
    token.resize(32, '.');
    return token;
}

inline ports::Subject person(Commands& commands, const std::string& who) {
    ports::Subject one;
    one.handle = commands.ids->next<core::MessageId>().uuid;
    one.token = token_of(who);
    one.sealed_key = "sealed key of " + who;
    one.wrapped_key = "subject key of " + who;
    one.created = commands.now();
    return one;
}

inline ports::RecordWrite write_of(const Commands& commands, core::Uuid subject,
                                   const std::string& value,
                                   std::optional<std::uint64_t> expected = std::nullopt,
                                   const std::string& dataset = "person") {
    ports::RecordWrite write;
    write.expected = expected;
    auto& row = write.row;
    row.subject = subject;
    row.dataset = dataset;
    row.sealed_value = "sealed " + value;
    row.wrapped_key = "record key of " + value;
    row.source = "folkeregister";
    row.fields = R"(["name"])";
    row.purposes = R"(["barnehage"])";
    row.register_time = commands.now() - 24h;
    row.fetched_at = commands.now();
    row.written_at = commands.now();
    row.valid_until = commands.now() + 24h;
    row.stale_until = commands.now() + 48h;
    row.erase_at = commands.now() + 24h * 365;
    return write;
}

inline ports::NewLogEntry entry_of(const Commands& commands,
                                   std::optional<core::Uuid> subject = std::nullopt,
                                   const core::SystemId& system = visma) {
    ports::NewLogEntry entry;
    entry.at = commands.now();
    entry.system = system;
    entry.purpose = core::PurposeId("barnehage");
    entry.dataset = "person";
    entry.fields = {"names", "addresses.residence"};
    entry.subject = subject;
    entry.freshness = "fresh";
    entry.sealed_detail = std::string("sealed\0detail", 13);
    return entry;
}

/// A world, and its records.
template <class Kind>
class RecordWorld : public World<Kind> {
public:
    ports::RecordStore& records() { return this->store->records(); }

    core::Uuid known(const std::string& who, const core::TenantId& tenant = oslo) {
        const auto found = this->run(records().subjects(tenant, {person(*this, who)}));
        REQUIRE(found.has_value());
        REQUIRE(found->size() == 1);
        return found->front().handle;
    }
    ports::KeepAnswer keep(const ports::RecordWrite& write, const core::TenantId& tenant = oslo) {
        const auto answer = this->run(records().keep(tenant, {write}, {}));
        REQUIRE(answer.has_value());
        return *answer;
    }
    std::optional<ports::RecordRow> find(core::Uuid subject, const std::string& dataset = "person",
                                         const core::TenantId& tenant = oslo) {
        const auto found =
            this->run(records().records(tenant, {ports::RecordWish(subject, dataset)}));
        REQUIRE(found.has_value());
        REQUIRE(found->size() == 1);
        return found->front();
    }
    std::vector<ports::LogEntry> log(const core::TenantId& tenant = oslo) {
        ports::LogQuery query;
        query.tenant = tenant;
        query.limit = 100'000;
        const auto entries = this->run(records().read_log(query));
        REQUIRE(entries.has_value());
        return *entries;
    }
    std::vector<ports::RecordChange> changes(std::uint64_t after = 0, std::size_t limit = 100,
                                             const std::string& dataset = "person") {
        const auto found = this->run(records().record_changes(oslo, dataset, after, limit));
        REQUIRE(found.has_value());
        return *found;
    }
    ports::EraseCommand forget(core::Uuid subject) {
        ports::EraseCommand command;
        command.tenant = oslo;
        command.at = this->now();
        command.subject = subject;
        command.log = {entry_of(*this, subject)};
        command.log.front().kind = ports::LogKind::erased;
        return command;
    }
};

/// The chain recomputed from the entries: the number of the first that does not fit, or 0.
inline std::uint64_t first_broken(const core::TenantId& tenant,
                                  const std::vector<ports::LogEntry>& entries) {
    auto before = gateway::records::first_hash();
    std::uint64_t expected = 0;
    for (const auto& one : entries) {
        ++expected;
        const auto hash = gateway::records::chain_hash(
            before, gateway::records::canonical_bytes(tenant, expected, one.entry));
        if (one.number != expected || one.hash != hash) {
            return expected;
        }
        before = hash;
    }
    return 0;
}

}   // namespace tests
