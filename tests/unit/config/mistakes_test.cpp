// Each mistake that can be made in a configuration, with the line a person gets to read.

#include "tests/unit/config/config_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using gateway::app::ConfigFiles;
using gateway::texts::Language;
using tests::mistakes_in;
using tests::right_files;
using tests::wrong_files;

namespace {

struct Wrong {
    const char* file;
    const char* from;
    const char* to;
    const char* said;
};

constexpr const char* main_file = "sluse.toml";
constexpr const char* tenant_file = "tenants/310001007.toml";

// A provider that people sign in with, written from line 7 on.
#define OIDC(issuer, role, tenant) OIDC_PART(issuer, role, tenant, "")
#define OIDC_PART(issuer, role, tenant, systems)                                                   \
    "[admin.oidc]\nissuer = \"" issuer "\"\nclient_id = \"sluse\"\nkey = \"file:c.pem\"\n"         \
    "redirect_url = \"https://sluse.example/admin/v1/session/provider/callback\"\nacr = "          \
    "[\"high\"]\n[[admin.oidc.account]]\nid = \"oidc:0123456789abcdef01234567\"\n"                 \
    "roles = [{ role = \"" role "\", tenant = \"" tenant "\"" systems " }]\n[store]"

const Wrong every_mistake[] = {
    {main_file, "tenants = [\"310001007\"]", "tennants = [\"310001007\"]",
     "sluse.toml:22:1: unknown key \"tennants\"; did you mean \"tenants\"?"},
    {main_file, "[store]", "[stores]",
     "sluse.toml:7:2: unknown key \"stores\"; did you mean \"store\"?"},
    {main_file, "path = \"data\"", "", "sluse.toml:7:1: \"path\" is missing; add path = \"...\""},
    {main_file, "path = \"data\"", "path = 7",
     "sluse.toml:8:8: \"path\" is of the wrong kind (a whole number); write text in quotation "
     "marks"},
    {main_file, "path = \"data\"", "engine = \"sqlit\"\npath = \"data\"",
     "sluse.toml:8:10: unknown choice for \"engine\"; did you mean \"sqlite\"?"},
    {main_file, "path = \"data\"", "path = \"data\"\n[limits]\njson_depth_max = 3",
     "sluse.toml:10:18: \"json_depth_max\" is too small; at least 8"},
    {main_file, "path = \"data\"", "path = \"data\"\n[limits]\njson_depth_max = 300",
     "sluse.toml:10:18: \"json_depth_max\" is too large; at most 200"},
    {main_file, "path = \"data\"", "path = \"data",
     "sluse.toml:8:13: this is not TOML: Error while parsing string"},
    {main_file, "path = \"data\"", "path = 2026-01-01",
     "sluse.toml:8:8: a date, or a number without a value, is not used here; write text in "
     "quotation "
     "marks, or a number"},
    {main_file, "\"127.0.0.1:8080\"", "\"127.0.0.1\"",
     "sluse.toml:2:11: the address has the wrong form; write \"127.0.0.1:8080\" or \"[::1]:8080\"; "
     "port 0 to 65535, 0 takes a free one"},
    {main_file, "\"127.0.0.1:8080\"", "\"127.0.0.1:70000\"",
     "sluse.toml:2:11: the address has the wrong form; write"},
    {main_file, "\"127.0.0.1:8080\"", "\"0.0.0.0:8080\"",
     "sluse.toml:2:11: without a certificate it listens on this machine alone; add certificate and "
     "key, or use 127.0.0.1"},
    {main_file, "\"127.0.0.1:8081\"", "\"[::]:8081\"",
     "sluse.toml:5:11: without a certificate it listens on this machine alone"},
    {main_file, "8081", "8080", "has the same address; choose another port"},
    {main_file, "address = \"127.0.0.1:8080\"",
     "address = \"127.0.0.1:8080\"\ncertificate = \"file:tls.pem\"",
     "sluse.toml:1:1: \"key\" is missing beside what stands here; add key = \"...\""},
    {main_file, "[store]", "[listen.callbacks]\naddress = \"127.0.0.1:9\"\n[store]",
     "call-backs have no listener of their own; they come on [listen.public]; remove "
     "[listen.callbacks], and let callback_url of the connection lead to [listen.public]"},
    {main_file, "\"maskinporten\"", "\"maskinportn\"",
     "sluse.toml:11:11: unknown adapter \"maskinportn\"; did you mean \"maskinporten\"?"},
    {main_file, "client_id", "clientid",
     "sluse.toml:13:1: unknown key \"clientid\"; did you mean \"client_id\"?"},
    {main_file, "organisation = \"310001007\"", "",
     "sluse.toml:10:1: \"organisation\" is missing; add organisation = \"...\""},
    {main_file, "key = \"file:mp.p12\"", "key = \"hunter2\"",
     "sluse.toml:15:7: the value of \"key\" has the wrong form; write a reference: \"file:/path\" "
     "or "
     "\"env:NAME\", \"pkcs11:token=...;object=...\"; the secret itself never stands here"},
    {main_file, "key = \"file:mp.p12\"", "key_password = \"env:PIN\"",
     "sluse.toml:15:16: a password without a key; add key, or remove key_password"},
    {main_file, "https://maskinporten.example", "http://maskinporten.example",
     "sluse.toml:12:12: without TLS it talks to this machine alone; use https://"},
    {main_file, "https://maskinporten.example", "ftp://maskinporten.example",
     "sluse.toml:12:12: the value of \"base_url\" has the wrong form; write an address that begins "
     "with https://"},
    {main_file, "tokens = \"tokens-test\"", "tokens = \"token-test\"",
     "sluse.toml:21:10: unknown connection \"token-test\"; did you mean \"tokens-test\"?"},
    {main_file, "tokens = \"tokens-test\"", "tokens = \"altinn-test\"",
     "sluse.toml:21:10: \"altinn-test\" fetches no tokens; known here: tokens-test"},
    {main_file, "tenants = [\"310001007\", \"310005002\"]", "tenants = [\"310005002\"]",
     "sluse.toml:21:10: \"tokens-test\" may not be used by the tenant 310001007; add 310001007 to "
     "tenants there"},
    {main_file, "\"310001007\", \"310005002\"", "\"310001007\", \"991825827\"",
     "sluse.toml:16:25: the tenant 991825827 has no file; make tenants/991825827.toml, or remove "
     "it "
     "here"},
    {main_file, "\"310001007\", \"310005002\"", "\"310001007\", \"310 005 002\"",
     "sluse.toml:16:25: the value of \"tenants\" has the wrong form; write the organisation "
     "number, "
     "nine digits without spaces"},
    {main_file, "\"310001007\", \"310005002\"", "\"310001007\", \"310001007\"",
     "sluse.toml:16:11: something stands twice in \"tenants\"; remove one of them"},
    {main_file, "tokens = \"tokens-test\"\ntenants = [\"310001007\"]", "tokens = \"tokens-test\"",
     "no tenant may use this connection; add tenants = [\"<organisation number>\"]"},
    {main_file, "[connection.altinn-test]", "[connection.Altinn_test]",
     "sluse.toml:18:13: the name \"Altinn_test\" cannot be used; use lower-case"},
    {tenant_file, "[tenant]", "[tenants]",
     "tenants/310001007.toml:1:2: unknown key \"tenants\"; did you mean \"tenant\"?"},
    {tenant_file, "file:keys/310001007", "pkcs11:token=x",
     "tenants/310001007.toml:3:15: the value of \"sealing_key\" has the wrong form; write a "
     "reference: \"file:/path\" or \"env:NAME\"; the secret itself never stands here"},
    {tenant_file, "send:letter", "send:leter",
     "tenants/310001007.toml:6:11: unknown message type in \"send:leter\"; did you mean "
     "\"letter\"?"},
    {tenant_file, "send:letter", "letter",
     "tenants/310001007.toml:6:11: the value of \"grants\" has the wrong form; write for example "
     "\"send:letter\""},
    {tenant_file, "send:letter", "read:person:skatt",
     "tenants/310001007.toml:6:11: unknown purpose \"skatt\"; add [purpose.skatt] with "
     "legal_basis"},
    {tenant_file,
     "\"letter/v1\"\nuse = [{ connection = \"altinn-test\", with = { resource = \"brev",
     "\"leter/v1\"\nuse = [{ connection = \"altinn-test\", with = { resource = \"brev",
     "tenants/310001007.toml:15:8: unknown message type \"leter/v1\"; did you mean \"letter/v1\"?"},
    {tenant_file, "connection = \"altinn-test\"", "connection = \"altin-test\"",
     "tenants/310001007.toml:12:23: unknown connection \"altin-test\"; did you mean "
     "\"altinn-test\"?"},
    {tenant_file, "connection = \"altinn-test\"", "connection = \"tokens-test\"",
     "tenants/310001007.toml:12:23: the adapter maskinporten does not carry letter/v1; choose "
     "another connection"},
    {tenant_file, "resource = \"vedtak\"", "resourse = \"vedtak\"",
     "tenants/310001007.toml:12:47: unknown key \"resourse\"; did you mean \"resource\"?"},
    {tenant_file, ", with = { resource = \"vedtak\" }", "",
     "tenants/310001007.toml:12:8: \"resource\" is missing; add resource = \"...\""},
    {tenant_file, "[[route]]\ntype", "[[route]]\nid = \"vedtak\"\ntype",
     "tenants/310001007.toml:15:6: the route \"vedtak\" is there already; give it another name"},
    {tenant_file, "[[route]]\ntype",
     "[connection.tokens-test]\nadapter = \"echo\"\n[[route]]\ntype",
     "the connection \"tokens-test\" is there already (sluse.toml:10); give it another name; names "
     "hold for the whole installation"},
    {tenant_file, "[[route]]\ntype",
     "[connection.own]\nadapter = \"echo\"\ntenants = [\"310005002\"]\n[[route]]\ntype",
     "in a tenant's own file the connection serves that tenant alone; remove the line"},
    {main_file, "[store]",
     "[maskinporten_in]\nissuer = \"http://maskinporten.example/\"\nscopes = { \"sluse:brev\" = "
     "[\"send:letter\"] }\n[store]",
     "sluse.toml:8:10: without TLS it talks to this machine alone; use https://"},
    {main_file, "[store]", "[maskinporten_in]\nissuer = \"https://maskinporten.example/\"\n[store]",
     "sluse.toml:7:1: \"scopes\" is missing"},
    {main_file, "[store]", OIDC("http://vouches.example", "operator", "310001007"),
     "sluse.toml:8:10: without TLS it talks to this machine alone; use https://"},
    {main_file, "[store]", OIDC("https://vouches.example", "operatr", "310001007"),
     "sluse.toml:15:19: unknown choice for \"role\"; did you mean \"operator\"?"},
    {main_file, "[store]",
     OIDC_PART("https://vouches.example", "system_owner", "310001007", ", systems = [\"ukjent\"]"),
     "sluse.toml:15:68: the tenant has no such system; add [system.ukjent] to the tenant's file, "
     "or "
     "correct the name"},
    {main_file, "[store]",
     OIDC_PART("https://vouches.example", "operator", "310001007", ", systems = [\"byggesak\"]"),
     "sluse.toml:15:10: only a system_owner of one tenant may be that of some systems; remove "
     "systems"},
    {main_file, "[store]", OIDC("https://vouches.example", "operator", "310009008"),
     "sluse.toml:15:40: the tenant is not set up; add tenants/310009008.toml, or correct the "
     "number"},
    {main_file, "[store]",
     "[admin.oidc]\nissuer = \"https://vouches.example\"\nclient_id = \"sluse\"\nkey = "
     "\"file:c.pem\"\nredirect_url = \"https://sluse.example/\"\nacr = [\"high\"]\n"
     "[[admin.oidc.account]]\nroles = [{ role = \"auditor\", tenant = \"*\" }]\n[store]",
     "sluse.toml:13:1: the roles would be everybody's; add id or claims"},
    {main_file, "[store]",
     "[admin.oidc]\nissuer = \"https://vouches.example\"\nclient_id = \"sluse\"\nkey = "
     "\"file:c.pem\"\nredirect_url = \"https://sluse.example/\"\nacr = [\"high\"]\n"
     "[[admin.oidc.account]]\nroles = [{ role = \"auditor\", tenant = \"*\" }]\n[store]",
     "sluse.toml:11:16: the address is not the console's; let it end with "
     "/admin/v1/session/provider/callback"},
    {main_file, "[store]",
     "[admin.oidc]\nissuer = \"https://vouches.example\"\nkey = \"file:c.pem\"\nredirect_url = "
     "\"https://sluse.example/admin/v1/session/provider/callback\"\nacr = [\"high\"]\n"
     "[[admin.oidc.account]]\nclaims = { groups = \"drift\" }\nroles = [{ role = \"auditor\", "
     "tenant = \"*\" }]\n[store]",
     "sluse.toml:7:1: \"client_id\" is missing"},
    {tenant_file, "grants = [\"send:letter\"]",
     "grants = [\"send:letter\"]\ntoken = { consumer = \"310001007\", scope = \"sluse:brev\" }",
     "tenants/310001007.toml:7:9: no issuer's tokens are taken; add [maskinporten_in] to "
     "sluse.toml"},
    {tenant_file, "grants = [\"send:letter\"]",
     "grants = [\"send:letter\"]\ntoken = { consumer = \"310001008\", scope = \"sluse:brev\" }",
     "tenants/310001007.toml:7:22: the organisation number's check digit does not fit; correct "
     "the number"},
    {tenant_file, "grants = [\"send:letter\"]",
     "grants = [\"send:letter\"]\ncertificates = [{ organisation = \"310001007\" }]",
     "tenants/310001007.toml:7:17: [listen.public] asks for no certificate; add client_ca there"},
    {tenant_file, "grants = [\"send:letter\"]",
     "grants = [\"send:letter\"]\ncertificates = [{ sha256 = \"AB\" }]",
     "tenants/310001007.toml:7:28: the value of \"sha256\" has the wrong form"},
};

}   // namespace

