#include "gateway/app/cli/verbs.hpp"

#include <exception>

int main(int argc, char** argv) {
    try {
        return gateway::app::run_command(argc, argv);
    } catch (const std::exception& error) {
        gateway::app::complain(error.what());
        return gateway::app::exit_failed;
    }
}
