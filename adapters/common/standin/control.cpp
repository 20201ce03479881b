#include "adapters/common/standin/control.hpp"

#include "adapters/common/standin/http_tools.hpp"

namespace gateway::standin {

namespace {

constexpr std::size_t lines_max = 2000;
constexpr std::size_t body_bytes_max = 32U << 20U;
constexpr std::int64_t day = 24 * 3600;

http::Response problem(int status, std::string text) {
    json::Value body;
    body.set("error", std::move(text));
    return json_response(status, body);
}

http::Response done() {
    json::Value body;
    body.set("ok", true);
    return json_response(200, body);
}

}   // namespace

bool is_tls_kind(std::string_view kind) {
    return kind == "valid" || kind == "expired" || kind == "wrong-host";
}

TlsFiles tls_files(const TestCa& ca, std::string_view kind, std::int64_t now) {
    CertificateOrder order;
    order.name = "Sluse sandbox";
    order.bits = 2048;
    order.hosts = {"localhost", "127.0.0.1", "::1"};
    order.not_before = now - 30 * day;
    order.not_after = now + 365 * day;
    if (kind == "expired") {
        order.not_after = now - day;
    } else if (kind == "wrong-host") {
        order.hosts = {"feil.example.no"};
    }
    const Issued issued = ca.issue(order);
    TlsFiles files;
    files.certificate_pem = ca.chain_pem(issued);
    files.key_pem = issued.key.private_pem();
    return files;
}

sdk::Task<http::Response> RequestLog::handle(http::Request& request) {
    http::Response response = co_await service_.handle(request);
    Line line;
    line.method = request.method;
    line.path = request.path;
    line.status = response.status;
    ++counts_[line.method + " " + std::to_string(line.status)];
    lines_.push_back(std::move(line));
    if (lines_.size() > lines_max) {
        lines_.pop_front();
    }
    co_return response;
}

json::Value RequestLog::list() const {
    json::Value lines = json::Value::array();
    for (const Line& line : lines_) {
        json::Value item;
        item.set("method", line.method).set("path", line.path).set("status", line.status);
        lines.push(std::move(item));
    }
    json::Value counts = json::Value::object();
    for (const auto& [name, count] : counts_) {
        counts.set(name, count);
    }
    json::Value out;
    out.set("counts", std::move(counts)).set("last", std::move(lines));
    return out;
}

void RequestLog::clear() {
    lines_.clear();
    counts_.clear();
}

http::Response ControlHandler::refuse(int status, std::string_view code, std::string_view) {
    return problem(status, std::string(code));
}

std::string ControlHandler::set_tls(std::string_view kind) {
    if (world_.options.tls.empty()) {
        return "started without --tls";
    }
    if (!is_tls_kind(kind)) {
        return "certificate is valid, expired or wrong-host";
    }
    TlsFiles files = tls_files(world_.ca(), kind, seconds(world_.clock.now()));
    auto replaced =
        outside_.replace_certificate(std::move(files.certificate_pem), std::move(files.key_pem));
    return replaced ? std::string() : replaced.error().to_string();
}

std::string ControlHandler::fault(const json::Value& command) {
    const std::string& kind = command["kind"].as_string();
    if (kind == "clock_skew") {
        world_.clock.set_skew(std::chrono::seconds(command["skew_seconds"].as_int()));
        return {};
    }
    if (kind == "expired_tls") {
        return set_tls("expired");
    }
    if (kind == "wrong_host_tls") {
        return set_tls("wrong-host");
    }
    return world_.faults.add(command).value_or("");
}

http::Response ControlHandler::add_faults(const json::Value& body) {
    if (!body.is_array()) {
        const std::string wrong = fault(body);
        return wrong.empty() ? done() : problem(400, wrong);
    }
    for (const json::Value& command : body.items()) {
        const std::string wrong = fault(command);
        if (!wrong.empty()) {
            return problem(400, wrong);
        }
    }
    return done();
}

http::Response ControlHandler::set_clock(const json::Value& body) {
    if (!body["skew_seconds"].is_number()) {
        return problem(400, "skew_seconds is a number");
    }
    world_.clock.set_skew(std::chrono::milliseconds(
        static_cast<std::int64_t>(body["skew_seconds"].as_double() * 1000)));
    return done();
}

sdk::Task<http::Response> ControlHandler::handle(http::Request& request) {
    const std::string& path = request.path;
    const bool post = request.method == "POST";
    const bool get = request.method == "GET";
    if (get && path == "/control/state") {
        json::Value state = service_.state();
        state.set("requests", log_.list()["counts"]);
        co_return json_response(200, state);
    }
    if (get && path == "/control/requests") {
        co_return json_response(200, log_.list());
    }
    if (get && path == "/control/faults") {
        co_return json_response(200, world_.faults.list());
    }
    if (request.method == "DELETE" && path == "/control/faults") {
        world_.faults.clear();
        co_return done();
    }
    if (post && path == "/control/reset") {
        world_.faults.clear();
        world_.clock.set_skew(std::chrono::seconds(0));
        log_.clear();
        service_.reset();
        co_return done();
    }
    if (post && (path == "/control/faults" || path == "/control/clock" || path == "/control/tls")) {
        auto body = co_await read_json(request, body_bytes_max);
        if (!body) {
            co_return problem(400, body.error().to_string());
        }
        if (path == "/control/faults") {
            co_return add_faults(*body);
        }
        if (path == "/control/clock") {
            co_return set_clock(*body);
        }
        const std::string wrong = set_tls((*body)["certificate"].as_string());
        co_return wrong.empty() ? done() : problem(400, wrong);
    }
    http::Response response = co_await service_.control(request);
    co_return response;
}

}   // namespace gateway::standin
