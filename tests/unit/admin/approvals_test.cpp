#include "people.hpp"

using namespace tests::admin;
using core::DeliveryState;

namespace {

constexpr const char* wish = R"({"why":"tilgangen er rettet"})";
constexpr const char* agreed = R"({"why":"sett og enig"})";

/// One municipality where acts need a second person, and people of it.
struct Two {
    World world;
    Signed kari;
    Signed ola;

    explicit Two(std::set<std::string, std::less<>> acts, const char* role = "operator") {
        world.second_person.tenants[core::TenantId(World::first)].acts = std::move(acts);
        kari = sign_in(world, add(world, "kari", role, World::first));
        ola = sign_in(world, add(world, "ola", role, World::first));
    }

    http::Response act(const Signed& who, const std::string& path, const std::string& body) {
        return world.call({.method = "POST",
                           .target = "/admin/v1/" + path,
                           .body = body,
                           .headers = who.act,
                           .uid = {}});
    }
    json::Value look(const Signed& who, const std::string& path) {
        return World::json(
            world.call({.target = "/admin/v1/" + path, .headers = who.look, .uid = {}}));
    }
    core::MessageId failed(const char* reference = "F-1") {
        const auto id = world.accept_letter(reference);
        world.end_in(id, DeliveryState::failed, "maskinporten.mp_200");
        return id;
    }
    std::size_t sent(core::MessageId id) { return world.message(id).deliveries.size(); }
    /// Asked by Kari: the id of what waits.
    std::string ask_retry(core::MessageId id) {
        const auto answer = act(kari, "messages/" + id.to_string() + "/retry", wish);
        REQUIRE(answer.status == 202);
        const auto said = World::json(answer);
        CHECK(said["code"].as_string() == "approval.waits");
        return said["approval"]["id"].as_string();
    }
    std::string state(const std::string& approval) {
        return look(kari, "approvals/" + approval)["state"].as_string();
    }
    std::string code(const http::Response& answer) {
        return World::json(answer)["code"].as_string();
    }
    std::vector<std::string> audited() {
        std::vector<std::string> acts;
        const auto page = World::json(world.get("/admin/v1/audit"));
        for (const auto& one : page["items"].items()) {
            if (one["act"].as_string().starts_with("approval_")) {
                acts.insert(acts.begin(), one["act"].as_string());
            }
        }
        return acts;
    }
    void settle() { REQUIRE(run(world.io, world.api->settle_asked()).has_value()); }
    /// As the program leaves it that dies when it has been approved.
    void die_approved(const std::string& approval) {
        ports::AskedMove move;
        move.id = core::parse_uuid(approval).value();
        move.at = world.clock.now();
        move.by = "account ola";
        REQUIRE(run(world.io, ports::asked_of(*world.store).move_asked(move)).has_value());
    }
};

}   // namespace

TEST_CASE("approvals: what is not named is done at once, and a session knows what is") {
    Two two({"group-retry"});
    const auto id = two.failed();
    CHECK(two.act(two.kari, "messages/" + id.to_string() + "/retry", wish).status == 202);
    CHECK(two.sent(id) == 2);
    const auto session = two.look(two.kari, "session");
    CHECK(json::write(session["secondPerson"]) == R"({"310001007":["group-retry"]})");
}

