// The least a request can cost: `return 202` from a handler, beside nginx doing the same
// (bench/http_echo.sh).
//   http_echo [io threads] -> prints the port, serves until standard input ends.

#include "gateway/http/server.hpp"
#include "gateway/runtime/clock.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

class Accepts final : public gateway::http::Handler {
public:
    gateway::sdk::Task<gateway::http::Response> handle(gateway::http::Request&) override {
        co_return gateway::http::Response(202);
    }
    gateway::http::Response refuse(int status, std::string_view, std::string_view) override {
        return gateway::http::Response(status);
    }
};

}   // namespace

int main(int argc, char** argv) {
    const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
    boost::asio::io_context io(threads);
    const auto clock = gateway::runtime::make_system_clock();
    Accepts handler;
    gateway::http::Server server(io.get_executor(), *clock, gateway::http::ServerOptions(),
                                 handler);
    const auto started = server.start();
    if (!started) {
        std::fprintf(stderr, "%s\n", started.error().to_string().c_str());
        return 1;
    }
    std::printf("%u\n", static_cast<unsigned>(server.port()));
    std::fflush(stdout);
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; ++i) {
        pool.emplace_back([&io] { io.run(); });
    }
    while (std::getchar() != EOF) {
    }
    io.stop();
    for (auto& thread : pool) {
        thread.join();
    }
    return 0;
}
