#pragma once

// Another municipality's specialist system: sends what it is told to, right or wrong in any way,
// and answers what it gets by the customs of KS's protocols: a command is received and receipted, a
// query has a result. What it answers to a type can be told. Facts: wire notes 4.

#include "adapters/fiks_io/standin/party.hpp"

#include <deque>

namespace gateway::fiks_io::standin {

/// One thread. Borrows both.
class Echo {
public:
    Echo(gateway::standin::World& world, Party& party) : world_(world), party_(party) {}

    /// Answers go out before it returns. False: not now, once more.
    sdk::Task<bool> handle(Opened message);
    /// POST /control/message; what was sent, or {"error"}.
    sdk::Task<json::Value> send(json::Value command);
    /// POST /control/package: a sealed body that nothing is done with; {"base64"} or {"error"}.
    json::Value package(const json::Value& command) const;
    /// POST /control/answers: {"type", "answers": [{"type", "files": [...]}]}.
    std::optional<std::string> set_answers(const json::Value& command);
    json::Value audit() const;
    void clear();

private:
    struct Answer {
        std::string type;
        std::vector<gateway::standin::PackageFile> files;
    };
    std::vector<Answer> answers_to(const std::string& type) const;

    gateway::standin::World& world_;
    Party& party_;
    std::map<std::string, std::vector<Answer>> told_;
    std::deque<json::Value> received_;   // the last ones
};

}   // namespace gateway::fiks_io::standin
