#include "gateway/core/failure.hpp"

#include <boost/system/system_error.hpp>

namespace gateway::core {
namespace {

class FailureCategory final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "sluse"; }

    std::string message(int value) const override {
        switch (static_cast<Errc>(value)) {
        case Errc::invalid_argument: return "invalid argument";
        case Errc::malformed: return "malformed";
        case Errc::not_found: return "not found";
        case Errc::conflict: return "conflict";
        case Errc::stale_fence: return "stale fence";
        case Errc::storage_full: return "storage full";
        case Errc::storage_failed: return "storage failed";
        case Errc::corrupted: return "corrupted";
        case Errc::timed_out: return "timed out";
        case Errc::cancelled: return "cancelled";
        case Errc::unreachable: return "unreachable";
        case Errc::tls_untrusted: return "TLS certificate not trusted";
        case Errc::tls_expired: return "TLS certificate expired";
        case Errc::tls_wrong_host: return "TLS certificate is for another host";
        case Errc::tls_failed: return "TLS failed";
        case Errc::answer_lost: return "answer lost";
        case Errc::bad_answer: return "bad answer";
        case Errc::too_large: return "too large";
        case Errc::too_slow: return "too slow";
        case Errc::rate_limited: return "rate limited";
        case Errc::unauthorised: return "unauthorised";
        case Errc::unavailable: return "unavailable";
        case Errc::closed: return "closed";
        case Errc::unsupported: return "unsupported";
        case Errc::internal: return "internal error";
        }
        return "unknown error";
    }
};

}   // namespace

const boost::system::error_category& failure_category() noexcept {
    static const FailureCategory category;
    return category;
}

boost::system::error_code make_error_code(Errc errc) noexcept {
    return {static_cast<int>(errc), failure_category()};
}

Failure::Failure(Errc errc, std::string our_detail, std::string peer_text)
    : code(make_error_code(errc)), detail(std::move(our_detail)), peer(std::move(peer_text)) {}

Failure::Failure(boost::system::error_code error, std::string our_detail, std::string peer_text)
    : code(error), detail(std::move(our_detail)), peer(std::move(peer_text)) {}

bool Failure::is(Errc errc) const noexcept {
    return code == make_error_code(errc);
}

std::string Failure::to_string() const {
    return detail.empty() ? code.message() : code.message() + ": " + detail;
}

void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
    throw boost::system::system_error(failure.code, failure.detail);
}

}   // namespace gateway::core
