#pragma once

// The public API: bytes in, 202 out. Finds who calls, which call it is, and hands it to one of the
// call files of this folder. Every answer that is not 2xx is a problem of RFC 9457.

#include "gateway/accept/callbacks.hpp"
#include "gateway/accept/identity.hpp"
#include "gateway/api/problem.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/http/message.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/connections.hpp"
#include "gateway/ports/documents.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/ports/records.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/ports/subscriptions.hpp"
#include "gateway/ports/uploads.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/view/refusal.hpp"

#include <atomic>
#include <string>
#include <string_view>

namespace gateway::accept {

using api::json_answer;
using api::problem;
using texts::problem_item;
using view::refusal_of;
using CallContext = texts::ProblemContext;

/// What the calls work with; all outlive the API.
struct ApiParts {
    ports::Store& store;
    ports::Documents& documents;
    ports::Uploads& uploads;
    ports::Intake& intake;
    ports::Connections& connections;
    const ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    signin::SignIn& sign_in;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    ports::Callbacks* callbacks = nullptr;           // nothing: none are taken
    ports::Subscriptions* subscriptions = nullptr;   // nothing: there are none
    ports::Records* records = nullptr;               // nothing: none are looked up
};

inline constexpr std::string_view subscriptions_path = "/v1/subscriptions";
inline constexpr std::string_view persons_path = "/v1/persons/";
inline constexpr std::string_view organisations_path = "/v1/organisations/";
inline constexpr std::string_view datasets_path = "/v1/records/";

/// Served without a credential.
struct PublicPages {
    std::string_view openapi_yaml;
    std::string_view docs_html;
};

/// One call under way.
struct Call {
    http::Request& request;
    CallContext context;
    ports::Caller caller;
};

/// Called on each connection's strand; keeps no state of a call.
class PublicApi final : public http::Handler {
public:
    PublicApi(ApiParts parts, PublicPages pages);
    ~PublicApi() override;

    sdk::Task<http::Response> handle(http::Request& request) override;
    http::Response refuse(int status, std::string_view code,
                          std::string_view accept_language) override;

    /// New messages and documents are refused with 503, event streams end.
    void begin_drain();
    /// A revoked key holds no longer.
    void forget_key(const std::string& key_id) { authenticator_.forget(key_id); }
    /// Told after each commit that added events: the store has one such hint, others share it here.
    runtime::Signal& news() { return news_; }

private:
    sdk::Task<http::Response> dispatch(http::Request& request, CallContext context);
    void count_call(const http::Request& request, int status,
                    core::SteadyTime::duration took) const;
    // What only chooses is no coroutine: each costs a frame.
    sdk::Task<http::Response> call_of_system(Call& call);

    sdk::Task<http::Response> post_message(Call& call);
    sdk::Task<http::Response> get_message(Call& call, core::MessageId id);
    sdk::Task<http::Response> get_timeline(Call& call, core::MessageId id);
    sdk::Task<http::Response> cancel_message(Call& call, core::MessageId id);
    sdk::Task<http::Response> search_messages(Call& call);
    sdk::Task<http::Response> search_by_body(Call& call);
    sdk::Task<http::Response> run_search(Call& call, ports::SearchQuery query);
    sdk::Task<http::Response> post_document(Call& call);
    sdk::Task<http::Response> get_document(Call& call, core::Sha256 hash);
    sdk::Task<http::Response> call_of_uploads(Call& call, std::string_view id);
    sdk::Task<http::Response> create_upload(Call& call);
    sdk::Task<http::Response> append_to_upload(Call& call, ports::UploadId id);
    sdk::Task<http::Response> get_events(Call& call);
    sdk::Task<http::Response> subscriptions(Call& call);
    /// `path` is what stands after /v1/inbox.
    sdk::Task<http::Response> call_of_inbox(Call& call, std::string_view path);
    sdk::Task<http::Response> get_inbox(Call& call);
    sdk::Task<http::Response> get_inbox_item(Call& call, core::InboxId id);
    sdk::Task<http::Response> settle_inbox_item(Call& call, core::InboxId id, bool acknowledged);
    sdk::Task<http::Response> get_inbox_counts(Call& call);
    sdk::Task<core::Result<ports::InboxBatch>> take_inbox(ports::InboxLease lease);
    sdk::Task<core::Result<std::optional<ports::InboxItem>>> own_item(const Call& call,
                                                                      core::InboxId id);

    sdk::Task<http::Response> call_of_records(Call& call);
    /// `path` is what stands after /v1/persons/.
    sdk::Task<http::Response> call_of_persons(Call& call, std::string_view path);
    sdk::Task<http::Response> look_up(Call& call, core::RecordKeyKind kind);
    sdk::Task<http::Response> read_and_look_up(Call& call, ports::RecordLookUp question);
    sdk::Task<http::Response> look_up_body(Call& call, ports::RecordLookUp question,
                                           const json::Value& body);
    sdk::Task<http::Response> tell_found(Call& call, sdk::Task<ports::LookUpAnswer> asking,
                                         bool batch);
    sdk::Task<http::Response> get_person(Call& call, core::Uuid handle);
    sdk::Task<http::Response> get_access_log(Call& call, core::Uuid handle);
    sdk::Task<http::Response> correct_person(Call& call, core::Uuid handle, std::string dataset);
    /// `path` is what stands after /v1/records/.
    sdk::Task<http::Response> call_of_datasets(Call& call, std::string_view path);
    sdk::Task<http::Response> get_record(Call& call, std::string dataset, std::string key);
    sdk::Task<http::Response> publish_record(Call& call, std::string dataset, std::string key);
    sdk::Task<http::Response> publish_records(Call& call, std::string dataset);
    sdk::Task<http::Response> get_record_changes(Call& call, std::string dataset);
    std::optional<core::RecordKeyKind> own_key_kind(const Call& call,
                                                    const std::string& dataset) const;

    /// The message when the caller may see it; unknown and foreign ones are the same.
    sdk::Task<core::Result<std::optional<ports::MessageView>>> visible(const Call& call,
                                                                       core::MessageId id);
    sdk::Task<core::Result<ports::IntakeRequest>> read_multipart(Call& call,
                                                                 const std::string& boundary,
                                                                 ports::Refusal& refusal,
                                                                 ports::IntakeRequest request);
    std::string channel_of(const ports::MessageView& message) const;

    ApiParts parts_;
    PublicPages pages_;
    Authenticator authenticator_;
    CallbackDoor callbacks_;
    runtime::Signal news_;
    std::atomic<bool> draining_{false};
};

/// What needs no waiting, as an answer that is awaited.
sdk::Task<http::Response> at_once(http::Response response);

/// Who may neither send nor answer has no use for stored bytes, and could fill the disk with them.
bool may_upload(const ports::Caller& caller);

/// JSON text within the limits, or why not.
core::Result<json::Value> parse_json(std::string_view text, const core::Limits& limits,
                                     ports::Refusal& refusal);
/// The same of a body.
sdk::Task<core::Result<json::Value>> read_json(sdk::ByteSource& body, const core::Limits& limits,
                                               ports::Refusal& refusal);

}   // namespace gateway::accept
