#include "gateway/admin/api.hpp"
#include "gateway/api/answering.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/view/refusal.hpp"

// What a second person approved is done, once. That it was approved is durable before it is tried:
// after a crash it is done then. The acts themselves know whether they were (by the id of what was
// asked, by who settled it), so it is never done twice.

namespace gateway::admin {
namespace {

constexpr std::size_t due_max = 1000;
constexpr std::chrono::hours ended_kept{24 * 90};
constexpr std::chrono::hours forget_pace{1};

class NoBody final : public sdk::ByteSource {
public:
    std::optional<std::uint64_t> size() const override { return 0; }
    sdk::Task<core::Result<std::size_t>> read(std::span<char>) override {
        co_return std::size_t{0};
    }
};

/// Of what is under way there is one.
class Carrying {
public:
    Carrying(std::mutex& mutex, std::set<core::Uuid>& all, const core::Uuid& id)
        : mutex_(mutex), all_(all), id_(id) {
        const std::lock_guard lock(mutex_);
        mine_ = all_.insert(id_).second;
    }
    ~Carrying() {
        if (mine_) {
            const std::lock_guard lock(mutex_);
            all_.erase(id_);
        }
    }
    Carrying(const Carrying&) = delete;
    Carrying& operator=(const Carrying&) = delete;
    bool mine() const { return mine_; }

private:
    std::mutex& mutex_;
    std::set<core::Uuid>& all_;
    core::Uuid id_;
    bool mine_ = false;
};

std::string code_in(const http::Response& response) {
    const auto value = json::parse(response.body);
    return value ? (*value)["code"].as_string() : std::string();
}

}   // namespace

sdk::Task<http::Response> AdminApi::carry_out_approved(AdminCall& call, core::Uuid id) {
    auto& store = ports::asked_of(parts_.store);
    auto act = co_await store.find_asked(id);
    if (!act || !act->has_value()) {
        co_return problem(ports::Refusal("approval.not_found"), call.context);
    }
    GATEWAY_CRASH_POINT("approvals.approved");
    auto done = co_await carry_out(std::move(**act), call.context);
    if (done && done->status >= 400) {
        co_return std::move(*done);   // says why it could not be done any more
    }
    const auto after = co_await store.find_asked(id);
    if (!after || !after->has_value()) {
        co_return problem(ports::Refusal("approval.not_found"), call.context);
    }
    auto view = approval_view(call, **after);
    if (done) {
        auto came = json::parse(done->body);
        view.set("result", came ? std::move(*came) : json::Value());
    }
    int status = 200;
    if (!done) {
        status = 202;   // approved, and tried until it can be done
    }
    co_return json_answer(status, view);
}

sdk::Task<std::optional<http::Response>> AdminApi::carry_out(ports::AskedAct act,
                                                             texts::ProblemContext context) {
    const Carrying turn(carrying_mutex_, carrying_, act.id);
    if (!turn.mine()) {
        co_return std::nullopt;
    }
    // Another may have carried it out since this one was read.
    auto stands = co_await ports::asked_of(parts_.store).find_asked(act.id);
    if (!stands || !stands->has_value() || (*stands)->state != ports::AskedState::approved) {
        co_return std::nullopt;
    }
    act = std::move(**stands);
    const auto asked = asked_request(act);
    NoBody nothing;
    http::Request request;
    request.method = "POST";
    request.body = &nothing;
    request.path = "/admin/v1/" + (asked ? (*asked)["path"].as_string() : std::string());
    request.target = request.path;
    AdminCall call(request, std::move(context), act.who);
    call.about = act.tenant.value;
    call.author.who = act.who + ", " + act.decided_by;
    http::Response answer = problem(ports::Refusal("approval.cannot_be_read"), call.context);
    const auto vault = parts_.vaults.find(act.tenant);
    if (!vault) {
        co_return std::nullopt;   // a tenant whose key comes back
    }
    if (asked) {
        for (const auto& pair : (*asked)["query"].items()) {
            request.query.emplace_back(pair.items().front().as_string(),
                                       pair.items().back().as_string());
        }
        const auto owner = act.id.to_bytes();
        const auto key = vault->unwrap(act.words_key, owner);
        auto why = key ? key->open("event", owner, act.sealed_why)
                       : core::Result<std::string>(key.error());
        call.author.why = why ? std::move(*why) : act.id.to_string();
        call.body = (*asked)["body"];
        CarriedAct carried;
        carried.id = act.id;
        carried.asked = act.asked;
        carried.seen = (*asked)["seen"].as_string();
        carried.count = static_cast<std::uint64_t>((*asked)["count"].as_int());
        call.carried = std::move(carried);
        const std::string path = (*asked)["path"].as_string();
        answer = co_await perform(call, path);
        const bool refused = answer.status >= 400 && answer.status < 500;
        if (refused) {
            // An attempt that was broken off may have done it after this one looked: the store
            // takes one after the other, so this look sees it.
            answer = co_await perform(call, path);
        }
        if (answer.status >= 500) {
            (void)co_await keep_audit(call);
            co_return std::nullopt;
        }
    }
    GATEWAY_CRASH_POINT("approvals.carried_out");
    const bool done = answer.status < 400;
    ports::AskedMove move;
    move.id = act.id;
    move.from = ports::AskedState::approved;
    move.to = done ? ports::AskedState::done : ports::AskedState::refused;
    move.at = parts_.clock.now();
    if (!done) {
        move.code = core::Code(code_in(answer));
    }
    audit_asked(call, done ? "approval_done" : "approval_refused", act);
    (void)co_await keep_audit(call);
    const auto moved = co_await ports::asked_of(parts_.store).move_asked(std::move(move));
    asked_news_.notify();
    if (!moved) {
        co_return std::nullopt;   // it is looked at again, and found done
    }
    co_return std::move(answer);
}

sdk::Task<core::Result<void>> AdminApi::settle_asked() {
    auto& store = ports::asked_of(parts_.store);
    const auto now = parts_.clock.now();
    const auto due = co_await store.asked_due(now, due_max);
    if (!due) {
        co_return due.error();
    }
    for (const auto& act : *due) {
        const auto* named = find_named_act(act.act);
        const bool gives = named != nullptr && named->gives;
        const bool late = act.expires <= now;
        if (act.state == ports::AskedState::approved && !gives) {
            auto whole = co_await store.find_asked(act.id);
            if (!whole) {
                co_return whole.error();
            }
            if (whole->has_value()) {
                auto context = api::context_of(parts_.ids, "");
                (void)co_await carry_out(std::move(**whole), std::move(context));
            }
        } else if (late) {
            ports::AskedMove move;
            move.id = act.id;
            move.from = act.state;
            move.to = ports::AskedState::expired;
            move.at = now;
            const auto moved = co_await store.move_asked(std::move(move));
            if (!moved) {
                continue;   // somebody decided at its last moment
            }
            http::Request nobody;
            AdminCall call(nobody, api::context_of(parts_.ids, ""), "sluse");
            call.author.who = "sluse";
            audit_asked(call, "approval_expired", act);
            (void)co_await keep_audit(call);
            asked_news_.notify();
        }
    }
    if (parts_.clock.steady() >= forget_asked_next_) {
        forget_asked_next_ = parts_.clock.steady() + forget_pace;
        co_return co_await store.forget_asked(now - ended_kept);
    }
    co_return core::Result<void>();
}

}   // namespace gateway::admin
