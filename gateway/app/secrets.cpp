#include "gateway/app/secrets.hpp"

#include "gateway/runtime/file.hpp"

#include <cerrno>
#include <cstdlib>

#include <sys/stat.h>
#include <unistd.h>

namespace gateway::app {
namespace {

using core::Errc;
using core::Failure;

constexpr std::string_view file_scheme = "file:";
constexpr std::string_view env_scheme = "env:";

SecretFault judge(const std::string& path, Secrecy secrecy) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? SecretFault::missing : SecretFault::unreadable;
    }
    if (!S_ISREG(facts.st_mode)) {
        return SecretFault::unreadable;
    }
    if (secrecy == Secrecy::secret) {
        if ((facts.st_mode & 077U) != 0) {
            return SecretFault::too_open;
        }
        if (facts.st_uid != 0 && facts.st_uid != ::geteuid()) {
            return SecretFault::wrong_owner;
        }
    }
    return SecretFault::none;
}

SecretAnswer read_file(const std::string& path, Secrecy secrecy) {
    if (const SecretFault fault = judge(path, secrecy); fault != SecretFault::none) {
        return SecretAnswer(fault);
    }
    auto bytes = runtime::read_whole_file(path, secret_bytes_max);
    if (!bytes) {
        return SecretAnswer(bytes.error().is(Errc::too_large) ? SecretFault::too_large
                                                              : SecretFault::unreadable);
    }
    if (bytes->empty()) {
        return SecretAnswer(SecretFault::empty);
    }
    SecretAnswer answer;
    answer.bytes = std::move(*bytes);
    return answer;
}

const char* words_of(SecretFault fault) {
    switch (fault) {
    case SecretFault::none: return "is fine";
    case SecretFault::unknown_kind: return "is neither file: nor env:";
    case SecretFault::missing: return "does not exist";
    case SecretFault::unreadable: return "cannot be read";
    case SecretFault::too_open: return "can be read by others: chmod 0600";
    case SecretFault::wrong_owner: return "belongs neither to root nor to the user of the service";
    case SecretFault::empty: return "is empty";
    case SecretFault::too_large: return "is larger than any key";
    }
    return "";
}

Errc code_of(SecretFault fault) {
    switch (fault) {
    case SecretFault::missing: return Errc::not_found;
    case SecretFault::unreadable:
    case SecretFault::too_open:
    case SecretFault::wrong_owner: return Errc::unauthorised;
    default: return Errc::invalid_argument;
    }
}

}   // namespace

SecretAnswer read_secret(std::string_view reference, Secrecy secrecy) {
    if (reference.starts_with(file_scheme)) {
        return read_file(std::string(reference.substr(file_scheme.size())), secrecy);
    }
    if (!reference.starts_with(env_scheme)) {
        return SecretAnswer(SecretFault::unknown_kind);
    }
    const std::string name(reference.substr(env_scheme.size()));
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) {
        return SecretAnswer(SecretFault::missing);
    }
    SecretAnswer answer;
    answer.bytes = value;
    if (answer.bytes.empty()) {
        answer.fault = SecretFault::empty;
    }
    return answer;
}

core::Result<std::string> resolve_secret(const std::string& reference, Secrecy secrecy) {
    SecretAnswer answer = read_secret(reference, secrecy);
    if (answer.fault != SecretFault::none) {
        return Failure(code_of(answer.fault), reference + " " + words_of(answer.fault));
    }
    return std::move(answer.bytes);
}

std::string first_line(std::string_view text) {
    return std::string(text.substr(0, text.find_first_of("\r\n")));
}

bool is_hardware_reference(std::string_view reference) {
    return reference.starts_with("pkcs11:");
}

std::string anchored(const std::string& reference, const std::string& folder) {
    if (!reference.starts_with(file_scheme)) {
        return reference;
    }
    const std::string path = reference.substr(file_scheme.size());
    return path.starts_with('/') ? reference : "file:" + folder + "/" + path;
}

}   // namespace gateway::app
