// Purposes, own datasets and the grants that name them: what is read, and each mistake.

#include "tests/unit/config/config_folder.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

constexpr const char* tenant_file = "tenants/310001007.toml";

constexpr const char* purposes = R"(
[system.oppvekst]
grants = ["read:person:opptak", "read:plass:opptak", "publish:plass"]

[purpose.opptak]
name = "Opptak i barnehage"
legal_basis = "barnehageloven § 16"
graded_addresses = true
events = ["person.moved"]
retention_days = 30

[purpose.opptak.datasets]
person = ["names", "addresses.residence"]
plass = ["barnehage"]

[dataset.plass]
name = "Barnehageplasser"
owner = "oppvekst"
key = "person"
legal_basis = "barnehageloven § 8"
sensitive = true
valid_hours = 48
retention_days = 100
schema = '''{"type": "object", "additionalProperties": false,
 "properties": {"barnehage": {"type": "string"}, "periode": {"properties": {"fra": {}}}}}'''
)";

app::ConfigFiles with(std::string text) {
    auto files = tests::right_files();
    files.at(tenant_file) += text;
    return files;
}

app::ConfigFiles instead(std::string_view from, std::string_view to) {
    std::string text = purposes;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    return with(text);
}

/// An adapter with roles, as a register that binds its answers to a purpose has them.
app::LoadOptions options_with_roles() {
    static sdk::Descriptor roles = [] {
        sdk::Descriptor descriptor = *tests::find_adapter("krr");
        descriptor.name = "roles";
        descriptor.config_schema =
            R"({"type":"object","x-purposes":["roles"],"properties":{"roles":{"type":"object"}}})";
        descriptor.datasets = nullptr;
        return descriptor;
    }();
    auto options = tests::load_options();
    options.adapters.push_back("roles");
    options.find_adapter = [](std::string_view name) {
        return name == "roles" ? &roles : tests::find_adapter(name);
    };
    return options;
}

std::vector<std::string> mistakes_with_roles(const std::string& connections) {
    auto files = with(purposes);
    files.at(tenant_file) += "\n[purpose.skole]\nlegal_basis = \"opplæringsloven § 2-1\"\n"
                             "datasets = { person = [\"names\"] }\n" +
                             connections;
    std::vector<std::string> lines;
    for (const auto& mistake : app::load_configuration(files, options_with_roles()).mistakes) {
        lines.push_back(app::to_line(mistake, texts::Language::en));
    }
    return lines;
}

}   // namespace

TEST_CASE("config: purposes, own datasets and [records] are what the steps read") {
    auto files = with(purposes);
    files.at("sluse.toml") +=
        "\n[records]\ncheckpoint_folder = \"heads\"\ncheckpoint_syslog = true\n"
        "checkpoint_minutes = 5\nlook_up_seconds_max = 7\nkeys_max = 10\n"
        "relaxed_first_control_digit = false\nsynthetic_ids = true\n";
    const auto loaded = app::load_configuration(files, tests::load_options());
    std::string all;
    for (const auto& mistake : loaded.mistakes) {
        all += app::to_line(mistake, texts::Language::en) + "\n";
    }
    INFO(all);
    REQUIRE(loaded.configuration);
    const auto& tenant = loaded.configuration->tenants.at(core::TenantId("310001007"));
    const auto& purpose = tenant.purposes.at(core::PurposeId("opptak"));
    CHECK(purpose.name == "Opptak i barnehage");
    CHECK(purpose.legal_basis == "barnehageloven § 16");
    CHECK(purpose.datasets ==
          std::map<std::string, std::set<std::string>>{{"person", {"names", "addresses.residence"}},
                                                       {"plass", {"barnehage"}}});
    CHECK(purpose.graded_addresses);
    CHECK(purpose.events == std::set<std::string>{"person.moved"});
    CHECK(purpose.retention == std::chrono::hours(24 * 30));
    const auto& dataset = tenant.datasets.at("plass");
    CHECK(dataset.owner == core::SystemId("oppvekst"));
    CHECK(dataset.key == core::RecordKeyKind::person);
    CHECK(dataset.sensitive);
    CHECK(dataset.valid_for == std::chrono::hours(48));
    CHECK(dataset.retention == std::chrono::hours(2400));
    CHECK(dataset.schema.find("additionalProperties") != std::string::npos);
    const auto& records = loaded.configuration->records;
    CHECK(records.checkpoint_folder == "/etc/sluse/heads");
    CHECK(records.checkpoint_syslog);
    CHECK(records.checkpoint_every == std::chrono::minutes(5));
    CHECK(records.look_up_time_max == std::chrono::seconds(7));
    CHECK(records.keys_max == 10);
    CHECK_FALSE(records.relaxed_first_control_digit);
    CHECK(records.synthetic_ids);
}

