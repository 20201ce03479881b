// Random commands against a plain model of records, subjects, feeds and the log: whatever is kept,
// held, outdated, erased or read, both agree.

#include "record_commands.hpp"

#include <map>
#include <random>
#include <set>

using namespace tests;

namespace {

using Key = std::pair<std::size_t, std::string>;   // whose, dataset

struct Person {
    core::Uuid handle;
    bool forgotten = false;
    bool held = false;
};

struct Record {
    std::uint64_t version = 0;
    bool live = false;
    std::string value;
    std::size_t order = 0;   // of its last change
    core::Time valid_until{};
};

struct Model {
    std::vector<Person> people;
    std::map<std::string, std::size_t> known;   // by name; the newest of that name
    std::map<Key, Record> records;
    std::size_t orders = 0;
    std::uint64_t cursor = 0;
    std::set<std::string> told;
    std::size_t log = 0;

    std::uint64_t standing(const Key& key) {
        const auto& record = records[key];
        return record.live ? record.version : 0;
    }
    void write(const Key& key, const std::string& value, core::Time valid_until) {
        auto& record = records[key];
        ++record.version;
        record.live = true;
        record.value = value;
        record.order = ++orders;
        record.valid_until = valid_until;
    }
    void remove(const Key& key) {
        auto& record = records[key];
        if (record.live) {
            ++record.version;
            record.live = false;
            record.order = ++orders;
        }
    }
};

template <class Kind>
class Player {
public:
    explicit Player(unsigned seed) : random_(seed) {}

    void step() {
        switch (up_to(9)) {
        case 0: meet(); break;
        case 1:
        case 2:
        case 3: keep(); break;
        case 4: hold(); break;
        case 5: advance(); break;
        case 6: erase(); break;
        case 7: read(); break;
        default: world_.clock.advance(std::chrono::seconds(up_to(100))); break;
        }
    }

