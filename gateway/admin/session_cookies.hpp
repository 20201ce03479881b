#pragma once

// The console's cookies, and whether a request comes from its own pages.

#include "gateway/http/message.hpp"

#include <string>
#include <string_view>

namespace gateway::admin {

/// The value of that name; empty when there is none.
std::string cookie_in(const http::Request& request, std::string_view name);

/// The session's token; empty when there is none.
std::string session_token(const http::Request& request);
/// Also says that nothing keeps the answer. An empty token takes the cookie away.
void set_session_cookie(http::Response& response, const http::Request& request,
                        const std::string& token);

/// A browser says where a request comes from: only from our own pages.
bool is_from_elsewhere(const http::Request& request);

}   // namespace gateway::admin
