// [alarms]: what is read, and each mistake.

#include "gateway/app/config/sources.hpp"
#include "tests/unit/config/config_folder.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

constexpr const char* right_alarms = R"(
[alarms]
console_url = "https://sluse.kommune.no/console/"
look_seconds = 30
backlog_hours_max = 8
digest_at = "06:45"

[alarms.mail]
server = "smtp.kommune.no"
security = "tls"
from = "sluse@kommune.no"
user = "sluse"
password = "file:/etc/sluse/smtp"

[[alarms.to]]
name = "drift"
mail = "drift@kommune.no"
language = "nn"
from_severity = "critical"

[[alarms.to]]
name = "vakt"
webhook = "https://vakt.kommune.no/sluse"
secret = "file:/etc/sluse/vakt"
kinds = ["adapter_down"]
tenants = ["310001007"]

[[alarms.traffic]]
tenant = "310001007"
system = "byggesak"
type = "letter/v1"
working_days = 5

[[alarms.expiry]]
name = "avtale"
date = "2027-01-31"

[[alarms.digest]]
name = "byggesak"
tenant = "310001007"
systems = ["byggesak"]
mail = "byggesak@kommune.no"
)";

app::ConfigFiles with_alarms(std::string_view from = {}, std::string_view to = {}) {
    std::string text = right_alarms;
    if (!from.empty()) {
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
    }
    auto files = tests::right_files();
    files.at("sluse.toml") += text;
    return files;
}

/// The only mistake there is.
std::string mistake_with(std::string_view from, std::string_view to) {
    const auto lines = tests::mistakes_in(with_alarms(from, to), texts::Language::en);
    REQUIRE(lines.size() == 1);
    return lines.front();
}

bool holds(const std::string& line, const char* part) {
    INFO(line);
    return line.find(part) != std::string::npos;
}

}   // namespace

TEST_CASE("config: alarms are read as they are written, with defaults where nothing is") {
    const auto loaded = app::load_configuration(with_alarms(), tests::load_options());
    for (const auto& mistake : loaded.mistakes) {
        UNSCOPED_INFO(app::to_line(mistake, texts::Language::en));
    }
    REQUIRE(loaded.configuration);
    const auto& alarms = loaded.configuration->alarms;
    CHECK(alarms.console_url == "https://sluse.kommune.no/console");
    CHECK(alarms.look_every == 30s);
    CHECK(alarms.resolve_after == 600s);
    CHECK(alarms.backlog_age_max == 8h);
    CHECK(alarms.digest_at == 6h + 45min);
    REQUIRE(alarms.mail);
    CHECK(alarms.mail->port == 465);
    CHECK(alarms.mail->safety == core::MailConfig::Safety::tls);
    REQUIRE(alarms.receivers.size() == 2);
    CHECK(alarms.receivers[0].language == "nn");
    CHECK(alarms.receivers[0].severity_min == 3);
    CHECK(alarms.receivers[1].kinds == std::set<std::string>{"adapter_down"});
    REQUIRE(alarms.traffic.size() == 1);
    CHECK(alarms.traffic[0].at_least == 1);
    CHECK(alarms.traffic[0].working_days == 5);
    REQUIRE(alarms.expiry.size() == 1);
    CHECK(core::to_rfc3339(alarms.expiry[0].at).starts_with("2027-01-31T00:00:00"));
    CHECK(alarms.digests.size() == 1);
    const auto without = app::load_configuration(tests::right_files(), tests::load_options());
    REQUIRE(without.configuration);
    CHECK(without.configuration->alarms == core::AlarmsConfig());
}

TEST_CASE("config: each mistake in alarms is told where it stands, and nothing of a secret") {
    CHECK(holds(mistake_with("system = \"byggesak\"", "system = \"bygesak\""),
                "no such system in 310001007"));
    CHECK(holds(mistake_with("tenants = [\"310001007\"]", "tenants = [\"999999999\"]"),
                "there is no tenant 999999999"));
    CHECK(holds(mistake_with("kinds = [\"adapter_down\"]", "kinds = [\"adapter_up\"]"),
                "some of: messages_failed, "));
    CHECK(holds(mistake_with("2027-01-31", "2027-02-31"), "no date"));
    CHECK(holds(mistake_with("secret = \"file:/etc/sluse/vakt\"\n", ""),
                "the webhook has no secret"));
    CHECK(holds(mistake_with("name = \"vakt\"", "name = \"drift\""),
                "two receivers have the same name"));
    CHECK(holds(mistake_with("mail = \"drift@kommune.no\"\n", ""), "either mail or webhook"));
    CHECK(holds(mistake_with("user = \"sluse\"\n", ""), "user and password belong together"));
    CHECK(holds(mistake_with("security = \"tls\"", "security = \"none\""),
                "mail without TLS goes to the machine itself only"));
    CHECK(holds(mistake_with("look_seconds", "look_second"), "look_seconds"));
    const auto secret =
        mistake_with("password = \"file:/etc/sluse/smtp\"", "password = \"hemmelig-passord\"");
    CHECK_FALSE(holds(secret, "hemmelig-passord"));
}

TEST_CASE("config: the secret of a webhook is whsec_ and at least 24 bytes in base64") {
    CHECK(app::is_webhook_secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="));
    CHECK_FALSE(app::is_webhook_secret("whsec_AAEC"));
    CHECK_FALSE(app::is_webhook_secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="));
    CHECK_FALSE(app::is_webhook_secret(""));
}
