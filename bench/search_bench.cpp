// Search over many messages on the embedded store, on this folder's disk: by each business key, by
// state and time, by cursor deep in, and what the pages of flow and failures ask, while nine of ten
// messages wait. One line of JSON a question, with its median and 95th percentile.
//
//     bench_search [messages] [questions]    without sizes 20000 messages, 200 questions of each

#include "bench/store_bench.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/ports/alarm_store.hpp"
#include "gateway/ports/failure_store.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace gateway;
using bench::must;
using crypto::TokenKind;

const core::TenantId tenant("310001007");
constexpr std::size_t callers = 256;         // share transactions, as many senders do
constexpr std::size_t handled_one_in = 10;   // the others wait
constexpr std::size_t failed_one_in = 5;     // of those handled
constexpr std::size_t messages_per_case = 10;
constexpr std::size_t messages_per_recipient = 20;
constexpr std::size_t organisations = 400;
constexpr std::size_t file_names = 100;   // "vedtak.pdf" is the name of every hundredth
constexpr std::size_t systems = 12;
constexpr std::size_t claim_size = 500;
constexpr std::size_t pages_deep = 400;
constexpr std::array<const char*, 3> types{"letter/v1", "transfer/v1", "archive/v1"};
constexpr std::array<const char*, 3> ways{"altinn-prod", "svarut-prod", "digital-post"};
constexpr std::array<const char*, 3> codes{"altinn.corr_01029", "maskinporten.mp_200",
                                           "altinn.scan_rejected"};

struct Bench : bench::StoreBench {
    explicit Bench(std::size_t messages) : count(messages) {}

    /// The n-th message was made so long ago: they spread over ninety days.
    core::Time made(std::size_t number) const {
        const auto all = std::chrono::duration_cast<core::Duration>(std::chrono::days(90));
        return began - all +
               all / static_cast<std::int64_t>(count) * static_cast<std::int64_t>(number);
    }
    std::vector<ports::NewEvent> events(const char* name, core::Time at) {
        ports::NewEvent event;
        event.id = ids->next<core::EventId>();
        event.at = at;
        event.name = name;
        event.code = core::Code(name);
        return {event};
    }

    const std::size_t count;
    const core::Time began = clock->now();
    std::size_t failed = 0;
    std::size_t handled = 0;
};

/// As a keyed hash would be: 32 bytes that look like any others.
ports::SearchToken token(TokenKind kind, const std::string& what) {
    const auto hash = crypto::sha256(std::to_string(static_cast<int>(kind)) + what);
    return {static_cast<std::uint8_t>(kind), hash.to_bytes()};
}

std::string numbered(const char* what, std::size_t number) {
    return what + std::to_string(number);
}

std::vector<ports::SearchToken> tokens_of(std::size_t number) {
    return {token(TokenKind::reference, numbered("ref", number)),
            token(TokenKind::case_id, numbered("case", number / messages_per_case)),
            token(TokenKind::journal_number, numbered("journal", number)),
            token(TokenKind::recipient, number % 3 == 0
                                            ? numbered("org", number % organisations)
                                            : numbered("person", number / messages_per_recipient)),
            token(TokenKind::file_name, numbered("file", number % file_names))};
}

sdk::Task<void> fill(Bench& bench, std::size_t first) {
    for (auto i = first; i < bench.count; i += callers) {
        ports::AcceptCommand command;
        command.tenant = tenant;
        command.system = core::SystemId(numbered("system-", i % systems));
        command.message = bench.ids->next<core::MessageId>();
        command.type = types.at(i % types.size());
        command.at = bench.made(i);
        command.sealed_content = std::string(600, 'x');
        command.wrapped_key = std::string(60, 'k');
        command.content_bytes = command.sealed_content.size();
        command.tokens = tokens_of(i);
        command.delivery.id = bench.ids->next<core::DeliveryId>();
        command.delivery.connection = core::ConnectionId(ways.at(i % ways.size()));
        const bool now = i % handled_one_in == 0;
        command.delivery.due = now ? bench.began : bench.began + std::chrono::hours(24);
        command.delivery.upstream_key = command.delivery.id.to_string();
        command.events = bench.events("accepted", command.at);
        must(co_await bench.store->accept(std::move(command)));
    }
}

