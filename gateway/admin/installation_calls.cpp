#include "gateway/admin/api.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// The store, the configuration and the connections as a whole.

namespace gateway::admin {
namespace {

constexpr std::size_t history_default = 20;
constexpr std::size_t faults_max = 1000;   // of those found, as many are told
constexpr std::chrono::seconds health_time_max{2};
constexpr std::chrono::seconds health_time_max_in_all{15};

json::Value mistake_view(const ConfigMistake& mistake) {
    json::Value view = json::Value::object();
    view.set("file", mistake.file);
    if (mistake.line > 0) {
        view.set("line", static_cast<std::int64_t>(mistake.line))
            .set("column", static_cast<std::int64_t>(mistake.column));
    }
    view.set("reason", mistake.reason).set("remedy", mistake.remedy);
    return view;
}

const char* word(sdk::Condition condition) {
    switch (condition) {
    case sdk::Condition::ready: return "ready";
    case sdk::Condition::degraded: return "degraded";
    case sdk::Condition::down: break;
    }
    return "down";
}

void push_faults(json::Value& list, const std::vector<std::string>& faults) {
    for (const auto& fault : faults) {
        if (list.items().size() < faults_max) {
            list.push(fault);
        }
    }
}

}   // namespace

sdk::Task<http::Response> AdminApi::counts(AdminCall& call) {
    const auto counts = co_await parts_.store.counts();
    if (!counts) {
        co_return problem(view::refusal_of(counts.error()), call.context);
    }
    json::Value states = json::Value::object();
    for (const auto& [state, number] : counts->deliveries) {
        states.set(core::to_string(state), number);
    }
    json::Value view = json::Value::object();
    view.set("deliveries", std::move(states)).set("events", counts->events);
    view.set("flushes", counts->flushes).set("quarantined", counts->quarantined);
    if (counts->oldest_waiting) {
        view.set("oldestWaiting", core::to_rfc3339(*counts->oldest_waiting));
    }
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::backup(AdminCall& call) {
    const std::string folder = call.body["folder"].as_string();
    for (const auto& [name, value] : call.body.members()) {
        if ((name != "folder" && name != "why") || !value.is_string()) {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    if (folder.empty() || folder.front() != '/' || folder.find('\0') != std::string::npos) {
        // A relative folder would be one the operator does not think of: the service's own.
        co_return problem(view::bad_member("folder"), call.context);
    }
    const auto began = parts_.clock.steady();
    const auto done = co_await parts_.store.backup(folder);
    if (!done) {
        const bool unusable = done.error().is(core::Errc::conflict) ||
                              done.error().is(core::Errc::invalid_argument) ||
                              done.error().is(core::Errc::not_found) ||
                              done.error().is(core::Errc::unauthorised);
        parts_.log.write(sdk::Severity::error, "backup_failed",
                         {{"who", call.author.who}, {"what", done.error().to_string()}});
        co_return problem(unusable ? ports::Refusal("admin.backup_folder_unusable")
                                   : view::refusal_of(done.error()),
                          call.context);
    }
    log_act(call, "backup", {{"why", call.author.why}});
    json::Value files = json::Value::array();
    files.push("sluse-data.db").push("sluse-keys.db");
    json::Value view = json::Value::object();
    view.set("folder", folder)
        .set("files", std::move(files))
        .set("seconds", std::chrono::duration<double>(parts_.clock.steady() - began).count());
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::verify(AdminCall& call) {
    for (const auto& [name, value] : call.body.members()) {
        if (name != "documents" || !value.is_bool()) {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    const bool with_documents = call.body["documents"].as_bool(true);
    const auto store = co_await parts_.store.verify();
    if (!store) {
        co_return problem(view::refusal_of(store.error()), call.context);
    }
    json::Value faults = json::Value::array();
    push_faults(faults, *store);
    std::uint64_t found = store->size();
    if (with_documents) {
        const auto documents = co_await parts_.documents.verify();
        if (!documents) {
            co_return problem(view::refusal_of(documents.error()), call.context);
        }
        push_faults(faults, *documents);
        found += documents->size();
    }
    parts_.log.write(found == 0 ? sdk::Severity::info : sdk::Severity::error, "store_verified",
                     {{"who", call.who}, {"faults", std::to_string(found)}});
    json::Value view = json::Value::object();
    view.set("sound", found == 0)
        .set("documents", with_documents)
        .set("found", found)
        .set("faults", std::move(faults));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::config_history(AdminCall& call) {
    const auto versions = co_await parts_.store.config_versions(history_default);
    if (!versions) {
        co_return problem(view::refusal_of(versions.error()), call.context);
    }
    const auto in_force = parts_.configuration.current()->version;
    json::Value items = json::Value::array();
    for (const auto& version : *versions) {
        json::Value one = json::Value::object();
        one.set("version", version.version)
            .set("at", core::to_rfc3339(version.at))
            .set("who", version.who)
            .set("why", version.why)
            .set("inForce", version.version == in_force);
        items.push(std::move(one));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("inForce", in_force);
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::change_config(AdminCall& call, bool undo) {
    for (const auto& [name, value] : call.body.members()) {
        if (name != "why") {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    ConfigAnswer answer;
    if (undo) {
        answer = co_await parts_.config.undo(call.author, call.context.language);
    } else {
        answer = co_await parts_.config.apply(call.author, call.context.language);
    }
    if (answer.version == 0 && answer.mistakes.empty()) {
        const core::Code code("admin.config_not_changed");
        const core::Params params{{"reason", answer.refused}};
        co_return problem(ports::Refusal(code, params), call.context);
    }
    if (!answer.mistakes.empty()) {
        json::Value mistakes = json::Value::array();
        for (const auto& mistake : answer.mistakes) {
            mistakes.push(mistake_view(mistake));
        }
        const core::Code code("admin.config_refused");
        const core::Params params{{"count", std::to_string(answer.mistakes.size())}};
        auto refused =
            texts::problem_json(code, params, {}, call.context, texts::problem_status(code));
        refused.body.set("mistakes", std::move(mistakes));
        http::Response response(refused.status, texts::problem_media_type,
                                json::write(refused.body));
        response.headers.insert(response.headers.end(), refused.headers.begin(),
                                refused.headers.end());
        co_return response;
    }
    log_act(call, undo ? "config_undone" : "config_applied",
            {{"version", std::to_string(answer.version)}, {"why", call.author.why}});
    json::Value view = json::Value::object();
    json::Value notes = json::Value::array();
    for (const auto& note : answer.notes) {
        notes.push(note);
    }
    view.set("version", answer.version).set("notes", std::move(notes));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::list_connections(AdminCall& call) {
    const auto configuration = parts_.configuration.current();
    const auto give_up = parts_.clock.in(health_time_max_in_all);
    json::Value items = json::Value::array();
    for (const auto& [id, settings] : configuration->connections) {
        const auto serves = [&](const core::TenantId& tenant) {
            return call.session->tenants.contains(tenant.value);
        };
        if (call.session &&
            std::none_of(settings.tenants.begin(), settings.tenants.end(), serves)) {
            continue;
        }
        json::Value one = json::Value::object();
        one.set("id", id.value)
            .set("adapter", settings.adapter)
            .set("environment", settings.environment);
        json::Value tenants = json::Value::array();
        for (const auto& tenant : settings.tenants) {
            if (call.session && !serves(tenant)) {
                continue;   // whom else it serves is nobody's business
            }
            tenants.push(tenant.value);
        }
        one.set("tenants", std::move(tenants));
        sdk::Health health(sdk::Condition::down, "connection.not_running",
                           {{"connection", id.value}});
        if (const auto connection = parts_.connections.find(id)) {
            const auto each = parts_.clock.in(health_time_max);
            const sdk::Deadline deadline(std::min(each.at, give_up.at));
            health = co_await connection->check_health(deadline);
            one.set("inFlightMax", connection->in_flight_max());
        }
        one.set("health", word(health.condition));
        if (!health.code.empty()) {
            one.set("reason", code_view(health.code, health.params, call.context.language));
        }
        const auto circuit = parts_.circuits.circuit(id);
        one.set("circuit", circuit.state).set("inFlight", circuit.in_flight);
        items.push(std::move(one));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items));
    co_return json_answer(200, view);
}

}   // namespace gateway::admin
