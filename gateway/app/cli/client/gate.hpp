#pragma once

// A running gateway as the command line asks it: one question, one answer. Blocks; one thread.

#include "gateway/core/failure.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/http_client.hpp"
#include "gateway/texts/texts.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gateway::app::client {

/// Where the gateway is and how one gets in, as the options said it.
struct GatePlace {
    std::string config_folder;   // its sluse.toml says where the data, and so the socket, lies
    std::string socket;
    std::string url;
    std::string key_file;
    std::string key_variable = "SLUSE_ADMIN_KEY";
    std::string ca_file;   // roots for https; empty: the system's
    texts::Language language = texts::Language::nb;

    GatePlace() = default;
};

struct Question {
    std::string method = "GET";
    std::string target;
    std::optional<json::Value> body;
    std::chrono::seconds patience{60};

    Question() = default;
    explicit Question(std::string what) : target(std::move(what)) {}
    Question(std::string verb, std::string what, json::Value content)
        : method(std::move(verb)), target(std::move(what)), body(std::move(content)) {}
};

struct Answer {
    int status = 0;
    std::string body;

    Answer() = default;
    Answer(int code, std::string text) : status(code), body(std::move(text)) {}
    bool good() const { return status / 100 == 2; }
};

/// False: enough.
using OnLine = std::function<bool(const json::Value&)>;

class Gate {
public:
    virtual ~Gate() = default;
    virtual core::Result<Answer> ask(const Question& question) = 0;
    /// A request made by the caller, its body streamed; target in `url`.
    virtual core::Result<Answer> send(sdk::HttpRequest request, std::chrono::seconds patience) = 0;
    /// Each event's data as it comes. A good answer when `on_line` had enough or the stream ended.
    virtual core::Result<Answer> follow(const std::string& target, const OnLine& on_line) = 0;
    virtual void pause(std::chrono::milliseconds time) = 0;
    /// For people: "unix:/var/lib/sluse/admin.sock".
    virtual std::string where() const = 0;
};

/// Finds the address and the key. `invalid_argument` when the options contradict, `not_found` when
/// a file they name is not there; the detail is said to the person as it is.
core::Result<std::unique_ptr<Gate>> open_gate(const GatePlace& place);

/// The socket below the data folder that this configuration names.
core::Result<std::string> find_socket(const std::string& config_folder);

/// Data lines of text/event-stream, however the bytes are cut.
class EventReader {
public:
    /// The data of every event that is whole by now.
    std::vector<std::string> push(std::string_view bytes);

private:
    std::string rest_;
};

}   // namespace gateway::app::client
