#pragma once

// The world of look-ups over the in-memory store, with what operators and the clock do to it.

#include "gateway/records/eraser.hpp"
#include "gateway/records/keeping.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "world.hpp"

namespace tests::records {

class KeepingWorld {
public:
    ports::PersonReport report(const char* person = kari, std::uint64_t after = 0,
                               std::uint64_t until = 0, std::size_t limit = 100) {
        ports::ReportQuery query;
        query.which = which(person);
        query.keeper = keeper("innsyn 2026/17");
        query.after = after;
        query.until = until;
        query.limit = limit;
        return run(world.io, keeping.report(std::move(query)));
    }
    ports::ErasedAnswer hold(bool held, const char* person = kari) {
        return run(world.io, keeping.hold(which(person), keeper("tvist 2026/19"), held));
    }
    ports::ErasedAnswer erase(const char* person = kari) {
        return run(world.io, keeping.erase(which(person), keeper("krav 2026/18")));
    }
    void erase_due() { run(world.io, eraser.erase_all(true)); }

    ports::PersonWish which(const char* person, const core::TenantId& tenant = oslo) const {
        ports::PersonWish wish;
        wish.tenant = tenant;
        wish.person = person;
        return wish;
    }
    static ports::Keeper keeper(const char* why) {
        ports::Keeper one;
        one.who = "root";
        one.why = why;
        return one;
    }
    /// All of the log, oldest first.
    std::vector<ports::LogEntry> log(const core::TenantId& tenant = oslo) {
        ports::LogQuery query;
        query.tenant = tenant;
        query.limit = 1'000'000;
        return *run(world.io, store->records().read_log(query));
    }

    std::unique_ptr<ports::Store> store = gateway::store::make_memory_store();
    World world{&store->records()};
    gateway::records::Keeping keeping{world.parts()};
    gateway::records::Eraser eraser{gateway::records::EraserParts{
        store->records(), world, world.clock, world.diary, world.metrics, &world.prepared}};
};

}   // namespace tests::records
