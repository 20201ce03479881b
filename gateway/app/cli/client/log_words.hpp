#pragma once

#include "gateway/app/cli/client/desk.hpp"

namespace gateway::app::client {

/// `answer`: as of `POST /admin/v1/log/verify`, whoever made it. Says it to a person; gives the
/// exit code.
int say_logs(const Desk& desk, const json::Value& answer);

}   // namespace gateway::app::client
