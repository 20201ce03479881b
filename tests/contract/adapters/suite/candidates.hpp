#pragma once

// The adapters under the suite: how each is configured well and badly, and what its upstream
// answers when all is well.

#include "gateway/plugins/registry.hpp"
#include "gateway/sdk/adapter.hpp"
#include "roles_adapter.hpp"
#include "tests/support/fake_host.hpp"

#include <functional>
#include <string>
#include <vector>

namespace candidates {

struct Candidate {
    std::string name;
    std::string config;
    std::string route;
    std::vector<std::string> bad_configs;
    std::vector<std::string> bad_routes;
    bool sends = true;
    int accepted_status = 200;
    std::string accepted_body;
    std::string lookup_body;
    std::string message_type = "letter/v1";
    std::string content =
        R"({"type":"letter","version":1,"reference":"r","recipient":{"person":"17859130003"},)"
        R"("title":"Tittel","body":"Tekst"})";
    int calls_to_accept = 1;       // each answered with accepted_body
    std::string resume_body;       // answered first where an attempt was interrupted
    bool resume_finds = false;     // and that answer tells that all was done
    bool is_answer = false;        // of a dialogue: nothing comes back for it
    bool found_by_facts = false;   // its look-up goes by recipient and time, for want of a key
    std::string lookup_progress;   // what was remembered when a look-up is asked for
    /// What the letter of the suite has besides its text, and where it is found.
    std::vector<gateway::core::DocumentRef> documents;
    std::function<void(tests::FakeHost&)> furnish;
    /// A request's body in plain words, where they are wrapped up in it.
    std::function<std::string(const std::string&)> unwrap;
    // Of one that has a Register: a dataset and a key of it.
    std::string dataset;
    std::string key;
    std::string purpose;           // why it is asked, where that decides
    bool key_is_personal = true;   // and so in no URL
    bool shares_calls = false;     // one under way is for all who ask, and outlives who is cut off
    /// Of one that receives: what its upstream answers to everything when it has one piece of news,
    /// and whether a call tells the upstream that it may forget it.
    std::function<gateway::sdk::HttpResponse(const tests::SentRequest&)> news;
    std::function<bool(const tests::SentRequest&)> acknowledges;
    bool remembers_news = false;   // told again, it is known and not handed over again
    // What an examination's harmless call is answered when all is well.
    int probe_status = 200;
    std::string probe_body = "{}";
    bool any_answer_is_well = false;   // whoever answers is there: it knows of no access
    const gateway::sdk::Descriptor* built_in = nullptr;   // not among the libraries
};

Candidate altinn_forms();
Candidate digital_post();
Candidate enhetsregisteret();
Candidate fiks_io();
Candidate folkeregister();
Candidate svarinn();
Candidate svarut();

inline const std::vector<Candidate>& all() {
    static const std::vector<Candidate> list = [] {
        Candidate echo;
        echo.name = "echo";
        echo.config = R"({"path":"/inbox"})";
        echo.route = R"({"queue":"demo"})";
        echo.bad_configs = {R"({"nonsense":1})", R"({"path":"no-slash"})", R"({"path":7})"};
        echo.bad_routes = {R"({"queue":"NO"})", R"({"nonsense":1})"};
        echo.accepted_status = 201;
        echo.accepted_body = R"({"id":"abc"})";
        echo.any_answer_is_well = true;

        Candidate maskinporten;
        maskinporten.name = "maskinporten";
        maskinporten.config = R"({"client_id":"c","organisation":"991825827"})";
        maskinporten.route = "{}";
        maskinporten.bad_configs = {
            "{}", R"({"client_id":"c"})", R"({"client_id":"c","organisation":"99"})",
            R"({"client_id":"c","organisation":"991825827","lifetime_seconds":121})",
            R"({"client_id":"c","organisation":"991825827","nonsense":1})"};
        maskinporten.bad_routes = {R"({"resource":"x"})"};
        maskinporten.sends = false;
        maskinporten.probe_body = R"({"issuer":"https://upstream.example/",)"
                                  R"("token_endpoint":"https://upstream.example/token"})";

        Candidate altinn;
        altinn.name = "altinn";
        altinn.config = R"({"token_mode":"raw","subscription_key":"a-subscription-key"})";
        altinn.route = R"({"resource":"ttd-vedtak"})";
        altinn.bad_configs = {R"({"nonsense":1})", R"({"token_mode":"maybe"})",
                              R"({"single_call_bytes_max":-1})", R"({"scope":""})",
                              R"({"system_user":{}})"};
        altinn.bad_routes = {"{}", R"({"resource":"a b"})", R"({"resource":"x","nonsense":1})"};
        altinn.accepted_body =
            R"({"correspondences":[{"correspondenceId":"0198408f-979c-75e0-b23e-aef6e907015f",)"
            R"("status":"Initialized","recipient":"x"}],"attachmentIds":[]})";
        altinn.lookup_body = R"({"ids":["0198408f-979c-75e0-b23e-aef6e907015f"]})";

        constexpr const char* transfer = "0198408f-979c-75e0-b23e-aef6e9070150";
        Candidate broker;
        broker.name = "altinn_broker";
        broker.config = R"({"token_mode":"raw","subscription_key":"a-subscription-key",)"
                        R"("resource_limits":false,"form_bytes_max":0,)"
                        R"("receive":[{"tenant":"991825827","resource":"ttd-filer"}]})";
        broker.route = R"({"resource":"ttd-filer"})";
        broker.bad_configs = {R"({"nonsense":1})",
                              R"({"token_mode":"maybe"})",
                              R"({"act_as":"somebody"})",
                              R"({"piece_bytes":0})",
                              R"({"receive":[{"tenant":"99","resource":"x"}]})",
                              R"({"receive":[{"tenant":"991825827"}]})",
                              R"({"poll_seconds":0})"};
        broker.bad_routes = {"{}", R"({"resource":"a b"})", R"({"resource":"x","nonsense":1})",
                             R"({"resource":"x","sender":"12"})"};
        broker.message_type = "transfer/v1";
        broker.content = R"({"type":"transfer","version":1,"reference":"r","title":"Tittel",)"
                         R"("recipient":{"organisation":"310002003"}})";
        broker.accepted_body = std::string(R"({"fileTransferId":")") + transfer + R"("})";
        broker.calls_to_accept = 2;
        broker.resume_body = "[]";
        broker.lookup_progress =
            std::string(R"({"stage":"uploading","way":"raw","id":")") + transfer + R"("})";
        broker.lookup_body = std::string(R"({"fileTransferId":")") + transfer +
                             R"(","fileTransferStatus":"Published","recipients":[]})";
        tests::FakeDocuments documents;
        broker.documents = {documents.add("rapport.zip", "PK")};
        broker.furnish = [](tests::FakeHost& fake) { fake.documents.add("rapport.zip", "PK"); };

        Candidate krr;
        krr.name = "krr";
        krr.config = R"({"version":"v1","batch_window_ms":0,"contact_age_minutes_max":60})";
        krr.route = "{}";
        krr.bad_configs = {R"({"nonsense":1})",
                           R"({"version":"v3"})",
                           R"({"batch_persons_max":1001})",
                           R"({"batch_persons_max":0})",
                           R"({"contact_age_minutes_max":1441})",
                           R"({"scope":""})",
                           R"({"print_with_token":"yes"})"};
        krr.bad_routes = {R"({"resource":"x"})"};
        krr.sends = false;
        krr.dataset = "contact";
        krr.key = "17859130003";
        krr.shares_calls = true;

        Candidate roles;
        roles.name = "roles";
        roles.config = "{}";
        roles.route = "{}";
        roles.bad_configs = {R"({"nonsense":1})"};
        roles.bad_routes = {R"({"nonsense":1})"};
        roles.sends = false;
        roles.dataset = "people";
        roles.key = "17859130003";
        roles.news = [](const tests::SentRequest& sent) {
            const bool asks = sent.method == "GET";
            return gateway::sdk::HttpResponse(
                200,
                asks ? R"([{"id":"n1","delivery":"0198408f-979c-75e0-b23e-aef6e907015f"}])" : "{}");
        };
        roles.acknowledges = [](const tests::SentRequest& sent) { return sent.method == "POST"; };
        roles.any_answer_is_well = true;
        roles.built_in = &roles_descriptor();
        return std::vector<Candidate>{
            echo,           maskinporten,       altinn,    altinn_forms(),  broker,
            digital_post(), enhetsregisteret(), fiks_io(), folkeregister(), krr,
            roles,          svarinn(),          svarut()};
    }();
    return list;
}

inline const gateway::plugins::Registry& registry() {
    static const gateway::plugins::Registry loaded =
        *gateway::plugins::Registry::load(SLUSE_ADAPTERS_DIR);
    return loaded;
}

inline const gateway::sdk::Descriptor* descriptor(const Candidate& candidate) {
    return candidate.built_in != nullptr ? candidate.built_in : registry().find(candidate.name);
}

inline gateway::core::Delivery delivery(const Candidate& candidate) {
    gateway::core::Delivery made;
    made.tenant = gateway::core::TenantId("991825827");
    made.type = candidate.message_type;
    made.upstream_key = "6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36";
    made.content = candidate.content;
    made.settings = candidate.route;
    made.documents = candidate.documents;
    return made;
}

inline std::unique_ptr<gateway::sdk::Adapter> create(const Candidate& candidate,
                                                     tests::FakeHost& fake) {
    if (candidate.furnish) {
        candidate.furnish(fake);
    }
    gateway::sdk::ConnectionFacts facts;
    facts.connection = candidate.name;
    facts.base_url = "https://upstream.example";
    facts.settings = candidate.config;
    return std::move(*descriptor(candidate)->create(facts, *fake.host));
}

}   // namespace candidates
