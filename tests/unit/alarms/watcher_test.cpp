#include "gateway/alarms/watcher.hpp"

#include "gateway/alarms/incidents.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/runtime/metrics.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

const core::TenantId kommune{"310001007"};

struct Delivered {
    std::string to;
    alarms::Letter letter;
};

/// Mail, calls, connections and the machine as the test says.
class AlarmWorld final : public ports::ConfigurationSource,
                         public alarms::Surroundings,
                         public alarms::Courier {
public:
    AlarmWorld() {
        core::MailConfig mail;
        mail.from = "sluse@kommune.no";
        config->alarms.mail = mail;
        config->alarms.console_url = "https://sluse.kommune.no/console";
        config->alarms.receivers = {receiver("drift", "drift@kommune.no", ""),
                                    receiver("vakt", "", "https://vakt.kommune.no/")};
        core::TenantConfig tenant;
        tenant.id = kommune;
        config->tenants.emplace(kommune, tenant);
        start();
    }

    static core::AlarmReceiver receiver(const char* name, const char* mail, const char* webhook) {
        core::AlarmReceiver one;
        one.name = name;
        one.mail = mail;
        one.webhook = webhook;
        return one;
    }

    /// As after kill -9.
    void start() {
        alarms::WatcherParts parts{*store, *this, *this, *this, clock, *ids, log, metrics, {}};
        watcher = std::make_unique<alarms::Watcher>(std::move(parts));
    }
    void round() { tests::run(io, watcher->look()).value(); }
    void round_in(std::chrono::seconds later) {
        clock.advance(later);
        round();
    }
    void set_down(bool down) {
        around.connections.clear();
        alarms::ConnectionSight one;
        one.id = core::ConnectionId("altinn-test");
        one.circuit_open = down;
        around.connections.push_back(one);
    }

    std::shared_ptr<const core::Configuration> current() const override { return config; }
    sdk::Task<alarms::Surrounding> look() override { co_return around; }
    sdk::Task<alarms::Told> mail(core::MailConfig, std::string to, alarms::Letter letter) override {
        mails.push_back(Delivered{std::move(to), std::move(letter)});
        co_return answer;
    }
    sdk::Task<alarms::Told> call(core::AlarmReceiver receiver, alarms::Letter letter) override {
        calls.push_back(Delivered{receiver.webhook, std::move(letter)});
        co_return alarms::Told::yes();
    }

    boost::asio::io_context io;
    tests::ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = runtime::make_seeded_ids(clock, 7);
    tests::RecordingLog log;
    runtime::MetricsRegistry metrics;
    std::unique_ptr<ports::Store> store = store::make_memory_store();
    std::shared_ptr<core::Configuration> config = std::make_shared<core::Configuration>();
    alarms::Surrounding around;
    alarms::Told answer = alarms::Told::yes();
    std::vector<Delivered> mails;
    std::vector<Delivered> calls;
    std::unique_ptr<alarms::Watcher> watcher;
};

}   // namespace

TEST_CASE("alarms: an incident is told once to each, and once more when it is over") {
    AlarmWorld world;
    world.set_down(true);
    world.round();
    CHECK(world.mails.empty());   // it may mend itself
    world.round_in(121s);
    REQUIRE(world.mails.size() == 1);
    REQUIRE(world.calls.size() == 1);
    CHECK(world.mails[0].to == "drift@kommune.no");
    CHECK(world.mails[0].letter.subject == "Alarm: Forbindelsen virker ikke");
    CHECK(world.mails[0].letter.text.find("https://sluse.kommune.no/console/#/doctor") !=
          std::string::npos);
    CHECK(world.calls[0].letter.event["type"].as_string() == "no.sluse.alarm.opened.v1");
    CHECK(world.calls[0].letter.event["data"]["kind"].as_string() == "adapter_down");
    for (int i = 0; i < 20; ++i) {
        world.round_in(15s);
    }
    CHECK(world.mails.size() == 1);

    // Up and down within ten minutes is one incident.
    world.set_down(false);
    world.round_in(15s);
    world.round_in(300s);
    world.set_down(true);
    world.round_in(15s);
    world.set_down(false);
    world.round_in(599s);
    CHECK(world.mails.size() == 1);
    world.round_in(601s);
    REQUIRE(world.mails.size() == 2);
    CHECK(world.mails[1].letter.subject == "Over: Forbindelsen virker ikke");
    CHECK(world.calls.size() == 2);
    CHECK(world.mails[1].letter.id != world.mails[0].letter.id);
    world.round_in(3600s);
    CHECK(world.mails.size() == 2);
    // A new one after it is a new incident.
    world.set_down(true);
    world.round_in(15s);
    world.round_in(121s);
    CHECK(world.mails.size() == 3);
}

TEST_CASE("alarms: a restart forgets no incident, tells nothing twice, and ends what is over") {
    AlarmWorld world;
    world.set_down(true);
    world.round();
    world.round_in(121s);
    REQUIRE(world.mails.size() == 1);
    world.start();
    world.round_in(15s);
    world.round_in(300s);
    CHECK(world.mails.size() == 1);
    CHECK(tests::run(world.io, ports::alarms_of(*world.store).open_alarms()).value().size() == 1);
    world.set_down(false);
    world.start();
    world.round_in(15s);
    world.round_in(601s);
    CHECK(world.mails.size() == 2);
}

