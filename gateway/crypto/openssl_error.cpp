#include "gateway/crypto/openssl_error.hpp"

#include <openssl/err.h>

namespace gateway::crypto {

core::Failure openssl_failure(core::Errc errc, std::string what) {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    if (reason != nullptr) {
        what += std::string(" (") + reason + ")";
    }
    return core::Failure(errc, std::move(what));
}

}   // namespace gateway::crypto
