#pragma once

// Who has signed in to the console. In memory alone: after a restart everybody signs in again. What
// the browser holds is kept as its hash.

#include "gateway/admin/access.hpp"
#include "gateway/core/oidc_config.hpp"
#include "gateway/core/time.hpp"
#include "gateway/sdk/ids.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::admin {

inline constexpr std::chrono::minutes session_idle_max{30};
inline constexpr std::chrono::hours session_age_max{12};

struct Session {
    std::string account;
    std::vector<Grant> grants;
    std::string csrf;                                   // goes with every act
    std::shared_ptr<const core::OidcConfig> provider;   // who vouched, and by what; none: ourselves
    std::string sign_out_url;                           // at the provider
    core::SteadyTime opened{};
    core::SteadyTime active{};
    std::map<std::string, core::SteadyTime> content_until;   // by municipality: titles, documents

    Session() = default;
};

/// Any thread.
class Sessions {
public:
    /// The token for the cookie.
    std::string open(sdk::Ids& ids, const std::string& account, std::vector<Grant> grants,
                     core::SteadyTime now);
    /// With account, grants, provider and sign_out_url set.
    std::string open(sdk::Ids& ids, Session session, core::SteadyTime now);
    /// `active`: a person did something, and the idle time begins anew.
    std::optional<Session> find(std::string_view token, core::SteadyTime now, bool active);
    /// What messages say of themselves may be seen, for a while.
    void open_content(std::string_view token, const std::string& tenant, core::SteadyTime until);
    void close(std::string_view token);
    /// The account has changed or is gone.
    void close_all_of(const std::string& account);

private:
    void sweep(core::SteadyTime now);

    std::mutex mutex_;
    std::map<std::string, Session, std::less<>> sessions_;   // by SHA-256 of the token
};

/// 256 random bits, in characters that go anywhere.
std::string random_word(sdk::Ids& ids);

/// How long who guesses has to wait. In memory: a restart forgets, but costs seconds itself.
class Guesses {
public:
    explicit Guesses(int free) : free_(free) {}
    /// Zero: now.
    std::chrono::seconds wait(const std::string& who, core::SteadyTime now);
    void failed(const std::string& who, core::SteadyTime now);
    void succeeded(const std::string& who);

private:
    struct Failed {
        int times = 0;
        core::SteadyTime last{};
    };
    const int free_;   // so many cost nothing
    std::mutex mutex_;
    std::map<std::string, Failed> failed_;
};

}   // namespace gateway::admin
