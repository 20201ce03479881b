#include "gateway/alarms/watcher.hpp"

#include "gateway/alarms/incidents.hpp"
#include "gateway/alarms/working_days.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/ports/retention_store.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/runtime/metrics.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

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

    /// Whether one of this kind is open, once it has lasted and once it has been over for long.
    bool has(const std::string& kind) {
        for (int i = 0; i < 3; ++i) {
            round_in(601s);
        }
        const auto open = tests::run(io, ports::alarms_of(*store).open_alarms()).value();
        return std::any_of(open.begin(), open.end(),
                           [&](const auto& one) { return one.key.kind == kind; });
    }
    /// A letter of now that has been delivered, with this on its timeline.
    ports::DeliveryKey deliver(const char* event_name) {
        ports::AcceptCommand accepted;
        accepted.tenant = kommune;
        accepted.system = core::SystemId("byggesak");
        accepted.message = ids->next<core::MessageId>();
        accepted.type = "letter/v1";
        accepted.at = clock.now();
        accepted.delivery.id = ids->next<core::DeliveryId>();
        accepted.delivery.connection = core::ConnectionId("altinn-test");
        accepted.delivery.due = clock.now();
        accepted.events.push_back(event("accepted"));
        tests::run(io, store->accept(std::move(accepted))).value();
        ports::ClaimCommand claim;
        claim.now = clock.now();
        claim.lease_until = clock.now() + 60s;
        claim.limit = 1;
        const auto claimed = tests::run(io, store->claim(claim)).value().front();
        ports::FinishCommand finish;
        finish.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
        finish.fence = claimed.fence;
        finish.at = clock.now();
        finish.state = core::DeliveryState::delivered;
        finish.events.push_back(event(event_name));
        const auto key = finish.key;
        tests::run(io, store->finish(std::move(finish))).value();
        return key;
    }
    ports::NewEvent event(const char* name) {
        ports::NewEvent one;
        one.id = ids->next<core::EventId>();
        one.at = clock.now();
        one.name = name;
        one.code = core::Code(name);
        return one;
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

TEST_CASE("alarms: housekeeping that fails is told of until it is done again") {
    AlarmWorld world;
    world.around.jobs.emplace_back("erase_messages", true);
    CHECK(world.has("housekeeping_failed"));
    CHECK(world.mails.back().letter.text.find("erase_messages") != std::string::npos);
    world.around.jobs.front().failed = false;
    CHECK_FALSE(world.has("housekeeping_failed"));
    CHECK(world.mails.back().letter.subject == "Over: Husarbeid feiler");
}

TEST_CASE("alarms: an access log that was set back is told of until it is whole again") {
    AlarmWorld world;
    auto& logs = world.around.logs_set_back.emplace();
    logs.emplace_back().tenant = kommune;
    logs.back().entry = 9;
    CHECK(world.has("access_log_rolled_back"));
    CHECK(world.mails.back().letter.text.find("oppføring 9") != std::string::npos);
    world.around.logs_set_back.reset();   // a start: nobody has looked yet
    CHECK(world.has("access_log_rolled_back"));
    world.around.logs_set_back.emplace();
    CHECK_FALSE(world.has("access_log_rolled_back"));
    CHECK(world.mails.back().letter.subject == "Over: Tilgangsloggen er satt tilbake");
}

TEST_CASE("alarms: a notice of a decision that failed is told of until the letter is read") {
    AlarmWorld world;
    const auto letter = world.deliver("notice_alarm");
    CHECK(world.has("notice_failed"));
    ports::ReceiptCommand read;
    read.key = letter;
    read.dedupe_id = "1";
    read.reached = core::DeliveryState::read;
    read.at = world.clock.now();
    read.code = core::Code("read");
    read.events.push_back(world.event("read"));
    tests::run(world.io, world.store->apply_receipt(std::move(read))).value();
    CHECK_FALSE(world.has("notice_failed"));
}

TEST_CASE("alarms: a system that falls silent is told of, as learned from what it sent, until it "
          "sends again") {
    AlarmWorld world;
    for (int day = 0; day < 42; ++day) {
        if (alarms::is_working_day(alarms::norwegian_time(world.clock.now()).day)) {
            world.deliver("delivered");
        }
        world.clock.advance(24h);
        world.round();
    }
    CHECK_FALSE(world.has("no_traffic"));
    world.clock.advance(24h * 7);
    CHECK(world.has("no_traffic"));
    world.deliver("delivered");
    CHECK_FALSE(world.has("no_traffic"));
}

TEST_CASE("alarms: what is to leave the quarantine is told of until a person has settled it") {
    AlarmWorld world;
    ports::InboundCommand odd;
    odd.tenant = kommune;
    odd.id = world.ids->next<core::InboxId>();
    odd.connection = core::ConnectionId("altinn-forms");
    odd.dedupe_key = "1";
    odd.type = "oddity";
    odd.at = world.clock.now();
    const auto id = odd.id;
    tests::run(world.io, world.store->store_inbound(std::move(odd))).value();
    CHECK_FALSE(world.has("quarantine_ends"));
    ports::QuarantineTerm term;
    term.tenant = kommune;
    term.at = world.clock.now();
    term.told_before = term.at;
    tests::run(world.io, ports::retention_store_of(*world.store)->retire_quarantined(term)).value();
    CHECK(world.has("quarantine_ends"));
    ports::ResolveCommand settled;
    settled.tenant = kommune;
    settled.id = id;
    settled.at = world.clock.now();
    settled.who = "root";
    tests::run(world.io, world.store->resolve_quarantined(std::move(settled))).value();
    CHECK_FALSE(world.has("quarantine_ends"));
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
