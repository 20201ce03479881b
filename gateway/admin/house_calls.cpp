#include "gateway/admin/api.hpp"
#include "gateway/admin/config_text.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// What the installation is made of: systems, adapters, certificates, versions of its
// configuration, and what people have done to it.

namespace gateway::admin {
namespace {

constexpr std::size_t versions_shown = 20;   // as many as the history has
constexpr std::size_t audit_limit = 100;
constexpr int audit_pages_read_max = 20;   // for those who may see few of the entries

bool sees(const AdminCall& call, const core::TenantId& tenant) {
    const auto named = call.request.query_value("tenant");
    const bool may = !call.session || call.session->tenants.contains(tenant.value);
    return may && (!named || *named == tenant.value);
}

bool sees_any(const AdminCall& call, const std::set<core::TenantId>& tenants) {
    return std::any_of(tenants.begin(), tenants.end(),
                       [&](const core::TenantId& one) { return sees(call, one); });
}

std::optional<ports::Refusal> only_tenant_is_asked(const AdminCall& call) {
    for (const auto& [name, value] : call.request.query) {
        if (name != "tenant") {
            return view::bad_parameter(name);
        }
    }
    return std::nullopt;
}

json::Value items_answer(json::Value items) {
    json::Value answer = json::Value::object();
    answer.set("items", std::move(items));
    return answer;
}

json::Value system_view(const core::TenantId& tenant, const core::SystemConfig& system) {
    json::Value grants = json::Value::array();
    for (const auto& grant : system.grants) {
        grants.push(grant);
    }
    json::Value view = json::Value::object();
    view.set("tenant", tenant.value)
        .set("system", system.id.value)
        .set("name", system.name)
        .set("grants", std::move(grants))
        .set("token", system.token.has_value())
        .set("certificates", system.certificates.size());
    return view;
}

json::Value certificate_view(const CertificateView& one, core::Time now) {
    json::Value view = json::Value::object();
    view.set("use", one.use).set("name", one.name).set("readable", one.readable);
    if (one.readable) {
        const auto left = std::chrono::floor<std::chrono::days>(one.not_after - now);
        view.set("subject", one.subject)
            .set("issuer", one.issuer)
            .set("serial", one.serial)
            .set("sha256", one.sha256)
            .set("notBefore", core::to_rfc3339(one.not_before))
            .set("notAfter", core::to_rfc3339(one.not_after))
            .set("daysLeft", static_cast<std::int64_t>(left.count()));
    }
    return view;
}

json::Value audit_view(const AuditEntry& entry) {
    json::Value fields = json::Value::object();
    for (const auto& [name, value] : entry.fields) {
        fields.set(name, value);
    }
    json::Value view = json::Value::object();
    view.set("at", core::to_rfc3339(entry.at)).set("who", entry.who).set("act", entry.act);
    view.set("tenant", entry.tenant.empty() ? json::Value() : json::Value(entry.tenant))
        .set("trace", entry.trace)
        .set("fields", std::move(fields));
    return view;
}

bool sees_entry(const AdminCall& call, const AuditEntry& entry) {
    if (entry.tenant.empty()) {
        return !call.session || call.session->whole;
    }
    return sees(call, core::TenantId(entry.tenant));
}

std::optional<std::uint64_t> read_number(std::string_view text) {
    constexpr std::size_t digits_max = 18;
    if (text.empty() || text.size() > digits_max ||
        text.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    return std::stoull(std::string(text));
}

}   // namespace

http::Response AdminApi::list_systems(AdminCall& call) const {
    if (const auto wrong = only_tenant_is_asked(call)) {
        return problem(*wrong, call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& [tenant, settings] : parts_.configuration.current()->tenants) {
        if (!sees(call, tenant)) {
            continue;
        }
        for (const auto& [id, system] : settings.systems) {
            if (sees_system(call, tenant, id)) {
                items.push(system_view(tenant, system));
            }
        }
    }
    return json_answer(200, items_answer(std::move(items)));
}

http::Response AdminApi::list_adapters(AdminCall& call) const {
    if (const auto wrong = only_tenant_is_asked(call)) {
        return problem(*wrong, call.context);
    }
    const auto configuration = parts_.configuration.current();
    json::Value items = json::Value::array();
    for (const auto& adapter : parts_.status.adapters()) {
        json::Value used = json::Value::array();
        for (const auto& [id, connection] : configuration->connections) {
            if (connection.adapter == adapter.name && sees_any(call, connection.tenants)) {
                used.push(id.value);
            }
        }
        json::Value one = json::Value::object();
        one.set("name", adapter.name)
            .set("version", adapter.version)
            .set("sdk", adapter.sdk)
            .set("compiler", adapter.compiler)
            .set("connections", std::move(used));
        items.push(std::move(one));
    }
    return json_answer(200, items_answer(std::move(items)));
}

sdk::Task<http::Response> AdminApi::list_certificates(AdminCall& call) {
    if (const auto wrong = only_tenant_is_asked(call)) {
        co_return problem(*wrong, call.context);
    }
    const auto configuration = parts_.configuration.current();
    auto all = co_await parts_.status.certificates();
    std::erase_if(all, [&](const CertificateView& one) {
        const auto connection = configuration->connections.find(core::ConnectionId(one.name));
        if (one.use == "connection" && connection != configuration->connections.end()) {
            return !sees_any(call, connection->second.tenants);
        }
        return call.session && !call.session->whole;   // the machine's own
    });
    // What ends first comes first; what cannot be read before all.
    std::stable_sort(
        all.begin(), all.end(), [](const CertificateView& a, const CertificateView& b) {
            return std::pair(a.readable, a.not_after) < std::pair(b.readable, b.not_after);
        });
    json::Value items = json::Value::array();
    for (const auto& one : all) {
        items.push(certificate_view(one, parts_.clock.now()));
    }
    co_return json_answer(200, items_answer(std::move(items)));
}

sdk::Task<http::Response> AdminApi::show_config_version(AdminCall& call, std::string number) {
    const auto wanted = read_number(number);
    const auto versions = co_await parts_.store.config_versions(versions_shown);
    if (!versions) {
        co_return problem(view::refusal_of(versions.error()), call.context);
    }
    const auto found = std::find_if(versions->begin(), versions->end(), [&](const auto& one) {
        return wanted && one.version == *wanted;
    });
    if (found == versions->end()) {
        co_return problem(ports::Refusal("admin.config_version_unknown"), call.context);
    }
    const auto texts = json::parse(found->files.empty() ? std::string("{}") : found->files);
    if (!texts) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    json::Value files = json::Value::array();
    for (const auto& [name, text] : texts->members()) {
        json::Value file = json::Value::object();
        file.set("name", name).set("text", without_secrets(text.as_string()));
        files.push(std::move(file));
    }
    json::Value view = json::Value::object();
    view.set("version", found->version)
        .set("at", core::to_rfc3339(found->at))
        .set("who", found->who)
        .set("why", found->why)
        .set("inForce", found->version == parts_.configuration.current()->version)
        .set("files", std::move(files));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::list_audit(AdminCall& call) {
    std::optional<std::uint64_t> page;
    for (const auto& [name, value] : call.request.query) {
        if (name == "cursor") {
            page = read_number(value);
            if (!page) {
                co_return problem(ports::Refusal("request.bad_cursor"), call.context);
            }
        } else if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    json::Value items = json::Value::array();
    json::Value next;
    for (int pages = 0; pages < audit_pages_read_max; ++pages) {
        const auto read = co_await audit_.read(page);
        if (!read) {
            co_return problem(view::refusal_of(read.error()), call.context);
        }
        for (const auto& entry : read->entries) {
            if (sees_entry(call, entry)) {
                items.push(audit_view(entry));
            }
        }
        next = read->older ? json::Value(std::to_string(*read->older)) : json::Value();
        if (!read->older || items.items().size() >= audit_limit) {
            break;
        }
        page = read->older;
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("next", std::move(next));
    co_return json_answer(200, view);
}

}   // namespace gateway::admin