TEST_CASE("config: the right files have no mistakes") {
    CHECK(mistakes_in(right_files(), Language::en).empty());
}

TEST_CASE("config: each mistake is told with file, line, column, reason and remedy") {
    for (const Wrong& wrong : every_mistake) {
        const auto lines = mistakes_in(wrong_files(wrong.file, wrong.from, wrong.to), Language::en);
        std::string all;
        bool said = false;
        for (const std::string& line : lines) {
            all += line + "\n";
            said = said || line.find(wrong.said) != std::string::npos;
        }
        INFO("instead of: " << wrong.from << "\nwritten: " << wrong.to
                            << "\nexpected: " << wrong.said << "\nsaid:\n"
                            << all);
        CHECK(said);
        CHECK(lines.size() <= 3);
    }
}

TEST_CASE("config: a token or a certificate that fits two systems is a mistake, whoever has them") {
    ConfigFiles files = right_files();
    files[main_file] += R"([maskinporten_in]
issuer = "https://maskinporten.example/"
[maskinporten_in.scopes]
"sluse:brev" = ["send:letter"]
)";
    const std::string tls = "certificate = \"file:tls.pem\"\nkey = \"file:tls.key\"\n"
                            "client_ca = \"file:ca.pem\"\n";
    files[main_file].insert(files[main_file].find("[listen.admin]"), tls);
    const std::string bound = R"(
