#include "gateway/app/cli/verbs.hpp"

#include <malloc.h>

#include <cstdlib>
#include <exception>
#include <string_view>

#include <unistd.h>

namespace {

/// glibc reads these when a program starts, and nowhere else. Requests of one flush are answered
/// together, so a thread has many blocks of each size at once; past seven it would go to the arena
/// and its lock.
void keep_more_free_blocks_a_thread(char** argv) {
    constexpr const char* name = "GLIBC_TUNABLES";
    if (std::getenv(name) == nullptr && ::setenv(name, "glibc.malloc.tcache_count=60", 1) == 0) {
        ::execv("/proc/self/exe", argv);   // comes back only where it cannot: then without
    }
}

}   // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "serve") {
        keep_more_free_blocks_a_thread(argv);
    }
    // Every arena keeps its own free memory, and who shares one waits for the others: with two, the
    // sessions and the writer did so twice a message. An idle gateway is no larger with eight.
    ::mallopt(M_ARENA_MAX, 8);
    try {
        return gateway::app::run_command(argc, argv);
    } catch (const std::exception& error) {
        gateway::app::complain(error.what());
        return gateway::app::exit_failed;
    }
}
