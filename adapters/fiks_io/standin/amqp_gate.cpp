#include "adapters/fiks_io/standin/amqp_gate.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <optional>
#include <set>
#include <stdexcept>

namespace gateway::fiks_io::standin {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t piece = 64U << 10U;

/// One client and its way to the broker.
struct Pair : std::enable_shared_from_this<Pair> {
    Pair(tcp::socket outside, const asio::any_io_executor& executor)
        : client(std::move(outside)), broker(executor) {}

    /// Resets both: who is there sees a network that failed.
    void cut() {
        for (tcp::socket* socket : {&client, &broker}) {
            error_code ignored;
            socket->set_option(asio::socket_base::linger(true, 0), ignored);
            socket->close(ignored);
        }
    }

    void pump(tcp::socket& from, tcp::socket& to, std::array<char, piece>& buffer, bool downwards) {
        if (stalled) {
            return;   // taken up again when it is let go on
        }
        (downwards ? moving_down : moving_up) = true;
        auto self = shared_from_this();
        from.async_read_some(asio::buffer(buffer), [=, this, &from, &to, &buffer](
                                                       const error_code& error, std::size_t size) {
            (void)self;
            if (error) {
                finish(from, to);
                return;
            }
            pass(from, to, buffer, size, downwards);
        });
    }

    void pass(tcp::socket& from, tcp::socket& to, std::array<char, piece>& buffer, std::size_t size,
              bool downwards) {
        bool last = false;
        if (downwards && cut_after) {
            last = size >= *cut_after;
            size = last ? static_cast<std::size_t>(*cut_after) : size;
            *cut_after -= size;
        }
        auto self = shared_from_this();
        asio::async_write(to, asio::buffer(buffer.data(), size),
                          [=, this, &from, &to, &buffer](const error_code& error, std::size_t) {
                              (void)self;
                              if (error || last) {
                                  cut();
                                  return;
                              }
                              (downwards ? moving_down : moving_up) = false;
                              pump(from, to, buffer, downwards);
                          });
    }

    /// One side has ended: so does the other, in order.
    void finish(tcp::socket& from, tcp::socket& to) {
        error_code ignored;
        to.shutdown(tcp::socket::shutdown_send, ignored);
        from.close(ignored);
    }

    void go_on_unless_stalled() {
        if (!stalled && !moving_down) {
            pump(broker, client, down, true);
        }
        if (!stalled && !moving_up) {
            pump(client, broker, up, false);
        }
    }

    bool open() const { return client.is_open() && broker.is_open(); }

    tcp::socket client;
    tcp::socket broker;
    std::array<char, piece> up{};
    std::array<char, piece> down{};
    std::optional<std::uint64_t> cut_after;
    bool stalled = false;
    bool moving_up = false;
    bool moving_down = false;
};

}   // namespace

struct AmqpGate::Impl : std::enable_shared_from_this<Impl> {
    Impl(const asio::any_io_executor& of, std::uint16_t port)
        : executor(of), acceptor(of, tcp::endpoint(asio::ip::address_v4::loopback(), port)) {}

    void accept() {
        acceptor.async_accept(
            [self = shared_from_this()](const error_code& error, tcp::socket socket) {
                if (!self->acceptor.is_open()) {
                    return;
                }
                if (!error) {
                    self->take(std::move(socket));
                }
                self->accept();
            });
    }

    void take(tcp::socket socket) {
        ++accepted;
        auto pair = std::make_shared<Pair>(std::move(socket), executor);
        if (refusing || target == 0) {
            pair->cut();
            return;
        }
        pair->cut_after.swap(next_cut);
        pair->broker.async_connect(tcp::endpoint(asio::ip::address_v4::loopback(), target),
                                   [self = shared_from_this(), pair](const error_code& error) {
                                       if (error) {
                                           pair->cut();
                                           return;
                                       }
                                       error_code ignored;
                                       pair->client.set_option(tcp::no_delay(true), ignored);
                                       pair->broker.set_option(tcp::no_delay(true), ignored);
                                       self->pairs.insert(pair);
                                       pair->stalled = self->stalling;
                                       pair->go_on_unless_stalled();
                                       self->forget_closed();
                                   });
    }

    void forget_closed() {
        std::erase_if(pairs, [](const auto& pair) { return !pair->open(); });
    }

    asio::any_io_executor executor;
    tcp::acceptor acceptor;
    std::set<std::shared_ptr<Pair>> pairs;
    std::uint16_t target = 0;
    bool refusing = false;
    bool stalling = false;
    std::optional<std::uint64_t> next_cut;
    std::uint64_t accepted = 0;
};

AmqpGate::AmqpGate(asio::any_io_executor executor, std::uint16_t port) {
    try {
        impl_ = std::make_shared<Impl>(executor, port);
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error(std::string("cannot listen for AMQP: ") + error.what());
    }
    impl_->accept();
}

AmqpGate::~AmqpGate() {
    error_code ignored;
    impl_->acceptor.close(ignored);
    cut();
}

std::uint16_t AmqpGate::port() const {
    return impl_->acceptor.local_endpoint().port();
}

void AmqpGate::lead_to(std::uint16_t port) {
    impl_->target = port;
}

void AmqpGate::cut() {
    for (const auto& pair : impl_->pairs) {
        pair->cut();
    }
    impl_->pairs.clear();
}

void AmqpGate::refuse(bool on) {
    impl_->refusing = on;
}

void AmqpGate::stall(bool on) {
    impl_->stalling = on;
    impl_->forget_closed();
    for (const auto& pair : impl_->pairs) {
        pair->stalled = on;
        pair->go_on_unless_stalled();
    }
}

void AmqpGate::cut_next_after(std::uint64_t bytes) {
    impl_->next_cut = bytes;
}

std::uint64_t AmqpGate::accepted() const {
    return impl_->accepted;
}

std::size_t AmqpGate::connections() const {
    impl_->forget_closed();
    return impl_->pairs.size();
}

}   // namespace gateway::fiks_io::standin
