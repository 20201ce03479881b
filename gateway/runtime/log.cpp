#include "gateway/runtime/log.hpp"

#include "gateway/core/time.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>

namespace gateway::runtime {
namespace {

// Their places are memory that an idle program holds: 400 bytes each. Lines are few (faults, acts
// of operators), so this many last through a reader of stderr that stands still for minutes.
constexpr std::size_t queue_lines = 2048;
constexpr std::size_t field_bytes_max = 512;   // a log line is no place for a payload

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text.substr(0, field_bytes_max)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (byte < 0x20) {
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04x", byte);
            out += code;
        } else {
            out.push_back(c);
        }
    }
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
    out += ",\"";
    append_escaped(out, name);
    out += "\":\"";
    append_escaped(out, value);
    out += '"';
}

std::string_view name_of(sdk::Severity severity) {
    switch (severity) {
    case sdk::Severity::debug: return "debug";
    case sdk::Severity::info: return "info";
    case sdk::Severity::warning: return "warning";
    case sdk::Severity::error: return "error";
    }
    return "info";
}

class JsonLog final : public sdk::Log {
public:
    JsonLog(sdk::Clock& clock, sdk::Severity least)
        : clock_(clock),
          least_(least),
          pool_(std::make_shared<spdlog::details::thread_pool>(queue_lines, 1)),
          logger_(std::make_shared<spdlog::async_logger>(
              "sluse", std::make_shared<spdlog::sinks::stderr_sink_mt>(), pool_,
              spdlog::async_overflow_policy::overrun_oldest)) {
        logger_->set_pattern("%v");
        logger_->set_level(spdlog::level::trace);
        logger_->flush_on(spdlog::level::trace);
    }

    void write(sdk::Severity severity, std::string_view event,
               const core::Params& fields) override {
        if (severity < least_) {
            return;
        }
        std::string line = "{\"time\":\"" + core::to_rfc3339(clock_.now()) + "\",\"level\":\"";
        line += name_of(severity);
        line += '"';
        append_member(line, "event", event);
        for (const auto& [name, value] : fields) {
            append_member(line, name, value);
        }
        const auto dropped = pool_->overrun_counter();
        if (dropped > said_dropped_) {
            append_member(line, "log_lines_dropped", std::to_string(dropped));
            said_dropped_ = dropped;
        }
        line += '}';
        logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    }

private:
    sdk::Clock& clock_;
    sdk::Severity least_;
    std::shared_ptr<spdlog::details::thread_pool> pool_;
    std::shared_ptr<spdlog::async_logger> logger_;
    std::atomic<std::size_t> said_dropped_{0};
};

class LogWith final : public sdk::Log {
public:
    LogWith(sdk::Log& log, core::Params fields) : log_(log), fields_(std::move(fields)) {}

    void write(sdk::Severity severity, std::string_view event,
               const core::Params& fields) override {
        core::Params all = fields_;
        all.insert(all.end(), fields.begin(), fields.end());
        log_.write(severity, event, all);
    }

private:
    sdk::Log& log_;
    core::Params fields_;
};

class NullLog final : public sdk::Log {
public:
    void write(sdk::Severity, std::string_view, const core::Params&) override {}
};

}   // namespace

std::unique_ptr<sdk::Log> make_json_log(sdk::Clock& clock, sdk::Severity least) {
    return std::make_unique<JsonLog>(clock, least);
}

std::unique_ptr<sdk::Log> make_log_with(sdk::Log& log, core::Params fields) {
    return std::make_unique<LogWith>(log, std::move(fields));
}

sdk::Log& null_log() {
    static NullLog log;
    return log;
}

}   // namespace gateway::runtime
