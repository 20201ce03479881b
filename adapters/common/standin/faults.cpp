#include "adapters/common/standin/faults.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace gateway::standin {

namespace {

constexpr std::size_t faults_max = 1000;
constexpr std::int64_t hang_ms = 3'600'000;
constexpr std::array<std::string_view, 10> general_kinds{
    "delay", "status",     "retry_after", "cut_before", "cut_after_write",
    "hang",  "cut_answer", "slow_answer", "html_200",   "bad_json"};

bool is_general(std::string_view kind) {
    return std::find(general_kinds.begin(), general_kinds.end(), kind) != general_kinds.end();
}

bool matches(const Fault& fault, const http::Request& request) {
    return (fault.method.empty() || fault.method == request.method) &&
           request.path.starts_with(fault.path_prefix) && request.path.ends_with(fault.path_suffix);
}

/// A body that stops half-way, or comes in pieces.
class BrokenSource final : public sdk::ByteSource {
public:
    BrokenSource(std::string text, std::size_t usable, std::size_t piece,
                 std::chrono::milliseconds pause, sdk::Clock& clock)
        : text_(std::move(text)), usable_(usable), piece_(piece), pause_(pause), clock_(clock) {}

    sdk::Task<sdk::Result<std::size_t>> read(std::span<char> out) override {
        if (at_ > 0 && pause_.count() > 0) {
            co_await clock_.sleep_until(clock_.steady() + pause_);
        }
        if (at_ >= usable_ && usable_ < text_.size()) {
            co_return sdk::Failure(sdk::Errc::closed, "cut on purpose");
        }
        const std::size_t count = std::min({out.size(), piece_, usable_ - at_});
        std::copy_n(text_.data() + at_, count, out.data());
        at_ += count;
        co_return count;
    }
    std::optional<std::uint64_t> size() const override { return text_.size(); }

private:
    std::string text_;
    std::size_t usable_;
    std::size_t piece_;
    std::chrono::milliseconds pause_;
    sdk::Clock& clock_;
    std::size_t at_ = 0;
};

http::Response aborted() {
    http::Response response(500);
    response.abort = true;
    return response;
}

http::Response status_response(const Fault& fault) {
    const bool too_many = fault.kind == "retry_after";
    const auto status = static_cast<int>(fault.number("status", too_many ? 429 : 503));
    http::Response response(status);
    const json::Value& body = fault.with["body"];
    if (body.is_string()) {
        response = text_response(status, body.as_string());
    } else if (!body.is_null()) {
        response = json_response(status, body);
    }
    const json::Value& wait = fault.with["retry_after"];
    if (wait.is_string()) {
        response.headers.emplace_back("Retry-After", wait.as_string());
    } else if (wait.is_int() || too_many) {
        response.headers.emplace_back("Retry-After", std::to_string(wait.as_int(1)));
    }
    return response;
}

constexpr std::string_view login_page =
    "<!DOCTYPE html>\n<html><head><title>Logg inn</title></head>\n"
    "<body><form method=\"post\" action=\"/login\">Velg innloggingsmetode</form></body></html>\n";

}   // namespace

std::optional<std::string> Faults::add(const json::Value& command) {
    Fault fault;
    fault.kind = command["kind"].as_string();
    if (fault.kind.empty()) {
        return "kind is missing";
    }
    if (faults_.size() >= faults_max) {
        return "too many faults wait already";
    }
    const json::Value& match = command["match"];
    fault.method = match["method"].as_string();
    fault.path_prefix = match["path_prefix"].as_string();
    fault.path_suffix = match["path_suffix"].as_string();
    fault.times = command["times"].as_int(1);
    fault.skip = command["skip"].as_int(0);
    if (fault.times < 0 || fault.skip < 0) {
        return "times and skip are counts";
    }
    fault.with = command;
    fault.id = ++last_id_;
    faults_.push_back(std::move(fault));
    return std::nullopt;
}

std::optional<Fault> Faults::use(std::list<Fault>::iterator fault) {
    if (fault->skip > 0) {
        --fault->skip;
        return std::nullopt;
    }
    ++fault->hits;
    Fault used = *fault;
    if (fault->times > 0 && fault->hits >= fault->times) {
        faults_.erase(fault);
    }
    return used;
}

std::optional<Fault> Faults::match(const http::Request& request) {
    for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
        if (is_general(fault->kind) && matches(*fault, request)) {
            return use(fault);
        }
    }
    return std::nullopt;
}

std::optional<Fault> Faults::take(std::string_view kind, const http::Request& request) {
    for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
        if (fault->kind == kind && matches(*fault, request)) {
            return use(fault);
        }
    }
    return std::nullopt;
}

std::optional<Fault> Faults::take(std::string_view kind) {
    for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
        if (fault->kind == kind) {
            return use(fault);
        }
    }
    return std::nullopt;
}

json::Value Faults::list() const {
    json::Value out = json::Value::array();
    for (const Fault& fault : faults_) {
        json::Value item = fault.with;
        item.set("id", fault.id).set("hits", fault.hits);
        out.push(std::move(item));
    }
    return out;
}

sdk::Task<void> FaultyHandler::wait(std::int64_t milliseconds) {
    co_await clock_.sleep_until(clock_.steady() + std::chrono::milliseconds(milliseconds));
}

sdk::Task<http::Response> FaultyHandler::handle(http::Request& request) {
    auto fault = faults_.match(request);
    if (!fault) {
        http::Response plain = co_await behind_.handle(request);
        co_return plain;
    }
    const std::string& kind = fault->kind;
    if (kind == "cut_before") {
        co_return aborted();
    }
    if (kind == "hang") {
        if (fault->with["after"].as_bool()) {
            http::Response ignored = co_await behind_.handle(request);
        }
        co_await wait(fault->number("delay_ms", hang_ms));
        co_return aborted();
    }
    if (kind == "html_200") {
        co_return http::Response(200, "text/html; charset=utf-8", std::string(login_page));
    }
    if (kind == "status" || kind == "retry_after") {
        if (fault->with["after"].as_bool()) {
            http::Response ignored = co_await behind_.handle(request);
        }
        co_return status_response(*fault);
    }
    if (kind == "delay") {
        co_await wait(fault->number("delay_ms", 1000));
    }
    http::Response response = co_await behind_.handle(request);
    if (kind == "cut_after_write") {
        response.abort = true;
    } else if (kind == "bad_json") {
        response.body = "{\"truncated\": [1, 2";
        response.stream.reset();
    } else if (kind == "cut_answer" || kind == "slow_answer") {
        const std::size_t size = response.body.size();
        const auto pieces =
            static_cast<std::size_t>(std::max<std::int64_t>(fault->number("pieces", 10), 1));
        const bool cut = kind == "cut_answer";
        const std::size_t usable = cut ? size / 2 : size;
        const std::size_t piece = cut ? size + 1 : size / pieces + 1;
        const std::chrono::milliseconds pause(cut ? 0 : fault->number("delay_ms", 100));
        std::string text = std::move(response.body);
        response.body.clear();
        response.stream =
            std::make_unique<BrokenSource>(std::move(text), usable, piece, pause, clock_);
        response.flush_each_read = true;
    }
    co_return response;
}

}   // namespace gateway::standin
