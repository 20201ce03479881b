#pragma once

// The operators' API, on the loopback listener and on the Unix socket: what is going on, and the
// buttons. Every act that changes something has a reason; what touches a message is on its
// timeline. Described in schemas/admin-openapi.yaml.

#include "gateway/admin/access.hpp"
#include "gateway/admin/accounts.hpp"
#include "gateway/admin/audit.hpp"
#include "gateway/admin/identity.hpp"
#include "gateway/admin/oidc_sign_in.hpp"
#include "gateway/admin/second_person.hpp"
#include "gateway/admin/services.hpp"
#include "gateway/admin/sessions.hpp"
#include "gateway/api/problem.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/failures/retries.hpp"
#include "gateway/http/message.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/alarm_store.hpp"
#include "gateway/ports/asked_store.hpp"
#include "gateway/ports/callbacks.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/connections.hpp"
#include "gateway/ports/documents.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/ports/other_ways.hpp"
#include "gateway/ports/record_keeping.hpp"
#include "gateway/ports/retention_preview.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/ports/subscriptions.hpp"
#include "gateway/runtime/metrics.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/texts/problem_json.hpp"
#include "gateway/view/search_condition.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace gateway::doctor {
class Doctor;
}

namespace gateway::admin {

class FlowWatch;

using api::json_answer;
using api::problem;

/// What the calls work with; all outlive the API.
struct AdminParts {
    ports::Store& store;
    ports::Documents& documents;
    ports::Connections& connections;
    const ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    runtime::MetricsRegistry& metrics;
    runtime::Signal& news;   // told after each commit that added events
    ConfigService& config;
    SystemStatus& status;
    Circuits& circuits;
    LogChecks& logs;
    ports::Acts& acts;
    ports::Subscriptions& subscriptions;
    ports::RecordKeeping& keeping;
    ports::RetentionPreview& retention;
    failures::Retries& retries;
    /// A revoked key holds no longer: accept::PublicApi::forget_key.
    std::function<void(const std::string&)> forget_key;
    std::uint32_t own_uid = 0;   // the user `serve` runs as
    doctor::Doctor* doctor = nullptr;
    /// Passwords are stretched there; nothing: here.
    runtime::Executor* blocking = nullptr;
    /// Told when an alarm was opened, changed or is over; nothing: alarms are not streamed.
    runtime::Signal* alarm_news = nullptr;
    /// For people who sign in at a provider; nothing: nobody does.
    MakeOidcReach reach_provider = {};
    std::string version = {};   // of this program: stands in what leaves it as evidence
    /// Takes in what an operator has corrected; nothing: nothing is corrected.
    ports::Intake* intake = nullptr;
    /// By which a failed message may be sent on; nothing: by none.
    ports::OtherWays* other_ways = nullptr;
    /// Which acts need a second person; nothing: none does.
    std::function<std::shared_ptr<const core::SecondPersonRules>()> second_person = {};
};

/// A message with its tenant and what opens it.
struct Found {
    core::TenantId tenant;
    ports::MessageView message;
    std::shared_ptr<const crypto::Vault> vault;
    bool shows_content = true;   // to whoever asked

    Found() = default;
};

/// What one who signed in to the console may see with the call under way.
struct SessionAccess {
    std::set<std::string, std::less<>> tenants;
    std::set<std::string, std::less<>> content;   // of these also what messages say of themselves
    std::string token;                            // the session's own
    std::vector<Grant> grants;                    // all that the session has
    // Municipalities of which only these systems are seen.
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> systems;
    Scope scope = Scope::installation;
    bool whole = false;   // the whole installation

    SessionAccess() = default;
};

/// An act that is carried out because a second person approved it.
struct CarriedAct {
    core::Uuid id;             // of what was asked
    core::Time asked{};        // when
    std::string seen;          // as its target stood then
    std::uint64_t count = 0;   // of a group: how many it was then

    CarriedAct() = default;
};

/// What an act is done to, for who may have to approve it.
struct AskedTarget {
    std::string_view act;   // as it is named in the configuration
    core::TenantId tenant;
    std::string id;     // never personal; empty: it says nothing
    std::string seen;   // as it stands: another later is another act
    std::uint64_t count = 0;

