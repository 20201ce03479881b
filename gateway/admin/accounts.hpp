#pragma once

// People's own accounts at the console, where no identity provider is set up: a password and a code
// from an app. They lie in the store, under a connection no configuration can name, and so in its
// backups. Of a password its scrypt is kept: half of it to compare, half of it seals the secret of
// the codes, so that a stolen database tells neither.

#include "gateway/admin/access.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/runtime/executor.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/ids.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gateway::admin {

struct Account {
    std::string name;
    std::vector<Grant> grants;
    core::Time created;
    std::string salt;
    std::string verifier;
    std::string sealed_secret;   // of the codes

    Account() = default;
};

/// Shown once.
struct AccountSecrets {
    std::string password;
    std::string totp_secret;   // base32
    std::string totp_uri;      // otpauth://, for an app

    AccountSecrets() = default;
};

/// 2 to 40 of a-z, 0-9, dot and hyphen, a letter first.
bool is_account_name(std::string_view name);

/// Any strand.
class Accounts {
public:
    Accounts(ports::Store& store, sdk::Clock& clock, sdk::Ids& ids, runtime::Executor* blocking)
        : store_(store), clock_(clock), ids_(ids), blocking_(blocking) {}

    sdk::Task<core::Result<std::vector<Account>>> all();
    /// A new one; conflict: there is one of that name.
    sdk::Task<core::Result<AccountSecrets>> add(std::string name, std::vector<Grant> grants);
    /// New password and secret, the same roles. not_found.
    sdk::Task<core::Result<AccountSecrets>> renew(std::string name);
    /// not_found.
    sdk::Task<core::Result<void>> remove(std::string name);

    /// The account when name, password and code fit; each code once. Takes as long whichever is
    /// wrong. `rate_limited`: too many are being looked at already.
    sdk::Task<core::Result<std::optional<Account>>> verify(std::string name, std::string password,
                                                           std::string code);

private:
    struct Listed {
        std::vector<Account> accounts;
        std::uint64_t version = 0;

        Listed() = default;
    };
    sdk::Task<core::Result<Listed>> read();
    sdk::Task<core::Result<void>> write(Listed listed);
    /// Changes the list as it stands when it is written: anew when somebody else was first. What
    /// `apply` refuses is not written. Runs it at most as often as it tries.
    using Change = std::function<core::Result<void>(std::vector<Account>&)>;
    sdk::Task<core::Result<void>> change(Change apply);
    sdk::Task<AccountSecrets> make_secrets(Account& account);
    sdk::Task<core::Result<bool>> use_code(std::string name, std::string secret, std::string code);

    ports::Store& store_;
    sdk::Clock& clock_;
    sdk::Ids& ids_;
    runtime::Executor* blocking_;   // nothing: here, as in simulation
    std::atomic<int> looking_{0};
};

}   // namespace gateway::admin
