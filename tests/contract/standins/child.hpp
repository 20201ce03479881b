#pragma once

// A stand-in started as a program, and a client on plain sockets that shares no code with the
// gateway's.

#include "gateway/json/value.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace gateway::tests::standins {

struct Answer {
    int status = 0;   // 0: the connection closed without a whole answer
    std::string head;
    std::string body;

    json::Value json() const;
    std::string header(std::string_view name) const;   // lower-case name
};

struct Ask {
    std::string method = "GET";
    std::string url;
    std::string body;
    std::map<std::string, std::string> headers;
    int wait_seconds = 10;   // at most, for the answer
};

Answer ask(const Ask& request);
Answer get(const std::string& url, const std::string& bearer = {});
Answer post(const std::string& url, const json::Value& body, const std::string& bearer = {});

/// A folder that is gone with the object.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// Ends with the object; fails the test when the program does not come up.
class Child {
public:
    Child(const std::string& name, const std::string& state, std::vector<std::string> options = {});
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Where the stand-in of that name lies.
    static std::string program(const std::string& name);

    const json::Value& line() const { return line_; }
    std::string url() const { return line_["url"].as_string(); }
    std::string control() const { return line_["control"].as_string(); }
    /// Waits a minute: a broker that is started again takes its time on a busy machine.
    Answer command(const std::string& path, const json::Value& body) const;
    json::Value state() const { return get(control() + "/control/state").json(); }
    /// As a power button presses: SIGKILL.
    void kill();
    /// SIGTERM, or its input closed; the exit code.
    int end(bool by_closing_input = false);

private:
    int wait();
    pid_t pid_ = -1;
    int input_ = -1;
    json::Value line_;
};

/// Parses an object written in the test; fails the test when it is none.
json::Value object(std::string_view text);

}   // namespace gateway::tests::standins