    AskedTarget(std::string_view what, core::TenantId whose, std::string of, std::string stands)
        : act(what), tenant(std::move(whose)), id(std::move(of)), seen(std::move(stands)) {}
};

/// One call under way.
struct AdminCall {
    http::Request& request;
    texts::ProblemContext context;
    std::string who;
    Author author;                          // of an act: with its reason
    json::Value body;                       // of an act
    std::optional<SessionAccess> session;   // nothing: may do everything
    std::optional<CarriedAct> carried;      // approved by a second person
    // What becomes known on the way, for the audit.
    mutable std::string about;               // the municipality it turned out to be about
    mutable std::vector<AuditEntry> audit;   // what has been done
    AdminCall(http::Request& asked, texts::ProblemContext said, std::string caller)
        : request(asked), context(std::move(said)), who(std::move(caller)) {}
};

/// Called on each connection's strand; keeps no state of a call. One object serves both listeners.
class AdminApi final : public http::Handler {
public:
    explicit AdminApi(AdminParts parts);
    ~AdminApi() override;

    sdk::Task<http::Response> handle(http::Request& request) override;
    http::Response refuse(int status, std::string_view code,
                          std::string_view accept_language) override;

    /// Streams of timelines end; the rest goes on until the listener stops.
    void begin_drain();

    /// What was approved and not carried out when the program ended is; what nobody approved in
    /// time is over. Once a second or so, from one strand.
    sdk::Task<core::Result<void>> settle_asked();

private:
    sdk::Task<http::Response> dispatch(http::Request& request, texts::ProblemContext context);
    sdk::Task<http::Response> call_of_operator(AdminCall& call);
    sdk::Task<http::Response> act(AdminCall& call, std::string_view path);
    /// An act whose author is known.
    sdk::Task<http::Response> perform(AdminCall& call, std::string_view path);

    /// Nothing: it may be done now. Otherwise the answer: it waits for a second person, or cannot
    /// be done as it was asked. Called when all else is judged, before anything is changed.
    sdk::Task<std::optional<http::Response>> ask_second(AdminCall& call, AskedTarget target);
    sdk::Task<core::Result<bool>> take_approved(AdminCall& call, const AskedTarget& target);
    std::shared_ptr<const core::SecondPersonRules> second_person() const;
    sdk::Task<http::Response> list_approvals(AdminCall& call);
    sdk::Task<http::Response> show_approval(AdminCall& call, core::Uuid id);
    /// approve | decline | take-back
    sdk::Task<http::Response> act_on_approval(AdminCall& call, core::Uuid id, std::string what);
    sdk::Task<http::Response> carry_out_approved(AdminCall& call, core::Uuid id);
    /// Nothing: it could not be tried now, and waits.
    sdk::Task<std::optional<http::Response>> carry_out(ports::AskedAct act,
                                                       texts::ProblemContext context);
    /// Nothing: its key is not at hand, or gone.
    std::optional<json::Value> asked_request(const ports::AskedAct& act) const;
    json::Value approval_view(const AdminCall& call, const ports::AskedAct& act) const;
    bool may_see(const AdminCall& call, const ports::AskedAct& act) const;
    void audit_asked(const AdminCall& call, const char* what, const ports::AskedAct& act) const;

