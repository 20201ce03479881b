#include "gateway/http/client.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/file.hpp"
#include "tests/contract/standins/child.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

namespace gateway::tests::standins {

namespace {

/// Connects as the gateway does, trusting the stand-in's root; what went wrong, or nothing.
core::Failure connect_to(const Child& child) {
    const auto pem = runtime::read_whole_file(child.line()["ca"].as_string(), 1U << 20U);
    REQUIRE(pem.has_value());
    auto tls = http::TlsContext::create(*pem, "", "");
    REQUIRE(tls.has_value());
    const auto url = http::parse_url(child.url() + "/");
    REQUIRE(url.has_value());
    const auto clock = runtime::make_system_clock();
    boost::asio::io_context io;   // outlives the connection
    auto connection = ::tests::run(
        io, http::connect(url->endpoint, *tls, *clock, clock->in(std::chrono::seconds(20))));
    return connection ? core::Failure() : connection.error();
}

}   // namespace

TEST_CASE("stand-ins: their TLS certificate is good, expired or another host's as asked") {
    TemporaryFolder folder;
    Child echo("echo", folder.path(), {"--tls", "valid"});
    CHECK(echo.url().starts_with("https://"));
    CHECK_FALSE(connect_to(echo).code);
    echo.command("/control/faults", object(R"({"kind":"expired_tls"})"));
    CHECK(connect_to(echo).is(core::Errc::tls_expired));
    echo.command("/control/tls", object(R"({"certificate":"wrong-host"})"));
    CHECK(connect_to(echo).is(core::Errc::tls_wrong_host));
    echo.command("/control/tls", object(R"({"certificate":"valid"})"));
    CHECK_FALSE(connect_to(echo).code);
}

}   // namespace gateway::tests::standins