    void compare() {
        std::map<std::size_t, Key> in_order;
        for (const auto& [key, record] : model_.records) {
            if (record.version == 0) {
                continue;
            }
            const auto found = world_.find(model_.people[key.first].handle, key.second);
            REQUIRE(found.has_value() == record.live);
            if (found) {
                REQUIRE(found->version == record.version);
                REQUIRE(found->sealed_value == "sealed " + record.value);
                REQUIRE(found->wrapped_key == "record key of " + record.value);
                REQUIRE(found->valid_until == record.valid_until);
            }
            if (key.second == "person") {
                in_order[record.order] = key;
            }
        }
        const auto changes = world_.changes(0, 10'000);
        REQUIRE(changes.size() == in_order.size());
        std::size_t at = 0;
        for (const auto& [order, key] : in_order) {
            REQUIRE(changes[at].subject == model_.people[key.first].handle);
            REQUIRE(changes[at].removed != model_.records[key].live);
            REQUIRE(changes[at].version == model_.records[key].version);
            ++at;
        }
        const auto log = world_.log();
        REQUIRE(log.size() == model_.log);
        REQUIRE(first_broken(oslo, log) == 0);
        REQUIRE(*world_.run(world_.store->last_position()) == model_.told.size());
        world_.check_sound();
    }
    void restart() { world_.restart(); }

private:
    std::size_t up_to(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }
    std::string dataset() { return std::vector<std::string>{"person", "contact"}[up_to(2)]; }
    std::vector<ports::NewLogEntry> log(std::size_t count) {
        return std::vector<ports::NewLogEntry>(count, entry_of(world_));
    }
    bool is_open(std::size_t who) const { return !model_.people[who].forgotten; }

    void meet() {
        const auto name = "person " + std::to_string(up_to(6));
        const auto handle = world_.known(name);
        const auto there = model_.known.find(name);
        if (there != model_.known.end()) {
            REQUIRE(handle == model_.people[there->second].handle);
            return;
        }
        model_.known[name] = model_.people.size();
        model_.people.push_back({handle, false, false});
    }
    ports::RecordWrite a_write(const Key& key) {
        std::optional<std::uint64_t> expected;
        if (up_to(2) == 0) {
            expected = up_to(4) == 0 ? up_to(5) : model_.standing(key);
        }
        const auto value = std::to_string(++values_);
        auto write = write_of(world_, model_.people[key.first].handle, value, expected, key.second);
        return write;
    }
    void keep() {
        if (model_.people.empty()) {
            return;
        }
        std::vector<ports::RecordWrite> writes;
        std::vector<Key> keys;
        for (std::size_t count = 1 + up_to(3); count > 0; --count) {
            keys.emplace_back(up_to(model_.people.size()), dataset());
            writes.push_back(a_write(keys.back()));
        }
        const auto entries = up_to(3);
        const auto answer = world_.run(world_.records().keep(oslo, writes, log(entries)));
        auto next = model_;
        for (std::size_t at = 0; at < keys.size(); ++at) {
            if (!is_open(keys[at].first)) {
                REQUIRE(answer.has_error());
                REQUIRE(answer.error().is(Errc::not_found));
                return;
            }
            if (writes[at].expected && *writes[at].expected != next.standing(keys[at])) {
                REQUIRE(answer.has_value());
                REQUIRE(answer->conflict == std::optional(at));
                return;
            }
            next.write(keys[at], writes[at].row.sealed_value.substr(7), writes[at].row.valid_until);
        }
        REQUIRE(answer.has_value());
        REQUIRE_FALSE(answer->conflict.has_value());
        REQUIRE(answer->versions.size() == keys.size());
        REQUIRE(answer->versions.back() == next.records[keys.back()].version);
        next.log += entries;
        model_ = std::move(next);
    }
    void hold() {
        if (model_.people.empty()) {
            return;
        }
        const auto who = up_to(model_.people.size());
        const bool held = up_to(3) == 0;
        const auto done = world_.run(
            world_.records().hold_subject(oslo, model_.people[who].handle, held, log(1)));
        REQUIRE(done.has_value() == is_open(who));
        if (done) {
            model_.people[who].held = held;
            ++model_.log;
        }
    }
    void advance() {
        if (model_.people.empty()) {
            return;
        }
        ports::FeedStep step;
        step.connection = brreg;
        step.tenant = oslo;
        step.expected = up_to(5) == 0 ? model_.cursor + 1 : model_.cursor;
        step.cursor = std::to_string(step.expected);
        step.at = world_.now();
        const Key outdated(up_to(model_.people.size()), dataset());
        step.outdated.emplace_back(model_.people[outdated.first].handle, outdated.second);
        ports::FeedStep::Telling telling;
        const auto whom = up_to(model_.people.size());
        telling.system = visma;
        telling.subject = model_.people[whom].handle;
        telling.dedupe_id = std::to_string(up_to(20));
        telling.event = world_.event("person.moved");
        step.events.push_back(telling);
        step.log = log(1);
        const auto done = world_.run(world_.records().advance_feed(step));
        REQUIRE(done.has_value() == (step.expected == model_.cursor && is_open(whom)));
        if (done) {
            ++model_.cursor;
            ++model_.log;
            model_.told.insert(telling.dedupe_id);
            if (auto& record = model_.records[outdated]; record.live) {
                ++record.version;
                record.valid_until =
                    std::min(record.valid_until - std::chrono::microseconds(1), step.at);
            }
        }
    }
    void erase() {
        if (model_.people.empty()) {
            return;
        }
        ports::EraseCommand command;
        command.tenant = oslo;
        command.at = world_.now() + 24h * 366;   // whatever was written is due then
        command.log = log(1);
        const Key one(up_to(model_.people.size()), dataset());
        command.records.emplace_back(model_.people[one.first].handle, one.second);
        const bool whole = up_to(3) == 0;
        const auto who = up_to(model_.people.size());
        if (whole) {
            command.subject = model_.people[who].handle;
        }
        const auto done = world_.run(world_.records().erase(command));
        REQUIRE(done.has_value() ==
                (!model_.people[one.first].held && !(whole && model_.people[who].held)));
        if (!done) {
            return;
        }
        ++model_.log;
        model_.remove(one);
        if (whole) {
            model_.remove({who, "contact"});
            model_.remove({who, "person"});
            model_.people[who].forgotten = true;
            std::erase_if(model_.known, [who](const auto& known) { return known.second == who; });
        }
    }
    void read() {
        const auto count = 1 + up_to(4);
        const auto head = world_.run(world_.records().write_log(oslo, log(count)));
        REQUIRE(head.has_value());
        model_.log += count;
        REQUIRE(head->number == model_.log);
    }

    std::mt19937 random_;
    RecordWorld<Kind> world_;
    Model model_;
    std::uint64_t values_ = 0;
};

}   // namespace

TEMPLATE_TEST_CASE("records: they are what a plain model says, whatever is asked", "[contract]",
                   InMemory, InSqlite) {
    const auto seed = GENERATE(range(1U, 9U)) + Catch::rngSeed();
    INFO("seed " << seed);
    Player<TestType> player(seed);
    for (int step = 0; step < 400; ++step) {
        player.step();
        if (step % 40 == 39) {
            player.compare();
        }
        if (step == 200) {
            player.restart();
        }
    }
    player.compare();
}