TEST_CASE("approvals: an act waits, says who may approve, and is done once when another does") {
    Two two({"message-retry"});
    const auto id = two.failed();
    const auto asked =
        World::json(two.act(two.kari, "messages/" + id.to_string() + "/retry", wish));
    CHECK(asked["roles"].items().back().as_string() == "tenant_approver");
    const auto approval = asked["approval"]["id"].as_string();
    CHECK(two.sent(id) == 1);
    CHECK(two.code(two.act(two.ola, "messages/" + id.to_string() + "/retry", wish)) ==
          "approval.asked_already");
    const auto list = two.look(two.ola, "approvals?open=true");
    REQUIRE(list["items"].items().size() == 1);
    const auto& seen = list["items"].items().front();
    CHECK(seen["act"].as_string() == "message-retry");
    CHECK(seen["target"].as_string() == id.to_string());
    CHECK(seen["who"].as_string() == "account kari");
    CHECK(seen["why"].as_string() == "tilgangen er rettet");
    CHECK(seen["mayApprove"].as_bool());
    CHECK_FALSE(asked["approval"]["mayApprove"].as_bool());

    const auto done = two.act(two.ola, "approvals/" + approval + "/approve", agreed);
    CHECK(done.status == 200);
    CHECK(World::json(done)["state"].as_string() == "done");
    CHECK(World::json(done)["result"]["id"].as_string() == id.to_string());
    CHECK(two.sent(id) == 2);
    CHECK(two.world.message(id).deliveries.back().id.to_string() == approval);
    const auto line = two.world.timeline(id).back();
    CHECK(line["who"].as_string() == "account kari, account ola");
    CHECK(line["why"].as_string() == "tilgangen er rettet");
    two.settle();
    CHECK(two.sent(id) == 2);
    CHECK(two.code(two.act(two.ola, "approvals/" + approval + "/approve", agreed)) ==
          "approval.not_open");
    CHECK(two.audited() ==
          std::vector<std::string>{"approval_asked", "approval_approved", "approval_done"});
    CHECK(two.look(two.kari, "approvals/" + approval)["answer"].as_string() == "sett og enig");
}

TEST_CASE("approvals: nobody approves what he asked for, by whatever account") {
    Two two({"message-retry"});
    two.world.second_person.same_person.push_back({"kari", "kari-privat", "oidc:0123"});
    const auto approval = two.ask_retry(two.failed());
    const auto path = "approvals/" + approval + "/approve";
    CHECK(two.code(two.act(two.kari, path, agreed)) == "approval.same_person");
    CHECK(two.code(two.act(two.kari, "approvals/" + approval + "/decline", agreed)) ==
          "approval.same_person");
    const auto other = sign_in(two.world, add(two.world, "kari-privat", "operator", World::first));
    CHECK(two.code(two.act(other, path, agreed)) == "approval.same_person");
    const core::SecondPersonRules none;
    CHECK(gateway::admin::is_same_person("account Kari", "account kari", none));
    CHECK(gateway::admin::is_same_person("account oidc:0123", "account KARI",
                                         two.world.second_person));
    CHECK_FALSE(
        gateway::admin::is_same_person("account ola", "account kari", two.world.second_person));
}

TEST_CASE("approvals: root and keys ask like everybody, and approve nothing") {
    Two two({"message-retry"});
    const auto id = two.failed();
    const auto asked = two.world.post("/admin/v1/messages/" + id.to_string() + "/retry", wish);
    REQUIRE(asked.status == 202);
    CHECK(two.sent(id) == 1);
    const auto approval = World::json(asked)["approval"]["id"].as_string();
    const auto path = "/admin/v1/approvals/" + approval;
    CHECK(two.code(two.world.post(path + "/approve", agreed)) == "approval.needs_a_person");
    CHECK(two.code(two.world.post(path + "/decline", agreed)) == "approval.needs_a_person");
    CHECK(two.code(two.act(two.kari, "approvals/" + approval + "/take-back", agreed)) ==
          "approval.not_yours");
    CHECK(World::json(two.world.post(path + "/take-back", agreed))["state"].as_string() ==
          "withdrawn");
    CHECK(two.code(two.world.post(path + "/take-back", R"({"why":" "})")) ==
          "admin.reason_required");
}

TEST_CASE("approvals: who may approve could do it, or is the municipality's approver") {
    Two two({"message-retry"});
    const auto approval = two.ask_retry(two.failed());
    const auto path = "approvals/" + approval + "/approve";
    const auto officer =
        sign_in(two.world, add(two.world, "pia", "data_protection_officer", World::first));
    CHECK(two.code(two.act(officer, path, agreed)) == "approval.not_allowed");
    CHECK_FALSE(two.look(officer, "approvals/" + approval).has("why"));
    const auto elsewhere = sign_in(two.world, add(two.world, "nils", "operator", World::second));
    CHECK(two.code(two.act(elsewhere, path, agreed)) == "approval.not_found");
    CHECK(two.look(elsewhere, "approvals")["items"].items().empty());
    const auto approver =
        sign_in(two.world, add(two.world, "eva", "tenant_approver", World::first));
    CHECK(two.act(approver, path, agreed).status == 200);
    CHECK(two.state(approval) == "done");
}

