#include "gateway/signin/key_set.hpp"

#include "gateway/crypto/base64url.hpp"

namespace gateway::signin {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::Task;

constexpr std::size_t keys_max = 50;
constexpr std::size_t kid_bytes_max = 255;
constexpr std::size_t answer_bytes_max = 256U << 10U;
// As Maskinporten advises.
constexpr std::chrono::hours fresh_for{24};
// Between two fetches, whatever key ids callers make up; the shorter one after a failure.
constexpr std::chrono::seconds pause_after_success{60};
constexpr std::chrono::seconds pause_after_failure{10};
constexpr std::chrono::seconds fetch_time_max{10};

bool is_signing_key(const json::Value& key) {
    return key["kty"].as_string() == "RSA" &&
           (!key.has("use") || key["use"].as_string() == "sig") &&
           (!key.has("alg") || key["alg"].as_string() == "RS256");
}

}   // namespace

Result<std::map<std::string, crypto::RsaJwk>> read_key_set(std::string_view text) {
    json::ParseLimits limits;
    limits.bytes_max = answer_bytes_max;
    const auto set = json::parse_or_failure(text, limits);
    if (!set) {
        return set.error();
    }
    const auto& items = (*set)["keys"].items();
    if (items.size() > keys_max) {
        return Failure(Errc::malformed, "more keys than an issuer has");
    }
    std::map<std::string, crypto::RsaJwk> keys;
    for (const json::Value& item : items) {
        const std::string& kid = item["kid"].as_string();
        if (!is_signing_key(item) || kid.empty() || kid.size() > kid_bytes_max) {
            continue;
        }
        crypto::RsaJwk key{item["n"].as_string(), item["e"].as_string()};
        if (!keys.emplace(kid, std::move(key)).second) {
            return Failure(Errc::malformed, "two keys of one id");
        }
    }
    if (keys.empty()) {
        return Failure(Errc::malformed, "no RSA key for signatures");
    }
    return keys;
}

Task<Result<std::optional<crypto::RsaJwk>>> KeySet::find(std::string kid,
                                                         runtime::TaskGroup& group) {
    const sdk::Deadline deadline = clock_.in(fetch_time_max);
    bool waited = false;
    for (;;) {
        const std::uint64_t seen = fetched_.count();
        bool begin = false;
        bool wait = false;
        std::optional<crypto::RsaJwk> known;
        {
            const std::lock_guard lock(mutex_);
            const auto now = clock_.steady();
            if (keys_ && keys_->contains(kid)) {
                known = keys_->at(kid);
            }
            const bool wanted = !known || now >= fresh_until_;
            begin = wanted && !fetching_ && now >= next_try_ && !waited;
            fetching_ = fetching_ || begin;
            wait = !known && fetching_ && !waited;
            if (!known && !wait) {
                if (!keys_) {
                    co_return Failure(Errc::unavailable, "the issuer's keys are out of reach");
                }
                co_return std::optional<crypto::RsaJwk>();
            }
        }
        if (begin && !group.spawn_on(strand_, fetch(shared_from_this()))) {
            const std::lock_guard lock(mutex_);
            fetching_ = false;
            wait = false;
        }
        if (known) {
            co_return known;   // an old one serves while a newer set is fetched
        }
        waited = true;
        if (wait) {
            static_cast<void>(co_await fetched_.wait(clock_, seen, deadline));
        }
    }
}

/// `self` keeps it alive until the fetch has ended.
Task<void> KeySet::fetch(std::shared_ptr<KeySet> self) {
    /// Whoever waits goes on, also when the fetch was cancelled.
    class Ending {
    public:
        explicit Ending(KeySet& keys) : keys_(keys) {}
        Ending(const Ending&) = delete;
        Ending& operator=(const Ending&) = delete;
        ~Ending() {
            {
                const std::lock_guard lock(keys_.mutex_);
                keys_.fetching_ = false;
                const auto now = keys_.clock_.steady();
                keys_.next_try_ = now + (got ? pause_after_success : pause_after_failure);
                if (got) {
                    keys_.keys_ = std::move(*got);
                    keys_.fresh_until_ = now + fresh_for;
                }
            }
            keys_.fetched_.notify();
        }
        std::optional<Keys> got;

    private:
        KeySet& keys_;
    };
    Ending ending(*self);
    auto keys = co_await ask();
    if (keys) {
        ending.got = std::move(*keys);
    }
}

Task<Result<KeySet::Keys>> KeySet::ask() {
    const auto metadata = co_await get(issuer_.metadata_url);
    if (!metadata) {
        co_return metadata.error();
    }
    if ((*metadata)["issuer"].as_string() != issuer_.issuer) {
        co_return Failure(Errc::bad_answer, "the metadata is of another issuer");
    }
    const std::string& url = (*metadata)["jwks_uri"].as_string();
    // Never by a weaker way than the metadata came.
    const bool safe = url.starts_with("https://") ||
                      (url.starts_with("http://") && issuer_.metadata_url.starts_with("http://"));
    if (!safe) {
        co_return Failure(Errc::bad_answer, "the metadata names no address of keys");
    }
    const auto set = co_await get(url);
    if (!set) {
        co_return set.error();
    }
    co_return read_key_set(json::write(*set));
}

Task<Result<json::Value>> KeySet::get(std::string url) {
    sdk::HttpRequest request("GET", std::move(url));
    request.headers.emplace_back("Accept", "application/json");
    request.answer_bytes_max = answer_bytes_max;
    const auto answer = co_await http_->send(std::move(request), clock_.in(fetch_time_max / 2));
    if (!answer) {
        co_return answer.error();
    }
    if (answer->status != 200) {
        co_return Failure(Errc::bad_answer, "status " + std::to_string(answer->status));
    }
    json::ParseLimits limits;
    limits.bytes_max = answer_bytes_max;
    co_return json::parse_or_failure(answer->body, limits);
}

}   // namespace gateway::signin
