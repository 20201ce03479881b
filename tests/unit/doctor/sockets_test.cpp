// Real servers on loopback, each wrong in its own way.

#include "gateway/doctor/judge_place.hpp"
#include "gateway/doctor/network.hpp"
#include "gateway/doctor/place.hpp"
#include "gateway/runtime/clock.hpp"
#include "tests/support/http_harness.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/test_certificates.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace tests;
namespace core = gateway::core;
namespace sdk = gateway::sdk;
namespace http = gateway::http;
namespace doctor = gateway::doctor;
namespace runtime = gateway::runtime;

namespace {

class Page final : public http::Handler {
public:
    sdk::Task<http::Response> handle(http::Request&) override {
        co_return http::Response(404, "text/plain", "no");
    }
    http::Response refuse(int status, std::string_view, std::string_view) override {
        return http::Response(status, "text/plain", "");
    }
};

sdk::Task<bool> stop_server(http::Server& server, sdk::Clock& clock) {
    co_await server.stop(clock.in(std::chrono::seconds(5)));
    co_return true;
}

sdk::Task<bool> stop_group(runtime::TaskGroup& group) {
    co_await group.stop();
    co_return true;
}

/// A loop, a network, and a server with the identity given.
struct Scene {
    std::unique_ptr<sdk::Clock> clock = runtime::make_system_clock();
    ScratchFolder folder;
    Page page;
    Loop loop;
    std::unique_ptr<runtime::Executor> threads = runtime::make_thread_executor(2, "test");
    std::unique_ptr<doctor::Network> network = doctor::make_network(*clock, *threads, *threads);
    std::unique_ptr<http::Server> server;
    runtime::TaskGroup group{loop.io().get_executor()};

    ~Scene() {
        loop.run(stop_group(group));
        if (server) {
            loop.run(stop_server(*server, *clock));
        }
    }

    void serve(const Identity& identity) {
        http::ServerOptions options;
        options.certificate_pem = identity.certificate_pem;
        options.key_pem = identity.key_pem;
        server = std::make_unique<http::Server>(loop.io().get_executor(), *clock, options, page);
        REQUIRE(server->start().has_value());
    }

    std::vector<doctor::Step> examine(std::uint16_t port, const std::string& root_pem) {
        const auto file = (folder.path() / "roots.pem").string();
        std::ofstream(file) << root_pem;
        auto chart =
            std::make_shared<doctor::PlaceChart>("https://localhost:" + std::to_string(port));
        loop.run(look(chart, file));
        return chart->steps;
    }

    sdk::Task<bool> look(std::shared_ptr<doctor::PlaceChart> chart, std::string file) {
        const doctor::Bench bench(*clock, group);
        co_await doctor::examine_place(bench, *network, chart, std::move(file),
                                       clock->in(std::chrono::seconds(9)));
        co_return true;
    }
};

std::string said(const std::vector<doctor::Step>& steps) {
    std::string all;
    for (const auto& step : steps) {
        all += (all.empty() ? "" : ", ") + step.name + " " + doctor::to_string(step.finding);
        all += step.code.empty() ? "" : " " + step.code.value;
    }
    return all;
}

CertificateWishes lasting(std::chrono::seconds time) {
    CertificateWishes wishes;
    wishes.not_after = time;
    return wishes;
}

constexpr std::chrono::seconds year{365 * 86'400};

}   // namespace

TEST_CASE("doctor: a real server with a good certificate is green, and its chain is shown") {
    const CertificateAuthority authority;
    Scene scene;
    scene.serve(authority.issue(lasting(year)));
    const auto steps = scene.examine(scene.server->port(), authority.root_pem());
    CHECK(said(steps) == "dns green, tcp green, tls green, clock green");
    REQUIRE(steps.size() == 4);
    CHECK(steps[2].seen["version"].as_string() == "TLSv1.3");
    CHECK(steps[2].seen["chain"].items().front()["issuer"].as_string() == "Test root");
    CHECK(steps[2].seen["daysLeft"].as_int() >= 364);
}

TEST_CASE("doctor: an expired, early, foreign, misnamed or soon ending certificate is named") {
    const CertificateAuthority authority;
    const CertificateAuthority foreign("Proxy of the town hall");
    CertificateWishes early = lasting(year);
    early.not_before = std::chrono::seconds(600);
    CertificateWishes elsewhere = lasting(year);
    elsewhere.names = {"DNS:elsewhere.example"};
    struct Case {
        Identity identity;
        const char* said;
        const char* param;   // what the words must hold
    };
    const Case cases[] = {
        {authority.issue(lasting(std::chrono::seconds(-60))),
         "tls red doctor.tls.expired, clock skipped", "localhost"},
        {authority.issue(early), "tls red doctor.tls.not_yet_valid, clock skipped", "localhost"},
        {foreign.issue(lasting(year)), "tls red doctor.tls.unknown_ca, clock skipped",
         "Proxy of the town hall"},
        {authority.issue(elsewhere), "tls red doctor.tls.wrong_host, clock skipped",
         "elsewhere.example"},
        {authority.issue(lasting(std::chrono::hours(24 * 10))),
         "tls yellow doctor.tls.expires_soon, clock green", "9"}};
    for (const auto& one : cases) {
        Scene scene;
        scene.serve(one.identity);
        const auto steps = scene.examine(scene.server->port(), authority.root_pem());
        CHECK(said(steps).find(one.said) != std::string::npos);
        REQUIRE(steps.size() == 4);
        bool held = false;
        for (const auto& [name, value] : steps[2].params) {
            held = held || value == one.param;
        }
        CHECK(held);
    }
}

TEST_CASE("doctor: a closed port is refused at once") {
    Scene scene;
    std::uint16_t port = 0;
    {
        const RawListener listener;
        port = listener.port();
    }
    const auto steps = scene.examine(port, CertificateAuthority().root_pem());
    CHECK(said(steps) == "dns green, tcp red doctor.tcp.refused, tls skipped doctor.skipped.after, "
                         "clock skipped doctor.skipped.after");
}

TEST_CASE("doctor: a server that takes connections and never answers is left in time") {
    Scene scene;
    const RawListener listener;   // the kernel takes the connection; nobody reads
    const auto began = scene.clock->steady();
    const auto steps = scene.examine(listener.port(), CertificateAuthority().root_pem());
    CHECK(scene.clock->steady() - began < std::chrono::seconds(4));
    CHECK(said(steps).find("tls red doctor.tls.silent") != std::string::npos);
}

TEST_CASE("doctor: a file of roots that is none is our own fault") {
    const CertificateAuthority authority;
    Scene scene;
    scene.serve(authority.issue());
    const auto steps = scene.examine(scene.server->port(), "no PEM");
    CHECK(said(steps).find("tls red doctor.tls.bad_roots") != std::string::npos);
}