TEST_CASE("approvals: declined, taken back and expired acts are never done, and say why") {
    Two two({"message-retry"});
    two.world.second_person.tenants[core::TenantId(World::first)].waits = std::chrono::hours(2);
    const auto id = two.failed();
    const auto first = two.ask_retry(id);
    const auto no = two.act(two.ola, "approvals/" + first + "/decline", R"({"why":"ikke rettet"})");
    CHECK(World::json(no)["state"].as_string() == "declined");
    CHECK(two.look(two.kari, "approvals/" + first)["answer"].as_string() == "ikke rettet");
    const auto second = two.ask_retry(id);
    CHECK(two.act(two.kari, "approvals/" + second + "/take-back", agreed).status == 200);
    const auto third = two.ask_retry(id);
    two.world.clock.advance(std::chrono::hours(2));
    const auto ola = sign_in(two.world, add(two.world, "ola2", "operator", World::first));
    CHECK(two.code(two.act(ola, "approvals/" + third + "/approve", agreed)) == "approval.not_open");
    two.settle();
    two.settle();
    CHECK(two.sent(id) == 1);
    CHECK(two.audited() == std::vector<std::string>{"approval_asked", "approval_declined",
                                                    "approval_asked", "approval_taken_back",
                                                    "approval_asked", "approval_expired"});
}

TEST_CASE("approvals: what has changed meanwhile is refused, and stays refused") {
    Two two({"message-retry"});
    const auto id = two.failed();
    const auto approval = two.ask_retry(id);
    two.world.second_person.tenants.clear();
    REQUIRE(two.act(two.kari, "messages/" + id.to_string() + "/retry", wish).status == 202);
    two.world.second_person.tenants[core::TenantId(World::first)].acts = {"message-retry"};
    const auto late = two.act(two.ola, "approvals/" + approval + "/approve", agreed);
    CHECK(late.status == 409);
    CHECK(two.state(approval) == "refused");
    CHECK(two.sent(id) == 2);
    two.settle();
    CHECK(two.sent(id) == 2);
}

TEST_CASE("approvals: what was approved when the program died is done once, afterwards") {
    Two two({"message-retry", "group-retry"});
    const auto id = two.failed();
    const auto approval = two.ask_retry(id);
    two.die_approved(approval);
    two.settle();
    CHECK(two.sent(id) == 2);
    CHECK(two.state(approval) == "done");

    // A group's retry had been begun when it died: it is begun once.
    const auto other = two.failed("F-2");
    const auto groups = World::json(two.world.get("/admin/v1/failures"));
    const auto group = groups["items"].items().front()["group"].as_string();
    const auto target = "failures/" + group + "/retry?tenant=" + World::first;
    CHECK(two.act(two.kari, target, R"({"preview":true})").status == 200);
    const auto waits = World::json(two.act(two.kari, target, wish));
    const auto begun = waits["approval"]["id"].as_string();
    two.die_approved(begun);
    auto counts = run(two.world.io, ports::failures_of(*two.world.store).failures({})).value();
    auto found = failures::find_group(std::move(counts), group).value();
    failures::RetryAsked asked;
    asked.id = core::parse_uuid(begun);
    failures::Wish same("account kari", "tilgangen er rettet");
    REQUIRE(run(two.world.io, two.world.retries->begin(std::move(found), std::move(same), asked))
                .has_value());
    two.settle();
    CHECK(two.state(begun) == "done");
    CHECK(World::json(two.world.get("/admin/v1/retries"))["items"].items().size() == 1);
    CHECK(two.sent(other) == 1);   // the retry's own steps open it
}