    bool has_session(const http::Request& request) const;
    std::vector<std::string> tenant_names() const;
    /// Who it is and what it may; or why not.
    std::optional<ports::Refusal> admit_session(AdminCall& call);
    std::optional<ports::Refusal> check_tenants_named(const AdminCall& call) const;
    sdk::Task<http::Response> call_by_session(http::Request& request,
                                              texts::ProblemContext context);
    void bind_to_session(const AdminCall& call, http::Response& response);
    sdk::Task<http::Response> session(http::Request& request, texts::ProblemContext context);
    http::Response show_session(AdminCall& call);
    http::Response end_session(AdminCall& call);
    sdk::Task<http::Response> begin_session(AdminCall& call);
    json::Value session_view(const Session& session) const;
    /// Whoever has a part of the municipality sees its systems alone.
    static bool sees_system(const AdminCall& call, const core::TenantId& tenant,
                            const core::SystemId& system);
    /// A question about one system, or about all: of whoever has a part, about one of it, which
    /// must be named where there are several.
    static std::optional<ports::Refusal> keep_to_part(const AdminCall& call,
                                                      const core::TenantId& tenant,
                                                      std::optional<core::SystemId>& system);
    static bool may_see_alarm(const SessionAccess& session, const ports::Alarm& alarm);
    /// To whoever calls, of this municipality: at the moment of the call.
    static bool shows_content(const AdminCall& call, const core::TenantId& tenant);
    /// The same, asked again and again while a stream lasts. Outlived by this.
    std::function<bool()> still_shows_content(const AdminCall& call, const core::TenantId& tenant);
    /// Of the request's cookie, unless what it was given by holds no longer.
    std::optional<Session> find_session(const http::Request& request, bool active);
    /// What stands under session/provider: signing in at a provider of OpenID Connect.
    sdk::Task<http::Response> provider_session(http::Request& request,
                                               texts::ProblemContext context);
    http::Response show_provider(AdminCall& call);
    sdk::Task<http::Response> begin_at_provider(AdminCall& call);
    sdk::Task<http::Response> return_from_provider(AdminCall& call);
    std::shared_ptr<const core::OidcConfig> provider() const;
    void tell_refused(const AdminCall& call, const OidcFault& fault) const;

    sdk::Task<http::Response> list_accounts(AdminCall& call);
    sdk::Task<http::Response> add_account(AdminCall& call);
    sdk::Task<http::Response> act_on_account(AdminCall& call, std::string name, std::string act);

    sdk::Task<http::Response> flow(AdminCall& call);
    sdk::Task<http::Response> flow_history(AdminCall& call);

    sdk::Task<http::Response> ready(const texts::ProblemContext& context);
    sdk::Task<http::Response> metrics();
    sdk::Task<bool> store_writable(core::Code& why);

    sdk::Task<http::Response> list_keys(AdminCall& call);
    sdk::Task<http::Response> create_key(AdminCall& call);
    sdk::Task<http::Response> revoke_key(AdminCall& call, std::string key_id);

    sdk::Task<http::Response> search(AdminCall& call);
    sdk::Task<http::Response> search_by_body(AdminCall& call);
    /// In the audit before anything is looked for.
    sdk::Task<std::optional<ports::Refusal>> check_search_by_person(AdminCall& call,
                                                                    core::TenantId tenant);
    sdk::Task<http::Response> run_search(AdminCall& call, core::TenantId tenant,
                                         const std::vector<view::Condition>& conditions,
                                         view::Refuse wrong);
    sdk::Task<http::Response> get_message(AdminCall& call, core::MessageId id);
    sdk::Task<http::Response> get_timeline(AdminCall& call, core::MessageId id);
    /// `rest`: "<attempt>/exchanges".
    sdk::Task<http::Response> get_exchanges(AdminCall& call, core::MessageId id, std::string rest);
    sdk::Task<http::Response> act_on_message(AdminCall& call, core::MessageId id, std::string what);
    sdk::Task<http::Response> retry(AdminCall& call, const Found& found);
    sdk::Task<http::Response> hold(AdminCall& call, const Found& found);
    sdk::Task<http::Response> release(AdminCall& call, const Found& found);
    sdk::Task<http::Response> cancel(AdminCall& call, const Found& found);
    std::vector<ports::OtherWay> ways_of(const Found& found,
                                         std::optional<core::Time> expires_at) const;
    sdk::Task<http::Response> show_ways(AdminCall& call, core::MessageId id);
    sdk::Task<http::Response> resend(AdminCall& call, core::MessageId id);
    sdk::Task<http::Response> show_content(AdminCall& call, core::MessageId id);
    sdk::Task<http::Response> edit_message(AdminCall& call, core::MessageId id);
    sdk::Task<http::Response> correct(AdminCall& call, const Found& found,
                                      ports::IntakeRequest request);
    sdk::Task<core::Result<std::vector<ports::FailureCount>>>
    count_failures(AdminCall& call, ports::Refusal& refusal);
    sdk::Task<http::Response> list_alarms(AdminCall& call);
    sdk::Task<http::Response> acknowledge_alarm(AdminCall& call, std::string_view id);
    sdk::Task<http::Response> list_failures(AdminCall& call);
    sdk::Task<http::Response> list_failed(AdminCall& call, std::string group);
    sdk::Task<http::Response> retry_group(AdminCall& call, std::string group);
    sdk::Task<http::Response> list_retries(AdminCall& call);
    /// `what`: pause, resume or cancel.
    sdk::Task<http::Response> change_retry(AdminCall& call, std::string id, std::string what);
    sdk::Task<http::Response> state_answer(AdminCall& call, core::TenantId tenant,
                                           core::MessageId id, int status);
    /// Nothing when no tenant has it.
    sdk::Task<core::Result<std::optional<Found>>> find(const AdminCall& call, core::MessageId id);
    /// An approved act's own id, so that after a crash it is known whether it was opened.
    core::DeliveryId new_delivery(const AdminCall& call) const;
    ports::NewEvent act_event(const AdminCall& call, const Found& found, const char* name) const;
    std::string channel_of(const ports::MessageView& message) const;

