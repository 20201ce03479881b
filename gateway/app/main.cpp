#include "gateway/app/cli/verbs.hpp"

#include <malloc.h>

#include <exception>

int main(int argc, char** argv) {
    // Every arena keeps its own free memory; two serve our threads well and keep an idle gateway
    // small.
    ::mallopt(M_ARENA_MAX, 2);
    try {
        return gateway::app::run_command(argc, argv);
    } catch (const std::exception& error) {
        gateway::app::complain(error.what());
        return gateway::app::exit_failed;
    }
}
