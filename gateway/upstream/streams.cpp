#include "gateway/upstream/streams.hpp"

#include "gateway/http/connect.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace gateway::upstream {
namespace {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;
using core::Result;

/// Somebody stops us, or we closed it ourselves.
Failure lost(const http::error_code& error, bool closed) {
    if (error == asio::error::operation_aborted && !closed) {
        throw boost::system::system_error(error);
    }
    return Failure(Errc::unreachable, closed ? "closed" : error.message());
}

class NetworkStream final : public sdk::Stream {
public:
    explicit NetworkStream(std::unique_ptr<http::Stream> stream) : stream_(std::move(stream)) {}

    sdk::Task<Result<std::size_t>> read_some(std::span<char> out) override {
        http::error_code error;
        if (closed_) {
            co_return lost(error, closed_);
        }
        const auto count = co_await stream_->read_some(out, error);
        if (http::is_end(error)) {
            co_return std::size_t{0};
        }
        if (error) {
            co_return lost(error, closed_);
        }
        co_return count;
    }

    sdk::Task<Result<void>> write(std::string bytes) override {
        std::span<const char> rest(bytes);
        while (!rest.empty()) {
            http::error_code error;
            if (closed_) {
                co_return lost(error, closed_);
            }
            const auto count = co_await stream_->write_some(rest, error);
            if (error) {
                co_return lost(error, closed_);
            }
            rest = rest.subspan(count);
        }
        co_return Result<void>();
    }

    void close() override {
        closed_ = true;
        stream_->close();
    }

private:
    std::unique_ptr<http::Stream> stream_;
    bool closed_ = false;
};

class NetworkStreams final : public sdk::Streams {
public:
    NetworkStreams(sdk::Clock& clock, std::shared_ptr<http::TlsContext> tls)
        : clock_(clock), tls_(std::move(tls)) {}

    sdk::Task<Result<std::unique_ptr<sdk::Stream>>> connect(sdk::StreamTarget target,
                                                            sdk::Deadline deadline) override {
        http::Endpoint endpoint;
        endpoint.scheme = target.tls ? "https" : "http";
        endpoint.host = std::move(target.host);
        endpoint.port = target.port;
        http::MayConnect may_connect;
        if (!target.tls) {
            may_connect = [](const core::IpAddress& address, std::uint16_t) {
                return core::is_loopback(address);
            };
        }
        auto reached =
            co_await http::reach(std::move(endpoint), tls_, clock_, deadline, may_connect);
        if (reached.has_error()) {
            if (reached.error().is(Errc::unauthorised)) {
                co_return Failure(Errc::invalid_argument, "plain bytes leave this machine");
            }
            co_return reached.error();
        }
        std::unique_ptr<sdk::Stream> stream = std::make_unique<NetworkStream>(std::move(*reached));
        co_return stream;
    }

private:
    sdk::Clock& clock_;
    std::shared_ptr<http::TlsContext> tls_;
};

}   // namespace

Result<std::unique_ptr<sdk::Streams>> make_streams(sdk::Clock& clock, const std::string& ca_pem) {
    auto tls = http::TlsContext::create(ca_pem, {}, {});
    if (tls.has_error()) {
        return tls.error();
    }
    std::unique_ptr<sdk::Streams> streams =
        std::make_unique<NetworkStreams>(clock, std::move(*tls));
    return streams;
}

}   // namespace gateway::upstream
