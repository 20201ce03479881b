#pragma once

// What an examination found. Never a token, a password, or anything of a person.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/examination.hpp"

#include <string>
#include <vector>

namespace gateway::doctor {

using sdk::Finding;

struct Step {
    std::string name;    // dns | tcp | tls | clock | token | scope | call | data | disk | ...
    std::string place;   // "krr.example.no:443"; what else the step is about; may be empty
    Finding finding = Finding::skipped;
    core::Code code;   // what is wrong, or why it was skipped; empty when green
    core::Params params;
    json::Value seen = json::Value::object();   // facts, for people and machines
    core::Duration took{0};

    Step() = default;
    Step(std::string what, std::string where) : name(std::move(what)), place(std::move(where)) {}
    Step& green() {
        finding = Finding::green;
        return *this;
    }
    Step& found(Finding what, core::Code why, core::Params with = {}) {
        finding = what;
        code = std::move(why);
        params = std::move(with);
        return *this;
    }
    /// Not made, because the step before it is red.
    Step& skipped_after(const std::string& step) {
        return found(Finding::skipped, "doctor.skipped.after", {{"step", step}});
    }
};

struct Examination {
    std::string connection;   // empty: the house
    std::string adapter;
    std::string environment;
    core::TenantId tenant;   // on whose behalf
    std::vector<Step> steps;
    core::Duration took{0};

    Examination() = default;
    /// Red when any step is, else yellow when any is, else green.
    Finding finding() const;
};

const char* to_string(Finding finding);

}   // namespace gateway::doctor
