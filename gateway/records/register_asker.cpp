#include "gateway/records/register_asker.hpp"

#include "gateway/records/register_answers.hpp"
#include "gateway/records/renewing.hpp"
#include "gateway/records/sealing.hpp"
#include "gateway/records/succession.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/strand.hpp>

#include <algorithm>

namespace gateway::records {
namespace {

// Keys that are being fetched at the same time; more wait with their callers.
constexpr std::size_t keys_in_flight_max = 20'000;
constexpr std::size_t pauses_max = 10'000;
// A register that does not keep the time it was given.
constexpr std::chrono::seconds grace{2};
// Keeping what came, after the register has answered.
constexpr std::chrono::seconds keeping_max{10};
constexpr int keep_tries_max = 4;
constexpr std::size_t record_bytes_max = 256U * 1024U;

std::string place_of(const Fetch& how) {
    return how.tenant.value + "/" + how.dataset.id + "/" + how.purpose.value;
}

std::string flight_key(const Fetch& how, const Wanted& wanted) {
    std::string key = place_of(how) + "/";
    for (const auto& field : how.fields) {
        key += field + ",";
    }
    return key + wanted.handle.to_bytes();
}

sdk::Task<core::Result<sdk::RegisterAnswer>>
ask_register(sdk::Registers& registers, sdk::RegisterQuery query, sdk::Deadline deadline) {
    co_return co_await registers.look_up(std::move(query), deadline);
}

}   // namespace

struct RegisterAsker::Flight {
    Fetch how;
    std::vector<Wanted> wanted;
    std::vector<std::string> places;   // in flights_
    runtime::Signal landed;
    // Written before it has landed, read after.
    std::map<core::Uuid, ports::RecordRow> rows;
    std::map<core::Uuid, HeldRecord> records;
    std::map<core::Uuid, ports::Refusal> failures;
    std::optional<std::chrono::seconds> retry_after;
    core::SteadyTime asked_at{};   // the register
};

/// Wakes all who wait, however the flight ended; what it did not come to has failed.
class RegisterAsker::Landing {
public:
    Landing(RegisterAsker& owner, std::shared_ptr<Flight> flight)
        : owner_(owner), flight_(std::move(flight)) {}
    Landing(const Landing&) = delete;
    Landing& operator=(const Landing&) = delete;
    ~Landing() {
        for (const auto& one : flight_->wanted) {
            if (!flight_->records.contains(one.handle)) {
                flight_->failures.emplace(one.handle, ports::Refusal("service.draining"));
            }
        }
        {
            const std::lock_guard lock(owner_.mutex_);
            for (const auto& place : flight_->places) {
                owner_.flights_.erase(place);
            }
        }
        flight_->landed.notify();
    }

private:
    RegisterAsker& owner_;
    std::shared_ptr<Flight> flight_;
};

RegisterAsker::RegisterAsker(AskerParts parts, boost::asio::any_io_executor executor)
    : parts_(parts), executor_(std::move(executor)), group_(executor_) {}

RegisterAsker::~RegisterAsker() = default;

sdk::Task<void> RegisterAsker::stop() {
    co_await group_.stop();
}

bool RegisterAsker::is_paused(const Fetch& how, FetchAnswer& answer) {
    const auto now = parts_.clock.steady();
    const auto found = pauses_.find(place_of(how));
    if (found == pauses_.end()) {
        return false;
    }
    if (found->second.until <= now) {
        pauses_.erase(found);
        return false;
    }
    const auto left = std::chrono::ceil<std::chrono::seconds>(found->second.until - now);
    answer.retry_after = left;
    for (auto& one : answer.records) {
        one.failure = found->second.failure;
    }
    return true;
}

/// The flight of each that is wanted; a new one for those that nobody fetches. Empty: the answer is
/// there already.
std::vector<std::shared_ptr<RegisterAsker::Flight>>
RegisterAsker::board(const Fetch& how, const std::vector<Wanted>& wanted, FetchAnswer& answer) {
    std::vector<std::shared_ptr<Flight>> flights;
    std::shared_ptr<Flight> own;
    {
        const std::lock_guard lock(mutex_);
        if (is_paused(how, answer)) {
            return {};
        }
        if (flights_.size() + wanted.size() > keys_in_flight_max) {
            for (auto& one : answer.records) {
                one.failure = ports::Refusal("service.overloaded");
            }
            return {};
        }
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const auto place = flight_key(how, wanted[i]);
            const auto found = flights_.find(place);
            if (found != flights_.end()) {
                answer.records[i].shared = found->second != own;
                flights.push_back(found->second);
                continue;
            }
            if (!own) {
                own = std::make_shared<Flight>();   // its last waiter is nobody known
                own->how = how;
            }
            own->wanted.push_back(wanted[i]);
            own->places.push_back(place);
            flights_.emplace(place, own);
            flights.push_back(own);
        }
    }
    if (own && !group_.spawn_on(boost::asio::make_strand(executor_), fly(own))) {
        const Landing landing(*this, own);   // stopping: nobody is left waiting
    }
    return flights;
}

