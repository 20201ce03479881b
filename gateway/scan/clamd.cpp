#include "gateway/scan/clamd.hpp"

#include "gateway/runtime/with_deadline.hpp"
#include "gateway/scan/clamd_answer.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace gateway::scan {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;
using ports::Scanned;
using ports::ScanVerdict;
using Socket = asio::local::stream_protocol::socket;

namespace {

constexpr std::size_t chunk_bytes_max = 1U << 18U;
constexpr std::size_t answer_bytes_max = 1024;
constexpr std::string_view command{"zINSTREAM\0", 10};

std::array<char, 4> length_of(std::size_t count) {
    return {static_cast<char>(count >> 24U & 0xFFU), static_cast<char>(count >> 16U & 0xFFU),
            static_cast<char>(count >> 8U & 0xFFU), static_cast<char>(count & 0xFFU)};
}

sdk::Task<core::Result<bool>> send(Socket& socket, std::string_view bytes) {
    boost::system::error_code error;
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    co_await asio::async_write(socket, buffer, asio::redirect_error(asio::use_awaitable, error));
    if (error) {
        co_return Failure(Errc::unavailable, "clamd: " + error.message());
    }
    co_return true;
}

sdk::Task<core::Result<bool>> send_chunk(Socket& socket, std::string_view bytes) {
    const auto length = length_of(bytes.size());
    const std::string_view head(length.data(), length.size());
    auto sent = co_await send(socket, head);
    if (sent.has_value() && !bytes.empty()) {
        sent = co_await send(socket, bytes);
    }
    co_return sent;
}

sdk::Task<core::Result<bool>> open(Socket& socket, std::string path) {
    boost::system::error_code error;
    const asio::local::stream_protocol::endpoint endpoint(path);
    co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    if (error) {
        co_return Failure(Errc::unavailable, "clamd: " + error.message());
    }
    co_return co_await send(socket, command);
}

/// To the zero byte, or to its end.
sdk::Task<core::Result<std::string>> receive(Socket& socket) {
    std::string answer(answer_bytes_max, '\0');
    std::size_t taken = 0;
    boost::system::error_code error;
    while (taken < answer.size()) {
        const auto room = asio::buffer(answer.data() + taken, answer.size() - taken);
        const auto count =
            co_await socket.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
        taken += count;
        const bool ended = taken > 0 && answer[taken - 1] == '\0';
        if (error || ended) {
            break;
        }
    }
    answer.resize(taken);
    co_return answer;
}

class NoScan final : public ports::Scan {
public:
    sdk::Task<void> write(std::span<const char>) override { co_return; }
    sdk::Task<ScanVerdict> finish() override { co_return ScanVerdict(Scanned::off); }
};

class ClamdScan final : public ports::Scan {
public:
    ClamdScan(core::ScannerConfig config, sdk::Clock& clock, sdk::Log& log, sdk::Metrics& metrics)
        : config_(std::move(config)), clock_(clock), log_(log), metrics_(metrics) {}

    sdk::Task<void> write(std::span<const char> bytes) override {
        std::string_view left(bytes.data(), bytes.size());
        taken_ += left.size();
        if (taken_ > config_.bytes_max) {
            too_large_ = true;
            socket_.reset();
        }
        while (!left.empty() && !too_large_ && !fault_) {
            const auto part = left.substr(0, chunk_bytes_max);
            left.remove_prefix(part.size());
            co_await pass_on(part);
        }
    }

    sdk::Task<ScanVerdict> finish() override {
        ScanVerdict verdict(too_large_ ? Scanned::too_large : Scanned::down);
        if (!too_large_) {
            verdict = co_await ask();
        }
        tell(verdict);
        co_return verdict;
    }

private:
    /// Time counts while clamd is waited for, not while the file's own bytes are.
    template <class T>
    sdk::Task<core::Result<T>> bounded(sdk::Task<core::Result<T>> step) {
        const auto began = clock_.steady();
        const sdk::Deadline deadline(began + time_left_);
        auto result = co_await runtime::with_deadline(clock_, deadline, std::move(step));
        time_left_ -= std::min(time_left_, clock_.steady() - began);
        co_return result;
    }

    sdk::Task<void> pass_on(std::string_view part) {
        if (!socket_) {
            co_await connect();
        }
        if (fault_) {
            co_return;
        }
        const auto sent = co_await bounded(send_chunk(*socket_, part));
        if (sent.has_error()) {
            // It may have said why before it stopped listening: the size, or what it found.
            cut_off_ = true;
            fault_ = sent.error();
        }
    }

    sdk::Task<void> connect() {
        auto executor = co_await asio::this_coro::executor;
        socket_.emplace(executor);
        const auto opened = co_await bounded(open(*socket_, config_.socket));
        if (opened.has_error()) {
            fault_ = opened.error();
        }
    }

    sdk::Task<ScanVerdict> ask() {
        const std::string_view end;
        if (!socket_ && !fault_) {
            co_await connect();   // an empty file
        }
        if (!fault_) {
            const auto sent = co_await bounded(send_chunk(*socket_, end));
            if (sent.has_error()) {
                cut_off_ = true;
                fault_ = sent.error();
            }
        }
        if (fault_ && !cut_off_) {
            co_return ScanVerdict(Scanned::down);
        }
        const auto answer = co_await bounded(receive(*socket_));
        if (answer.has_error()) {
            fault_ = answer.error();
            co_return ScanVerdict(Scanned::down);
        }
        auto verdict = read_answer(*answer);
        if (cut_off_ && verdict.scanned == Scanned::clean) {
            verdict.scanned = Scanned::down;   // it has not seen all of it
        }
        co_return verdict;
    }

    void tell(const ScanVerdict& verdict) {
        constexpr std::array<const char*, 5> names{"clean", "infected", "too_large", "down", "off"};
        const auto* name = names.at(static_cast<std::size_t>(verdict.scanned));
        metrics_.count("sluse_scanned_files_total", {{"verdict", name}});
        if (verdict.scanned == Scanned::down) {
            log_.write(sdk::Severity::error, "scanner_down",
                       {{"why", fault_ ? fault_->to_string() : "no verdict"}});
        }
    }

    core::ScannerConfig config_;
    sdk::Clock& clock_;
    sdk::Log& log_;
    sdk::Metrics& metrics_;
    core::SteadyTime::duration time_left_ =
        std::chrono::duration_cast<core::SteadyTime::duration>(config_.time_max);
    std::optional<Socket> socket_;
    std::optional<Failure> fault_;
    std::uint64_t taken_ = 0;
    bool too_large_ = false;
    bool cut_off_ = false;
};

}   // namespace

std::unique_ptr<ports::Scan> ClamdScanner::begin() {
    const auto& config = configuration_.current()->scanner;
    if (config.socket.empty()) {
        return std::make_unique<NoScan>();
    }
    return std::make_unique<ClamdScan>(config, clock_, log_, metrics_);
}

bool ClamdScanner::is_off() const {
    return configuration_.current()->scanner.socket.empty();
}

bool ClamdScanner::pass_when_down() const {
    return configuration_.current()->scanner.pass_when_down;
}

}   // namespace gateway::scan