TEST_CASE("approvals: a group is retried as it was when it was asked for") {
    Two two({"group-retry"});
    const auto first = two.failed("F-1");
    two.world.clock.advance(std::chrono::seconds(1));
    const auto groups = World::json(two.world.get("/admin/v1/failures"));
    const auto group = groups["items"].items().front()["group"].as_string();
    const auto target = "failures/" + group + "/retry?tenant=" + World::first;
    const auto asked = World::json(two.act(two.kari, target, wish));
    two.world.clock.advance(std::chrono::minutes(1));
    const auto later = two.failed("F-2");
    const auto path = "approvals/" + asked["approval"]["id"].as_string() + "/approve";
    const auto done = two.act(two.ola, path, agreed);
    REQUIRE(done.status == 200);
    CHECK(World::json(done)["result"]["total"].as_int() == 1);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(run(two.world.io, two.world.retries->step()).has_value());
    }
    CHECK(two.sent(first) == 2);
    CHECK(two.sent(later) == 1);
}

TEST_CASE("approvals: a corrected message waits sealed, and is shown while content is open") {
    Two two({"message-edit"}, "archivist");
    const auto id = two.failed();
    for (const auto* who : {&two.kari, &two.ola}) {
        REQUIRE(two.act(*who, "content/open", R"({"tenant":"310001007","why":"retting"})").status ==
                200);
    }
    const auto shown = two.look(two.kari, "messages/" + id.to_string() + "/content");
    json::Value body = json::Value::object();
    json::Value patch = json::Value::object();
    patch.set("title", "Hemmelig rettet");
    body.set("why", "feil tittel").set("version", shown["version"]).set("patch", patch);
    const auto asked = two.act(two.kari, "messages/" + id.to_string() + "/edit", json::write(body));
    REQUIRE(asked.status == 202);
    const auto approval = World::json(asked)["approval"]["id"].as_string();
    const auto kept =
        run(two.world.io,
            ports::asked_of(*two.world.store).find_asked(core::parse_uuid(approval).value()))
            .value()
            .value();
    CHECK(kept.sealed_request.find("Hemmelig") == std::string::npos);
    CHECK(kept.sealed_why.find("tittel") == std::string::npos);
    CHECK(two.look(two.ola, "approvals/" + approval)["request"]["patch"]["title"].as_string() ==
          "Hemmelig rettet");
    const auto approver =
        sign_in(two.world, add(two.world, "eva", "tenant_approver", World::first));
    const auto hidden = two.look(approver, "approvals/" + approval);
    CHECK(hidden["requestHidden"].as_bool());
    CHECK_FALSE(hidden.has("request"));
    const auto done = two.act(two.ola, "approvals/" + approval + "/approve", agreed);
    REQUIRE(done.status == 200);
    CHECK(two.world.message(id).replaced_by->to_string() ==
          World::json(done)["result"]["id"].as_string());
    REQUIRE(two.world.taken_in.requests.size() == 1);
    CHECK(two.world.taken_in.requests.front().message["title"].as_string() == "Hemmelig rettet");
}

TEST_CASE("approvals: what gives something to who asked is taken once, by that person") {
    Two two({"content-open"}, "archivist");
    const char* open = R"({"tenant":"310001007","why":"klagesak"})";
    const auto asked = two.act(two.kari, "content/open", open);
    REQUIRE(asked.status == 202);
    const auto approval = World::json(asked)["approval"]["id"].as_string();
    const auto yes = two.act(two.ola, "approvals/" + approval + "/approve", agreed);
    CHECK(World::json(yes)["state"].as_string() == "approved");
    two.settle();
    CHECK(two.state(approval) == "approved");
    CHECK(two.act(two.ola, "content/open", open).status == 202);   // his own has to wait
    CHECK(two.act(two.kari, "content/open", R"({"tenant":"310001007","why":"x","minutes":60})")
              .status == 202);   // another than was approved
    CHECK(two.act(two.kari, "content/open", open).status == 200);
    CHECK(two.state(approval) == "done");
    CHECK(two.act(two.kari, "content/open", open).status == 202);
}

TEST_CASE("approvals: every act that the configuration can name is a call of somebody's") {
    for (const auto& act : gateway::admin::named_acts()) {
        INFO(act.name);
        CHECK(gateway::admin::approving_roles(act).size() > 1);
    }
}
