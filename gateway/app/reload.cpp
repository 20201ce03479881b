// A change of configuration while messages move: judged whole, recorded, swapped at once. What
// cannot be taken into use without a restart is said.

#include "gateway/app/config/difference.hpp"
#include "gateway/app/config/write_back.hpp"
#include "gateway/app/gateway.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/tenant_keys.hpp"

namespace gateway::app {
namespace {

// The replaced connections' calls under way may end; new ones go to their successors meanwhile.
constexpr std::chrono::seconds replaced_drain_max{30};
// A connection that did not start is tried again after the first of these, then half as often each
// time.
constexpr std::chrono::seconds again_first{10};
constexpr std::chrono::seconds again_max{300};

/// One change at a time.
class Turn {
public:
    explicit Turn(std::atomic<bool>& busy) : busy_(busy), mine_(!busy.exchange(true)) {}
    ~Turn() {
        if (mine_) {
            busy_ = false;
        }
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    bool mine() const { return mine_; }

private:
    std::atomic<bool>& busy_;
    bool mine_;
};

ApplyAnswer refusal(std::string nb, std::string en) {
    ApplyAnswer answer;
    answer.refused = Said(std::move(nb), std::move(en));
    return answer;
}

ApplyAnswer refusal(const core::Failure& failure) {
    return refusal("det lot seg ikke gjøre: " + failure.detail, "it failed: " + failure.detail);
}

std::shared_ptr<const core::Configuration> with_version(const core::Configuration& config,
                                                        std::uint64_t version) {
    auto numbered = std::make_shared<core::Configuration>(config);
    numbered->version = version;
    return numbered;
}

ApplyAnswer busy() {
    return refusal("en annen endring er i gang; prøv igjen om litt",
                   "another change is under way; try again in a moment");
}

}   // namespace

sdk::Task<LoadedConfig> Gateway::check() {
    auto job = [this] {
        auto files = read_config_files(options_.config_folder);
        if (files) {
            return load_configuration(*files, load_options());
        }
        LoadedConfig loaded;
        loaded.mistakes.emplace_back(Place(options_.config_folder),
                                     Said("kan ikke leses: " + files.error().detail,
                                          "cannot be read: " + files.error().detail),
                                     Said());
        return loaded;
    };
    co_return co_await blocking_->run(std::move(job));
}

sdk::Task<ApplyAnswer> Gateway::apply(std::string who, std::string why) {
    const Turn turn(applying_);
    if (!turn.mine()) {
        co_return busy();
    }
    auto job = [this] { return read_config_files(options_.config_folder); };
    auto files = co_await blocking_->run(std::move(job));
    if (!files) {
        co_return refusal(files.error());
    }
    co_return co_await apply_files(std::move(*files), std::move(who), std::move(why));
}

sdk::Task<ApplyAnswer> Gateway::undo(std::string who, std::string why) {
    const Turn turn(applying_);
    if (!turn.mine()) {
        co_return busy();
    }
    const auto versions = co_await store_->config_versions(2);
    if (!versions) {
        co_return refusal(versions.error());
    }
    if (versions->size() < 2) {
        co_return refusal("det finnes ingen tidligere konfigurasjon",
                          "there is no earlier configuration");
    }
    auto files = files_from_json((*versions)[1].files);
    if (!files) {
        co_return refusal(files.error());
    }
    ConfigFiles kept = *files;
    ApplyAnswer answer = co_await apply_files(std::move(*files), std::move(who), std::move(why));
    if (!answer.done()) {
        co_return answer;
    }
    auto job = [this, kept = std::move(kept)] {
        return write_config_files(options_.config_folder, kept);
    };
    const auto written = co_await blocking_->run(std::move(job));
    if (!written) {
        answer.notes.emplace_back("filene i " + options_.config_folder +
                                      " er som før; rett dem før neste omstart (" +
                                      written.error().detail + ")",
                                  "the files in " + options_.config_folder +
                                      " are as they were; mend them before the next restart (" +
                                      written.error().detail + ")");
    }
    co_return answer;
}

sdk::Task<ApplyAnswer> Gateway::apply_files(ConfigFiles files, std::string who, std::string why) {
    if (phase_ != Phase::serving) {
        co_return refusal("tjenesten er på vei ned", "the service is stopping");
    }
    auto job = [this, &files] { return load_configuration(files, load_options()); };
    LoadedConfig loaded = co_await blocking_->run(std::move(job));
    ApplyAnswer answer;
    answer.mistakes = std::move(loaded.mistakes);
    if (!loaded.configuration) {
        co_return answer;
    }
    const std::shared_ptr<const core::Configuration> next = loaded.configuration;
    auto read_keys = [next] { return open_vaults(*next); };
    const auto vaults = co_await blocking_->run(std::move(read_keys));
    if (!vaults) {
        co_return refusal(vaults.error());
    }
    const auto same = co_await same_keys_as_before(*store_, *vaults);
    if (!same && same.error().is(core::Errc::conflict)) {
        const std::string& tenant = same.error().detail;
        co_return refusal("forseglingsnøkkelen til " + tenant + " er en annen enn før",
                          "the sealing key of " + tenant + " is another than before");
    }
    if (!same) {
        co_return refusal(same.error());
    }
    ports::ConfigVersion version;
    version.at = clock_->now();
    version.who = std::move(who);
    version.why = std::move(why);
    version.files = files_to_json(files);
    const auto number = co_await store_->add_config_version(std::move(version));
    if (!number) {
        co_return refusal(number.error());
    }
    answer.version = *number;
    const auto before = config_.current();
    take_over(*vaults, *before);
    const std::shared_ptr<const core::Configuration> numbered = with_version(*next, *number);
    const auto retentions = loaded.retentions;
    const auto second_person = loaded.second_person;
    std::function<void()> in_force = [this, numbered, retentions, second_person] {
        config_.swap(numbered);
        config_.swap_retentions(retentions);
        config_.swap_second_person(second_person);
    };
    const auto faults = co_await connections_->apply(numbered, connection_start_max,
                                                     replaced_drain_max, std::move(in_force));
    say_connection_faults(faults);
    for (const auto& fault : faults) {
        const std::string& name = fault.connection.value;
        answer.notes.emplace_back("forbindelsen " + name + " kom ikke opp: " + fault.failure.detail,
                                  "the connection " + name +
                                      " did not come up: " + fault.failure.detail);
    }
    auto job_certificates = [this, next] { return renew_certificates(*next); };
    for (Said& note : needs_restart(*before, *next)) {
        answer.notes.push_back(std::move(note));
    }
    const auto renewed = co_await blocking_->run(std::move(job_certificates));
    answer.notes.insert(answer.notes.end(), renewed.begin(), renewed.end());
    dispatcher_->wake();
    notifier_->look_again();
    log_->write(sdk::Severity::info, "config_applied", {{"version", std::to_string(*number)}});
    co_return answer;
}

sdk::Task<void> Gateway::start_connections_again() {
    core::Duration wait = again_first;
    for (;;) {
        co_await clock_->sleep_until(clock_->steady() + wait);
        const auto config = config_.current();
        if (connections_->is_complete(*config)) {
            wait = again_first;
            continue;
        }
        const Turn turn(applying_);
        if (!turn.mine()) {
            continue;
        }
        const auto faults =
            co_await connections_->apply(config, connection_start_max, replaced_drain_max);
        say_connection_faults(faults);
        dispatcher_->wake();
        wait = std::min<core::Duration>(wait * 2, again_max);
    }
}

void Gateway::take_over(const TenantVaults& vaults, const core::Configuration& before) {
    for (const auto& [tenant, vault] : vaults) {
        vaults_.put(tenant, vault);
    }
    for (const auto& [tenant, value] : before.tenants) {
        if (!vaults.contains(tenant)) {
            vaults_.remove(tenant);
        }
    }
}

std::vector<Said> Gateway::renew_certificates(const core::Configuration& next) {
    struct Listener {
        http::Server* server;
        const core::ListenConfig& listen;
        const char* name;
    };
    const Listener all[] = {{public_server_.get(), next.public_listener, "public"},
                            {admin_server_.get(), next.admin_listener, "admin"}};
    std::vector<Said> notes;
    for (const Listener& one : all) {
        if (one.server == nullptr || one.listen.certificate.empty() ||
            !one.server->url().starts_with("https")) {
            continue;
        }
        const auto certificate = resolve_secret(one.listen.certificate, Secrecy::open);
        const auto key = resolve_secret(one.listen.key, Secrecy::secret);
        core::Result<void> renewed = core::Failure(core::Errc::not_found);
        if (certificate && key) {
            renewed = one.server->replace_certificate(*certificate, *key);
        }
        if (!renewed) {
            notes.emplace_back(std::string("sertifikatet til [listen.") + one.name +
                                   "] er som før: " + renewed.error().detail,
                               std::string("the certificate of [listen.") + one.name +
                                   "] is as it was: " + renewed.error().detail);
        }
    }
    return notes;
}

void Gateway::say_connection_faults(const std::vector<host::ConnectionFault>& faults) {
    for (const auto& fault : faults) {
        log_->write(sdk::Severity::error, "connection_failed",
                    {{"connection", fault.connection.value}, {"why", fault.failure.to_string()}});
    }
}

sdk::Task<void> Gateway::remember_files(std::string who, std::string why) {
    ports::ConfigVersion version;
    version.at = clock_->now();
    version.who = std::move(who);
    version.why = std::move(why);
    version.files = files_to_json(opened_files_);
    opened_files_.clear();
    const auto newest = co_await store_->config_versions(1);
    if (newest && !newest->empty() && newest->front().files == version.files) {
        config_.swap(with_version(*config_.current(), newest->front().version));
        co_return;
    }
    const auto added = co_await store_->add_config_version(std::move(version));
    if (!added) {
        log_->write(sdk::Severity::error, "config_not_remembered",
                    {{"why", added.error().to_string()}});
        co_return;
    }
    config_.swap(with_version(*config_.current(), *added));
}

}   // namespace gateway::app
