#pragma once

// A desk whose gateway answers from a script, and whose words are kept.

#include "gateway/app/cli/client/desk.hpp"

#include <deque>
#include <sstream>
#include <string>
#include <vector>

namespace tests::client {

namespace client = gateway::app::client;
namespace core = gateway::core;
namespace json = gateway::json;
namespace sdk = gateway::sdk;

struct Asked {
    std::string method;
    std::string target;
    std::string body;
    sdk::Headers headers;
};

/// Answers in the order scripted; what nothing was scripted for is unreachable.
struct Script {
    std::deque<core::Result<client::Answer>> answers;
    std::deque<std::vector<std::string>> streams;   // each follow() gets one, then it breaks
    std::vector<Asked> asked;
    int pauses = 0;
};

class TestDesk {
public:
    TestDesk();
    void answer(int status, std::string body) {
        script.answers.push_back(client::Answer(status, std::move(body)));
    }
    void fail(core::Errc code) { script.answers.push_back(core::Failure(code)); }

    Script script;
    std::ostringstream out;
    std::ostringstream err;
    client::Desk desk{out, err};
};

inline bool has(const std::ostringstream& stream, const std::string& text) {
    return stream.str().find(text) != std::string::npos;
}

}   // namespace tests::client
