#include "gateway/admin/sessions.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"

#include <algorithm>

namespace gateway::admin {
namespace {

constexpr std::size_t sessions_max = 1000;
constexpr std::size_t guessers_max = 4096;
constexpr std::chrono::seconds wait_max{300};
constexpr std::chrono::minutes forget_after{15};

std::string hash_of(std::string_view token) {
    const auto hash = crypto::sha256(token);
    return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

bool is_over(const Session& session, core::SteadyTime now) {
    return now - session.active >= session_idle_max || now - session.opened >= session_age_max;
}

}   // namespace

std::string random_word(sdk::Ids& ids) {
    std::string bytes(32, '\0');
    ids.random(std::span(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()));
    return crypto::base64url_encode(bytes);
}

std::string Sessions::open(sdk::Ids& ids, const std::string& account, std::vector<Grant> grants,
                           core::SteadyTime now) {
    Session session;
    session.account = account;
    session.grants = std::move(grants);
    return open(ids, std::move(session), now);
}

std::string Sessions::open(sdk::Ids& ids, Session session, core::SteadyTime now) {
    const auto token = random_word(ids);
    session.csrf = random_word(ids);
    session.grants = without_parts_of_wholes(std::move(session.grants));
    session.opened = now;
    session.active = now;
    const std::scoped_lock lock(mutex_);
    sweep(now);
    sessions_.emplace(hash_of(token), std::move(session));
    return token;
}

/// What is over goes; of too many the one that has been idle longest.
void Sessions::sweep(core::SteadyTime now) {
    std::erase_if(sessions_, [now](const auto& entry) { return is_over(entry.second, now); });
    if (sessions_.size() >= sessions_max) {
        sessions_.erase(
            std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
                return a.second.active < b.second.active;
            }));
    }
}

std::optional<Session> Sessions::find(std::string_view token, core::SteadyTime now, bool active) {
    const std::scoped_lock lock(mutex_);
    const auto found = sessions_.find(hash_of(token));
    if (found == sessions_.end()) {
        return std::nullopt;
    }
    if (is_over(found->second, now)) {
        sessions_.erase(found);
        return std::nullopt;
    }
    if (active) {
        found->second.active = now;
    }
    return found->second;
}

void Sessions::open_content(std::string_view token, const std::string& tenant,
                            core::SteadyTime until) {
    const std::scoped_lock lock(mutex_);
    const auto found = sessions_.find(hash_of(token));
    if (found != sessions_.end()) {
        found->second.content_until[tenant] = until;
    }
}

void Sessions::close(std::string_view token) {
    const std::scoped_lock lock(mutex_);
    sessions_.erase(hash_of(token));
}

void Sessions::close_all_of(const std::string& account) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(sessions_, [&](const auto& entry) { return entry.second.account == account; });
}

std::chrono::seconds Guesses::wait(const std::string& who, core::SteadyTime now) {
    const std::scoped_lock lock(mutex_);
    const auto found = failed_.find(who);
    if (found == failed_.end() || found->second.times < free_) {
        return std::chrono::seconds(0);
    }
    const int doublings = std::min(found->second.times - free_ + 1, 10);
    const auto each = std::min(std::chrono::seconds(1LL << doublings), wait_max);
    const auto until = found->second.last + each;
    return until <= now ? std::chrono::seconds(0)
                        : std::chrono::ceil<std::chrono::seconds>(until - now);
}

void Guesses::failed(const std::string& who, core::SteadyTime now) {
    const std::scoped_lock lock(mutex_);
    if (failed_.size() >= guessers_max) {
        std::erase_if(failed_,
                      [now](const auto& entry) { return now - entry.second.last > forget_after; });
    }
    if (failed_.size() >= guessers_max) {
        failed_.erase(
            std::min_element(failed_.begin(), failed_.end(), [](const auto& a, const auto& b) {
                return a.second.last < b.second.last;
            }));
    }
    auto& entry = failed_[who];
    entry.times = now - entry.last > forget_after ? 1 : entry.times + 1;
    entry.last = now;
}

void Guesses::succeeded(const std::string& who) {
    const std::scoped_lock lock(mutex_);
    failed_.erase(who);
}

}   // namespace gateway::admin
