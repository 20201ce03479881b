#include "gateway/admin/api.hpp"
#include "gateway/ports/record_store.hpp"
#include "gateway/view/access_log.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// What the access log says: who has read what, when and why, never of whom. Reading it is an entry
// of its own and stands in the audit with its purpose, both before anything is shown.

namespace gateway::admin {
namespace {

constexpr std::size_t entries_default = 50;
constexpr std::size_t entries_max = 200;
constexpr std::size_t why_bytes_max = 1000;

struct LogWish {
    std::uint64_t before = 0;   // 0: from the newest
    std::size_t limit = entries_default;
};

/// The name of what was not understood, or nothing.
std::optional<std::string> read_wish(const json::Value& body, LogWish& wish) {
    for (const auto& [name, value] : body.members()) {
        const auto number = value.as_int(-1);
        if (name == "before" && number > 0) {
            wish.before = static_cast<std::uint64_t>(number);
        } else if (name == "limit" && number > 0 &&
                   number <= static_cast<std::int64_t>(entries_max)) {
            wish.limit = static_cast<std::size_t>(number);
        } else if (name != "tenant" && name != "why") {
            return name;
        } else if (!value.is_string()) {
            return name;
        }
    }
    return std::nullopt;
}

/// Without whom it is about: that is told to the person, or to who asks about one.
json::Value entry_view(const ports::LogEntry& entry, const core::Configuration& configuration,
                       const core::TenantId& tenant) {
    ports::ReadEntry read;
    read.entry = entry;
    const auto& purposes = configuration.tenants.at(tenant).purposes;
    if (const auto purpose = purposes.find(entry.entry.purpose); purpose != purposes.end()) {
        read.purpose_name = purpose->second.name;
        read.legal_basis = purpose->second.legal_basis;
    }
    auto view = view::log_entry(read);
    view.set("ofOne", entry.entry.subject.has_value());
    return view;
}

}   // namespace

sdk::Task<core::Result<void>> AdminApi::keep_log_reading(AdminCall& call, core::TenantId tenant,
                                                         std::uint64_t from, std::uint64_t to) {
    ports::NewLogEntry entry;
    entry.kind = ports::LogKind::log_read;
    entry.at = parts_.clock.now();
    entry.system = core::SystemId("operator:" + call.author.who);
    const auto range = std::to_string(from) + "-" + std::to_string(to);
    entry.fields = {range};
    std::vector<ports::NewLogEntry> entries;
    entries.push_back(std::move(entry));
    const auto written = co_await parts_.store.records().write_log(tenant, std::move(entries));
    if (!written) {
        co_return written.error();
    }
    log_act(call, "access_log_read",
            {{"tenant", tenant.value}, {"entries", range}, {"why", call.author.why}});
    co_return co_await keep_audit(call);
}

sdk::Task<http::Response> AdminApi::list_log(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call.body["tenant"].as_string(), refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    LogWish wish;
    if (const auto wrong = read_wish(call.body, wish)) {
        co_return problem(view::bad_member(*wrong), call.context);
    }
    if (call.author.why.size() < 3) {
        co_return problem(ports::Refusal("admin.reason_required"), call.context);
    }
    if (call.author.why.size() > why_bytes_max || names_a_person(call.author.why)) {
        co_return problem(view::bad_member("why"), call.context);
    }
    auto& records = parts_.store.records();
    const auto head = co_await records.log_head(*tenant);
    if (!head) {
        co_return problem(view::refusal_of(head.error()), call.context);
    }
    const auto end = wish.before == 0 ? head->number + 1 : std::min(wish.before, head->number + 1);
    ports::LogQuery query;
    query.tenant = *tenant;
    query.after = end > wish.limit + 1 ? end - wish.limit - 1 : 0;
    query.limit = static_cast<std::size_t>(end - 1 - query.after);
    const auto from = query.after + 1;
    std::vector<ports::LogEntry> entries;
    if (query.limit > 0) {
        auto page = co_await records.read_log(std::move(query));
        if (!page) {
            co_return problem(view::refusal_of(page.error()), call.context);
        }
        entries = std::move(*page);
        const auto kept = co_await keep_log_reading(call, *tenant, from, end - 1);
        if (!kept) {
            co_return problem(view::refusal_of(kept.error()), call.context);
        }
    }
    const auto configuration = parts_.configuration.current();
    json::Value items = json::Value::array();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        items.push(entry_view(*entry, *configuration, *tenant));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items));
    view.set("next", from > 1 ? json::Value(from) : json::Value());
    co_return json_answer(200, view);
}

}   // namespace gateway::admin