sdk::Task<void> handle(Bench& bench, ports::ClaimedDelivery claimed, std::size_t number) {
    ports::DeliveryKey key;
    key.tenant = claimed.tenant;
    key.delivery = claimed.row.id;
    ports::BeginAttempt begin;
    begin.key = key;
    begin.fence = claimed.fence;
    begin.at = bench.clock->now();
    begin.connection = claimed.row.connection.value_or(core::ConnectionId(ways[0]));
    begin.settings = claimed.row.settings;
    begin.events = bench.events("attempt_started", begin.at);
    must(co_await bench.store->begin_attempt(std::move(begin)));
    ports::FinishCommand finish;
    finish.key = key;
    finish.fence = claimed.fence;
    finish.at = bench.clock->now();
    const bool fails = number % failed_one_in == 0;
    finish.state = fails ? core::DeliveryState::failed : core::DeliveryState::sent;
    if (fails) {
        finish.code = core::Code(codes.at(number / failed_one_in % codes.size()));
    } else {
        finish.tokens = {token(TokenKind::upstream_id, numbered("upstream", number))};
    }
    finish.events = bench.events(fails ? "failed" : "sent", finish.at);
    must(co_await bench.store->finish(std::move(finish)));
    bench.failed += fails ? 1 : 0;
    ++bench.handled;
}

std::size_t claim_and_handle(Bench& bench) {
    std::vector<ports::ClaimedDelivery> claimed;
    const auto take = [](Bench& of, std::vector<ports::ClaimedDelivery>& into) -> sdk::Task<void> {
        ports::ClaimCommand command;
        command.now = of.clock->now();
        command.lease_until = command.now + std::chrono::minutes(5);
        command.limit = claim_size;
        into = must(co_await of.store->claim(std::move(command)));
    };
    bench.add(take(bench, claimed));
    bench.run();
    auto number = bench.handled;
    for (auto& one : claimed) {
        bench.add(handle(bench, std::move(one), number++));
    }
    bench.run();
    return claimed.size();
}

/// In milliseconds, one a question.
struct Times {
    std::vector<double> all;
    std::size_t found = 0;

    double at(double part) {
        std::sort(all.begin(), all.end());
        return all.at(std::min(all.size() - 1,
                               static_cast<std::size_t>(part * static_cast<double>(all.size()))));
    }
};

void tell(const char* name, Times& times) {
    std::printf(R"({"name":"%s","p50_ms":%.3f,"p95_ms":%.3f,"questions":%zu,"found":%zu})"
                "\n",
                name, times.at(0.5), times.at(0.95), times.all.size(), times.found);
    std::fflush(stdout);
}

