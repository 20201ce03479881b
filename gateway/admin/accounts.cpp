#include "gateway/admin/accounts.hpp"

#include "gateway/crypto/aead.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/scrypt.hpp"
#include "gateway/crypto/totp.hpp"
#include "gateway/json/value.hpp"

#include <algorithm>
#include <array>

namespace gateway::admin {
namespace {

constexpr std::size_t name_bytes_max = 40;
constexpr std::size_t accounts_max = 500;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t password_bytes = 12;   // 96 random bits, 20 characters of base32
constexpr int writes_max = 5;                // of others at the same moment
constexpr int looking_max = 3;               // 32 MiB each
constexpr std::string_view purpose = "sluse-console-totp";

/// No configured connection has a dot in its name.
const core::ConnectionId place{".console"};
constexpr const char* list_key = "accounts";

std::string random_bytes(sdk::Ids& ids, std::size_t count) {
    std::string bytes(count, '\0');
    ids.random(std::span(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()));
    return bytes;
}

/// Half to compare, half to seal with.
std::string stretch(const std::string& password, const std::string& salt) {
    return crypto::scrypt(password, salt, 2 * key_bytes, crypto::ScryptCost());
}

/// The key is one salt's: it seals once.
const std::string& nonce() {
    static const std::string zero(crypto::aead_nonce_bytes, '\0');
    return zero;
}

std::string grouped(const std::string& text) {
    std::string words;
    for (std::size_t at = 0; at < text.size(); at += 5) {
        words += (at == 0 ? "" : "-") + text.substr(at, 5);
    }
    return words;
}

json::Value to_json(const Account& account) {
    json::Value grants = json::Value::array();
    for (const auto& grant : account.grants) {
        json::Value one = json::Value::object();
        one.set("role", grant.role).set("tenant", grant.place());
        grants.push(std::move(one));
    }
    json::Value value = json::Value::object();
    value.set("name", account.name)
        .set("grants", std::move(grants))
        .set("created", core::to_rfc3339(account.created))
        .set("salt", crypto::base64url_encode(account.salt))
        .set("verifier", crypto::base64url_encode(account.verifier))
        .set("secret", crypto::base64url_encode(account.sealed_secret));
    return value;
}

Account from_json(const json::Value& value) {
    Account account;
    account.name = value["name"].as_string();
    for (const auto& grant : value["grants"].items()) {
        account.grants.emplace_back(grant["role"].as_string(), grant["tenant"].as_string());
    }
    if (const auto created = core::parse_rfc3339(value["created"].as_string())) {
        account.created = *created;
    }
    account.salt = crypto::base64url_decode(value["salt"].as_string()).value_or("");
    account.verifier = crypto::base64url_decode(value["verifier"].as_string()).value_or("");
    account.sealed_secret = crypto::base64url_decode(value["secret"].as_string()).value_or("");
    return account;
}

auto find_in(std::vector<Account>& accounts, const std::string& name) {
    return std::find_if(accounts.begin(), accounts.end(),
                        [&](const Account& one) { return one.name == name; });
}

class Counted {
public:
    explicit Counted(std::atomic<int>& count) : count_(count), within_(++count <= looking_max) {}
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    bool within() const { return within_; }

private:
    std::atomic<int>& count_;
    bool within_;
};

}   // namespace

bool is_account_name(std::string_view name) {
    const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return name.size() >= 2 && name.size() <= name_bytes_max && name[0] >= 'a' && name[0] <= 'z' &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return plain(c) || c == '.' || c == '-'; });
}

sdk::Task<core::Result<Accounts::Listed>> Accounts::read() {
    const auto entry = co_await store_.get_state(place, list_key);
    if (!entry) {
        co_return entry.error();
    }
    Listed listed;
    listed.version = entry->version;
    if (entry->value.empty()) {
        co_return listed;
    }
    const auto value = json::parse(entry->value);
    if (!value) {
        co_return core::Failure(core::Errc::corrupted, "the list of accounts cannot be read");
    }
    for (const auto& item : value->items()) {
        listed.accounts.push_back(from_json(item));
    }
    co_return listed;
}

