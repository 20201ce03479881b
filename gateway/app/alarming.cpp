#include "gateway/app/alarming.hpp"

#include "gateway/alarms/smtp.hpp"
#include "gateway/app/certificates_in_use.hpp"
#include "gateway/app/config/sources.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/crypto/certificate.hpp"
#include "gateway/notify/call.hpp"
#include "gateway/runtime/file.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <algorithm>

namespace gateway::app {
namespace {

constexpr std::chrono::seconds health_time_max{5};
// Asking costs a national component a call: what works is asked now and then, what does not more
// often, and nothing while the gateway starts, for then everything else asks.
constexpr std::chrono::minutes health_first{5};
constexpr std::chrono::minutes health_every{5};
constexpr std::chrono::minutes health_again{1};
constexpr std::chrono::seconds alarm_call_time_max{15};
constexpr std::chrono::minutes certificates_every{10};
constexpr std::chrono::minutes skew_lasts{10};
constexpr std::chrono::minutes scanner_every{1};
constexpr std::chrono::seconds scanner_time_max{5};

/// The earliest end of what is in `pem`; nothing when it holds no certificate.
std::optional<core::Time> earliest_end(const std::vector<std::string>& chain) {
    std::optional<core::Time> end;
    for (const auto& der : chain) {
        const auto facts = crypto::certificate_facts(der);
        if (facts && (!end || facts->not_after < *end)) {
            end = facts->not_after;
        }
    }
    return end;
}

std::vector<alarms::ExpirySight> certificates_of(const core::Configuration& config) {
    std::vector<alarms::ExpirySight> found;
    for (const auto& named : certificates_in_use(config)) {
        const auto chain = read_chain(named);
        if (const auto end = chain ? earliest_end(*chain) : std::nullopt) {
            alarms::ExpirySight one;
            one.name = (named.of_listener ? "listen." : "connection.") + named.name;
            one.at = *end;
            found.push_back(std::move(one));
        }
    }
    return found;
}

class AlarmSurroundings final : public alarms::Surroundings {
public:
    explicit AlarmSurroundings(const AlarmingParts& parts)
        : parts_(parts), health_from_(parts.clock.steady() + health_first) {}

    sdk::Task<alarms::Surrounding> look() override {
        const auto config = parts_.configuration.current();
        alarms::Surrounding seen;
        for (const auto& connection : parts_.connections.all()) {
            alarms::ConnectionSight one;
            one.id = connection->id();
            const auto settings = config->connections.find(one.id);
            if (settings == config->connections.end()) {
                continue;   // on its way out
            }
            one.owner = settings->second.owner.value_or(core::TenantId());
            // A look that meets the moment of a probe must not take it for the end.
            one.circuit_open = parts_.traffic.is_circuit_in_doubt(one.id);
            auto& held = health_[one.id];
            const auto due = held.asked_at ? *held.asked_at + held.lasts() : health_from_;
            if (due <= parts_.clock.steady()) {
                held.health = co_await connection->check_health(parts_.clock.in(health_time_max));
                held.asked_at = parts_.clock.steady();
            }
            one.asked = held.asked_at.has_value();
            one.health = held.health;
            seen.connections.push_back(std::move(one));
        }
        std::erase_if(health_,
                      [&](const auto& held) { return !config->connections.contains(held.first); });
        const auto now = parts_.clock.steady();
        if (!looked_at_ || *looked_at_ + certificates_every <= now || looked_in_ != config) {
            auto read = [config] { return certificates_of(*config); };
            certificates_ = co_await parts_.blocking.run(std::move(read));
            looked_at_ = now;
            looked_in_ = config;
        }
        seen.expiring = certificates_;
        for (const auto& date : config->alarms.expiry) {
            alarms::ExpirySight one;
            one.name = date.name;
            one.certificate = false;
            one.at = date.at;
            seen.expiring.push_back(std::move(one));
        }
        auto ask = [folder = config->data_path] {
            return runtime::make_file_system(folder)->free_bytes();
        };
        const auto free = co_await parts_.blocking.run(std::move(ask));
        if (free) {
            seen.free_bytes = *free;
        }
        seen.disk_full = parts_.disk_full.load();
        seen.clock_skew = parts_.skew.lately();
        seen.jobs = parts_.housekeeping.jobs();
        seen.logs_set_back = parts_.housekeeping.logs();
        seen.scanner_down = co_await is_scanner_down();
        co_return seen;
    }

private:
    /// An empty file, to hear whether anybody looks through it; while it is down at each look.
    sdk::Task<bool> is_scanner_down() {
        if (parts_.scanner.is_off()) {
            co_return false;
        }
        const auto now = parts_.clock.steady();
        if (!scanner_down_ && scanner_asked_ && now < *scanner_asked_ + scanner_every) {
            co_return false;
        }
        scanner_asked_ = now;
        auto answer =
            runtime::with_deadline(parts_.clock, parts_.clock.in(scanner_time_max), ask_scanner());
        const auto verdict = co_await std::move(answer);
        scanner_down_ = verdict.has_error() || verdict->scanned == ports::Scanned::down;
        co_return scanner_down_;
    }

