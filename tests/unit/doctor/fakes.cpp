#include "fakes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <stdexcept>

namespace tests {

namespace asio = boost::asio;

namespace {

template <class T>
T run_on(Practice& practice, sdk::Task<T> task) {
    std::optional<T> value;
    std::exception_ptr error;
    asio::co_spawn(practice.io, std::move(task), [&](const std::exception_ptr& failed, T result) {
        error = failed;
        value.emplace(std::move(result));
    });
    if (!run_until(
            practice.io, practice.clock, [&] { return value.has_value(); },
            std::chrono::hours(3))) {
        throw std::runtime_error("nothing came");
    }
    if (error) {
        std::rethrow_exception(error);
    }
    return std::move(*value);
}

sdk::Task<bool> stopped(doctor::Doctor& doctor) {
    co_await doctor.stop();
    co_return true;
}

}   // namespace

sdk::Task<void> hang(sdk::Clock& clock) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await clock.sleep_until(clock.steady() + std::chrono::hours(1));
}

sdk::Task<bool> FakeNetwork::step(std::string name) {
    asked.push_back(name);
    if (hangs.contains(name)) {
        co_await hang(clock_);
    }
    if (each_takes.count() > 0) {
        co_await clock_.sleep_until(clock_.steady() + each_takes);
    }
    co_return !fails.contains(name);
}

sdk::Task<core::Result<std::vector<core::IpAddress>>> FakeNetwork::resolve(std::string host,
                                                                           std::uint16_t) {
    if (hosts_without_answer.contains(host)) {
        co_await hang(clock_);
    }
    const bool well = co_await step("dns");
    if (!well) {
        co_return fails.at("dns");
    }
    std::vector<core::IpAddress> found(1, *core::parse_ip_address("192.0.2.1"));
    co_return found;
}

sdk::Task<core::Result<core::IpAddress>> FakeNetwork::connect(std::vector<core::IpAddress> found,
                                                              std::uint16_t, sdk::Deadline) {
    const bool well = co_await step("tcp");
    if (!well) {
        co_return fails.at("tcp");
    }
    co_return found.front();
}

sdk::Task<core::Result<http::TlsSight>> FakeNetwork::look_at_tls(doctor::Spot) {
    const bool well = co_await step("tls");
    if (!well) {
        co_return fails.at("tls");
    }
    co_return sight;
}

sdk::Task<core::Result<doctor::Heard>> FakeNetwork::listen(doctor::Spot, sdk::Deadline) {
    const bool well = co_await step("clock");
    if (!well) {
        co_return fails.at("clock");
    }
    doctor::Heard heard;
    heard.status = 404;
    heard.their_time = clock_.now() + they_are_ahead;
    co_return heard;
}

sdk::Task<core::Result<void>> FakeHouse::try_data() {
    if (hangs) {
        co_await hang(clock_);
    }
    if (!writable) {
        co_return core::Failure(core::Errc::storage_failed);
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<doctor::House::Disk>> FakeHouse::disk() {
    if (hangs) {
        co_await hang(clock_);
    }
    Disk disk;
    disk.free = free_bytes;
    disk.least = 1ULL << 30U;
    co_return disk;
}

sdk::Task<core::Result<doctor::KernelClock>> FakeHouse::kernel_clock() {
    co_return doctor::KernelClock::synchronised;
}

sdk::Task<core::Result<std::vector<core::TenantId>>> FakeHouse::unreadable_keys() {
    if (hangs) {
        co_await hang(clock_);
    }
    co_return without_key;
}

sdk::Task<core::Result<std::optional<bool>>> FakeHouse::scanner() {
    if (hangs) {
        co_await hang(clock_);
    }
    co_return scans;
}

sdk::Task<sdk::TokenAnswer> FakeExamined::fresh_token(sdk::TokenRequest request, sdk::Deadline) {
    asked.push_back(request);
    if (token_hangs) {
        co_await hang(clock_);
    }
    sdk::TokenAnswer made;
    if (token_failure) {
        made.failure = *token_failure;
    } else {
        made.token = sdk::Token(token, clock_.now() + std::chrono::seconds(120));
    }
    co_return made;
}

sdk::Task<sdk::ProbeAnswer> FakeExamined::probe(core::TenantId, sdk::Deadline) {
    ++calls;
    if (call_hangs) {
        co_await hang(clock_);
    }
    co_return answer;
}

Practice::Practice() {
    const doctor::DoctorParts parts{*this, *this, network, house, clock, io.get_executor()};
    doctor = std::make_unique<doctor::Doctor>(parts);
}

Practice::~Practice() {
    run_on(*this, stopped(*doctor));
}

FakeExamined& Practice::add(const std::string& id, const std::string& lender) {
    core::ConnectionConfig one;
    one.id = core::ConnectionId(id);
    one.adapter = id;
    one.environment = "test";
    one.base_url = "https://" + id + ".example.no";
    one.tenants.insert(core::TenantId("310000019"));
    if (!lender.empty()) {
        one.tokens = core::ConnectionId(lender);
    }
    config->connections[one.id] = one;
    auto made = std::make_shared<FakeExamined>(clock, one);
    made->wanted.places.push_back(one.base_url);
    if (!lender.empty()) {
        sdk::TokenRequest wish;
        wish.scopes = {id + ":read"};
        made->wanted.tokens.push_back(wish);
    }
    running[one.id] = made;
    return *made;
}

doctor::Examination Practice::examine(const std::string& id) {
    auto answer = run_on(*this, doctor->examine(core::ConnectionId(id), {}));
    return answer.value();
}

std::vector<doctor::Examination> Practice::examine_all() {
    return run_on(*this, doctor->examine_all());
}

std::shared_ptr<ports::Examined> Practice::examined(const core::ConnectionId& id) const {
    const auto found = running.find(id);
    return found == running.end() ? nullptr : found->second;
}

std::string said(const doctor::Examination& examination) {
    std::string all;
    for (const auto& step : examination.steps) {
        all += (all.empty() ? "" : ", ") + step.name + " " + doctor::to_string(step.finding);
        all += step.code.empty() ? "" : " " + step.code.value;
    }
    return all;
}

}   // namespace tests