sdk::Task<FetchAnswer> RegisterAsker::fetch(Fetch how, std::vector<Wanted> wanted) {
    FetchAnswer answer;
    answer.records.resize(wanted.size());
    const auto deadline = parts_.clock.in(how.time_max + grace + keeping_max);
    const auto flights = board(how, wanted, answer);
    for (std::size_t i = 0; i < flights.size(); ++i) {
        auto& one = answer.records[i];
        const bool landed = co_await flights[i]->landed.wait(parts_.clock, 0, deadline);
        if (!landed) {
            one.failure = ports::Refusal("records.register_slow", {{"dataset", how.dataset.id}});
            continue;
        }
        const auto& flight = *flights[i];
        if (const auto record = flight.records.find(wanted[i].handle);
            record != flight.records.end()) {
            one.record = record->second;
            continue;
        }
        one.failure = flight.failures.at(wanted[i].handle);
        if (flight.retry_after) {
            answer.retry_after = flight.retry_after;
        }
    }
    co_return answer;
}

sdk::Task<void> RegisterAsker::fly(std::shared_ptr<Flight> flight) {
    const Landing landing(*this, flight);
    const auto held = co_await read(*flight);
    if (!held) {
        note_failure(*flight, flight->wanted, ports::Refusal("service.storage_failed"),
                     std::nullopt);
        co_return;
    }
    // Whoever asked may have looked before another flight landed.
    const auto now = fresh_until(parts_.clock.now(), flight->wanted.size());
    std::vector<Wanted> missing;
    for (const auto& one : flight->wanted) {
        const auto found = flight->records.find(one.handle);
        const bool fresh =
            found != flight->records.end() && holds(found->second, flight->how.dataset,
                                                    flight->how.fields, true, now) == Holds::fresh;
        if (!fresh) {
            missing.push_back(one);
        }
    }
    if (missing.empty()) {
        co_return;
    }
    co_await ask(*flight, std::move(missing));
}

/// What is held now, opened.
sdk::Task<core::Result<void>> RegisterAsker::read(Flight& flight) {
    std::vector<ports::RecordWish> wishes;
    for (const auto& one : flight.wanted) {
        wishes.emplace_back(one.handle, flight.how.dataset.id);
    }
    const auto rows = co_await parts_.store.records(flight.how.tenant, std::move(wishes));
    if (!rows) {
        co_return rows.error();
    }
    const auto vault = parts_.vaults.find(flight.how.tenant);
    if (vault == nullptr) {
        co_return core::Failure(core::Errc::unavailable, "no key");
    }
    flight.rows.clear();
    flight.records.clear();
    for (const auto& row : *rows) {
        if (!row) {
            continue;
        }
        auto opened = open_row(*vault, *row);
        if (!opened) {
            co_return opened.error();
        }
        flight.rows[row->subject] = *row;
        flight.records[row->subject] = std::move(*opened);
    }
    co_return core::Result<void>();
}

sdk::Task<void> RegisterAsker::ask(Flight& flight, std::vector<Wanted> missing) {
    const auto& how = flight.how;
    sdk::RegisterQuery query;
    query.tenant = how.tenant;
    query.dataset = how.dataset.id;
    query.purpose = how.purpose.value;
    query.fields.assign(how.fields.begin(), how.fields.end());
    for (const auto& one : missing) {
        query.keys.push_back(one.key);
        const auto held = flight.records.find(one.handle);
        if (held != flight.records.end()) {
            const auto& parts = held->second.parts;
            query.fresh =
                query.fresh || std::any_of(parts.begin(), parts.end(),
                                           [](const auto& part) { return part.outdated; });
            flight.records.erase(held);   // what is told is what comes
        }
    }
    const auto keys = query.keys;
    flight.asked_at = parts_.clock.steady();
    auto asked = ask_register(parts_.connections.registers(), std::move(query),
                              parts_.clock.in(how.time_max));
    const auto deadline = parts_.clock.in(how.time_max + grace);
    const auto answer = co_await runtime::with_deadline(parts_.clock, deadline, std::move(asked));
    if (answer.has_error()) {
        count_call(how, keys.size(), "slow");
        const ports::Refusal slow("records.register_slow", {{"dataset", how.dataset.id}});
        note_failure(flight, missing, slow, pause_after(sdk::RegisterFailure()));
        co_return;
    }
    if (answer->failure) {
        const bool called = answer->failure->code.value != "register.none";
        if (called) {
            count_call(how, keys.size(), "failed");
        }
        const auto pause = pause_after(*answer->failure);
        note_failure(flight, missing, refusal_of(how.dataset, *answer->failure),
                     called ? std::optional(pause) : std::nullopt);
        co_return;
    }
    if (const auto wrong = check_answer(how.dataset, keys, *answer)) {
        count_call(how, keys.size(), "wrong");
        parts_.log.write(sdk::Severity::error, "register_wrong_answer",
                         {{"tenant", how.tenant.value}, {"dataset", how.dataset.id}});
        note_failure(flight, missing, *wrong, pause_after(sdk::RegisterFailure()));
        co_return;
    }
    count_call(how, keys.size(), "answered");
    co_await keep(flight, missing, *answer);
}

