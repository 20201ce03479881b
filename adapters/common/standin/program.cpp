#include "adapters/common/standin/program.hpp"

#include "adapters/common/standin/control.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "gateway/http/server.hpp"
#include "gateway/runtime/task_group.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::standin {

std::string Options::text(const std::string& name, std::string otherwise) const {
    const auto found = own.find(name);
    return found == own.end() ? std::move(otherwise) : found->second;
}

double Options::number(const std::string& name, double otherwise) const {
    const auto found = own.find(name);
    if (found == own.end()) {
        return otherwise;
    }
    try {
        std::size_t used = 0;
        const double value = std::stod(found->second, &used);
        if (used == found->second.size()) {
            return value;
        }
    } catch (const std::logic_error&) {
    }
    throw std::invalid_argument("--" + name + " is not a number");
}

http::Response Service::refuse(int status, std::string_view, std::string_view) {
    return http::Response(status);
}

sdk::Task<http::Response> Service::control(http::Request&) {
    co_return http::Response(404);
}

namespace {

std::uint16_t port_of(const std::string& text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > 65535) {
        throw std::invalid_argument("not a port: " + text);
    }
    return static_cast<std::uint16_t>(value);
}

Options read_options(int argc, char** argv, const Definition& definition) {
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        if (!name.starts_with("--") || i + 1 >= argc) {
            throw std::invalid_argument("expected --name value, got " + name);
        }
        const std::string key = name.substr(2);
        const std::string value = argv[i + 1];
        const auto& own = definition.own_options;
        if (key == "port") {
            options.port = port_of(value);
        } else if (key == "control-port") {
            options.control_port = port_of(value);
        } else if (key == "address") {
            options.address = value;
        } else if (key == "state") {
            options.state = value;
        } else if (key == "tls") {
            options.tls = value;
        } else if (key == "ca") {
            options.ca = value;
        } else if (std::find(own.begin(), own.end(), key) != own.end()) {
            options.own[key] = value;
        } else {
            throw std::invalid_argument("unknown option " + name);
        }
    }
    if (options.state.empty()) {
        throw std::invalid_argument("--state DIR is missing");
    }
    if (!options.tls.empty() && !is_tls_kind(options.tls)) {
        throw std::invalid_argument("--tls is valid, expired or wrong-host");
    }
    if (options.ca.empty()) {
        options.ca = options.state + "/ca";
    }
    return options;
}

bool input_is_a_pipe() {
    struct stat status {};
    return fstat(STDIN_FILENO, &status) == 0 &&
           (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

/// Runs until the end is asked for.
class Program {
public:
    Program(const Definition& definition, Options options)
        : definition_(definition),
          options_(std::move(options)),
          signals_(io_, SIGTERM, SIGINT),
          input_(io_),
          tasks_(io_.get_executor()),
          world_{options_, clock_, faults_, [this]() -> TestCa& { return ca(); },
                 io_.get_executor()} {}

    void run() {
        make_directory(options_.state);
        service_ = definition_.make(world_);
        log_.emplace(*service_);
        faulty_.emplace(*log_, faults_, clock_);
        http::ServerOptions outside;
        outside.address = options_.address + ":" + std::to_string(options_.port);
        outside.body_bytes_max = 60ULL << 30U;
        outside.server_name = "standin-" + definition_.name;
        if (!options_.tls.empty()) {
            const TlsFiles files = tls_files(ca(), options_.tls, seconds(clock_.now()));
            outside.certificate_pem = files.certificate_pem;
            outside.key_pem = files.key_pem;
        }
        public_.emplace(io_.get_executor(), clock_, outside, *faulty_);
        start(*public_);
        control_handler_.emplace(*service_, world_, *log_, *public_);
        http::ServerOptions inside;
        inside.address = "127.0.0.1:" + std::to_string(options_.control_port);
        inside.body_bytes_max = 64ULL << 20U;
        control_.emplace(io_.get_executor(), clock_, inside, *control_handler_);
        start(*control_);
        world_.control_url = control_->url();
        service_->open(public_->url());
        wait_for_end();
        announce();
        io_.run();
    }

private:
    static void start(http::Server& server) {
        auto started = server.start();
        if (!started) {
            throw std::runtime_error("cannot listen: " + started.error().to_string());
        }
    }

    TestCa& ca() {
        if (!ca_) {
            ca_.emplace(options_.ca);
        }
        return *ca_;
    }

    void announce() {
        json::Value line;
        line.set("name", definition_.name).set("url", public_->url());
        line.set("control", control_->url()).set("pid", static_cast<int>(getpid()));
        if (!options_.tls.empty()) {
            line.set("ca", ca().root_path());
        }
        const json::Value material = service_->material();
        for (const auto& [name, value] : material.members()) {
            line.set(name, value);
        }
        std::cout << json::write(line) << std::endl;
    }

    void wait_for_end() {
        signals_.async_wait([this](const boost::system::error_code& error, int) {
            if (!error) {
                end();
            }
        });
        if (input_is_a_pipe()) {
            input_.assign(dup(STDIN_FILENO));
            read_input();
        }
    }

    void read_input() {
        input_.async_read_some(boost::asio::buffer(ignored_),
                               [this](const boost::system::error_code& error, std::size_t) {
                                   if (error) {
                                       end();
                                   } else {
                                       read_input();
                                   }
                               });
    }

    void end() {
        if (!ending_) {
            ending_ = true;
            tasks_.spawn(stop());
        }
    }

    sdk::Task<void> stop() {
        const sdk::Deadline soon = clock_.in(std::chrono::milliseconds(200));
        co_await public_->stop(soon);
        co_await control_->stop(soon);
        io_.stop();
    }

    const Definition& definition_;
    Options options_;
    boost::asio::io_context io_{1};
    SkewedClock clock_;
    Faults faults_;
    boost::asio::signal_set signals_;
    boost::asio::posix::stream_descriptor input_;
    std::array<char, 256> ignored_{};
    runtime::TaskGroup tasks_;
    std::optional<TestCa> ca_;
    World world_;
    std::unique_ptr<Service> service_;
    std::optional<RequestLog> log_;
    std::optional<FaultyHandler> faulty_;
    std::optional<http::Server> public_;
    std::optional<ControlHandler> control_handler_;
    std::optional<http::Server> control_;
    bool ending_ = false;
};

}   // namespace

int run_standin(int argc, char** argv, const Definition& definition) {
    std::signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    Options options;
    try {
        options = read_options(argc, argv, definition);
    } catch (const std::exception& error) {
        std::cerr << "standin-" << definition.name << ": " << error.what() << "\n";
        return 2;
    }
    try {
        auto program = std::make_unique<Program>(definition, std::move(options));
        program->run();
        std::cout.flush();
        // What still hangs on a socket ends with the process: the state has been written through.
        _exit(0);
    } catch (const std::exception& error) {
        std::cerr << "standin-" << definition.name << ": " << error.what() << "\n";
        _exit(1);
    }
}

}   // namespace gateway::standin
