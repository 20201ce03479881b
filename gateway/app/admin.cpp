#include "gateway/app/admin.hpp"

#include "gateway/admin/api.hpp"
#include "gateway/app/certificates_in_use.hpp"
#include "gateway/app/log_report.hpp"
#include "gateway/app/other_ways.hpp"
#include "gateway/crypto/certificate.hpp"
#include "gateway/host/business_key.hpp"
#include "gateway/records/log_check.hpp"
#include "gateway/runtime/file.hpp"

#include <unistd.h>

namespace gateway::app {
namespace {

admin::ConfigAnswer answer_of(const ApplyAnswer& answer, texts::Language language) {
    admin::ConfigAnswer view;
    view.version = answer.version;
    view.refused = answer.refused.in(language);
    for (const Mistake& mistake : answer.mistakes) {
        admin::ConfigMistake one;
        one.file = mistake.place.file;
        one.line = mistake.place.line;
        one.column = mistake.place.column;
        one.reason = mistake.reason.in(language);
        one.remedy = mistake.remedy.in(language);
        view.mistakes.push_back(std::move(one));
    }
    for (const Said& note : answer.notes) {
        view.notes.push_back(note.in(language));
    }
    return view;
}

/// The first of a file: the one that is ours. Nothing where there is none to look at. Blocks.
std::optional<admin::CertificateView> look_at_certificate(const CertificateInUse& named) {
    admin::CertificateView view;
    view.use = named.of_listener ? "listener" : "connection";
    view.name = named.name;
    const auto chain = read_chain(named);
    if (chain && chain->empty() && named.reference.empty()) {
        return std::nullopt;   // a key without a certificate
    }
    if (!chain || chain->empty()) {
        return view;
    }
    const auto facts = crypto::certificate_facts(chain->front());
    if (facts) {
        view.readable = true;
        view.subject = facts->subject;
        view.issuer = facts->issuer;
        view.serial = facts->serial_hex;
        view.sha256 = facts->sha256_hex;
        view.not_before = facts->not_before;
        view.not_after = facts->not_after;
    }
    return view;
}

/// What the admin API asks of the program, answered by the gateway.
class Surroundings final : public admin::ConfigService,
                           public admin::SystemStatus,
                           public admin::Circuits,
                           public admin::LogChecks {
public:
    explicit Surroundings(Gateway& gateway) : gateway_(gateway) {}

    sdk::Task<admin::ConfigAnswer> apply(admin::Author author, texts::Language language) override {
        const auto answer = co_await gateway_.apply(author.who, author.why);
        co_return answer_of(answer, language);
    }
    sdk::Task<admin::ConfigAnswer> undo(admin::Author author, texts::Language language) override {
        const auto answer = co_await gateway_.undo(author.who, author.why);
        co_return answer_of(answer, language);
    }

    sdk::Task<admin::SystemView> look() override {
        admin::SystemView view;
        const Phase phase = gateway_.phase();
        view.draining = phase == Phase::draining || phase == Phase::stopped;
        add_listener(view, "public", gateway_.public_url());
        if (!gateway_.configuration().current()->admin_listener.address.empty()) {
            add_listener(view, "admin", gateway_.admin_url());
        }
        const std::string folder = gateway_.configuration().current()->data_path;
        auto ask = [folder] { return runtime::make_file_system(folder)->free_bytes(); };
        const auto free_bytes = co_await gateway_.blocking().run(std::move(ask));
        if (free_bytes) {
            view.free_bytes = *free_bytes;
        }
        co_return view;
    }

    std::vector<admin::AdapterView> adapters() const override {
        std::vector<admin::AdapterView> all;
        for (const auto& name : gateway_.adapters().names()) {
            const auto* found = gateway_.adapters().find(name);
            admin::AdapterView one;
            one.name = name;
            one.version = found->version;
            one.sdk = found->stamp.sdk_version;
            one.compiler = found->stamp.compiler;
            all.push_back(std::move(one));
        }
        return all;
    }

    sdk::Task<std::vector<admin::CertificateView>> certificates() override {
        auto named = certificates_in_use(*gateway_.configuration().current());
        auto job = [named = std::move(named)] {
            std::vector<admin::CertificateView> all;
            for (const auto& one : named) {
                if (auto view = look_at_certificate(one)) {
                    all.push_back(std::move(*view));
                }
            }
            return all;
        };
        co_return co_await gateway_.blocking().run(std::move(job));
    }

    sdk::Task<core::Result<admin::LogView>> check_log(core::TenantId tenant) override {
        const auto vault = gateway_.vaults().find(tenant);
        if (!vault) {
            co_return core::Failure(core::Errc::not_found, "no key of the tenant's at hand");
        }
        const auto key = vault->verification_key();
        const auto folder = records::checkpoint_folder(*gateway_.configuration().current());
        records::CheckpointReader reader(tenant, key);
        if (!folder.empty()) {
            auto read = [path = records::checkpoint_file(folder, tenant), tenant, key] {
                return records::read_checkpoint_file(path, tenant, key);
            };
            auto there = co_await gateway_.blocking().run(std::move(read));
            if (!there) {
                co_return there.error();
            }
            reader = std::move(*there);
        }
        const auto report =
            co_await records::check_log(gateway_.store().records(), tenant, std::move(reader));
        if (!report) {
            co_return report.error();
        }
        co_return log_view_of(*report, key);
    }

    admin::CircuitView circuit(const core::ConnectionId& connection) const override {
        admin::CircuitView view;
        const auto& traffic = gateway_.traffic();
        view.state = traffic.is_circuit_open(connection) ? "open" : "closed";
        view.in_flight = traffic.in_flight(connection, ports::Lane::attempts) +
                         traffic.in_flight(connection, ports::Lane::receipts);
        return view;
    }

private:
    static void add_listener(admin::SystemView& view, const char* name, std::string url) {
        admin::ListenerView listener;
        listener.name = name;
        listener.up = !url.empty();
        listener.address = std::move(url);
        view.listeners.push_back(std::move(listener));
    }

    Gateway& gateway_;
};

/// Client and key as a connection has them, for one half of a sign-in.
core::Result<admin::OidcReach> reach_provider(const host::Services& services,
                                              const core::OidcConfig& config) {
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId("console_provider");
    connection.key = config.key;
    connection.key_password = config.key_password;
    connection.certificate = config.certificate;
    connection.ca_file = config.ca_file;
    admin::OidcReach reach;
    auto http = services.make_http(connection, {}, services.executor);
    if (!http) {
        return http.error();
    }
    reach.http = std::move(*http);
    reach.keys = std::make_unique<host::BusinessKey>(services, std::move(connection));
    return reach;
}

class AdminHandler final : public OperatorsApi {
public:
    explicit AdminHandler(Gateway& gateway)
        : surroundings_(gateway),
          retries_(gateway.retry_parts()),
          other_ways_(gateway.configuration(), gateway.connections(), gateway.clock()),
          api_(parts_of(gateway)) {}

