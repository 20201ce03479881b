#pragma once

// The control side: faults, state, time, certificates; and the log of what the public side was
// asked.

#include "adapters/common/standin/program.hpp"
#include "gateway/http/server.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace gateway::standin {

struct TlsFiles {
    std::string certificate_pem;
    std::string key_pem;
};

bool is_tls_kind(std::string_view kind);
/// A certificate for the loopback addresses, or one that is wrong as `kind` says.
TlsFiles tls_files(const TestCa& ca, std::string_view kind, std::int64_t now);

/// Counts and remembers the last requests that reached the imitation.
class RequestLog final : public http::Handler {
public:
    explicit RequestLog(Service& service) : service_(service) {}
    sdk::Task<http::Response> handle(http::Request& request) override;
    http::Response refuse(int status, std::string_view code,
                          std::string_view accept_language) override {
        return service_.refuse(status, code, accept_language);
    }
    json::Value list() const;
    void clear();

private:
    struct Line {
        std::string method;
        std::string path;
        int status = 0;
    };
    Service& service_;
    std::deque<Line> lines_;
    std::map<std::string, std::int64_t> counts_;   // "GET 200"
};

class ControlHandler final : public http::Handler {
public:
    ControlHandler(Service& service, World& world, RequestLog& log, http::Server& outside)
        : service_(service), world_(world), log_(log), outside_(outside) {}
    sdk::Task<http::Response> handle(http::Request& request) override;
    http::Response refuse(int status, std::string_view code,
                          std::string_view accept_language) override;

private:
    http::Response add_faults(const json::Value& body);
    /// What is wrong with the command; empty when it was carried out.
    std::string fault(const json::Value& command);
    http::Response set_clock(const json::Value& body);
    std::string set_tls(std::string_view kind);

    Service& service_;
    World& world_;
    RequestLog& log_;
    http::Server& outside_;
};

}   // namespace gateway::standin
