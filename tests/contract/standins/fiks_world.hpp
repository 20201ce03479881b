#pragma once

// Fiks IO's stand-in with its broker, a Maskinporten, and two clients that share no code with it:
// plain sockets for REST, npm amqplib for AMQP.

#include "tests/contract/standins/child.hpp"
#include "tests/contract/standins/grants.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::tests::standins {

class FiksWorld {
public:
    explicit FiksWorld(std::vector<std::string> more = {});

    std::string material(const char* name) const {
        return fiks->line()["material"][name].as_string();
    }
    std::string queue() const { return "fiksio.konto." + material("account"); }
    std::string password() const;
    /// A token of the scope ks:fiks.
    std::string token() const;
    Answer call(const char* method, const std::string& path, const std::string& body = {},
                std::map<std::string, std::string> headers = {}) const;
    /// POST send: metadata and, unless empty, data.
    Answer send(const json::Value& metadata, const std::string& data) const;
    json::Value order(const std::string& to, const std::string& type) const;

    struct Reader {
        std::string queue;
        int count = 1;
        std::string then = "ack";
        std::string user;       // empty: the integration
        std::string password;   // empty: its own with a fresh token
        int wait_ms = 20'000;

        Reader() = default;
    };
    /// What amqplib took out of the queue, in order; {"error"} where it was refused.
    std::vector<json::Value> read(const Reader& reader) const;
    std::vector<json::Value> read(int count, const char* then = "ack") const;

    Answer command(const std::string& path, const std::string& body) const {
        return fiks->command(path, object(body));
    }
    /// The echo system sends to the municipality's account; the answer of the command.
    json::Value echo(const std::string& type, json::Value command = json::Value::object()) const;
    /// Starts the stand-in again, after it was killed.
    void start();

    TemporaryFolder folder;
    std::vector<std::string> more;
    Child maskinporten;
    Grants grants;
    std::unique_ptr<Child> fiks;
};

/// The bytes that a message's body in base64 stands for.
std::string bytes_of(const json::Value& message);
/// Runs a program of the system; its standard output. Fails the test when it does not end with 0.
std::string run_program(const std::string& command);

}   // namespace gateway::tests::standins
