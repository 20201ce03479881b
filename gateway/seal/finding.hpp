#pragma once

// What was found when a signature or a certificate was judged: a stable code of schemas/texts
// ("seal.signature_wrong") and its parameters, ready for an Outcome or an event. Parameters are
// numbers, times, object identifiers and organisation numbers; never a file's name.

#include "gateway/core/code.hpp"

#include <boost/system/result.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace gateway::seal {

struct Finding {
    core::Code code;
    core::Params params;

    Finding() = default;
    explicit Finding(const char* what, core::Params with = {})
        : code(what), params(std::move(with)) {}
    friend bool operator==(const Finding&, const Finding&) = default;
};

/// In the order they were found. Empty: nothing to remark.
using Findings = std::vector<Finding>;

inline bool has_finding(const Findings& findings, std::string_view code) {
    return std::any_of(findings.begin(), findings.end(),
                       [&](const Finding& finding) { return finding.code.value == code; });
}

/// What was judged good, or why it was refused.
template <class T>
using Judged = boost::system::result<T, Finding>;

[[noreturn]] void throw_exception_from_error(const Finding&, const boost::source_location&);

/// How a rule of a policy is held: what breaks it is refused, remarked on, or not looked at.
enum class Rule { require, warn, ignore };

}   // namespace gateway::seal
