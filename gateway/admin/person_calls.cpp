#include "gateway/admin/api.hpp"
#include "gateway/view/access_log.hpp"
#include "gateway/view/refusal.hpp"

// What is held of one person: the report for that person, legal hold, erasure, and which id came
// after which. The person stands in the body, never in the URL.

namespace gateway::admin {
namespace {

constexpr std::int64_t page_default = 200;
constexpr std::int64_t page_max = 500;

/// Which person; a refusal names a member only when it is one of ours.
std::optional<ports::Refusal> read_person(const json::Value& body, const std::string& what,
                                          ports::PersonWish& which) {
    const bool pages = what == "report";
    for (const auto& [name, value] : body.members()) {
        const bool of_page = name == "after" || name == "until" || name == "limit";
        const bool of_act = name == "why" || name == "tenant" || name == "person" ||
                            name == "handle" || (name == "successor" && what == "link");
        const bool number = pages && of_page && value.is_int() && value.as_int() >= 0;
        if (!number && !(of_act && value.is_string())) {
            return view::bad_member(of_page || of_act ? name : "?");
        }
    }
    which.person = body["person"].as_string();
    if (body.has("handle")) {
        which.handle = core::parse_uuid(body["handle"].as_string());
        if (!which.handle) {
            return view::bad_member("handle");
        }
    }
    if (which.person.empty() == !which.handle) {
        return view::bad_member("person");
    }
    return std::nullopt;
}

}   // namespace

sdk::Task<http::Response> AdminApi::report_person(AdminCall& call, ports::PersonWish which,
                                                  ports::Keeper keeper) {
    ports::ReportQuery query;
    query.which = std::move(which);
    query.keeper = std::move(keeper);
    const auto limit = call.body["limit"].as_int(page_default);
    if (limit < 1 || limit > page_max) {
        co_return problem(view::bad_member("limit"), call.context);
    }
    query.limit = static_cast<std::size_t>(limit);
    query.after = static_cast<std::uint64_t>(call.body["after"].as_int());
    query.until = static_cast<std::uint64_t>(call.body["until"].as_int());
    const bool first_page = query.after == 0;
    const auto report = co_await parts_.keeping.report(std::move(query));
    if (report.refusal) {
        co_return problem(*report.refusal, call.context);
    }
    log_act(call, "person_reported", {{"handle", report.handle.to_string()}});
    co_return json_answer(200, view::person_report(report, first_page));
}

sdk::Task<http::Response> AdminApi::link_person(AdminCall& call, ports::PersonWish ended,
                                                ports::Keeper keeper, bool link) {
    ports::LinkAnswer done;
    if (link) {
        const auto& successor = call.body["successor"].as_string();
        if (successor.empty()) {
            co_return problem(view::bad_member("successor"), call.context);
        }
        done = co_await parts_.keeping.link(std::move(ended), successor, std::move(keeper));
    } else {
        done = co_await parts_.keeping.unlink(std::move(ended), std::move(keeper));
    }
    if (done.refusal) {
        co_return problem(*done.refusal, call.context);
    }
    const auto handle = done.handle.to_string();
    const auto another = done.another.value_or(core::Uuid()).to_string();
    json::Value view = json::Value::object();
    view.set("handle", handle).set(link ? "replacedBy" : "separatedFrom", another);
    log_act(call, link ? "person_linked" : "person_unlinked",
            {{"handle", handle}, {link ? "replacedBy" : "separatedFrom", another}});
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::act_on_person(AdminCall& call, std::string what) {
    ports::PersonWish which;
    if (const auto wrong = read_person(call.body, what, which)) {
        co_return problem(*wrong, call.context);
    }
    ports::Refusal refusal;
    const auto tenant = tenant_of(call.body["tenant"].as_string(), refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    which.tenant = *tenant;
    if (what == "report" || what == "erase" || what == "lift-hold") {
        constexpr std::string_view report = "person-report";
        constexpr std::string_view erase = "person-erase";
        constexpr std::string_view lift = "person-hold-lift";
        const auto act = what == "report" ? report : what == "erase" ? erase : lift;
        AskedTarget target(act, *tenant, {}, {});
        auto waits = co_await ask_second(call, std::move(target));
        if (waits) {
            co_return std::move(*waits);
        }
    }
    ports::Keeper keeper;
    keeper.who = call.author.who;
    keeper.why = call.author.why;
    if (what == "report") {
        co_return co_await report_person(call, std::move(which), std::move(keeper));
    }
    if (what == "link" || what == "unlink") {
        co_return co_await link_person(call, std::move(which), std::move(keeper), what == "link");
    }
    ports::ErasedAnswer done;
    if (what == "erase") {
        done = co_await parts_.keeping.erase(std::move(which), std::move(keeper));
    } else {
        done = co_await parts_.keeping.hold(std::move(which), std::move(keeper), what == "hold");
    }
    if (done.refusal) {
        co_return problem(*done.refusal, call.context);
    }
    const auto handle = done.handle.to_string();
    json::Value view = json::Value::object();
    view.set("handle", handle);
    if (what == "erase") {
        log_act(call, "person_erased", {{"handle", handle}});
        view.set("erased", static_cast<std::int64_t>(done.records));
    } else {
        log_act(call, what == "hold" ? "person_held" : "person_hold_lifted", {{"handle", handle}});
        view.set("legalHold", what == "hold");
    }
    co_return json_answer(200, view);
}

}   // namespace gateway::admin