TEST_CASE("config: each mistake of a purpose, a dataset or a grant is said with line and remedy") {
    struct Wrong {
        std::string from;
        std::string to;
        std::string said;
    };
    const std::vector<Wrong> all{
        {"\"names\", ", "\"name\", ",
         ":29:11: the dataset \"person\" has no field \"name\"; did you mean \"names\"?"},
        {"addresses.residence", "addresses.residens",
         ":29:20: the dataset \"person\" has no field \"addresses.residens\"; did you mean "
         "\"addresses.residence\"?"},
        {"[\"barnehage\"]", "[\"barnhage\"]",
         ":30:10: the dataset \"plass\" has no field \"barnhage\"; did you mean \"barnehage\"?"},
        {"plass = [", "plas = [", ":30:1: unknown dataset \"plas\"; did you mean \"plass\"?"},
        {"owner = \"oppvekst\"", "owner = \"opvekst\"",
         ":34:9: unknown system \"opvekst\"; did you mean \"oppvekst\"?"},
        {", \"publish:plass\"", "",
         ":34:9: the system \"oppvekst\" has no grant publish:plass; add \"publish:plass\" to "
         "grants in [system.oppvekst]"},
        {"read:person:opptak", "read:persn:opptak",
         ":19:11: unknown dataset \"persn\"; did you mean \"person\"?"},
        {"read:person:opptak", "read:person:opptk",
         ":19:11: unknown purpose \"opptk\"; did you mean \"opptak\"?"},
        {"read:person:opptak", "read:contact:opptak",
         ":19:11: the purpose \"opptak\" is not for the dataset \"contact\"; name the dataset and "
         "its fields in [purpose.opptak.datasets]"},
        {"publish:plass\"", "publish:plass\", \"publish:plas\"",
         ": unknown dataset \"plas\"; did you mean \"plass\"?"},
        {"publish:plass\"", "publish:plass\", \"correct:persn\"",
         ": unknown dataset \"persn\"; did you mean \"person\"?"},
        {"[system.oppvekst]", "[system.annet]\ngrants = [\"publish:plass\"]\n[system.oppvekst]",
         ": the dataset \"plass\" is owned by another system; the owner alone publishes"},
        {"'''{\"type\"", "'''{type", ": this is no JSON Schema; write a JSON Schema (draft 7)"},
        {"\"properties\": {\"barnehage\": {\"type\": \"string\"}, \"periode\": {\"properties\": "
         "{\"fra\": {}}}}",
         "\"title\": \"x\"", ": the schema does not say which members a record has; add"},
        {"person.moved", "person.mooved",
         ":25:11: unknown choice for \"events\"; did you mean \"person.moved\"?"},
        {"key = \"person\"", "key = \"persn\"",
         "unknown choice for \"key\"; did you mean \"person\"?"},
        {"legal_basis = \"barnehageloven § 16\"", "", "\"legal_basis\" is missing"},
        {"sensitive = true", "sensitve = true",
         "unknown key \"sensitve\"; did you mean \"sensitive\"?"},
    };
    CHECK(tests::mistakes_in(with(purposes), texts::Language::en).empty());
    for (const auto& wrong : all) {
        INFO(wrong.from << " -> " << wrong.to);
        const auto lines = tests::mistakes_in(instead(wrong.from, wrong.to), texts::Language::en);
        std::string said;
        bool found = false;
        for (const auto& line : lines) {
            said += line + "\n";
            found = found ||
                    (line.starts_with(tenant_file) && line.find(wrong.said) != std::string::npos);
        }
        INFO(said);
        CHECK(found);
        CHECK(lines.size() <= 2);
    }
}

TEST_CASE("config: an own dataset may not take a national register's name") {
    const auto lines = tests::mistakes_in(
        with("[system.a]\ngrants = []\n[dataset.contact]\nowner = \"a\"\nlegal_basis = \"x\"\n"
             "schema = '{\"properties\": {\"a\": {}}}'\n"),
        texts::Language::en);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("the dataset \"contact\" is a national register's; give it another name") !=
          std::string::npos);
}

