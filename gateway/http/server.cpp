#include "gateway/http/server.hpp"

#include "gateway/http/listen_address.hpp"
#include "gateway/http/session.hpp"
#include "gateway/http/tls.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace gateway::http {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;

namespace {

constexpr std::chrono::seconds sweep_every{1};
constexpr std::chrono::milliseconds out_of_files_wait{100};

using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

}   // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
    Impl(asio::any_io_executor executor, sdk::Clock& clock, ServerOptions options, Handler& handler,
         std::vector<asio::any_io_executor> loops)
        : strand(asio::make_strand(executor)),
          session_executors(std::move(loops)),
          acceptor(strand),
          all_ended(strand),
          tasks(strand),
          shared(std::make_shared<ServerShared>(executor, clock, std::move(options), handler)) {}

    // Spawned: they hold the server's inside, in case nobody awaited stop().
    static sdk::Task<void> accept_connections(std::shared_ptr<Impl> self);
    static sdk::Task<void> sweep(std::shared_ptr<Impl> self);
    sdk::Task<void> stop(sdk::Deadline deadline);
    sdk::Task<core::Result<void>> wait_until_all_ended();
    void admit(Socket socket, const asio::any_io_executor& session_strand);
    void turn_away(Socket socket) const;
    asio::any_io_executor next_session_executor();
    void for_each_session(void (Session::*what)(), std::optional<core::SteadyTime> due_at);

    asio::any_io_executor strand;
    const std::vector<asio::any_io_executor> session_executors;
    std::size_t turn = 0;   // of them
    Acceptor acceptor;
    asio::steady_timer all_ended;   // never expires; cancelled when the last session has ended
    runtime::TaskGroup tasks;
    std::shared_ptr<ServerShared> shared;
    std::mutex tls_mutex;
    std::shared_ptr<ServerTls> tls;   // shared with the connections made under it
    ListenAddress bound;
    bool abandoned = false;   // the server object went without stop()
};

void Server::Impl::for_each_session(void (Session::*what)(),
                                    std::optional<core::SteadyTime> due_at) {
    std::vector<std::shared_ptr<Session>> chosen;
    {
        const std::lock_guard lock(shared->mutex);
        for (Session* session : shared->sessions) {
            if (!due_at || session->due(*due_at)) {
                // Null while it is being destroyed, which needs the lock we hold to finish.
                if (auto alive = session->weak_from_this().lock()) {
                    chosen.push_back(std::move(alive));
                }
            }
        }
    }
    for (auto& session : chosen) {
        auto executor = session->strand();
        asio::post(executor, [session = std::move(session), what] { ((*session).*what)(); });
    }
}

sdk::Task<void> Server::Impl::sweep(std::shared_ptr<Impl> self) {
    sdk::Clock& clock = self->shared->clock;
    while (!self->abandoned) {
        const core::SteadyTime next = clock.steady() + sweep_every;
        co_await clock.sleep_until(next);
        self->for_each_session(&Session::check, clock.steady());
    }
}

void Server::Impl::turn_away(Socket socket) const {
    // Not worth a session: one answer that fits the socket's own buffer, or none (TLS).
    if (shared->options.certificate_pem.empty()) {
        prepare(socket);
        Response response = shared->handler.refuse(503, "service.overloaded", {});
        ResponseFacts facts;
        facts.status = 503;
        facts.length = response.body.size();
        facts.close = true;
        facts.now = shared->clock.now();
        facts.server_name = shared->options.server_name;
        std::string text;
        append_response_head(text, facts, response.headers);
        text.append(response.body);
        error_code ignored;
        socket.write_some(asio::buffer(text), ignored);
        socket.shutdown(Socket::shutdown_send, ignored);
    }
}

void Server::Impl::admit(Socket socket, const asio::any_io_executor& session_strand) {
    std::size_t count = 0;
    {
        const std::lock_guard lock(shared->mutex);
        count = shared->sessions.size();
    }
    if (count >= shared->options.connections_max) {
        turn_away(std::move(socket));
        return;
    }
    std::shared_ptr<ServerTls> current;
    {
        const std::lock_guard lock(tls_mutex);
        current = tls;
    }
    auto stream = current ? current->wrap(std::move(socket)) : make_plain_stream(std::move(socket));
    std::make_shared<Session>(shared, std::move(stream), session_strand)->start();
}

asio::any_io_executor Server::Impl::next_session_executor() {
    if (session_executors.empty()) {
        return asio::make_strand(shared->executor);
    }
    return session_executors[turn++ % session_executors.size()];
}