/// Taken in over what is held; empty when one was written meanwhile and must be read anew.
std::vector<ports::RecordWrite> RegisterAsker::writes_of(Flight& flight,
                                                         const std::vector<Wanted>& asked,
                                                         const sdk::RegisterAnswer& answer) {
    const auto& how = flight.how;
    const auto vault = parts_.vaults.find(how.tenant);
    const auto now = parts_.clock.now();
    std::vector<ports::RecordWrite> writes;
    for (std::size_t i = 0; vault != nullptr && i < asked.size(); ++i) {
        const auto& entry = answer.entries[i];
        auto& record = flight.records[asked[i].handle];
        const bool outdated = parts_.touches.touched_since(asked[i].handle, flight.asked_at);
        if (entry.value.is_null()) {
            take_in_absence(record, now, outdated ? now : absent_until(how.dataset, entry, now));
        } else {
            auto part = part_of(how.dataset, how.fields, entry, now);
            part.outdated = outdated;
            take_in(record, std::move(part), now);
        }
        ports::RecordWrite write;
        const auto before = flight.rows.find(asked[i].handle);
        if (before != flight.rows.end()) {
            write.row = before->second;
        }
        write.expected = write.row.version;
        auto& row = write.row;
        row.subject = asked[i].handle;
        row.dataset = how.dataset.id;
        row.source = how.dataset.register_name;
        row.written_at = now;
        row.fields = field_list(record);
        row.purposes = with_purpose(row.purposes, how.purpose.value);
        row.erase_at = std::max(row.erase_at.value_or(core::Time{}), now + how.retention);
        set_times(row, record);
        seal_row(*vault, parts_.ids, row, record);
        if (row.sealed_value.size() > record_bytes_max) {
            flight.records.erase(asked[i].handle);
            flight.failures.emplace(asked[i].handle, ports::Refusal("records.too_large"));
            continue;
        }
        writes.push_back(std::move(write));
    }
    return writes;
}

/// Before anything of it is kept: who is told of it next is told of the link, too.
sdk::Task<core::Result<void>> RegisterAsker::link(const Flight& flight,
                                                  const std::vector<Wanted>& asked,
                                                  const sdk::RegisterAnswer& answer) {
    const auto vault = parts_.vaults.find(flight.how.tenant);
    if (flight.how.dataset.key != core::RecordKeyKind::person || vault == nullptr) {
        co_return core::Result<void>();
    }
    for (std::size_t i = 0; i < asked.size(); ++i) {
        auto said = read_national_ids(answer.entries[i].value["nationalIds"]);
        if (said.current == asked[i].key && said.former.empty()) {
            continue;
        }
        const SuccessionParts with(parts_.store, *vault, parts_.ids, flight.how.tenant,
                                   parts_.clock.now());
        const auto linked =
            co_await note_succession(with, asked[i].handle, asked[i].key, std::move(said));
        if (!linked) {
            co_return linked.error();
        }
    }
    co_return core::Result<void>();
}

sdk::Task<void> RegisterAsker::keep(Flight& flight, const std::vector<Wanted>& asked,
                                    const sdk::RegisterAnswer& answer) {
    const auto linked = co_await link(flight, asked, answer);
    for (int tries = 0; linked && tries < keep_tries_max; ++tries) {
        // Read anew: another purpose's flight, a correction or a feed may have been there.
        const auto held = co_await read(flight);
        if (!held) {
            break;
        }
        auto writes = writes_of(flight, asked, answer);
        std::vector<core::Uuid> handles;
        for (const auto& write : writes) {
            handles.push_back(write.row.subject);
        }
        std::vector<ports::NewLogEntry> nothing;
        const auto kept =
            co_await parts_.store.keep(flight.how.tenant, std::move(writes), std::move(nothing));
        if (!kept) {
            break;
        }
        if (!kept->conflict) {
            for (std::size_t i = 0; i < handles.size() && i < kept->versions.size(); ++i) {
                flight.records[handles[i]].version = kept->versions[i];
            }
            co_return;
        }
    }
    note_failure(flight, asked, ports::Refusal("service.storage_failed"), std::nullopt);
}

void RegisterAsker::note_failure(Flight& flight, const std::vector<Wanted>& asked,
                                 const ports::Refusal& failure,
                                 std::optional<std::chrono::seconds> pause) {
    for (const auto& one : asked) {
        flight.records.erase(one.handle);
        flight.failures.insert_or_assign(one.handle, failure);
    }
    if (!pause) {
        return;
    }
    flight.retry_after = pause;
    const std::lock_guard lock(mutex_);
    if (pauses_.size() >= pauses_max) {
        pauses_.clear();
    }
    auto& standing = pauses_[place_of(flight.how)];
    standing.until = parts_.clock.steady() + *pause;
    standing.failure = failure;
}

void RegisterAsker::count_call(const Fetch& how, std::size_t keys, const char* result) {
    const core::Params labels{
        {"tenant", how.tenant.value}, {"dataset", how.dataset.id}, {"result", result}};
    parts_.metrics.count("sluse_records_register_calls_total", labels, 1);
    parts_.metrics.count("sluse_records_register_keys_total", labels, keys);
}

}   // namespace gateway::records
