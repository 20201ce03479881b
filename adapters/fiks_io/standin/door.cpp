#include "adapters/fiks_io/standin/door.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"

#include <algorithm>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;

namespace {

constexpr std::size_t question_bytes_max = 64U << 10U;
constexpr std::chrono::seconds opening_time_max{30};
constexpr std::chrono::milliseconds look_again{20};
constexpr std::size_t secret_bytes = 32;

std::string field(const kit::Fields& fields, std::string_view name) {
    for (const auto& [key, value] : fields) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

}   // namespace

Door::Door(kit::World& world, Access& access, const Book& book)
    : world_(world),
      access_(access),
      book_(book),
      own_{"fiks-io", kit::base64url(kit::random_bytes(secret_bytes))} {}

sdk::Task<bool> Door::may_enter(std::string user, std::string password) {
    if (user == own_.user) {
        co_return password == own_.password;
    }
    const auto end = world_.clock.in(opening_time_max);
    while (!open_ && world_.clock.steady() < end.at) {
        co_await world_.clock.sleep_until(world_.clock.steady() + look_again);
    }
    if (world_.faults.take("refuse_login")) {
        co_return false;
    }
    co_return co_await access_.may_log_in(std::move(user), std::move(password));
}

/// Nothing but taking from the queues of one's own accounts.
bool Door::may_use(const std::string& user, const std::string& resource, const std::string& name,
                   const std::string& permission) const {
    const Account* account = book_.account(account_of_queue(name));
    return resource == "queue" && permission == "read" && account != nullptr &&
           account->acted_for_by(uuid_of(user));
}

sdk::Task<http::Response> Door::answer(http::Request& request, const std::string& question) {
    const auto body = co_await sdk::read_all(*request.body, question_bytes_max);
    const auto fields = body ? kit::parse_form(*body) : std::nullopt;
    bool allowed = false;
    if (fields) {
        const std::string user = field(*fields, "username");
        if (question == "user") {
            std::string password = field(*fields, "password");
            allowed = co_await may_enter(user, std::move(password));
        } else if (user == own_.user) {
            allowed = true;
        } else if (question == "vhost") {
            allowed = field(*fields, "vhost") == "/";
        } else if (question == "resource") {
            allowed = may_use(user, field(*fields, "resource"), field(*fields, "name"),
                              field(*fields, "permission"));
        }
    }
    co_return kit::text_response(200, allowed ? "allow" : "deny");
}

}   // namespace gateway::fiks_io::standin
