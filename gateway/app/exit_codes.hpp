#pragma once

// What the program ends with; documented by `sluse --help`.

namespace gateway::app {

enum ExitCode : int {
    exit_ok = 0,
    exit_failed = 1,         // it was tried and failed; `check` found mistakes
    exit_usage = 2,          // wrong arguments
    exit_unreachable = 3,    // no running gateway answered
    exit_not_found = 4,      // no such message, key or file
    exit_not_allowed = 5,    // the key, or the user of this machine, may not do that
    exit_waits = 6,          // it was asked for, and waits for a second person
    exit_unavailable = 69,   // the service, an address or a component cannot be reached or used
    exit_cannot_open = 73,   // the data folder is in use, or cannot be made or opened
    exit_disk_failed =
        74,             // the disk failed to write or flush: stopped at once, nothing lied about
    exit_config = 78,   // the configuration has mistakes
};

}   // namespace gateway::app
