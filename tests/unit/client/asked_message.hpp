#pragma once

// The message that tests of the client ask about: its id, what is asked, and how it is shown.

#include "gateway/app/cli/client/verbs.hpp"

#include <string>

namespace tests::client {

inline constexpr const char* id = "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21";

inline gateway::app::client::MessageOptions message_options(const char* act = "") {
    gateway::app::client::MessageOptions options;
    options.id = id;
    options.act = act;
    options.why = "ruten er rettet";
    return options;
}

inline std::string message(const char* state) {
    return std::string(R"({"id":")") + id + R"(","type":"letter/v1","state":")" + state +
           R"(","system":"byggesak","tenant":"310001007","title":"Varsel"})";
}

}   // namespace tests::client
