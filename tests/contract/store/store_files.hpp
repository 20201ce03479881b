#pragma once

// The embedded store's files by themselves: their bytes, the database without the store, a store
// opened at a path.

#include "gateway/store/sqlite/database.hpp"
#include "worlds.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace tests {

inline std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::unique_ptr<gateway::store::sqlite::Database> raw(const std::string& path) {
    gateway::store::sqlite::OpenOptions options;
    options.path = path;
    options.may_write = true;
    options.create = true;
    auto opened = gateway::store::sqlite::Database::open(options);
    REQUIRE(opened.has_value());
    return std::move(*opened);
}

/// A store opened at a path, on a loop of its own.
struct Opened {
    explicit Opened(const std::string& path) : executor(io) {
        gateway::store::SqliteOptions options;
        options.path = path;
        auto opened =
            gateway::store::make_sqlite_store(options, executor, executor, executor, clock);
        REQUIRE(opened.has_value());
        store = std::move(*opened);
    }
    ~Opened() { run(io, store->close()); }

    boost::asio::io_context io;
    LoopExecutor executor;
    ManualClock clock;
    std::unique_ptr<ports::Store> store;
};

}   // namespace tests