TEST_CASE("config: a register's role belongs to exactly one purpose") {
    const std::string connection = "[connection.freg]\nadapter = \"roles\"\n";
    CHECK(
        mistakes_with_roles(connection + "roles = { opptak = \"r1\", skole = \"r2\" }\n").empty());
    const auto twice =
        mistakes_with_roles(connection + "roles = { opptak = \"r1\", skole = \"r1\" }\n");
    REQUIRE(twice.size() == 1);
    CHECK(twice[0].find("the role belongs to the purpose \"opptak\" already; give each purpose a "
                        "role of its own in the register") != std::string::npos);
    const auto apart = mistakes_with_roles(
        connection + "roles = { opptak = \"r1\" }\n[connection.freg2]\nadapter = \"roles\"\n"
                     "roles = { skole = \"r1\" }\n");
    REQUIRE(apart.size() == 1);
    CHECK(apart[0].find("the role belongs to the purpose \"opptak\" already") != std::string::npos);
    const auto unknown = mistakes_with_roles(connection + "roles = { skule = \"r1\" }\n");
    REQUIRE(unknown.size() == 1);
    CHECK(unknown[0].find("unknown purpose \"skule\"; did you mean \"skole\"?") !=
          std::string::npos);
}

TEST_CASE("config: the roles of Folkeregisteret are checked where they stand") {
    auto files =
        with(std::string(purposes) + "\n[purpose.skole]\nlegal_basis = \"opplæringsloven § 2-1\"\n"
                                     "datasets = { person = [\"names\"] }\n");
    const std::string connection =
        "\n[connection.freg]\nadapter = \"folkeregister\"\nenvironment = \"test\"\n"
        "tokens = \"tokens-test\"\ntenants = [\"310001007\"]\n"
        "integration_id = \"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001\"\n"
        "integration_password = \"file:/etc/sluse/keys/freg.password\"\n";
    const auto lines = [&](const std::string& roles) {
        auto wrong = files;
        wrong.at("sluse.toml") += connection + roles;
        std::vector<std::string> told;
        for (const auto& mistake : app::load_configuration(wrong, tests::load_options()).mistakes) {
            told.push_back(app::to_line(mistake, texts::Language::en));
        }
        return told;
    };
    CHECK(lines("roles = { opptak = \"r1\", skole = \"r2\" }\n") == std::vector<std::string>());
    const auto twice = lines("roles = { opptak = \"r1\", skole = \"r1\" }\n");
    REQUIRE(twice.size() == 1);
    CHECK(twice[0].find("sluse.toml:") != std::string::npos);
    CHECK(twice[0].find("the role belongs to the purpose \"opptak\" already; give each purpose a "
                        "role of its own in the register") != std::string::npos);
    const auto unknown = lines("roles = { skule = \"r1\" }\n");
    REQUIRE(unknown.size() == 1);
    CHECK(unknown[0].find("unknown purpose \"skule\"; did you mean \"skole\"?") !=
          std::string::npos);
}

TEST_CASE("config: how long messages are kept, and what is left of them, at least as long as an "
          "idempotency key holds") {
    const std::string rule =
        "\n[retention.\"letter/v1\"]\ncontent_days = 30\nunfinished_days = 60\n";
    const auto loaded =
        app::load_configuration(with(rule + "record_days = 90\n"), tests::load_options());
    REQUIRE(loaded.retentions);
    const auto& read = loaded.retentions->at(core::TenantId("310001007")).at("letter/v1");
    CHECK(read.content == std::chrono::hours(24 * 30));
    CHECK(read.unfinished == std::chrono::hours(24 * 60));
    CHECK(read.record == std::chrono::hours(24 * 90));
    CHECK(tests::mistakes_in(with(rule + "record_days = 90\n"), texts::Language::en).empty());
    const auto short_term =
        tests::mistakes_in(with(rule + "record_days = 89\n"), texts::Language::en);
    REQUIRE(short_term.size() == 1);
    CHECK(short_term.front().find("record_days") != std::string::npos);
    const auto quarantine = app::load_configuration(
        with("\n[retention]\nquarantine_days = 60\n" + rule), tests::load_options());
    REQUIRE(quarantine.configuration);
    CHECK(quarantine.configuration->tenants.at(core::TenantId("310001007")).quarantine_kept ==
          std::chrono::hours(24 * 60));
    CHECK(quarantine.retentions->at(core::TenantId("310001007")).size() == 1);
    CHECK(tests::mistakes_in(with("\n[retention]\nquarantine_days = 7\n"), texts::Language::en)
              .size() == 1);
    const auto misspelt = tests::mistakes_in(with(rule + "record_day = 90\n"), texts::Language::en);
    REQUIRE(misspelt.size() == 1);
    CHECK(misspelt.front().find("did you mean \"record_days\"") != std::string::npos);
}
