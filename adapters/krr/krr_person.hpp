#pragma once

// One person of the register's answer in the gateway's words (README.md). Pure. Facts:
// docs.digdir.no, Kontakt- og reservasjonsregisteret, "attributter" and "HentPersonRespons".

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <optional>
#include <string>

namespace gateway::krr {

struct Person {
    json::Value value;              // without `certificate`, which is judged on its own
    std::string certificate_text;   // as it came; empty: none
    bool registered = false;        // active or deleted
    /// When an address grows too old and the value says something else.
    std::optional<core::Time> changes_at;
    /// The field that cannot be understood: nothing of the person is believed then. Empty: none.
    std::string fault;

    Person() = default;
};

/// `entry` is one of `personer`. Unknown members are ignored.
Person read_person(const json::Value& entry, core::Time now);

}   // namespace gateway::krr
