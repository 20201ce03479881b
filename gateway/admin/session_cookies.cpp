#include "gateway/admin/session_cookies.hpp"

#include <algorithm>

namespace gateway::admin {
namespace {

std::string_view session_cookie_name(const http::Request& request) {
    return request.tls ? std::string_view("__Host-sluse_session")
                       : std::string_view("sluse_session");
}

}   // namespace

std::string cookie_in(const http::Request& request, std::string_view name) {
    const std::string wanted = std::string(name) + "=";
    std::string_view rest = request.header("Cookie");
    while (!rest.empty()) {
        const auto end = rest.find(';');
        auto one = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        if (one.starts_with(wanted)) {
            return std::string(one.substr(wanted.size()));
        }
    }
    return {};
}

std::string session_token(const http::Request& request) {
    return cookie_in(request, session_cookie_name(request));
}

void set_session_cookie(http::Response& response, const http::Request& request,
                        const std::string& token) {
    std::string cookie = std::string(session_cookie_name(request)) + "=" + token +
                         "; Path=/; HttpOnly; SameSite=Strict" + (request.tls ? "; Secure" : "") +
                         (token.empty() ? "; Max-Age=0" : "");
    response.headers.emplace_back("Set-Cookie", std::move(cookie));
    response.headers.emplace_back("Cache-Control", "no-store");
}

bool is_from_elsewhere(const http::Request& request) {
    const auto site = request.header("Sec-Fetch-Site");
    if (!site.empty() && site != "same-origin" && site != "none") {
        return true;
    }
    const auto origin = request.header("Origin");
    const std::string own =
        std::string(request.tls ? "https://" : "http://") + std::string(request.header("Host"));
    return !origin.empty() && origin != own;
}

}   // namespace gateway::admin
