#include "gateway/ports/flow_store.hpp"
#include "tests/support/simulated_vfs.hpp"
#include "worlds.hpp"

#include <random>
#include <sstream>

using namespace tests;

namespace {

std::string say(const std::optional<core::Time>& time) {
    return time ? core::to_rfc3339(*time) : "-";
}

std::string say(const core::Params& params) {
    std::string text;
    for (const auto& [name, value] : params) {
        text += name + "=" + value + ",";
    }
    return text;
}

std::string say(const ports::DeliveryRow& row) {
    std::ostringstream text;
    text << row.id.to_string() << ' ' << core::to_string(row.state) << " work "
         << static_cast<int>(row.work) << ' ' << (row.connection ? row.connection->value : "-")
         << ' ' << row.settings << " due " << say(row.due) << " expires " << say(row.expires_at)
         << " overdue " << say(row.overdue_at) << " changed " << say(row.changed) << " attempts "
         << row.attempts << " failures " << row.failures << " cancel " << row.cancel_requested
         << ' ' << row.sealed_progress << ' ' << row.sealed_upstream_reference << ' '
         << row.code.value << ' ' << say(row.params) << " channel "
         << (row.channel ? core::to_string(*row.channel) : "-") << ' ' << row.choice << " unread "
         << say(row.unread_at) << ' ' << (row.replaces ? row.replaces->to_string() : "-") << '\n';
    return text.str();
}

std::string say(const ports::MessageView& view) {
    std::string text = view.id.to_string() + " " + std::string(core::to_string(view.state)) + " " +
                       say(view.changed) + " " + view.sealed_content + "\n";
    for (const auto& row : view.deliveries) {
        text += "  " + say(row);
    }
    return text;
}

std::string say(const ports::StoredEvent& event) {
    return std::to_string(event.position) + " " + event.message.to_string() + " " +
           std::string(core::to_string(event.state)) + " " + event.name + " " + say(event.next) +
           " " + (event.connection ? event.connection->value : "-") + "\n";
}

template <class T>
std::string say(const core::Result<T>& result) {
    if (result.has_error()) {
        return result.error().code.message();
    }
    if constexpr (std::is_void_v<T>) {
        return "done";
    } else if constexpr (std::is_enum_v<T>) {
        return std::to_string(static_cast<int>(*result));
    } else if constexpr (std::is_same_v<T, ports::AcceptAnswer>) {
        return std::to_string(static_cast<int>(result->result)) + " " + result->message.to_string();
    } else if constexpr (std::is_same_v<T, ports::ReceiptAnswer>) {
        return std::to_string(result->duplicate) + std::to_string(result->taken_over) +
               std::string(core::to_string(result->state));
    } else {
        return say(*result);
    }
}

/// The same command to both stores; they must say the same.
class Pair : public Commands {
public:
    explicit Pair(std::uint64_t seed)
        : random(seed), disk_(seed), executor_(io_), model_(gateway::store::make_memory_store()) {
        gateway::store::SqliteOptions options;
        options.path = "/sluse.db";
        options.vfs = disk_.name();
        auto opened =
            gateway::store::make_sqlite_store(options, executor_, executor_, executor_, clock);
        REQUIRE(opened.has_value());
        real_ = std::move(*opened);
    }
    ~Pair() { run(io_, real_->close()); }

    template <class Call>
    auto both(Call call) {
        auto expected = run(io_, call(*model_));
        const auto got = run(io_, call(*real_));
        REQUIRE(say(got) == say(expected));
        return expected;
    }
    std::size_t pick(std::size_t count) { return static_cast<std::size_t>(random() % count); }
    bool chance(int percent) { return static_cast<int>(random() % 100) < percent; }

    void step();
    void compare();

    std::mt19937_64 random;
    std::vector<ports::AcceptCommand> letters;
    std::vector<core::DeliveryId> deliveries;
    std::vector<core::TenantId> owners;
    std::vector<ports::ClaimedDelivery> held;

private:
    void accept_one();
    void claim_some();
    void go_on();
    void wish();
    void receive();
    std::optional<ports::TakeOver> sometimes_take_over(const core::TenantId& tenant);