    sdk::Task<http::Response> get_events(AdminCall& call);
    sdk::Task<http::Response> counts(AdminCall& call);
    sdk::Task<http::Response> statistics(AdminCall& call);
    sdk::Task<http::Response> preview_retention(AdminCall& call) const;
    /// What storing once has spared, since this API was made: with the program's start.
    sdk::Task<http::Response> record_statistics(AdminCall& call) const;
    /// ?tenant=, where nothing else may stand.
    std::optional<ports::Refusal> read_tenant(const std::string& name, const std::string& value,
                                              std::optional<core::TenantId>& tenant) const;
    sdk::Task<http::Response> backup(AdminCall& call);
    sdk::Task<http::Response> verify(AdminCall& call);
    sdk::Task<http::Response> verify_log(AdminCall& call);
    sdk::Task<http::Response> list_log(AdminCall& call);
    sdk::Task<core::Result<void>> keep_log_reading(AdminCall& call, core::TenantId tenant,
                                                   std::uint64_t from, std::uint64_t to);
    /// persons/report, hold, lift-hold, erase: `what` is the last of it.
    sdk::Task<http::Response> act_on_person(AdminCall& call, std::string what);
    sdk::Task<http::Response> report_person(AdminCall& call, ports::PersonWish which,
                                            ports::Keeper keeper);
    sdk::Task<http::Response> link_person(AdminCall& call, ports::PersonWish ended,
                                          ports::Keeper keeper, bool link);
    sdk::Task<http::Response> config_history(AdminCall& call);
    sdk::Task<http::Response> change_config(AdminCall& call, bool undo);
    sdk::Task<http::Response> list_connections(AdminCall& call);

    sdk::Task<http::Response> act_on_connection(AdminCall& call, core::ConnectionId connection,
                                                std::string name);
    /// One connection, or the house and all of them.
    sdk::Task<http::Response> examine(AdminCall& call,
                                      std::optional<core::ConnectionId> connection);
    sdk::Task<http::Response> show_system_user(AdminCall& call, core::ConnectionId connection);

    sdk::Task<http::Response> list_webhooks(AdminCall& call);
    sdk::Task<http::Response> show_webhook(AdminCall& call, core::Uuid id);
    sdk::Task<http::Response> act_on_webhook(AdminCall& call, core::Uuid id, std::string what);
    sdk::Task<ports::SubscriptionAnswer> perform(const ports::Caller& owner, core::Uuid id,
                                                 std::string_view what, json::Value body);
    /// Its system, as a caller. Nothing when no tenant has it.
    sdk::Task<core::Result<std::optional<ports::Caller>>> find_webhook_owner(const AdminCall& call,
                                                                             core::Uuid id);

    sdk::Task<http::Response> list_quarantine(AdminCall& call);
    sdk::Task<http::Response> show_quarantined(AdminCall& call, core::InboxId id);
    sdk::Task<http::Response> quarantined_document(AdminCall& call, core::InboxId id,
                                                   std::string sha256);
    sdk::Task<core::Result<void>> keep_look(AdminCall& call, core::Params what);
    sdk::Task<http::Response> settle_quarantined(AdminCall& call, core::InboxId id);
    sdk::Task<http::Response> release_quarantined(AdminCall& call, core::InboxId id);
    sdk::Task<http::Response> list_inbox(AdminCall& call);
    sdk::Task<http::Response> inbox_counts(AdminCall& call);
    /// `path` is what stands after inbox/.
    sdk::Task<http::Response> replay_inbox(AdminCall& call, std::string_view item);
    /// Nothing when no tenant has it.
    sdk::Task<core::Result<std::optional<ports::QuarantinedItem>>>
    find_quarantined(const AdminCall& call, core::InboxId id);

