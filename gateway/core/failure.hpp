#pragma once

// How a world that failed is reported: `Result<T>` with one of our codes, what we say and what the
// peer said. The peer's words can hold personal data: they may be sealed with a message, never
// logged or echoed.

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace gateway::core {

enum class Errc {
    invalid_argument = 1,
    malformed,   // bytes do not follow their format
    not_found,
    conflict,         // another value, version or owner is there
    stale_fence,      // the lease moved on: nothing was changed
    storage_full,     // no space: refused before anything was accepted
    storage_failed,   // read, write or fsync failed
    corrupted,        // stored bytes fail their authentication or checksum
    timed_out,        // the deadline passed and nothing reached the peer
    cancelled,
    unreachable,   // no connection: nothing was sent
    tls_untrusted,
    tls_expired,
    tls_wrong_host,
    tls_failed,
    answer_lost,   // something was sent, no whole answer came back: the outcome is unknown
    bad_answer,    // the answer is not what the protocol says
    too_large,
    too_slow,
    rate_limited,
    unauthorised,
    unavailable,   // a service of ours or theirs is down at the moment
    closed,
    unsupported,
    internal,
};

const boost::system::error_category& failure_category() noexcept;
boost::system::error_code make_error_code(Errc) noexcept;

/// Why something failed. `detail` is ours and safe to log; `peer` is what the other side said and
/// is not.
struct Failure {
    boost::system::error_code code;
    std::string detail;
    std::string peer;

    Failure() = default;
    Failure(Errc errc, std::string our_detail = {}, std::string peer_text = {});
    Failure(boost::system::error_code error, std::string our_detail = {},
            std::string peer_text = {});

    bool is(Errc) const noexcept;
    /// One line for a log: code name and detail, never the peer's text.
    std::string to_string() const;
};

[[noreturn]] void throw_exception_from_error(const Failure&, const boost::source_location&);

template <class T>
using Result = boost::system::result<T, Failure>;

}   // namespace gateway::core

template <>
struct boost::system::is_error_code_enum<gateway::core::Errc> : std::true_type {};
