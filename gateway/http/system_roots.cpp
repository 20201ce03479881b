#include "gateway/http/system_roots.hpp"

#include <openssl/x509.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>

namespace gateway::http {
namespace {

namespace fs = std::filesystem;

using State = std::tuple<std::string, fs::file_time_type, std::uintmax_t>;

/// None: they stand in a folder, of which OpenSSL reads what it is asked for.
std::optional<State> state_of_file() {
    // As OpenSSL itself asks: not where the program has more rights than its caller.
    const char* const named = ::secure_getenv(X509_get_default_cert_file_env());
    std::string path = named == nullptr ? X509_get_default_cert_file() : named;
    std::error_code error;
    const auto changed = fs::last_write_time(path, error);
    if (error) {
        return std::nullopt;
    }
    const auto size = fs::file_size(path, error);
    if (error) {
        return std::nullopt;
    }
    return State(std::move(path), changed, size);
}

std::shared_ptr<X509_STORE> read_roots() {
    std::shared_ptr<X509_STORE> store(X509_STORE_new(), &X509_STORE_free);
    return store != nullptr && X509_STORE_set_default_paths(store.get()) == 1 ? store : nullptr;
}

/// OpenSSL says nothing of a file that it cannot read: what comes of it is for one caller alone.
bool is_worth_keeping(X509_STORE* roots) {
    return roots != nullptr && sk_X509_OBJECT_num(X509_STORE_get0_objects(roots)) > 0;
}

}   // namespace

std::shared_ptr<X509_STORE> system_roots() {
    static std::mutex mutex;
    static std::weak_ptr<X509_STORE> kept;
    static std::optional<State> state_of_kept;
    const auto state = state_of_file();
    if (!state) {
        return read_roots();
    }
    const std::lock_guard lock(mutex);
    auto roots = state == state_of_kept ? kept.lock() : nullptr;
    if (roots == nullptr) {
        roots = read_roots();
        kept = is_worth_keeping(roots.get()) ? roots : nullptr;
        state_of_kept = state;
    }
    return roots;
}

}   // namespace gateway::http