TEST_CASE("alarms: a connection that has not been asked yet is neither wrong nor mended") {
    AlarmWorld world;
    world.set_down(true);
    world.round();
    world.round_in(121s);
    REQUIRE(world.mails.size() == 1);
    world.set_down(false);
    world.around.connections.back().asked = false;   // as after a restart
    world.round_in(1h);
    world.round_in(1h);
    CHECK(world.mails.size() == 1);
    world.around.connections.back().asked = true;
    world.round_in(1h);
    world.round_in(1h);
    CHECK(world.mails.size() == 2);
}

TEST_CASE("alarms: what cannot be told is tried again under the same id, in order, and given up") {
    AlarmWorld world;
    world.answer = alarms::Told::no(core::Code("alarm.mail_unreachable"));
    world.set_down(true);
    world.round();
    world.round_in(121s);
    REQUIRE(world.mails.size() == 1);
    world.set_down(false);
    world.round_in(16s);
    world.round_in(601s);
    REQUIRE(world.mails.size() == 3);   // "over" waits behind it
    CHECK(world.mails[2].letter.id == world.mails[0].letter.id);
    CHECK(world.calls.size() == 2);
    world.answer = alarms::Told::yes();
    world.round_in(3600s);
    world.round_in(15s);
    REQUIRE(world.mails.size() == 5);
    CHECK(world.mails[4].letter.subject.starts_with("Over"));

    world.answer = alarms::Told::no(core::Code("alarm.mail_refused"), true);
    world.set_down(true);
    world.round_in(15s);
    world.round_in(121s);
    CHECK(world.mails.size() == 6);
    world.round_in(7200s);
    CHECK(world.mails.size() == 6);
}

TEST_CASE("alarms: what gets worse is told once at each step") {
    AlarmWorld world;
    alarms::ExpirySight one;
    one.name = "connection.altinn";
    one.at = world.clock.now() + std::chrono::hours(24 * 40);
    world.around.expiring = {one};
    world.round();
    CHECK(world.mails.size() == 1);
    world.round_in(24h * 9);
    CHECK(world.mails.size() == 1);
    world.round_in(24h * 2);
    world.round_in(15s);
    REQUIRE(world.mails.size() == 2);
    CHECK(world.mails[1].letter.subject == "Alarm, verre: Et sertifikat går ut");
}

TEST_CASE("alarms: a digest goes out once a day, also over a restart") {
    AlarmWorld world;
    core::DigestReceiver owner;
    owner.name = "byggesak";
    owner.tenant = kommune;
    owner.systems = {core::SystemId("byggesak")};
    owner.mail = "byggesak@kommune.no";
    world.config->alarms.digests.push_back(owner);
    world.round();
    world.round_in(24h);
    const auto so_far = world.mails.size();
    CHECK(so_far >= 1);
    CHECK(world.mails.back().to == "byggesak@kommune.no");
    CHECK(world.mails.back().letter.text.find("byggesak: 0 sendt") != std::string::npos);
    world.start();
    world.round_in(15s);
    CHECK(world.mails.size() == so_far);
    world.round_in(24h);
    CHECK(world.mails.size() == so_far + 1);
}

TEST_CASE("alarms: a receiver hears only of what concerns it") {
    ports::Alarm alarm;
    alarm.key = ports::AlarmKey("disk_low", {}, "data");
    core::AlarmReceiver all;
    CHECK(alarms::concerns(all, alarm));
    auto grave = all;
    grave.severity_min = 3;
    CHECK_FALSE(alarms::concerns(grave, alarm));
    auto other = all;
    other.kinds = {"adapter_down"};
    CHECK_FALSE(alarms::concerns(other, alarm));
    auto of_one = all;
    of_one.tenants = {kommune};
    CHECK_FALSE(alarms::concerns(of_one, alarm));
    alarm.key.tenant = kommune;
    CHECK(alarms::concerns(of_one, alarm));
}

TEST_CASE("alarms: a mail is plain ASCII outside, with an id that stays") {
    alarms::Letter letter;
    letter.id = "0197.opened.x";
    letter.subject = "Alarm: Forbindelsen virker ikke på mange måter, og det er ikke å spøke med";
    letter.text = "Én linje\n";
    const auto mail = alarms::mail_of(letter, "sluse@kommune.no", "drift@kommune.no",
                                      core::parse_rfc3339("2026-11-27T12:00:00Z").value());
    for (const char letter_of_it : mail) {
        CHECK(static_cast<unsigned char>(letter_of_it) < 0x80U);
    }
    CHECK(mail.find("Message-ID: <0197.opened.x@kommune.no>\r\n") != std::string::npos);
    CHECK(mail.find("Date: Fri, 27 Nov 2026 12:00:00 +0000\r\n") != std::string::npos);
    CHECK(mail.find(crypto::base64_encode("Én linje\n")) != std::string::npos);
    CHECK(mail.find("=?UTF-8?B?") != std::string::npos);
}