    http::Response list_systems(AdminCall& call) const;
    http::Response list_adapters(AdminCall& call) const;
    sdk::Task<http::Response> list_certificates(AdminCall& call);
    sdk::Task<http::Response> show_config_version(AdminCall& call, std::string number);
    sdk::Task<http::Response> list_audit(AdminCall& call);
    sdk::Task<http::Response> open_content(AdminCall& call);
    sdk::Task<http::Response> message_document(AdminCall& call, core::MessageId id,
                                               std::string sha256);
    sdk::Task<http::Response> make_evidence(AdminCall& call, core::MessageId id);
    /// A message for operators, with what came of it: times and ways, and `with_words` what the
    /// component made of it.
    json::Value operator_view(const AdminCall& call, const Found& found,
                              const std::vector<ports::StoredEvent>& events, bool with_words) const;
    /// What log_act() gathered becomes durable.
    sdk::Task<core::Result<void>> keep_audit(AdminCall& call);
    sdk::Task<void> keep_sign_in(AdminCall& call, std::string account, std::string act);

    /// Which tenant a question is about: the one named, or the only one.
    core::Result<core::TenantId> tenant_of(std::string_view named, ports::Refusal& refusal) const;
    /// By ?tenant=.
    core::Result<core::TenantId> tenant_of(const AdminCall& call, ports::Refusal& refusal) const;
    /// Where something is looked for by its id: the one that ?tenant= names, or all.
    std::vector<core::TenantId> tenants_of(const AdminCall& call) const;
    void log_act(const AdminCall& call, std::string_view what, core::Params fields) const;

    AdminParts parts_;
    const core::Time began_;
    Doorkeeper doorkeeper_;
    Accounts accounts_;
    Sessions sessions_;
    AuditTrail audit_;
    Guesses account_guesses_{5};
    Guesses address_guesses_{50};   // behind a proxy everybody has the same
    Guesses provider_guesses_{
        20};   // how often an address goes to the provider and does not return
    OidcSignIn oidc_;
    std::atomic<bool> draining_{false};
    std::unique_ptr<FlowWatch> flow_watch_;
    runtime::Signal asked_news_;   // told when an asked act came or changed
    std::mutex carrying_mutex_;
    std::set<core::Uuid> carrying_;   // under way: never by two at once
    core::SteadyTime forget_asked_next_{};

    struct Probe {
        core::SteadyTime until{};
        core::Code fault;   // empty: it could be written
    };
    std::mutex probe_mutex_;
    Probe probe_;
};

/// Roles and where they hold, of an account or a session.
json::Value grants_view(const std::vector<Grant>& grants);
/// A code's words for a list of states: {"code","text","owner","action"}.
json::Value code_view(const core::Code& code, const core::Params& params, texts::Language language);
/// A line of the timeline for operators: also who and why, and what the component said.
json::Value operator_timeline_item(const ports::StoredEvent& event, const crypto::Vault& vault,
                                   texts::Language language);
/// A message, or a line of its timeline, without what it says of itself: titles, file names, what
/// the component replied.
void hide_content(json::Value& view);
/// A reason that is kept openly in the audit holds nobody's number.
bool names_a_person(std::string_view why);
/// Why it cannot be corrected as it stands; nothing when it can.
std::optional<ports::Refusal> refused_to_mend(const ports::MessageView& message);
/// Whether the approved act has opened its delivery, before a crash.
bool is_carried_out(const AdminCall& call, const ports::MessageView& message);
/// How an operator saw a message: what is asked for later must still find it so.
std::string version_of(const ports::MessageView& message);
/// A small JSON object, or the refusal that says what is wrong with it. No body is an empty object.
sdk::Task<core::Result<json::Value>> read_body(http::Request& request, ports::Refusal& refusal);
/// The same within these limits: of what holds a message.
sdk::Task<core::Result<json::Value>> read_body_within(http::Request& request, core::Limits limits,
                                                      ports::Refusal& refusal);

}   // namespace gateway::admin
