#include "gateway/api/request_head.hpp"

#include "gateway/http/media_type.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>
#include <string_view>

namespace gateway::api {
namespace {

/// ASCII is UTF-8, and "utf8" is what many write.
bool is_unicode(std::string_view charset) {
    return http::is_word(charset, "utf-8") || http::is_word(charset, "utf8") ||
           http::is_word(charset, "us-ascii");
}

}   // namespace

std::optional<ports::Refusal> refuse_head(const http::Request& request) {
    for (auto one = request.query.begin(); one != request.query.end(); ++one) {
        const bool again = std::any_of(request.query.begin(), one, [&one](const auto& other) {
            return other.first == one->first;
        });
        if (again) {
            return ports::Refusal("request.repeated_parameter", {{"name", one->first}});
        }
    }
    const bool is_packed =
        std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
            return http::is_word(header.first, "content-encoding") &&
                   !http::is_word(header.second, "identity");
        });
    if (is_packed) {
        return ports::Refusal("request.content_encoding");
    }
    const auto type = request.header("Content-Type");
    if (const auto charset = http::parameter_of(type, "charset");
        charset && !is_unicode(*charset) && http::is_media_type(type, "application/json")) {
        return ports::Refusal("request.unsupported_media_type",
                              {{"expected", "application/json; charset=utf-8"}});
    }
    return std::nullopt;
}

std::optional<ports::Refusal> refuse_parameters(const http::Request& request) {
    return request.query.empty() ? std::nullopt
                                 : std::optional(view::bad_parameter(request.query.front().first));
}

}   // namespace gateway::api
