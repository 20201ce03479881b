#include "adapters/fiks_io/standin/broker/rabbit_broker.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/fiks_io/standin/broker/loopback_port.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include <unistd.h>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;

namespace {

// The inner script: the one in the path changes to a user of its own and needs root.
constexpr const char* debian_folder = "/usr/lib/rabbitmq/bin";
constexpr const char* mapper_program = "/usr/bin/epmd";
constexpr const char* call_program = "/usr/bin/erl_call";
constexpr const char* node_name = "sluse@localhost";
// 4 s on an idle machine, 23 s measured on a loaded one.
constexpr std::chrono::seconds start_time_max{90};
constexpr std::chrono::seconds stop_time_max{20};
constexpr std::chrono::seconds call_time_max{10};
constexpr std::chrono::milliseconds look_again{20};
constexpr int attempts_max = 3;   // somebody may take a port first
constexpr std::size_t log_end_bytes = 2000;

std::string server_program() {
    const char* folder = std::getenv("SLUSE_RABBITMQ_FOLDER");
    return std::string(folder == nullptr || *folder == '\0' ? debian_folder : folder) +
           "/rabbitmq-server";
}

std::unique_ptr<runtime::ChildProcess> started(const runtime::ChildOptions& options) {
    auto child = runtime::ChildProcess::start(options);
    if (!child) {
        throw std::runtime_error(options.program + ": " + child.error().to_string());
    }
    return std::move(*child);
}

}   // namespace

bool RabbitBroker::is_installed() {
    const std::string server = server_program();
    for (const char* program : {server.c_str(), mapper_program, call_program}) {
        if (::access(program, X_OK) != 0) {
            return false;
        }
    }
    return true;
}

