#include "gateway/doctor/network.hpp"

#include "gateway/runtime/file.hpp"

#include <atomic>

namespace gateway::doctor {
namespace {

using core::Errc;
using core::Failure;
using core::Result;

// Look-ups that hang, and those that wait behind them; who comes then is told at once.
constexpr int look_ups_max = 64;
constexpr std::size_t roots_bytes_max = 1U << 20U;

class RealNetwork final : public Network {
public:
    RealNetwork(sdk::Clock& clock, runtime::Executor& resolving, runtime::Executor& reading)
        : clock_(clock), resolving_(resolving), reading_(reading) {}

    sdk::Task<Result<std::vector<core::IpAddress>>> resolve(std::string host,
                                                            std::uint16_t port) override {
        if (*looking_up_ >= look_ups_max) {
            co_return Failure(Errc::unavailable, "too many look-ups hang");
        }
        ++*looking_up_;
        auto job = [host = std::move(host), port, count = looking_up_] {
            auto found = http::resolve_blocking(host, port);
            --*count;
            return found;
        };
        co_return co_await resolving_.run(std::move(job));
    }

    sdk::Task<Result<core::IpAddress>> connect(std::vector<core::IpAddress> addresses,
                                               std::uint16_t port,
                                               sdk::Deadline deadline) override {
        co_return co_await http::try_addresses(std::move(addresses), port, clock_, deadline);
    }

    sdk::Task<Result<http::TlsSight>> look_at_tls(Spot spot) override {
        auto question = co_await question_of(std::move(spot));
        if (!question) {
            co_return question.error();
        }
        co_return co_await http::try_tls(std::move(*question), clock_.now());
    }

    sdk::Task<Result<Heard>> listen(Spot spot, sdk::Deadline deadline) override {
        const bool tls = spot.tls;
        auto question = co_await question_of(std::move(spot));
        if (!question) {
            co_return question.error();
        }
        const auto answer = co_await http::try_answer(std::move(*question), tls, clock_, deadline);
        if (!answer) {
            co_return answer.error();
        }
        Heard heard;
        heard.status = answer->status;
        if (const auto date = sdk::parse_http_date(answer->header("Date"))) {
            heard.their_time = *date;
        }
        co_return heard;
    }

private:
    sdk::Task<Result<http::TlsQuestion>> question_of(Spot spot) {
        http::TlsQuestion question;
        question.address = spot.address;
        question.port = spot.port;
        question.host = std::move(spot.host);
        if (spot.tls && !spot.ca_file.empty()) {
            auto job = [path = std::move(spot.ca_file)] {
                return runtime::read_whole_file(path, roots_bytes_max);
            };
            auto roots = co_await reading_.run(std::move(job));
            if (!roots) {
                co_return Failure(Errc::invalid_argument, "ca_file");
            }
            question.ca_pem = std::move(*roots);
        }
        co_return question;
    }

    sdk::Clock& clock_;
    runtime::Executor& resolving_;
    runtime::Executor& reading_;
    // Shared with the look-ups, which end when they end.
    std::shared_ptr<std::atomic<int>> looking_up_ = std::make_shared<std::atomic<int>>(0);
};

}   // namespace

std::unique_ptr<Network> make_network(sdk::Clock& clock, runtime::Executor& resolving,
                                      runtime::Executor& reading) {
    return std::make_unique<RealNetwork>(clock, resolving, reading);
}

}   // namespace gateway::doctor