    boost::asio::io_context io_;
    SimulatedVfs disk_;
    LoopExecutor executor_;
    std::unique_ptr<ports::Store> model_;
    std::unique_ptr<ports::Store> real_;
};

/// Its id may come to be a delivery, or not: both are asked about later.
std::optional<ports::TakeOver> Pair::sometimes_take_over(const core::TenantId& tenant) {
    if (!chance(50)) {
        return std::nullopt;
    }
    auto take_over = instead("order " + std::to_string(pick(3)));
    if (chance(30)) {
        take_over.delivery.connection.reset();
        take_over.delivery.channel.reset();
    }
    deliveries.push_back(take_over.delivery.id);
    owners.push_back(tenant);
    return take_over;
}

void Pair::accept_one() {
    auto command = chance(20)
                       ? keyed(oslo, "key " + std::to_string(pick(5)), std::to_string(pick(2)))
                       : letter(chance(70) ? oslo : bergen);
    if (chance(40)) {
        command.delivery.order_token = "order " + std::to_string(pick(3));
    }
    if (chance(20)) {
        command.delivery.expires_at = now() + std::chrono::seconds(pick(200));
    }
    command.delivery.connection = chance(50) ? altinn : svarut;
    command.delivery.channel = core::Channel::digital;
    if (chance(20)) {
        command.delivery.connection.reset();
        command.delivery.channel.reset();
    }
    command.delivery.due = now() + std::chrono::seconds(chance(30) ? pick(60) : 0);
    command.tokens.emplace_back(std::uint8_t{1}, std::to_string(pick(4)));
    const auto answer = both([&](ports::Store& store) { return store.accept(command); });
    if (answer->result == ports::Accepted::accepted) {
        letters.push_back(command);
        deliveries.push_back(command.delivery.id);
        owners.push_back(command.tenant);
    }
}

void Pair::claim_some() {
    auto command = chance(60) ? claim(1 + pick(4)) : claim_receipts(1 + pick(4));
    command.lane = chance(15) ? ports::Lane::choices : command.lane;
    if (chance(20)) {
        command.excluded = {chance(50) ? altinn : svarut};
    }
    const auto due =
        both([&](ports::Store& store) { return store.next_due(command.lane, command.excluded); });
    auto expected = run(io_, model_->claim(command));
    const auto got = run(io_, real_->claim(command));
    REQUIRE(got->size() == expected->size());
    if (due->has_value() && **due <= command.now) {
        REQUIRE_FALSE(got->empty());   // what is said to be due can be claimed
    }
    for (std::size_t i = 0; i < got->size(); ++i) {
        REQUIRE(say(got->at(i).row) == say(expected->at(i).row));
        REQUIRE(got->at(i).fence == expected->at(i).fence);
        REQUIRE(got->at(i).was_interrupted == expected->at(i).was_interrupted);
        held.push_back(expected->at(i));
    }
}

void Pair::go_on() {
    if (held.empty()) {
        return;
    }
    const auto at = pick(held.size());
    const auto item = held[at];
    const auto choice = pick(10);
    if (choice < 4) {
        auto command = begin(item);
        command.counts = chance(80);
        both([&](ports::Store& store) { return store.begin_attempt(command); });
    } else if (choice == 4) {
        const auto until = now() + std::chrono::seconds(pick(60));
        both([&](ports::Store& store) { return store.extend(key_of(item), item.fence, until); });
    } else if (choice == 5) {
        const auto progress = events("progress");
        both([&](ports::Store& store) {
            return store.remember(key_of(item), item.fence, "p", progress);
        });
    } else {
        const auto state = static_cast<DeliveryState>(1 + pick(10));
        auto command = finish(item, state, static_cast<Work>(1 + pick(5)));
        command.due =
            chance(80) ? std::optional(now() + std::chrono::seconds(pick(60))) : std::nullopt;
        command.overdue_at =
            chance(30) ? std::optional(now() + std::chrono::seconds(pick(90))) : std::nullopt;
        command.overdue_said = chance(10);
        command.cancel_answered = chance(30);
        command.failures = static_cast<int>(pick(3));
        if (chance(20)) {
            command.chosen.emplace();
            command.chosen->connection = chance(50) ? altinn : svarut;
            command.chosen->channel = chance(50) ? core::Channel::paper : core::Channel::portal;
            command.chosen->choice = "choice";
        }
        command.unread_at =
            chance(30) ? std::optional(now() + std::chrono::seconds(pick(90))) : std::nullopt;
        command.unread_settled = chance(20);
        command.take_over = sometimes_take_over(item.tenant);
        command.params.emplace_back("n", std::to_string(pick(9)));
        both([&](ports::Store& store) { return store.finish(command); });
        if (chance(80)) {
            held.erase(held.begin() + static_cast<std::ptrdiff_t>(at));
        }
    }
}

void Pair::wish() {
    if (letters.empty()) {
        return;
    }
    const auto at = pick(deliveries.size());
    const auto tenant = owners[at];
    const auto delivery = deliveries[at];
    const auto noted = events("wish");
    const auto choice = pick(4);
    if (choice == 0) {
        const auto command = cancel(letters[pick(letters.size())], chance(70));
        both([&](ports::Store& store) { return store.cancel(command); });
    } else if (choice == 1) {
        both([&](ports::Store& store) { return store.hold(tenant, delivery, now(), noted); });
    } else if (choice == 2) {
        both([&](ports::Store& store) { return store.release(tenant, delivery, now(), noted); });
    } else {
        auto command = retry(tenant, delivery);
        command.delivery.order_token = chance(60) ? "order " + std::to_string(pick(3)) : "";
        if (both([&](ports::Store& store) { return store.retry(command); })) {
            deliveries.push_back(command.delivery.id);
            owners.push_back(tenant);
        }
    }
}

void Pair::receive() {
    if (deliveries.empty()) {
        return;
    }
    const auto at = pick(deliveries.size());
    auto command = receipt(ports::DeliveryKey(owners[at], deliveries[at]), std::to_string(pick(6)),
                           static_cast<DeliveryState>(4 + pick(4)));
    command.cause = chance(20) ? core::FailureCause::returned : core::FailureCause::none;
    command.unread_at =
        chance(30) ? std::optional(now() + std::chrono::seconds(pick(90))) : std::nullopt;
    command.take_over = sometimes_take_over(command.key.tenant);
    if (!held.empty() && chance(20)) {
        command.fence = held[pick(held.size())].fence;
    }
    both([&](ports::Store& store) { return store.apply_receipt(command); });
}

void Pair::step() {
    const auto choice = pick(100);
    if (choice < 25) {
        accept_one();
    } else if (choice < 45) {
        claim_some();
    } else if (choice < 75) {
        go_on();
    } else if (choice < 85) {
        wish();
    } else if (choice < 92) {
        receive();
    } else {
        clock.advance(std::chrono::seconds(pick(40)));
    }
}

void Pair::compare() {
    for (const auto& letter : letters) {
        const auto expected = run(io_, model_->get(letter.tenant, letter.message));
        const auto got = run(io_, real_->get(letter.tenant, letter.message));
        REQUIRE(say(**got) == say(**expected));
    }
    for (const auto& tenant : {oslo, bergen}) {
        ports::EventQuery query;
        query.tenant = tenant;
        query.limit = 10'000;
        const auto expected = run(io_, model_->events_after(query));
        const auto got = run(io_, real_->events_after(query));
        REQUIRE(got->items.size() == expected->items.size());
        for (std::size_t i = 0; i < got->items.size(); ++i) {
            REQUIRE(say(got->items[i]) == say(expected->items[i]));
        }
        ports::SearchQuery search;
        search.tenant = tenant;
        search.limit = 1 + pick(20);
        if (chance(60)) {
            search.state = static_cast<DeliveryState>(1 + pick(10));
        }
        if (chance(40)) {
            search.token = ports::SearchToken(1, std::to_string(pick(4)));
        }
        if (chance(40)) {
            search.connection = altinn;
        }
        const auto found = run(io_, model_->search(search));
        const auto got_found = run(io_, real_->search(search));
        REQUIRE(got_found->next == found->next);
        REQUIRE(got_found->items.size() == found->items.size());
        for (std::size_t i = 0; i < found->items.size(); ++i) {
            REQUIRE(say(got_found->items[i]) == say(found->items[i]));
        }
    }
    for (const auto& tenant : {oslo, bergen}) {
        ports::FlowQuery query;
        query.tenant = tenant;
        query.until = ports::flow_hour(now()) + 1;
        const auto expected = run(io_, ports::flow_store_of(*model_).flow_series(query));
        const auto got = run(io_, ports::flow_store_of(*real_).flow_series(query));
        REQUIRE(got->points == expected->points);
        REQUIRE(*run(io_, ports::flow_store_of(*real_).flow_ways(query)) ==
                *run(io_, ports::flow_store_of(*model_).flow_ways(query)));
    }
    const auto expected = run(io_, model_->counts());
    const auto got = run(io_, real_->counts());
    REQUIRE(*run(io_, model_->message_counts(std::nullopt)) ==
            *run(io_, real_->message_counts(std::nullopt)));
    REQUIRE(got->deliveries == expected->deliveries);
    REQUIRE(got->oldest_waiting == expected->oldest_waiting);
    REQUIRE(got->events == expected->events);
    REQUIRE(run(io_, real_->verify())->empty());
}

}   // namespace

TEST_CASE("store: both stores say the same to any sequence of commands", "[contract]") {
    constexpr std::uint64_t seeds = 30;
    constexpr int steps = 400;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO("seed " << seed);
        Pair pair(seed);
        for (int i = 0; i < steps; ++i) {
            INFO("step " << i);
            pair.step();
        }
        pair.compare();
    }
}
