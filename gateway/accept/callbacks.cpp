#include "gateway/accept/callbacks.hpp"

#include "gateway/runtime/with_deadline.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace gateway::accept {
namespace {

constexpr std::chrono::seconds answer_time_max{10};   // who calls gives up after 45 s
constexpr int inside_max = 64;
constexpr std::size_t connection_length_max = 100;
constexpr std::size_t secret_length_min = 20;
constexpr std::size_t secret_length_max = 128;

struct Address {
    core::ConnectionId connection;
    std::string secret;
};

std::optional<Address> address_of(std::string_view path) {
    path.remove_prefix(callbacks_path.size());
    const auto slash = path.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash > connection_length_max) {
        return std::nullopt;
    }
    const auto secret = path.substr(slash + 1);
    const bool fits =
        secret.size() >= secret_length_min && secret.size() <= secret_length_max &&
        std::all_of(secret.begin(), secret.end(), [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
        });
    if (!fits) {
        return std::nullopt;
    }
    return Address{core::ConnectionId(std::string(path.substr(0, slash))), std::string(secret)};
}

int status_of_answer(sdk::CallbackAnswer answer) {
    switch (answer) {
    case sdk::CallbackAnswer::taken: return 200;
    case sdk::CallbackAnswer::stranger: return 404;
    case sdk::CallbackAnswer::refused: return 400;
    case sdk::CallbackAnswer::not_kept: break;
    }
    return 503;
}

/// Counted in however it ends.
class Inside {
public:
    explicit Inside(std::atomic<int>& count) : count_(count), number_(++count) {}
    ~Inside() { --count_; }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    bool fits() const { return number_ <= inside_max; }

private:
    std::atomic<int>& count_;
    int number_;
};

}   // namespace

sdk::Task<http::Response> CallbackDoor::handle(http::Request& request) {
    http::Response response(co_await status_of(request));
    response.headers.emplace_back("Cache-Control", "no-store");
    if (response.status == 405) {
        response.headers.emplace_back("Allow", "POST");
    }
    metrics_.count("sluse_callbacks_total", {{"status", std::to_string(response.status)}}, 1);
    co_return response;
}

sdk::Task<int> CallbackDoor::status_of(http::Request& request) {
    auto address = address_of(request.path);
    if (callbacks_ == nullptr || !address) {
        co_return 404;
    }
    if (request.method != "POST") {
        co_return 405;
    }
    const Inside inside(inside_);
    if (!inside.fits()) {
        co_return 503;
    }
    auto body = co_await sdk::read_all(*request.body, callback_bytes_max);
    if (!body) {
        co_return body.error().is(core::Errc::too_large) ? 413 : 400;
    }
    sdk::Callback call;
    call.secret = std::move(address->secret);
    call.content_type = std::string(request.header("Content-Type"));
    call.body = std::move(*body);
    co_return co_await pass_on(std::move(address->connection), std::move(call));
}

sdk::Task<int> CallbackDoor::pass_on(core::ConnectionId connection, sdk::Callback call) {
    const auto deadline = clock_.in(answer_time_max);
    auto asking = callbacks_->call_back(std::move(connection), std::move(call), deadline);
    const auto answer = co_await runtime::with_deadline(clock_, deadline, std::move(asking));
    co_return answer ? status_of_answer(*answer) : 503;
}

}   // namespace gateway::accept