sdk::Task<core::Result<void>> Accounts::write(Listed listed) {
    json::Value list = json::Value::array();
    for (const auto& account : listed.accounts) {
        list.push(to_json(account));
    }
    const auto written =
        co_await store_.put_state(place, list_key, json::write(list), listed.version);
    if (!written) {
        co_return written.error();
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> Accounts::change(Change apply) {
    for (int tries = 0; tries < writes_max; ++tries) {
        auto listed = co_await read();
        if (!listed) {
            co_return listed.error();
        }
        if (const auto applied = apply(listed->accounts); !applied) {
            co_return applied.error();
        }
        const auto written = co_await write(std::move(*listed));
        if (written || !written.error().is(core::Errc::conflict)) {
            co_return written;
        }
    }
    co_return core::Failure(core::Errc::unavailable, "others change the accounts");
}

sdk::Task<core::Result<std::vector<Account>>> Accounts::all() {
    auto listed = co_await read();
    if (!listed) {
        co_return listed.error();
    }
    co_return std::move(listed->accounts);
}

sdk::Task<AccountSecrets> Accounts::make_secrets(Account& account) {
    AccountSecrets secrets;
    secrets.password = grouped(crypto::base32_encode(random_bytes(ids_, password_bytes)));
    account.salt = random_bytes(ids_, 16);
    std::string key;
    auto work = [password = secrets.password, salt = account.salt] {
        return stretch(password, salt);
    };
    if (blocking_ == nullptr) {
        key = work();
    } else {
        key = co_await blocking_->run(std::move(work));
    }
    const auto secret = random_bytes(ids_, crypto::totp_secret_bytes);
    account.verifier = key.substr(0, key_bytes);
    account.sealed_secret.clear();
    crypto::aead_seal(std::string_view(key).substr(key_bytes), nonce(), purpose, secret,
                      account.sealed_secret);
    crypto::wipe(key);
    secrets.totp_secret = crypto::base32_encode(secret);
    secrets.totp_uri = "otpauth://totp/Sluse:" + account.name + "?secret=" + secrets.totp_secret +
                       "&issuer=Sluse&algorithm=SHA1&digits=6&period=30";
    co_return secrets;
}

sdk::Task<core::Result<AccountSecrets>> Accounts::add(std::string name, std::vector<Grant> grants) {
    Account account;
    account.name = std::move(name);
    account.grants = std::move(grants);
    account.created = clock_.now();
    const auto secrets = co_await make_secrets(account);
    Change adding = [&account](std::vector<Account>& accounts) -> core::Result<void> {
        if (find_in(accounts, account.name) != accounts.end() || accounts.size() >= accounts_max) {
            return core::Failure(core::Errc::conflict, "the name is taken");
        }
        accounts.push_back(account);
        return core::Result<void>();
    };
    const auto added = co_await change(std::move(adding));
    if (!added) {
        co_return added.error();
    }
    co_return secrets;
}

sdk::Task<core::Result<AccountSecrets>> Accounts::renew(std::string name) {
    Account fresh;
    fresh.name = name;
    const auto secrets = co_await make_secrets(fresh);
    Change renewing = [&fresh](std::vector<Account>& accounts) -> core::Result<void> {
        const auto account = find_in(accounts, fresh.name);
        if (account == accounts.end()) {
            return core::Failure(core::Errc::not_found, "no such account");
        }
        account->salt = fresh.salt;
        account->verifier = fresh.verifier;
        account->sealed_secret = fresh.sealed_secret;
        return core::Result<void>();
    };
    const auto renewed = co_await change(std::move(renewing));
    if (!renewed) {
        co_return renewed.error();
    }
    co_return secrets;
}

sdk::Task<core::Result<void>> Accounts::remove(std::string name) {
    Change removing = [&name](std::vector<Account>& accounts) -> core::Result<void> {
        const auto account = find_in(accounts, name);
        if (account == accounts.end()) {
            return core::Failure(core::Errc::not_found, "no such account");
        }
        accounts.erase(account);
        return core::Result<void>();
    };
    co_return co_await change(std::move(removing));
}

sdk::Task<core::Result<std::optional<Account>>>
Accounts::verify(std::string name, std::string password, std::string code) {
    const Counted counted(looking_);
    if (!counted.within()) {
        co_return core::Failure(core::Errc::rate_limited, "too many sign in at once");
    }
    auto listed = co_await read();
    if (!listed) {
        co_return listed.error();
    }
    const auto found = find_in(listed->accounts, name);
    Account account;
    account.salt = std::string(16, '\0');   // an unknown name costs the same
    account.verifier = std::string(key_bytes, '\0');
    const bool known = found != listed->accounts.end();
    if (known) {
        account = *found;
    }
    std::string key;
    auto work = [password = std::move(password), salt = account.salt] {
        return stretch(password, salt);
    };
    if (blocking_ == nullptr) {
        key = work();
    } else {
        key = co_await blocking_->run(std::move(work));
    }
    const bool same =
        crypto::equal_in_constant_time(key.substr(0, key_bytes), account.verifier) && known;
    auto secret = crypto::aead_open(std::string_view(key).substr(key_bytes), nonce(), purpose,
                                    account.sealed_secret);
    crypto::wipe(key);
    if (!same || !secret) {
        co_return std::optional<Account>();
    }
    const auto used = co_await use_code(name, std::move(*secret), std::move(code));
    if (!used) {
        co_return used.error();
    }
    if (!*used) {
        co_return std::optional<Account>();
    }
    co_return std::optional(std::move(account));
}

/// Of two who give the same code at once, one is believed.
sdk::Task<core::Result<bool>> Accounts::use_code(std::string name, std::string secret,
                                                 std::string code) {
    const std::string key = "used/" + name;
    const auto entry = co_await store_.get_state(place, key);
    if (!entry) {
        co_return entry.error();
    }
    const auto before = json::parse(entry->value.empty() ? "0" : entry->value);
    const auto last = before ? static_cast<std::uint64_t>(before->as_int()) : 0;
    const auto step = crypto::totp_match(secret, code, clock_.now(), last);
    crypto::wipe(secret);
    if (!step) {
        co_return false;
    }
    const auto written =
        co_await store_.put_state(place, key, std::to_string(*step), entry->version);
    if (!written && !written.error().is(core::Errc::conflict)) {
        co_return written.error();
    }
    co_return written.has_value();
}

}   // namespace gateway::admin