grants = []
token = { consumer = "310001007", scope = "sluse:brev" }
certificates = [{ organisation = "310001007" }]
)";
    files["tenants/310005002.toml"] += "[system.fag]" + bound;
    CHECK(mistakes_in(files, Language::en).empty());
    files["tenants/310005002.toml"] += "[system.fag-to]" + bound;
    const auto lines = mistakes_in(files, Language::en);
    REQUIRE(lines.size() == 2);
    for (const std::string& line : lines) {
        INFO(line);
        CHECK(line.find("the system 310005002/fag has the same; give each system its own") !=
              std::string::npos);
    }
    files["tenants/310005002.toml"].replace(files["tenants/310005002.toml"].rfind("sluse:brev"), 10,
                                            "sluse:brv");
    const auto unknown = mistakes_in(files, Language::en);
    REQUIRE(unknown.size() == 2);
    CHECK(unknown.front().find("unknown scope \"sluse:brv\"; did you mean \"sluse:brev\"?") !=
          std::string::npos);
}

TEST_CASE("config: mistakes are told in bokmål too") {
    const auto lines = mistakes_in(
        wrong_files(main_file, "tenants = [\"310001007\"]", "tennants = []"), Language::nb);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0] == "sluse.toml:22:1: ukjent nøkkel \"tennants\"; mente du \"tenants\"?");
}

