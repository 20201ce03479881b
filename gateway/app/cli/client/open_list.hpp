#pragma once

// A list of what is open, page by page, of which one can be acted on with a reason: alarms, and
// what waits for a second person.

#include "gateway/app/cli/client/verbs.hpp"

namespace gateway::app::client {

struct OpenList {
    const char* path;      // of the admin API
    const char* none_nb;   // when there is nothing
    const char* none_en;
    void (*print)(const Desk&, const json::Value& one);
};

/// One page, printed, or as the JSON it came as. Gives the exit code.
int show_list(const Desk& desk, const OpenList& list, const OpenListOptions& options);
/// POST <path>/<id>/<act>; what became of that one is printed.
int act_on_one(const Desk& desk, const OpenList& list, const OpenListOptions& options,
               const std::string& id, const char* act);

}   // namespace gateway::app::client
