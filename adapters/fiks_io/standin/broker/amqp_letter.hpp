#pragma once

// What the stand-in puts into queues and takes out of them. Facts: wire notes 2.2.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::fiks_io::standin {

/// A header whose value is not the string that the service promises.
enum class HeaderKind { text, number, truth, absent };

struct Header {
    std::string name;
    std::string value;
    HeaderKind kind = HeaderKind::text;

    Header(std::string header_name, std::string header_value,
           HeaderKind header_kind = HeaderKind::text)
        : name(std::move(header_name)), value(std::move(header_value)), kind(header_kind) {}
};

/// One message for one queue.
struct Letter {
    std::string queue;
    std::vector<Header> headers;
    std::string body;
    std::optional<std::int64_t> ttl_ms;

    Letter() = default;
};

/// One message out of a queue.
struct Taken {
    std::string queue;                            // whose consumer it was given to
    std::map<std::string, std::string> headers;   // values that are no text are left out
    std::string body;
    std::uint64_t tag = 0;
    std::uint64_t connection = 0;   // tags of another connection mean nothing
    bool redelivered = false;

    std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

/// Who the stand-in is to its broker.
struct OwnLogin {
    std::string user;
    std::string password;
};

}   // namespace gateway::fiks_io::standin