TEST_CASE("config: every mistake is told at once, over all files, in order") {
    ConfigFiles files = right_files();
    files["sluse.toml"].replace(files["sluse.toml"].find("8081"), 4, "99999");
    files["sluse.toml"] += "in_flight_max = 0\nscopes = \"x\"\n";
    files["tenants/310001007.toml"] += "why = 1\n";
    files["tenants/310005002.toml"] += "[sistem.x]\n";
    files["tenants/999999998.toml"] = "[tenant]\nname = \"x\"\nsealing_key = \"env:X\"\n";
    files["slusse.toml"] = "";
    const auto lines = mistakes_in(files, Language::en);
    std::vector<std::string> places;
    for (const std::string& line : lines) {
        places.push_back(line.substr(0, line.find(": ")));
    }
    const std::vector<std::string> expected{"sluse.toml:5:11",
                                            "sluse.toml:23:17",
                                            "sluse.toml:24:1",
                                            "slusse.toml:1:1",
                                            "tenants/310001007.toml:17:1",
                                            "tenants/310005002.toml:4:2",
                                            "tenants/999999998.toml:1:1"};
    CHECK(places == expected);
}

TEST_CASE("config: a password written where a reference belongs is never repeated") {
    for (const auto language : {Language::nb, Language::en}) {
        for (const auto& line : mistakes_in(
                 wrong_files(main_file, "key = \"file:mp.p12\"", "key = \"hunter2\""), language)) {
            CHECK(line.find("hunter2") == std::string::npos);
        }
    }
}

