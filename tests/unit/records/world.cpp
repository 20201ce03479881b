#include "world.hpp"

namespace tests::records {

namespace {

core::PurposeConfig purpose(const char* id, bool graded) {
    core::PurposeConfig made;
    made.id = core::PurposeId(id);
    made.name = id;
    made.legal_basis = "barnehageloven § 16";
    made.datasets["person"] = {"names", "addresses.residence"};
    made.graded_addresses = graded;
    return made;
}

}   // namespace

sdk::Task<sdk::RegisterAnswer> Register::look_up(sdk::RegisterQuery query, sdk::Deadline) {
    asked.push_back(query);
    if (hangs) {
        co_await clock_.sleep_until(clock_.steady() + std::chrono::minutes(1));
    }
    sdk::RegisterAnswer answer;
    answer.failure = failure;
    for (const auto& key : query.keys) {
        if (failure) {
            break;
        }
        sdk::RegisterEntry entry;
        entry.key = answers_about.empty() ? key : answers_about;
        if (const auto known = persons.find(key); known != persons.end()) {
            entry.value = known->second;
        }
        entry.fetched_at = clock_.now();
        entry.valid_until = clock_.now() + std::chrono::hours(24);
        answer.entries.push_back(std::move(entry));
    }
    co_return answer;
}

World::World(ports::RecordStore* store) : kept_in(store == nullptr ? shelf : *store) {
    for (const auto& id : {oslo, bergen}) {
        core::TenantConfig tenant;
        tenant.id = id;
        for (const auto& one : {purpose("opptak", false), purpose("barnevern", true)}) {
            tenant.purposes.emplace(one.id, one);
        }
        configuration->tenants.emplace(id, tenant);
        std::array<std::uint8_t, 32> key{};
        ids->random(key);
        const crypto::SecretKey secret(key);
        vaults.put(id, std::make_shared<const crypto::Vault>(secret));
    }
    core::DatasetConfig places;
    places.id = "plass";
    places.owner = core::SystemId("barnehage");
    places.schema = R"({"type":"object","additionalProperties":false,"required":["navn"],)"
                    R"("properties":{"navn":{"type":"string"},"plasser":{"type":"integer"}}})";
    auto& own = tenant(oslo);
    own.datasets.emplace("plass", places);
    own.purposes.at(core::PurposeId("opptak")).datasets["plass"] = {"navn"};
    configuration->records.synthetic_ids = true;
    freg.persons[kari] = person(kari);
    freg.persons[ola] = person(ola);
    service = std::make_unique<gateway::records::Service>(parts(), io.get_executor());
}

gateway::records::ServiceParts World::parts() {
    return {kept_in, *this, *this, vaults, clock, *ids, diary, metrics, &prepared};
}

World::~World() {
    run(io, service->stop());
}

json::Value World::person(const std::string& key, const char* protection) {
    auto names = json::Value::object();
    names.set("first", "Kari").set("last", "Nordmann");
    auto residence = json::Value::object();
    residence.set("city", "OSLO").set("graded", std::string(protection) != "none");
    auto addresses = json::Value::object();
    addresses.set("residence", std::move(residence));
    auto ids_of = json::Value::object();
    ids_of.set("current", key).set("former", json::Value::array());
    auto value = json::Value::object();
    value.set("names", std::move(names))
        .set("addresses", std::move(addresses))
        .set("birthDate", "1991-05-17")
        .set("nationalIds", std::move(ids_of))
        .set("protection", protection);
    return value;
}

ports::RecordAsker World::asker(std::set<std::string> grants, std::string purpose,
                                const core::TenantId& tenant) const {
    ports::RecordAsker made;
    made.caller.tenant = tenant;
    made.caller.system = core::SystemId("barnehage");
    made.caller.grants = std::move(grants);
    made.purpose = std::move(purpose);
    made.actor = "saksbehandler-7";
    made.case_reference = "2026/17";
    return made;
}

ports::RecordLookUp World::question(const char* person) const {
    ports::RecordLookUp made;
    made.asker = asker({"read:person:opptak"});
    made.dataset = "person";
    made.keys = {person};
    return made;
}

ports::LookUpAnswer World::ask(ports::RecordLookUp asked) {
    return run(io, service->look_up(std::move(asked)));
}

ports::PublishAnswer World::publish(ports::PublishCommand command) {
    return run(io, service->publish(std::move(command)));
}

}   // namespace tests::records