RabbitBroker::RabbitBroker(BrokerSettings settings, sdk::Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {
    // Erlang's scripts and the node take paths apart at blanks.
    settings_.folder = std::filesystem::absolute(settings_.folder).string();
    if (settings_.folder.find_first_of(" \t\n\"'") != std::string::npos) {
        throw std::runtime_error("RabbitMQ takes no folder with blanks or quotes: " +
                                 settings_.folder);
    }
    for (const char* part : {"/home", "/mnesia", "/log", "/tls"}) {
        kit::make_directory(settings_.folder + part);
    }
}

RabbitBroker::~RabbitBroker() = default;

void RabbitBroker::start() {
    for (int attempt = 1;; ++attempt) {
        begin();
        const auto end = clock_.in(start_time_max);
        while (is_running() && !is_ready() && clock_.steady() < end.at) {
            std::this_thread::sleep_for(look_again);
        }
        if (is_ready()) {
            return;
        }
        if (attempt == attempts_max || is_running()) {
            throw std::runtime_error("RabbitMQ did not start: " + log_end());
        }
    }
}

sdk::Task<void> RabbitBroker::start_again() {
    for (int attempt = 1;; ++attempt) {
        begin();
        const auto end = clock_.in(start_time_max);
        while (is_running() && !is_ready() && clock_.steady() < end.at) {
            co_await clock_.sleep_until(clock_.steady() + look_again);
        }
        if (is_ready()) {
            co_return;
        }
        if (attempt == attempts_max || is_running()) {
            throw std::runtime_error("RabbitMQ did not start: " + log_end());
        }
    }
}

sdk::Task<void> RabbitBroker::stop() {
    if (!node_) {
        co_return;
    }
    node_->signal(SIGTERM);
    const auto end = clock_.in(stop_time_max);
    while (!node_->ended() && clock_.steady() < end.at) {
        co_await clock_.sleep_until(clock_.steady() + look_again);
    }
    node_->signal(SIGKILL);   // nothing to a node that has ended
    node_.reset();
}

bool RabbitBroker::is_ready() {
    return is_running() && somebody_listens(tls_port_) && somebody_listens(plain_port_);
}

/// A first word of the settings' kind, on ports of its own.
void RabbitBroker::begin() {
    node_.reset();
    if (!mapper_ || mapper_->ended()) {
        start_port_mapper();
    }
    tls_port_ = reserve_loopback_port();
    plain_port_ = reserve_loopback_port();
    node_port_ = reserve_loopback_port();
    write_settings();
    runtime::ChildOptions options;
    options.program = server_program();
    options.arguments = {"-noinput"};
    options.environment = environment();
    options.log_file = settings_.folder + "/log/stderr.log";
    node_ = started(options);
}

/// One of our own, so that the node does not leave one behind that listens on every address.
void RabbitBroker::start_port_mapper() {
    mapper_port_ = reserve_loopback_port();
    runtime::ChildOptions options;
    options.program = mapper_program;
    options.arguments = {"-address", "127.0.0.1", "-port", std::to_string(mapper_port_)};
    options.log_file = settings_.folder + "/log/epmd.log";
    mapper_ = started(options);
    const auto end = clock_.in(call_time_max);
    while (!somebody_listens(mapper_port_)) {
        if (mapper_->ended() || clock_.steady() > end.at) {
            throw std::runtime_error("epmd did not start on 127.0.0.1:" +
                                     std::to_string(mapper_port_));
        }
        std::this_thread::sleep_for(look_again);
    }
}

void RabbitBroker::write_settings() const {
    const std::string& folder = settings_.folder;
    kit::write_file(folder + "/tls/certificate.pem", settings_.certificate_pem);
    kit::write_file(folder + "/tls/key.pem", settings_.key_pem);
    kit::write_file(folder + "/tls/ca.pem", settings_.ca_pem);
    kit::write_file(folder + "/enabled_plugins", "[rabbitmq_auth_backend_http].\n");
    std::string text;
    const auto set = [&text](const std::string& name, const std::string& value) {
        text.append(name).append(" = ").append(value).append("\n");
    };
    set("listeners.tcp.1", "127.0.0.1:" + std::to_string(plain_port_));
    set("listeners.ssl.1", "127.0.0.1:" + std::to_string(tls_port_));
    set("ssl_options.cacertfile", folder + "/tls/ca.pem");
    set("ssl_options.certfile", folder + "/tls/certificate.pem");
    set("ssl_options.keyfile", folder + "/tls/key.pem");
    set("ssl_options.verify", "verify_none");
    set("ssl_options.fail_if_no_peer_cert", "false");
    set("auth_mechanisms.1", "PLAIN");
    set("auth_backends.1", "http");
    set("auth_http.http_method", "post");
    for (const char* question : {"user", "vhost", "resource", "topic"}) {
        set(std::string("auth_http.") + question + "_path", settings_.auth_url + "/" + question);
    }
    set("log.console", "false");
    set("log.file.level", "info");
    set("log.file.rotation.size", "10485760");
    set("log.file.rotation.count", "1");
    set("disk_free_limit.absolute", "50MB");
    set("raft.wal_max_size_bytes", "67108864");   // memory: 512 MiB by itself
    kit::write_file(folder + "/rabbitmq.conf", text);
}

std::map<std::string, std::string> RabbitBroker::environment() const {
    const std::string& folder = settings_.folder;
    std::map<std::string, std::string> out;
    out["HOME"] = folder + "/home";   // the node's cookie
    out["ERL_EPMD_ADDRESS"] = "127.0.0.1";
    out["ERL_EPMD_PORT"] = std::to_string(mapper_port_);
    out["RABBITMQ_NODENAME"] = node_name;
    out["RABBITMQ_DIST_PORT"] = std::to_string(node_port_);
    out["RABBITMQ_CONFIG_FILE"] = folder + "/rabbitmq.conf";
    out["RABBITMQ_ADVANCED_CONFIG_FILE"] = folder + "/advanced.config";   // there is none
    out["RABBITMQ_CONF_ENV_FILE"] = "/dev/null";                          // nor /etc/rabbitmq
    out["RABBITMQ_ENABLED_PLUGINS_FILE"] = folder + "/enabled_plugins";
    out["RABBITMQ_MNESIA_BASE"] = folder + "/mnesia";
    out["RABBITMQ_LOG_BASE"] = folder + "/log";
    out["RABBITMQ_ALLOW_INPUT"] = "1";   // the script becomes the node, whose id we then know
    out["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
        "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none";
    return out;
}

bool RabbitBroker::call(const std::string& module, const std::string& function,
                        const std::string& arguments) {
    if (!is_running()) {
        return false;
    }
    runtime::ChildOptions options;
    options.program = call_program;
    options.arguments = {"-sname", node_name, "-a", module + " " + function + " " + arguments};
    options.environment = environment();
    options.log_file = settings_.folder + "/log/erl_call.log";
    return started(options)->wait(call_time_max) == 0;
}

std::string RabbitBroker::log_end() const {
    std::string text;
    for (const char* name : {"/log/stderr.log", "/log/sluse@localhost.log"}) {
        const std::string one = kit::read_file(settings_.folder + name).value_or("");
        text += one.size() > log_end_bytes ? one.substr(one.size() - log_end_bytes) : one;
    }
    return text.empty() ? "it said nothing" : text;
}

}   // namespace gateway::fiks_io::standin
