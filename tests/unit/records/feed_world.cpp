#include "feed_world.hpp"

#include "gateway/records/feed_rules.hpp"
#include "gateway/records/national_id.hpp"
#include "gateway/records/sealing.hpp"

namespace tests::records {

sdk::Task<sdk::ChangePage> Changing::changes(ports::FeedPlace, std::string cursor, sdk::Deadline) {
    asked.push_back(cursor);
    if (silent != nullptr) {
        co_await silent->sleep_until(silent->steady() + std::chrono::hours(1000));
    }
    sdk::ChangePage page;
    if (forgetful) {
        co_return page;
    }
    page.failure = failure;
    if (failure) {
        co_return page;
    }
    if (broken && !cursor.empty()) {
        page.failure.emplace();
        page.failure->code = "register.cursor_unreadable";
        page.failure->passing = false;
        page.broken = true;
        co_return page;
    }
    if (cursor.empty()) {
        page.cursor = std::to_string(all.size());
        co_return page;
    }
    const auto from = std::stoul(cursor);
    const auto until = std::min(all.size(), from + page_max);
    page.changes.assign(all.begin() + static_cast<std::ptrdiff_t>(from),
                        all.begin() + static_cast<std::ptrdiff_t>(until));
    page.cursor = std::to_string(until);
    page.more = until > from;
    if (before_answer) {
        before_answer();
    }
    co_return page;
}

sdk::Task<sdk::LoadAnswer> Changing::load(ports::FeedPlace, sdk::RegisterIntake& into) {
    sdk::LoadAnswer answer;
    const auto kept = co_await into.put("organisation", dump);
    answer.entries = dump.size();
    into.progress(dump.size(), dump.size());
    answer.cursor = dump_cursor;
    answer.failure = load_failure;
    if (!kept) {
        answer.failure.emplace();
        answer.failure->code = "register.not_stored";
    }
    co_return answer;
}

void Changing::say(const ports::FeedPlace&, std::optional<ports::FeedTrouble> what) {
    trouble = std::move(what);
    ++said;
}

sdk::Change& Changing::add(const std::string& key, const char* event, const char* dataset) {
    sdk::Change change;
    change.id = "change-" + std::to_string(all.size());
    change.dataset = dataset;
    change.key = key;
    if (*event != '\0') {
        change.events = {event};
    }
    change.at = *core::parse_rfc3339("2026-01-15T11:00:00.000Z");
    all.push_back(std::move(change));
    return all.back();
}

std::string purpose_of(const core::SystemId& system) {
    return system == barnehage ? "opptak" : system == skatt ? "skatteoppgjør" : "journal";
}

FeedWorld::FeedWorld() {
    for (const auto& id : {oslo, bergen}) {
        core::TenantConfig tenant;
        tenant.id = id;
        for (const auto& who : {barnehage, skatt, helse}) {
            core::PurposeConfig purpose;
            purpose.id = core::PurposeId(purpose_of(who));
            purpose.datasets["person"] = {"names", "addresses.residence", "family"};
            purpose.datasets["organisation"] = {"name", "status"};
            purpose.graded_addresses = true;
            if (who != helse) {
                purpose.events = {"person.moved", "person.died", "person.born",
                                  "organisation.changed"};
            }
            core::SystemConfig system;
            system.id = who;
            system.grants = {"read:person:" + purpose.id.value,
                             "read:organisation:" + purpose.id.value};
            tenant.purposes.emplace(purpose.id, purpose);
            tenant.systems.emplace(who, system);
        }
        configuration->tenants.emplace(id, tenant);
        std::array<std::uint8_t, 32> key{};
        ids->random(key);
        const crypto::SecretKey secret(key);
        vaults.put(id, std::make_shared<const crypto::Vault>(secret));
    }
    configuration->records.synthetic_ids = true;
    const gateway::records::ServiceParts parts{
        store->records(), *this, *this, vaults, clock, *ids, diary, metrics};
    service = std::make_unique<gateway::records::Service>(parts, io.get_executor());
    start();
}

FeedWorld::~FeedWorld() {
    stop();
    run(io, service->stop());
}

void FeedWorld::start() {
    const gateway::records::FollowerParts parts{
        store->records(),  feed, *this, *this, vaults, clock, *ids, diary, metrics,
        service->touches()};
    follower = std::make_unique<gateway::records::FeedFollower>(parts, io.get_executor());
    follower->start();
    pass(std::chrono::seconds(1));   // later than what it noted
}

void FeedWorld::stop() {
    if (follower) {
        run(io, follower->stop());
        follower.reset();
    }
}

void FeedWorld::pass(core::Duration time) {
    const auto until = clock.steady() + time;
    run_until(
        io, clock, [] { return false; }, time);
    if (clock.steady() < until) {
        clock.advance(std::chrono::ceil<core::Duration>(until - clock.steady()));
        run_until(
            io, clock, [] { return false; }, core::Duration(0));
    }
}

ports::FoundRecord FeedWorld::look_up(const std::string& person, const core::SystemId& system,
                                      const core::TenantId& of) {
    if (!freg.persons.contains(person)) {
        freg.persons[person] = World::person(person);
    }
    ports::RecordLookUp question;
    question.asker.caller.tenant = of;
    question.asker.caller.system = system;
    question.asker.caller.grants = tenant(of).systems.at(system).grants;
    question.asker.purpose = purpose_of(system);
    question.dataset = "person";
    question.keys = {person};
    auto answer = run(io, service->look_up(std::move(question)));
    REQUIRE_FALSE(answer.refusal);
    REQUIRE(answer.records.size() == 1);
    return answer.records.front();
}

bool FeedWorld::knows(const std::string& person, const core::TenantId& of) {
    constexpr auto kind = core::RecordKeyKind::person;
    const auto token = gateway::records::key_token(*vaults.find(of), kind, person);
    return run(io, store->records().find_subject_by_token(of, kind, token))->has_value();
}

std::vector<ports::StoredEvent> FeedWorld::told(const core::SystemId& system,
                                                const core::TenantId& of) {
    ports::EventQuery query;
    query.tenant = of;
    query.system = system;
    query.limit = 100'000;
    return run(io, store->events_after(std::move(query)))->items;
}

std::vector<ports::LogEntry> FeedWorld::log(const core::TenantId& of) {
    ports::LogQuery query;
    query.tenant = of;
    query.limit = 1'000'000;
    return *run(io, store->records().read_log(std::move(query)));
}

std::string FeedWorld::cursor() {
    const auto kept = run(io, store->records().feed_cursor(freg_id, oslo))->cursor;
    return gateway::records::split_cursor(kept).second;
}

json::Value child_of(const std::string& key, const std::string& parent) {
    auto value = World::person(key);
    auto one = json::Value::object();
    one.set("nationalId", parent).set("role", "mother");
    auto parents = json::Value::array();
    parents.push(std::move(one));
    auto family = json::Value::object();
    family.set("parents", std::move(parents));
    value.set("family", std::move(family));
    return value;
}

namespace {

std::string digits(int number, std::size_t width) {
    auto text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

}   // namespace

std::vector<std::string> persons(std::size_t count) {
    constexpr std::array<int, 9> first{3, 7, 6, 1, 8, 9, 4, 5, 2};
    constexpr std::array<int, 10> second{5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    std::vector<std::string> all;
    for (int day = 1; day <= 28 && all.size() < count; ++day) {
        for (int number = 0; number < 1000 * 12 && all.size() < count; ++number) {
            // Months of synthetic persons are 80 higher.
            std::string id =
                digits(day, 2) + digits(81 + number / 1000, 2) + "90" + digits(number % 1000, 3);
            int sum = 0;
            for (std::size_t i = 0; i < first.size(); ++i) {
                sum += (id[i] - '0') * first[i];
            }
            const int one = (11 - sum % 11) % 11;
            if (one == 10) {
                continue;
            }
            id += static_cast<char>('0' + one);
            sum = 0;
            for (std::size_t i = 0; i < second.size(); ++i) {
                sum += (id[i] - '0') * second[i];
            }
            const int two = (11 - sum % 11) % 11;
            if (two == 10) {
                continue;
            }
            id += static_cast<char>('0' + two);
            if (gateway::records::read_national_id(id,
                                                   gateway::records::NationalIdRules(true, true))) {
                all.push_back(id);
            }
        }
    }
    REQUIRE(all.size() == count);
    return all;
}

}   // namespace tests::records
