#include "gateway/upstream/streams.hpp"

#include "gateway/runtime/clock.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <array>

namespace core = gateway::core;
namespace sdk = gateway::sdk;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

struct Net {
    boost::asio::io_context io;
    std::unique_ptr<sdk::Clock> clock = gateway::runtime::make_system_clock();
    std::unique_ptr<sdk::Streams> streams = gateway::upstream::make_streams(*clock, {}).value();
    tcp::acceptor door{io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};

    core::Result<std::unique_ptr<sdk::Stream>> connect(const std::string& host, bool tls = false) {
        const sdk::StreamTarget target(host, door.local_endpoint().port(), tls);
        return tests::run(io, streams->connect(target, clock->in(20s)));
    }
};

}   // namespace

TEST_CASE("streams: bytes go both ways until the peer closes") {
    Net net;
    auto stream = net.connect("127.0.0.1").value();
    tcp::socket peer(net.io);
    net.door.accept(peer);
    REQUIRE(tests::run(net.io, stream->write("AMQP")).has_value());
    std::string got(4, '\0');
    boost::asio::read(peer, boost::asio::buffer(got));
    CHECK(got == "AMQP");
    boost::asio::write(peer, boost::asio::buffer(std::string("01234567")));
    peer.close();
    std::string read;
    std::array<char, 3> room{};
    for (;;) {
        const auto count = tests::run(net.io, stream->read_some(room)).value();
        if (count == 0) {
            break;
        }
        read.append(room.data(), count);
    }
    CHECK(read == "01234567");
    stream->close();
    CHECK(tests::run(net.io, stream->read_some(room)).error().is(core::Errc::unreachable));
    CHECK(tests::run(net.io, stream->write("more")).error().is(core::Errc::unreachable));
}

TEST_CASE("streams: plain bytes never leave this machine, and a stranger's TLS is refused") {
    Net net;
    CHECK(net.connect("192.0.2.1").error().is(core::Errc::invalid_argument));
    tcp::socket peer(net.io);
    net.door.async_accept(peer, [&](const boost::system::error_code&) {
        boost::asio::write(peer, boost::asio::buffer(std::string("not TLS, not at all")));
    });
    CHECK(net.connect("127.0.0.1", true).has_error());
}

TEST_CASE("streams: bad roots are a mistake at once") {
    const auto clock = gateway::runtime::make_system_clock();
    CHECK(gateway::upstream::make_streams(*clock, "no certificate")
              .error()
              .is(core::Errc::invalid_argument));
}
