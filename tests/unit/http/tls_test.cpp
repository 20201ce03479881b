#include "answers.hpp"
#include "gateway/http/client.hpp"
#include "gateway/http/system_roots.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/test_certificates.hpp"

#include <catch2/catch.hpp>
#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

using namespace tests;
using core::Errc;
using sdk::HttpRequest;
using sdk::HttpResponse;
using sdk::Result;

namespace {

sdk::Task<Result<HttpResponse>> ask(sdk::Clock& clock, http::Endpoint endpoint,
                                    std::shared_ptr<http::TlsContext> tls, std::string target) {
    const auto deadline = clock.in(std::chrono::seconds(30));
    auto connection = co_await http::connect(endpoint, tls, clock, deadline);
    if (!connection) {
        co_return connection.error();
    }
    HttpRequest request("POST", "");
    request.body = std::string(200'000, 'b');
    co_return co_await (*connection)->exchange(request, target, deadline);
}

http::ServerOptions secure(const Identity& identity) {
    http::ServerOptions options;
    options.certificate_pem = identity.certificate_pem;
    options.key_pem = identity.key_pem;
    return options;
}

Result<HttpResponse> ask_server(TestServer& server, std::shared_ptr<http::TlsContext> tls,
                                const std::string& host = "127.0.0.1",
                                const std::string& target = "/echo") {
    http::Endpoint endpoint;
    endpoint.host = host;
    endpoint.port = server.server->port();
    return server.loop.run(ask(server.clock, endpoint, std::move(tls), target));
}

/// An environment variable for as long as this lives.
class SetVariable {
public:
    SetVariable(std::string name, const std::string& value) : name_(std::move(name)) {
        if (const char* const old = std::getenv(name_.c_str())) {
            old_ = old;
        }
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    ~SetVariable() {
        if (old_) {
            ::setenv(name_.c_str(), old_->c_str(), 1);
        } else {
            ::unsetenv(name_.c_str());
        }
    }
    SetVariable(const SetVariable&) = delete;
    SetVariable& operator=(const SetVariable&) = delete;

private:
    std::string name_;
    std::optional<std::string> old_;
};

}   // namespace

TEST_CASE("tls: a verified server is spoken to by name and by address") {
    ManualClock clock;
    const CertificateAuthority authority;
    TestServer server(clock, secure(authority.issue()));
    const auto tls = *http::TlsContext::create(authority.root_pem(), "", "");
    CHECK(server.server->url().starts_with("https://127.0.0.1:"));
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const auto answer = ask_server(server, tls, host);
        REQUIRE(answer.has_value());
        CHECK(answer->body.size() == 200'000);
    }
}

TEST_CASE("tls: an expired, foreign or misnamed certificate is told apart, and nothing is sent") {
    ManualClock clock;
    const CertificateAuthority authority;
    const CertificateAuthority other("Another root");
    const auto tls = *http::TlsContext::create(authority.root_pem(), "", "");
    CertificateWishes expired;
    expired.not_after = std::chrono::seconds(-60);
    CertificateWishes early;
    early.not_before = std::chrono::seconds(600);
    CertificateWishes elsewhere;
    elsewhere.names = {"DNS:elsewhere.example"};
    struct Case {
        Identity identity;
        Errc code;
    };
    const std::vector<Case> cases{{authority.issue(expired), Errc::tls_expired},
                                  {authority.issue(early), Errc::tls_expired},
                                  {authority.issue(elsewhere), Errc::tls_wrong_host},
                                  {other.issue(), Errc::tls_untrusted}};
    for (const auto& one : cases) {
        TestServer server(clock, secure(one.identity));
        for (const char* host : {"127.0.0.1", "localhost"}) {
            const auto answer = ask_server(server, tls, host);
            REQUIRE(!answer.has_value());
            INFO(answer.error().to_string());
            CHECK(answer.error().is(one.code));
        }
        CHECK(server.answers.handled == 0);
    }
    TestServer plain(clock, http::ServerOptions());
    CHECK(ask_server(plain, tls).error().is(Errc::tls_failed));
}

TEST_CASE("tls: a client certificate is optional, verified, and handed to the handler") {
    ManualClock clock;
    const CertificateAuthority authority;
    const CertificateAuthority clients("Clients");
    auto options = secure(authority.issue());
    options.client_ca_pem = clients.root_pem();
    TestServer server(clock, options);
    const auto none = *http::TlsContext::create(authority.root_pem(), "", "");
    CHECK(ask_server(server, none, "127.0.0.1", "/who")->body == "127.0.0.1 - tls 0");
    const Identity known = clients.issue();
    const auto with =
        *http::TlsContext::create(authority.root_pem(), known.certificate_pem, known.key_pem);
    const auto body = ask_server(server, with, "127.0.0.1", "/who")->body;
    CHECK(body.starts_with("127.0.0.1 - tls "));
    CHECK(body != "127.0.0.1 - tls 0");
    const Identity foreign = authority.issue();
    const auto wrong =
        *http::TlsContext::create(authority.root_pem(), foreign.certificate_pem, foreign.key_pem);
    CHECK(!ask_server(server, wrong, "127.0.0.1", "/who").has_value());
}

TEST_CASE("tls: a new certificate serves new connections") {
    ManualClock clock;
    const CertificateAuthority old_authority;
    const CertificateAuthority new_authority("New root");
    TestServer server(clock, secure(old_authority.issue()));
    const auto trusts_new = *http::TlsContext::create(new_authority.root_pem(), "", "");
    CHECK(ask_server(server, trusts_new).error().is(Errc::tls_untrusted));
    const Identity fresh = new_authority.issue();
    CHECK(server.server->replace_certificate(fresh.certificate_pem, fresh.key_pem).has_value());
    CHECK(ask_server(server, trusts_new).has_value());
    CHECK(server.server->replace_certificate("rubbish", fresh.key_pem)
              .error()
              .is(Errc::invalid_argument));
    CHECK(ask_server(server, trusts_new).has_value());
}

TEST_CASE("tls: a client that is silent or speaks plain in the handshake is dropped") {
    ManualClock clock;
    const CertificateAuthority authority;
    TestServer server(clock, secure(authority.issue()));
    RawConnection silent = server.connect();
    CHECK(receive_turning(silent, clock, 60).empty());
    CHECK(silent.closed());
    RawConnection plain = server.connect();
    plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    plain.receive_all();
    CHECK(plain.closed());
}

TEST_CASE("tls: bad files are refused with a reason") {
    const CertificateAuthority authority;
    const Identity one = authority.issue();
    const Identity two = authority.issue();
    CHECK(http::TlsContext::create("rubbish", "", "").error().is(Errc::invalid_argument));
    CHECK(http::TlsContext::create("", one.certificate_pem, two.key_pem)
              .error()
              .is(Errc::invalid_argument));
    ManualClock clock;
    Loop loop;
    Answers answers(clock);
    auto options = secure(one);
    options.key_pem = two.key_pem;
    http::Server server(loop.io().get_executor(), clock, options, answers);
    CHECK(server.start().error().is(Errc::invalid_argument));
}

TEST_CASE(
    "tls: the machine's roots are held once for all, and read again when their file changes") {
    namespace fs = std::filesystem;
    const ScratchFolder folder;
    const auto file = folder.path() / "roots.pem";
    const SetVariable where("SSL_CERT_FILE", file.string());
    const auto count = [](const std::shared_ptr<X509_STORE>& roots) {
        REQUIRE(roots != nullptr);
        return sk_X509_OBJECT_num(X509_STORE_get0_objects(roots.get()));
    };
    const CertificateAuthority one("One");
    const CertificateAuthority other("Other");
    std::ofstream(file) << one.root_pem();
    const auto tls = *http::TlsContext::create("", "", "");
    const auto roots = http::system_roots();
    CHECK(http::system_roots() == roots);
    CHECK(count(roots) == 1);

    std::ofstream(file) << one.root_pem() << other.root_pem();
    CHECK(count(http::system_roots()) == 2);
    CHECK(count(roots) == 1);

    // A file of which nothing could be read is read again, though it looks the same.
    const auto good = one.root_pem();
    const auto written = fs::last_write_time(file);
    std::ofstream(file) << std::string(good.size(), 'x');
    fs::last_write_time(file, written);
    const auto none = http::system_roots();
    CHECK(count(none) == 0);
    std::ofstream(file) << good;
    fs::last_write_time(file, written);
    CHECK(count(http::system_roots()) == 1);

    std::ofstream(file) << one.root_pem() << other.root_pem();
    ManualClock clock;
    TestServer server(clock, secure(other.issue()));
    CHECK(ask_server(server, *http::TlsContext::create("", "", "")).has_value());
    const auto refused = ask_server(server, tls);
    REQUIRE(refused.has_error());
    CHECK(refused.error().is(Errc::tls_untrusted));
}