sdk::Task<void> Server::Impl::accept_connections(std::shared_ptr<Impl> self) {
    sdk::Clock& clock = self->shared->clock;
    while (!self->shared->stopping) {
        asio::any_io_executor session_strand = self->next_session_executor();
        error_code error;
        Socket socket = co_await self->acceptor.async_accept(
            session_strand, asio::redirect_error(asio::use_awaitable, error));
        if (!error) {
            self->admit(std::move(socket), session_strand);
        } else if (error == asio::error::operation_aborted || !self->acceptor.is_open()) {
            co_return;
        } else if (error != asio::error::connection_aborted) {
            // No more file descriptors or memory: what is waiting keeps waiting.
            const core::SteadyTime next = clock.steady() + out_of_files_wait;
            co_await clock.sleep_until(next);
        }
    }
}

sdk::Task<core::Result<void>> Server::Impl::wait_until_all_ended() {
    for (;;) {
        {
            const std::lock_guard lock(shared->mutex);
            if (shared->sessions.empty()) {
                co_return core::Result<void>();
            }
        }
        error_code ignored;
        co_await all_ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

sdk::Task<void> Server::Impl::stop(sdk::Deadline deadline) {
    shared->stopping = true;
    error_code ignored;
    if (acceptor.is_open()) {
        acceptor.close(ignored);
        if (!bound.unix_path.empty()) {
            ::unlink(bound.unix_path.c_str());
        }
    }
    for_each_session(&Session::stop_if_idle, std::nullopt);
    auto ended = wait_until_all_ended();
    const auto in_time = co_await runtime::with_deadline(shared->clock, deadline, std::move(ended));
    if (!in_time) {
        for_each_session(&Session::cut, std::nullopt);
        co_await wait_until_all_ended();
    }
    co_await tasks.stop();
}

Server::Server(asio::any_io_executor executor, sdk::Clock& clock, ServerOptions options,
               Handler& handler, std::vector<asio::any_io_executor> session_executors)
    : impl_(std::make_shared<Impl>(std::move(executor), clock, std::move(options), handler,
                                   std::move(session_executors))) {}

Server::~Server() {
    impl_->shared->stopping = true;
    impl_->for_each_session(&Session::cut, std::nullopt);
    asio::post(impl_->strand, [impl = impl_] {
        error_code ignored;
        impl->acceptor.close(ignored);
        impl->abandoned = true;
    });
}

core::Result<void> Server::start() {
    auto& options = impl_->shared->options;
    if (!options.certificate_pem.empty()) {
        auto tls =
            ServerTls::create(options.certificate_pem, options.key_pem, options.client_ca_pem);
        if (!tls) {
            return tls.error();
        }
        impl_->tls = std::move(*tls);
    }
    auto bound = listen(impl_->acceptor, options.address);
    if (!bound) {
        return bound.error();
    }
    impl_->bound = std::move(*bound);
    impl_->all_ended.expires_at(core::SteadyTime::max());
    impl_->shared->on_last_ended = [weak = impl_->weak_from_this()] {
        if (const auto impl = weak.lock()) {
            asio::post(impl->strand, [impl] { impl->all_ended.cancel(); });
        }
    };
    impl_->tasks.spawn(Impl::accept_connections(impl_));
    impl_->tasks.spawn(Impl::sweep(impl_));
    return {};
}

std::string Server::url() const {
    if (!impl_->bound.unix_path.empty()) {
        return "unix:" + impl_->bound.unix_path;
    }
    const bool plain = impl_->shared->options.certificate_pem.empty();
    return (plain ? "http://" : "https://") + impl_->bound.host + ":" +
           std::to_string(impl_->bound.port);
}

std::uint16_t Server::port() const {
    return impl_->bound.port;
}

std::size_t Server::connections() const {
    const std::lock_guard lock(impl_->shared->mutex);
    return impl_->shared->sessions.size();
}

sdk::Task<void> Server::stop(sdk::Deadline deadline) {
    auto impl = impl_;
    co_await asio::co_spawn(impl->strand, impl->stop(deadline), asio::use_awaitable);
}

core::Result<void> Server::replace_certificate(std::string certificate_pem, std::string key_pem) {
    if (!impl_->tls) {
        return Failure(Errc::invalid_argument, "the listener speaks no TLS");
    }
    auto tls = ServerTls::create(certificate_pem, key_pem, impl_->shared->options.client_ca_pem);
    if (!tls) {
        return tls.error();
    }
    const std::lock_guard lock(impl_->tls_mutex);
    impl_->tls = std::move(*tls);
    return {};
}

}   // namespace gateway::http
