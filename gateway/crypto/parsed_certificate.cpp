#include "gateway/crypto/parsed_certificate.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace gateway::crypto {
namespace {

constexpr std::size_t certificate_bytes_max = 1U << 20U;
constexpr std::size_t kept_bytes_max = 16U << 10U;   // of one; larger ones are read each time
constexpr std::size_t kept_max = 64;

void release(void* certificate) {
    X509_free(static_cast<X509*>(certificate));
}

std::shared_ptr<void> parse(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const auto* const end = at + der.size();
    X509* certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
    std::shared_ptr<void> owned(certificate, release);
    ERR_clear_error();
    return certificate != nullptr && at == end ? owned : nullptr;
}

class Kept {
public:
    std::shared_ptr<void> find(std::string_view der) {
        const std::scoped_lock lock(mutex_);
        const auto found = entries_.find(der);
        if (found == entries_.end()) {
            return nullptr;
        }
        found->second.used = ++uses_;
        return found->second.certificate;
    }

    void keep(std::string_view der, const std::shared_ptr<void>& certificate) {
        const std::scoped_lock lock(mutex_);
        if (entries_.size() == kept_max) {
            entries_.erase(std::min_element(
                entries_.begin(), entries_.end(),
                [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
        }
        entries_[std::string(der)] = Entry{certificate, ++uses_};
    }

private:
    struct Entry {
        std::shared_ptr<void> certificate;
        std::uint64_t used = 0;
    };
    std::mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_;
    std::uint64_t uses_ = 0;
};

}   // namespace

std::shared_ptr<void> parse_certificate(std::string_view der) {
    static Kept kept;
    if (der.size() > certificate_bytes_max) {
        return nullptr;
    }
    if (der.size() > kept_bytes_max) {
        return parse(der);
    }
    if (auto found = kept.find(der)) {
        return found;
    }
    auto certificate = parse(der);
    if (certificate != nullptr) {
        kept.keep(der, certificate);
    }
    return certificate;
}

}   // namespace gateway::crypto
