#include "gateway/accept/api.hpp"
#include "gateway/api/request_head.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/view/inbox_view.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/search_condition.hpp"

#include <algorithm>
#include <vector>

// What came in for the caller's system: GET /v1/inbox (long poll, under a lease), one item, its
// acknowledgement or rejection, the day's counts.

namespace gateway::accept {
namespace {

constexpr std::size_t page_max = 100;
constexpr std::size_t wait_seconds_max = 60;
constexpr std::size_t reason_bytes_max = 1000;
constexpr std::size_t answer_bytes_max = 64U << 10U;
// An expired lease gives no sign: looked for this often while somebody waits.
constexpr std::chrono::seconds look_pace{5};
constexpr std::string_view receive = "receive:";

/// Types without version that the caller may receive.
std::vector<std::string> types_of(const ports::Caller& caller) {
    std::vector<std::string> types;
    for (const auto& grant : caller.grants) {
        if (grant.starts_with(receive)) {
            types.push_back(grant.substr(receive.size()));
        }
    }
    return types;
}

bool is_granted(const ports::Caller& caller, const ports::InboxItem& item) {
    return caller.may(std::string(receive) + item.type.substr(0, item.type.find('/')));
}

struct Settlement {
    std::optional<core::Fence> lease;
    json::Value sealed = json::Value::object();   // reason, answer
};

/// The body of ack or reject; what is wrong with it otherwise.
std::optional<ports::Refusal> read_settlement(const json::Value& body, bool acknowledged,
                                              Settlement& settlement) {
    if (!body.is_object()) {
        return view::no_object();
    }
    for (const auto& [name, value] : body.members()) {
        if (name == "lease" && value.is_string()) {
            settlement.lease = view::read_lease(value.as_string());
        } else if (name == "reason" && value.is_string() && !acknowledged &&
                   !value.as_string().empty() && value.as_string().size() <= reason_bytes_max) {
            settlement.sealed.set("reason", value);
        } else if (name == "answer" && value.is_object() &&
                   json::write(value).size() <= answer_bytes_max) {
            settlement.sealed.set("answer", value);
        } else {
            return view::bad_member(name);
        }
    }
    if (!settlement.lease) {
        return view::bad_member("lease");
    }
    if (!acknowledged && !settlement.sealed.has("reason")) {
        return view::bad_member("reason");
    }
    return std::nullopt;
}

/// The first of the files sent along that the caller may not read; nothing when it may read all.
sdk::Task<core::Result<std::optional<std::string>>>
foreign_file(ports::Store& store, const ports::Caller& caller, const json::Value& answer) {
    for (const auto& document : answer["documents"].items()) {
        if (!document["sha256"].is_string()) {
            continue;   // no file; the adapter says what is wrong
        }
        const auto& named = document["sha256"].as_string();
        const auto hash = core::parse_sha256(named);
        if (!hash) {
            co_return named.substr(0, 64);
        }
        const auto may = co_await store.may_read_document(caller.tenant, caller.system,
                                                          caller.sees_all(), *hash);
        if (!may) {
            co_return may.error();
        }
        if (!*may) {
            co_return named;
        }
    }
    co_return std::nullopt;
}

}   // namespace

sdk::Task<http::Response> PublicApi::get_inbox(Call& call) {
    std::chrono::seconds wait{0};
    std::size_t limit = 20;
    for (const auto& [name, value] : call.request.query) {
        const auto number =
            value == "0" ? std::optional<std::size_t>(0) : view::read_limit(value, page_max);
        if (name == "wait" && number && *number <= wait_seconds_max) {
            wait = std::chrono::seconds(*number);
        } else if (name == "max" && number && *number > 0) {
            limit = *number;
        } else {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto types = types_of(call.caller);
    if (types.empty()) {
        co_return problem(ports::Refusal("auth.not_granted", {{"grant", "receive:<type>"}}),
                          call.context);
    }
    const auto vault = parts_.vaults.find(call.caller.tenant);
    if (vault == nullptr) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    const auto deadline = parts_.clock.in(wait);
    for (;;) {
        const auto seen = news_.count();
        ports::InboxLease lease;
        lease.tenant = call.caller.tenant;
        lease.system = call.caller.system;
        lease.types = types;
        lease.limit = limit;
        const auto rules = parts_.configuration.current()->inbox;
        lease.now = parts_.clock.now();
        lease.until = lease.now + rules.lease;
        lease.deliveries_max = rules.deliveries_max;
        auto batch = co_await take_inbox(std::move(lease));
        if (!batch) {
            co_return problem(refusal_of(batch.error()), call.context);
        }
        const bool over = draining_ || parts_.clock.steady() >= deadline.at;
        if (!batch->items.empty() || over) {
            if (!batch->items.empty()) {
                GATEWAY_CRASH_POINT("inbox.leased");
            }
            json::Value items = json::Value::array();
            for (const auto& item : batch->items) {
                auto one = view::inbox_item(item, *vault);
                one.set("lease", view::write_lease(item.lease))
                    .set("leaseUntil", core::to_rfc3339(item.lease_until));
                items.push(std::move(one));
            }
            json::Value view = json::Value::object();
            view.set("items", std::move(items));
            co_return json_answer(200, view);
        }
        const sdk::Deadline look(std::min(deadline.at, parts_.clock.steady() + look_pace));
        co_await news_.wait(parts_.clock, seen, look);
    }
}

/// Writes only when there is something to lease.
sdk::Task<core::Result<ports::InboxBatch>> PublicApi::take_inbox(ports::InboxLease lease) {
    const auto any = co_await parts_.store.has_inbox(lease);
    if (any.has_error()) {
        co_return any.error();
    }
    if (!*any) {
        co_return ports::InboxBatch();
    }
    for (std::size_t i = 0; i < lease.limit; ++i) {
        lease.event_ids.push_back(parts_.ids.next<core::EventId>());
    }
    auto batch = co_await parts_.store.lease_inbox(std::move(lease));
    if (batch.has_value()) {
        for (const auto& dead : batch->dead) {
            parts_.log.write(sdk::Severity::error, "inbox_dead",
                             {{"system", dead.system.value},
                              {"type", dead.type},
                              {"item", dead.id.to_string()}});
            const core::Params labels{{"system", dead.system.value}, {"type", dead.type}};
            parts_.metrics.count("sluse_inbox_dead_total", labels, 1);
        }
    }
    co_return batch;
}

/// Nothing when it is not the caller's, or of a type it may not receive.
sdk::Task<core::Result<std::optional<ports::InboxItem>>> PublicApi::own_item(const Call& call,
                                                                             core::InboxId id) {
    const std::optional<core::SystemId> system = call.caller.system;
    auto item = co_await parts_.store.find_inbox(call.caller.tenant, system, id);
    if (item.has_value() && item->has_value() && !is_granted(call.caller, **item)) {
        item->reset();
    }
    co_return item;
}

sdk::Task<http::Response> PublicApi::get_inbox_item(Call& call, core::InboxId id) {
    if (const auto refused = api::refuse_parameters(call.request)) {
        co_return problem(*refused, call.context);
    }
    const auto item = co_await own_item(call, id);
    if (!item) {
        co_return problem(refusal_of(item.error()), call.context);
    }
    if (!item->has_value()) {
        co_return problem(ports::Refusal("inbox.not_found"), call.context);
    }
    const auto vault = parts_.vaults.find(call.caller.tenant);
    if (vault == nullptr) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    co_return json_answer(200, view::inbox_item(**item, *vault));
}

sdk::Task<http::Response> PublicApi::settle_inbox_item(Call& call, core::InboxId id,
                                                       bool acknowledged) {
    if (const auto refused = api::refuse_parameters(call.request)) {
        co_return problem(*refused, call.context);
    }
    const auto item = co_await own_item(call, id);
    if (!item) {
        co_return problem(refusal_of(item.error()), call.context);
    }
    if (!item->has_value()) {
        co_return problem(ports::Refusal("inbox.not_found"), call.context);
    }
    ports::Refusal refusal;
    const auto limits = parts_.configuration.current()->limits;
    const auto body = co_await read_json(*call.request.body, limits, refusal);
    if (!body) {
        co_return problem(refusal, call.context);
    }
    Settlement settlement;
    if (const auto wrong = read_settlement(*body, acknowledged, settlement)) {
        co_return problem(*wrong, call.context);
    }
    const auto foreign =
        co_await foreign_file(parts_.store, call.caller, settlement.sealed["answer"]);
    if (!foreign) {
        co_return problem(refusal_of(foreign.error()), call.context);
    }
    if (foreign->has_value()) {
        co_return problem(ports::Refusal("document.unknown_reference", {{"sha256", **foreign}}),
                          call.context);
    }
    ports::InboxSettle command;
    command.tenant = call.caller.tenant;
    command.system = call.caller.system;
    command.id = id;
    command.lease = *settlement.lease;
    command.acknowledged = acknowledged;
    command.at = parts_.clock.now();
    command.event_id = parts_.ids.next<core::EventId>();
    if (!settlement.sealed.members().empty()) {
        const auto vault = parts_.vaults.find(call.caller.tenant);
        const auto owner = id.to_bytes();
        const auto key =
            vault == nullptr
                ? core::Result<crypto::ContentKey>(core::Failure(core::Errc::unavailable, "no key"))
                : vault->unwrap((*item)->wrapped_key, owner);
        if (!key) {
            co_return problem(ports::Refusal("service.internal"), call.context);
        }
        command.sealed_answer =
            key->seal(parts_.ids, "answer", owner, json::write(settlement.sealed));
    }
    const auto settled = co_await parts_.store.settle_inbox(std::move(command));
    if (!settled) {
        co_return problem(settled.error().is(core::Errc::conflict)
                              ? ports::Refusal("inbox.lease_lost")
                              : refusal_of(settled.error()),
                          call.context);
    }
    GATEWAY_CRASH_POINT("inbox.settled");
    json::Value view = json::Value::object();
    view.set("id", id.to_string()).set("state", acknowledged ? "acknowledged" : "rejected");
    co_return json_answer(200, view);
}

sdk::Task<http::Response> PublicApi::get_inbox_counts(Call& call) {
    if (types_of(call.caller).empty()) {
        co_return problem(ports::Refusal("auth.not_granted", {{"grant", "receive:<type>"}}),
                          call.context);
    }
    std::string date = core::to_rfc3339(parts_.clock.now()).substr(0, 10);
    for (const auto& [name, value] : call.request.query) {
        if (name != "date") {
            co_return problem(view::bad_parameter(name), call.context);
        }
        date = value;
    }
    const auto day = view::day_of(date);
    if (!day) {
        co_return problem(view::bad_parameter("date"), call.context);
    }
    const std::optional<core::SystemId> system = call.caller.system;
    const auto counts = co_await parts_.store.inbox_counts(call.caller.tenant, system, *day,
                                                           *day + std::chrono::hours(24));
    if (!counts) {
        co_return problem(refusal_of(counts.error()), call.context);
    }
    co_return json_answer(200, view::inbox_counts(date, *counts));
}

sdk::Task<http::Response> PublicApi::call_of_inbox(Call& call, std::string_view path) {
    const std::string& method = call.request.method;
    const bool reads = method == "GET" || method == "HEAD";
    const auto not_allowed = [&](const char* allowed) {
        return problem(view::method_not_allowed(allowed), call.context);
    };
    if (path.empty()) {
        if (method != "GET") {   // a HEAD would lease what it does not give
            co_return not_allowed("GET");
        }
        co_return co_await get_inbox(call);
    }
    if (path == "/counts") {
        if (!reads) {
            co_return not_allowed("GET, HEAD");
        }
        co_return co_await get_inbox_counts(call);
    }
    path.remove_prefix(1);
    const auto slash = path.find('/');
    const auto id = core::InboxId::parse(path.substr(0, slash));
    const auto rest = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    if (!id) {
        co_return problem(ports::Refusal("inbox.not_found"), call.context);
    }
    if (rest == "/ack" || rest == "/reject") {
        if (method == "POST") {
            co_return co_await settle_inbox_item(call, *id, rest == "/ack");
        }
        co_return not_allowed("POST");
    }
    if (!rest.empty()) {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    if (!reads) {
        co_return not_allowed("GET, HEAD");
    }
    co_return co_await get_inbox_item(call, *id);
}

}   // namespace gateway::accept
