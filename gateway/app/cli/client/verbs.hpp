#pragma once

// What each client verb does once its arguments are read. All give the exit code.

#include "gateway/app/cli/client/desk.hpp"

#include <string>
#include <vector>

namespace gateway::app::client {

struct KeyOptions {
    GatePlace place;
    std::string kind = "system";
    std::string tenant;
    std::string system;
    std::string note;
    std::string why;
    std::string id;
    bool admin = false;
    bool json = false;
};
int run_keys_create(const Desk& desk, const KeyOptions& options);
int run_keys_list(const Desk& desk, const KeyOptions& options);
int run_keys_revoke(const Desk& desk, const KeyOptions& options);

struct SearchOptions {
    GatePlace place;
    std::string tenant, reference, case_id, file_name, journal, archive, upstream, recipient;
    std::string type, state, connection, from, to, cursor;
    int limit = 50;
    bool json = false;
};
int run_search(const Desk& desk, const SearchOptions& options);

struct MessageOptions {
    GatePlace place;
    std::string id;
    std::string act;   // retry | hold | release | cancel
    std::string why;
    bool follow = false;
    bool json = false;
};
int run_trace(const Desk& desk, const MessageOptions& options);
int run_act(const Desk& desk, const MessageOptions& options);

struct OpenListOptions {
    GatePlace place;
    std::string tenant, cursor, why;
    int limit = 50;
    bool all = false;   // those that are over too
    bool json = false;
};

struct AlarmOptions : OpenListOptions {
    std::string acknowledge;
};
int run_alarms(const Desk& desk, const AlarmOptions& options);

struct RetentionOptions {
    GatePlace place;
    std::string tenant;
    bool dry_run = false;   // what it must be
    bool json = false;
};
int run_retention(const Desk& desk, const RetentionOptions& options);

struct ApprovalOptions : OpenListOptions {
    std::string take_back;
};
int run_approvals(const Desk& desk, const ApprovalOptions& options);

struct FailureOptions {
    GatePlace place;
    std::string group, tenant, cursor;
    int limit = 50;
    bool json = false;
};
int run_failures(const Desk& desk, const FailureOptions& options);

struct RetriesOptions {
    GatePlace place;
    std::string pause, resume, cancel, why;   // at most one of the ids
    bool json = false;
};
int run_retries(const Desk& desk, const RetriesOptions& options);

struct RetryOptions {
    MessageOptions message;
    std::string group;   // instead of a message
    bool preview = false;
};
int run_retry(const Desk& desk, const RetryOptions& options);

struct QuarantineOptions {
    GatePlace place;
    std::string tenant, cursor, id, why;
    std::string out;        // of show: the file for its bytes
    std::string document;   // of show: one of its documents instead
    int limit = 50;
    bool settled = false;
    bool json = false;
};
int run_quarantine_list(const Desk& desk, const QuarantineOptions& options);
int run_quarantine_show(const Desk& desk, const QuarantineOptions& options);
int run_quarantine_resolve(const Desk& desk, const QuarantineOptions& options);

struct SystemUserOptions {
    GatePlace place;
    std::string connection, organisation, reference, redirect, why;
    std::vector<std::string> rights;     // none: as configured
    std::vector<std::string> packages;   // likewise
    bool follow = false;
    bool json = false;
};
int run_request_system_user(const Desk& desk, const SystemUserOptions& options);
int run_system_user(const Desk& desk, const SystemUserOptions& options);

struct LoadVerbOptions {
    GatePlace place;
    std::string connection, tenant, why;
    bool json = false;
};
int run_load(const Desk& desk, const LoadVerbOptions& options);

struct WebhookOptions {
    GatePlace place;
    std::string tenant, system, id, why;
    std::string act;     // enable | disable | test | replay | rotate
    std::string since;   // of replay, as those below
    std::vector<std::string> events;
    bool given_up = false;
    bool json = false;
};
int run_webhooks_list(const Desk& desk, const WebhookOptions& options);
int run_webhooks_show(const Desk& desk, const WebhookOptions& options);
int run_webhooks_act(const Desk& desk, const WebhookOptions& options);

struct PersonOptions {
    GatePlace place;
    std::string tenant, handle, why;
    std::string person_file;         // with the national id; empty: from standard input
    std::istream* input = nullptr;   // instead of standard input
    std::string successor_file;      // of a link; empty: the second line of standard input
    std::string act;                 // erase | hold | link
    std::string page_language = "nb";
    bool lift = false;   // the act is undone
    bool html = false;
    bool json = false;
};
int run_report_person(const Desk& desk, const PersonOptions& options);
int run_act_on_person(const Desk& desk, const PersonOptions& options);

struct StoreOptions {
    GatePlace place;
    std::string folder;   // backup
    std::string why;
    bool without_documents = false;
    bool json = false;
};
int run_backup(const Desk& desk, const StoreOptions& options);
int run_verify(const Desk& desk, const StoreOptions& options);

struct LogOptions {
    GatePlace place;
    std::string tenant;        // empty: all of them
    std::string data;          // folder, as those below of --offline
    std::string checkpoints;   // file of the tenant's, or a folder of such files; empty: none
    std::string public_key;    // base64url; empty: from the configuration's sealing keys
    bool json = false;
};
/// Whether the access log is what was written: exit_ok, or exit_failed with what is wrong and from
/// which entry.
int run_verify_log(const Desk& desk, const LogOptions& options);
/// The same of a data folder that no program has open.
int run_verify_log_offline(const Desk& desk, const LogOptions& options);

struct EvidenceOptions {
    std::string package;   // the ZIP
    std::string key;       // base64url, or a file with it or with PEM; empty: none is known
    bool json = false;
};
/// Whether an evidence package is what was made: exit_ok, or exit_failed with what is wrong and
/// where. Asks nobody, needs no configuration.
int run_verify_evidence(const Desk& desk, const EvidenceOptions& options);

struct HealthOptions {
    GatePlace place;
    bool json = false;
};
/// Whether the service takes letters now, and what is in the way; for containers and monitors.
int run_health(const Desk& desk, const HealthOptions& options);

struct DoctorOptions {
    GatePlace place;
    std::string connection;   // empty: all of them, and the machine
    std::string tenant;
    bool json = false;
};
/// exit_failed when anything is red.
int run_doctor(const Desk& desk, const DoctorOptions& options);

struct OfflineOptions {
    std::string config_folder;
    std::string data;   // folder (verify), file (restore)
    std::string keys;
    std::string into;
    bool json = false;
};
/// A data folder that no program has open: the database, and the documents when the configuration
/// can be read (their keys are sealed by the municipalities').
int run_verify_offline(const Desk& desk, const OfflineOptions& options);
int run_restore(const Desk& desk, const OfflineOptions& options);

struct InboxOptions {
    GatePlace place;
    std::string tenant, system, state, cursor, date, id, why;
    std::vector<std::string> to;   // systems
    int limit = 50;
    bool json = false;
};
int run_inbox_list(const Desk& desk, const InboxOptions& options);
int run_inbox_counts(const Desk& desk, const InboxOptions& options);
int run_inbox_replay(const Desk& desk, const InboxOptions& options);
int run_quarantine_release(const Desk& desk, const InboxOptions& options);

struct ConfigOptions {
    GatePlace place;
    std::string why;
    bool json = false;
};
int run_config_apply(const Desk& desk, const ConfigOptions& options);
int run_config_undo(const Desk& desk, const ConfigOptions& options);
int run_config_history(const Desk& desk, const ConfigOptions& options);

struct SendOptions {
    GatePlace place;
    std::string to;
    std::string title;
    std::string body;
    std::string reference;
    std::string kind;
    std::string idempotency_key;   // empty: one is made, so that a repeat inside is harmless
    std::vector<std::string> files;
    bool dry_run = false;
    bool follow = false;
    bool json = false;
};
int run_send(const Desk& desk, const SendOptions& options);

}   // namespace gateway::app::client