TEST_CASE("config: what a broken file would have said is not called missing") {
    const auto lines = mistakes_in(wrong_files(main_file, "[store]", "[store"), Language::en);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].starts_with("sluse.toml:7:"));
}

TEST_CASE("config: no sluse.toml is one mistake, and says where to begin") {
    ConfigFiles files = right_files();
    files.erase("sluse.toml");
    const auto lines = mistakes_in(files, Language::en);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0] == "sluse.toml: the file is missing; begin with config/example/sluse.toml");
}

TEST_CASE("config: two connections with the same register for one tenant are refused") {
    auto options = tests::load_options();
    options.find_adapter = [](std::string_view name) -> const gateway::sdk::Descriptor* {
        static gateway::sdk::Descriptor with_register = [] {
            auto made = *tests::find_adapter("echo");
            made.datasets = []() -> std::span<const std::string_view> {
                static constexpr std::string_view all[] = {"contact", "print"};
                return all;
            };
            return made;
        }();
        return name == "echo" ? &with_register : tests::find_adapter(name);
    };
    auto files = right_files();
    files.at(main_file) += "[connection.register-a]\nadapter = \"echo\"\n"
                           "base_url = \"https://a.example\"\ntenants = [\"310001007\"]\n";
    CHECK(gateway::app::load_configuration(files, options).mistakes.empty());
    const auto line = std::count(files.at(main_file).begin(), files.at(main_file).end(), '\n') + 2;
    files.at(main_file) += "[connection.register-b]\nadapter = \"echo\"\n"
                           "base_url = \"https://b.example\"\n"
                           "tenants = [\"310001007\", \"310005002\"]\n";
    const auto mistakes = gateway::app::load_configuration(files, options).mistakes;
    REQUIRE(mistakes.size() == 1);
    CHECK(gateway::app::to_line(mistakes.front(), Language::en) ==
          "sluse.toml:" + std::to_string(line) +
              ":11: the tenant 310001007 has the register \"contact\" from \"register-a\" already; "
              "remove 310001007 from tenants of one of them, or one of the connections");
}