    sdk::Task<http::Response> handle(http::Request& request) override {
        return api_.handle(request);
    }
    http::Response refuse(int status, std::string_view code,
                          std::string_view accept_language) override {
        return api_.refuse(status, code, accept_language);
    }
    void begin_drain() override { api_.begin_drain(); }
    sdk::Task<core::Result<void>> settle_asked() override { return api_.settle_asked(); }

private:
    admin::AdminParts parts_of(Gateway& gateway) {
        auto& api = gateway.public_api();
        return admin::AdminParts{
            gateway.store(),
            gateway.documents(),
            gateway.connections(),
            gateway.configuration(),
            gateway.vaults(),
            gateway.clock(),
            gateway.ids(),
            gateway.log(),
            gateway.metrics(),
            api.news(),
            surroundings_,
            surroundings_,
            surroundings_,
            surroundings_,
            gateway.acts(),
            gateway.subscriptions(),
            gateway.keeping(),
            gateway.retention_preview(),
            retries_,
            [&api](const std::string& key_id) { api.forget_key(key_id); },
            static_cast<std::uint32_t>(::geteuid()),
            &gateway.doctor(),
            &gateway.blocking(),
            &gateway.alarm_news(),
            [services = gateway.connection_services()](const core::OidcConfig& config) {
                return reach_provider(services, config);
            },
            SLUSE_VERSION,
            &gateway.intake(),
            &other_ways_,
            [&gateway] { return gateway.configuration().second_person(); },
        };
    }

    Surroundings surroundings_;
    failures::Retries retries_;
    OtherWays other_ways_;
    admin::AdminApi api_;
};

}   // namespace

std::unique_ptr<OperatorsApi> make_admin_api(Gateway& gateway) {
    return std::make_unique<AdminHandler>(gateway);
}

}   // namespace gateway::app
