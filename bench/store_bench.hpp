#pragma once

// The embedded store as the benchmarks want it: on this folder's disk, with the threads it has in
// the program; gone with the object.

#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/executor.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace gateway::bench {

template <class T>
T must(core::Result<T> result) {
    if (result.has_error()) {
        throw std::runtime_error(result.error().to_string());
    }
    return std::move(*result);
}

inline void must(const core::Result<void>& result) {
    if (result.has_error()) {
        throw std::runtime_error(result.error().to_string());
    }
}

class StoreBench {
public:
    StoreBench() {
        if (::mkdtemp(folder_.data()) == nullptr) {
            throw std::runtime_error("no folder to work in");
        }
        store::SqliteOptions options;
        options.path = path();
        options.on_fatal = [](const core::Failure& failure) {
            std::fprintf(stderr, "%s\n", failure.to_string().c_str());
            std::abort();
        };
        store = must(store::make_sqlite_store(options, *writer_, *flusher_, *readers_, *clock));
    }
    ~StoreBench() {
        store.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    StoreBench(const StoreBench&) = delete;
    StoreBench& operator=(const StoreBench&) = delete;

    /// Of the database.
    std::string path() const { return folder_ + "/sluse.db"; }

    /// To be done by the next run(), beside what else there is.
    void add(sdk::Task<void> work) {
        boost::asio::co_spawn(io_, std::move(work), [](const std::exception_ptr& fault) {
            if (fault) {
                std::rethrow_exception(fault);
            }
        });
    }
    /// Until all is done; the seconds it took.
    double run() {
        io_.restart();
        const auto began = std::chrono::steady_clock::now();
        io_.run();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    }

private:
    std::string folder_ = (std::filesystem::current_path() / "bench-store-XXXXXX").string();
    boost::asio::io_context io_;
    std::unique_ptr<runtime::Executor> writer_ = runtime::make_thread_executor(1, "bench-writer");
    std::unique_ptr<runtime::Executor> flusher_ = runtime::make_thread_executor(1, "bench-flusher");
    std::unique_ptr<runtime::Executor> readers_ = runtime::make_thread_executor(2, "bench-reader");

public:
    std::unique_ptr<sdk::Clock> clock = runtime::make_system_clock();
    std::unique_ptr<sdk::Ids> ids = runtime::make_system_ids(*clock);
    std::unique_ptr<ports::Store> store;   // after the threads it runs on
};

}   // namespace gateway::bench