using Question = std::function<ports::SearchQuery(std::size_t)>;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point began) {
    return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

sdk::Task<void> ask(Bench& bench, const Question& question, std::size_t questions, Times& times) {
    std::mt19937_64 random(7);
    for (std::size_t i = 0; i < questions; ++i) {
        auto query = question(random() % bench.count);
        query.tenant = tenant;
        const auto began = Clock::now();
        const auto page = must(co_await bench.store->search(std::move(query)));
        times.all.push_back(since(began));
        times.found += page.items.size();
    }
}

/// Page after page; the time of each.
sdk::Task<void> go_deep(Bench& bench, ports::SearchQuery query, Times& first, Times& deep) {
    query.tenant = tenant;
    const auto pages = std::min<std::size_t>(pages_deep, bench.count / 100);
    for (std::size_t i = 0; i < pages; ++i) {
        const auto began = Clock::now();
        const auto page = must(co_await bench.store->search(query));
        auto& times = i < pages / 10 ? first : deep;
        times.all.push_back(since(began));
        times.found += page.items.size();
        if (page.next.empty()) {
            co_return;
        }
        query.cursor = page.next;
    }
}

/// What the console's page of the flow asks, at once.
sdk::Task<void> ask_flow(Bench& bench, std::size_t questions, Times& times) {
    using State = core::DeliveryState;
    for (std::size_t i = 0; i < questions; ++i) {
        const auto began = Clock::now();
        for (const auto state : {State::queued, State::sending, State::pending, State::held,
                                 State::failed, State::expired, State::sent, State::delivered}) {
            ports::SearchQuery query;
            query.tenant = tenant;
            query.state = state;
            query.limit = 200;
            if (state >= State::sent && state != State::held) {
                query.from = bench.began - std::chrono::hours(24);
            }
            times.found += must(co_await bench.store->search(std::move(query))).items.size();
        }
        must(co_await bench.store->message_counts(tenant));
        times.all.push_back(since(began));
    }
}

sdk::Task<void> ask_failures(Bench& bench, std::size_t questions, Times& times) {
    auto& failures = ports::failures_of(*bench.store);
    for (std::size_t i = 0; i < questions; ++i) {
        const auto began = Clock::now();
        const auto kinds = must(co_await failures.failures(tenant));
        ports::FailureQuery query;
        query.kinds = {kinds.at(i % kinds.size()).kind};
        query.limit = 50;
        times.found += must(co_await failures.failed(std::move(query))).size();
        times.all.push_back(since(began));
    }
}

sdk::Task<void> ask_watcher(Bench& bench, std::size_t questions, Times& times) {
    auto& alarms = ports::alarms_of(*bench.store);
    for (std::size_t i = 0; i < questions; ++i) {
        const auto began = Clock::now();
        times.found += must(co_await alarms.waiting(tenant, bench.clock->now())).size();
        times.all.push_back(since(began));
    }
}

Question by(TokenKind kind, const char* what, std::size_t divide, std::size_t remainder = 0) {
    return [=](std::size_t number) {
        ports::SearchQuery query;
        const auto of = remainder == 0 ? number / divide : number % remainder;
        query.token = token(kind, numbered(what, of));
        return query;
    };
}

int measure(std::size_t messages, std::size_t questions) {
    Bench bench(messages);
    for (std::size_t i = 0; i < callers; ++i) {
        bench.add(fill(bench, i));
    }
    const double filling = bench.run();
    while (claim_and_handle(bench) > 0) {
    }
    std::fprintf(
        stderr, "search: %zu messages stored in %.1f s (%.0f/s), %zu handled, %zu of them failed\n",
        messages, filling, static_cast<double>(messages) / filling, bench.handled, bench.failed);

    struct Asked {
        const char* name;
        Question question;
        bool must_find;
    };
    const auto handled = bench.handled;
    const std::vector<Asked> asked{
        {"reference", by(TokenKind::reference, "ref", 1), true},
        {"case", by(TokenKind::case_id, "case", messages_per_case), true},
        {"journal", by(TokenKind::journal_number, "journal", 1), true},
        {"person", by(TokenKind::recipient, "person", messages_per_recipient), true},
        {"organisation", by(TokenKind::recipient, "org", 1, organisations), true},
        {"file name", by(TokenKind::file_name, "file", 1, file_names), true},
        {"upstream id", by(TokenKind::upstream_id, "upstream", 1, handled), true},
        {"state",
         [](std::size_t number) {
             constexpr std::array<core::DeliveryState, 3> states{core::DeliveryState::queued,
                                                                 core::DeliveryState::sent,
                                                                 core::DeliveryState::failed};
             ports::SearchQuery query;
             query.state = states.at(number % states.size());
             return query;
         },
         true},
        {"time",
         [&](std::size_t number) {
             ports::SearchQuery query;
             query.from = bench.made(number) - std::chrono::hours(1);
             query.until = bench.made(number) + std::chrono::hours(1);
             return query;
         },
         true},
        {"what is not there", by(TokenKind::reference, "nobody's", 1), false},
    };
    bool good = true;
    for (const auto& one : asked) {
        Times times;
        bench.add(ask(bench, one.question, questions, times));
        bench.run();
        tell(one.name, times);
        good = good && (times.found > 0) == one.must_find;
    }
    ports::SearchQuery everything;
    ports::SearchQuery waiting;
    waiting.state = core::DeliveryState::queued;
    const std::array<std::pair<const char*, ports::SearchQuery>, 2> walks{
        {{"pages of all", everything}, {"pages of what waits", waiting}}};
    for (const auto& [name, query] : walks) {
        Times first;
        Times deep;
        bench.add(go_deep(bench, query, first, deep));
        bench.run();
        tell((std::string(name) + ", first").c_str(), first);
        tell((std::string(name) + ", deep").c_str(), deep);
    }
    Times flow;
    Times failures;
    Times watcher;
    const auto looks = std::max<std::size_t>(1, questions / 10);
    bench.add(ask_flow(bench, looks, flow));
    bench.run();
    tell("page of the flow", flow);
    bench.add(ask_failures(bench, questions, failures));
    bench.run();
    tell("page of failures", failures);
    bench.add(ask_watcher(bench, looks, watcher));
    bench.run();
    tell("a look at what waits", watcher);
    return good ? 0 : 1;
}

}   // namespace

int main(int argc, char** argv) {
    try {
        const auto number = [&](int at, std::size_t otherwise) {
            return argc > at ? std::strtoull(argv[at], nullptr, 10) : otherwise;
        };
        return measure(std::max<std::size_t>(1'000, number(1, 20'000)), number(2, 200));
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "bench_search: %s\n", fault.what());
        return 1;
    }
}