    sdk::Task<core::Result<ports::ScanVerdict>> ask_scanner() {
        const auto scan = parts_.scanner.begin();
        co_return co_await scan->finish();
    }

    struct HeldHealth {
        sdk::Health health;
        std::optional<core::SteadyTime> asked_at;

        HeldHealth() = default;
        std::chrono::minutes lasts() const {
            return health.condition == sdk::Condition::ready ? health_every : health_again;
        }
    };

    AlarmingParts parts_;
    const core::SteadyTime health_from_;
    std::map<core::ConnectionId, HeldHealth> health_;
    std::vector<alarms::ExpirySight> certificates_;
    std::optional<core::SteadyTime> looked_at_;
    std::shared_ptr<const core::Configuration> looked_in_;
    std::optional<core::SteadyTime> scanner_asked_;
    bool scanner_down_ = false;
};

class AlarmCourier final : public alarms::Courier {
public:
    AlarmCourier(const AlarmingParts& parts, runtime::Executor& mailing)
        : parts_(parts), mailing_(mailing) {}

    sdk::Task<alarms::Told> mail(core::MailConfig server, std::string to,
                                 alarms::Letter letter) override {
        alarms::SmtpMail mail;
        mail.mail = alarms::mail_of(letter, server.from, to, parts_.clock.now());
        mail.to = std::move(to);
        mail.server = std::move(server);
        auto send = [mail = std::move(mail), folder = parts_.library_folder]() mutable {
            if (!mail.server.password.empty()) {
                const auto word = resolve_secret(mail.server.password, Secrecy::secret);
                if (!word) {
                    return alarms::Told::no(core::Code("alarm.mail_login"));
                }
                mail.password = first_line(*word);
            }
            return alarms::send_mail(mail, folder);
        };
        co_return co_await mailing_.run(std::move(send));
    }

    sdk::Task<alarms::Told> call(core::AlarmReceiver receiver, alarms::Letter letter) override {
        const auto config = parts_.configuration.current();
        if (http_ == nullptr || http_for_ != config) {
            auto made = parts_.make_http(config);
            if (!made) {
                co_return alarms::Told::no(core::Code("alarm.call_failed"));
            }
            http_ = *made;
            http_for_ = config;
        }
        auto read = [reference = receiver.secret] {
            return resolve_secret(reference, Secrecy::secret);
        };
        const auto secret = co_await parts_.blocking.run(std::move(read));
        if (!secret) {
            co_return alarms::Told::no(core::Code("alarm.call_failed"));
        }
        std::vector<std::string> secrets{first_line(*secret)};
        if (!is_webhook_secret(secrets.front())) {
            co_return alarms::Told::no(
                core::Code("alarm.call_failed"));   // changed since it was checked
        }
        const auto result = co_await notify::call_endpoint(
            http_, parts_.clock, receiver.webhook, std::move(letter.event), std::move(secrets),
            parts_.clock.in(alarm_call_time_max));
        if (result.delivered) {
            co_return alarms::Told::yes();
        }
        co_return alarms::Told::no(core::Code("alarm.call_failed"), result.gone);
    }

private:
    AlarmingParts parts_;
    runtime::Executor& mailing_;
    std::shared_ptr<const core::Configuration> http_for_;
    std::shared_ptr<sdk::HttpClient> http_;
};

}   // namespace

void Housekeeping::did(const std::string& job, bool well) {
    const std::lock_guard lock(mutex_);
    failed_[job] = !well;
}

std::vector<alarms::JobSight> Housekeeping::jobs() const {
    const std::lock_guard lock(mutex_);
    std::vector<alarms::JobSight> all;
    for (const auto& [job, failed] : failed_) {
        all.emplace_back(job, failed);
    }
    return all;
}

void Housekeeping::saw_logs(std::vector<alarms::LogSight> set_back) {
    const std::lock_guard lock(mutex_);
    logs_ = std::move(set_back);
}

std::optional<std::vector<alarms::LogSight>> Housekeeping::logs() const {
    const std::lock_guard lock(mutex_);
    return logs_;
}

void SkewSeen::saw(std::chrono::seconds skew) {
    const std::lock_guard lock(mutex_);
    skew_ = skew;
    at_ = clock_.steady();
}

std::optional<std::chrono::seconds> SkewSeen::lately() const {
    const std::lock_guard lock(mutex_);
    const bool old = !at_ || *at_ + skew_lasts <= clock_.steady();
    return old ? std::nullopt : std::optional(skew_);
}

Alarming::Alarming(AlarmingParts parts)
    : mailing_(runtime::make_thread_executor(1, "sluse-mail")),
      surroundings_(std::make_unique<AlarmSurroundings>(parts)),
      courier_(std::make_unique<AlarmCourier>(parts, *mailing_)) {
    alarms::WatcherParts watcher{parts.store, parts.configuration, *surroundings_,
                                 *courier_,   parts.clock,         parts.ids,
                                 parts.log,   parts.metrics,       parts.changed};
    watcher_ = std::make_unique<alarms::Watcher>(std::move(watcher));
}

Alarming::~Alarming() = default;

}   // namespace gateway::app
