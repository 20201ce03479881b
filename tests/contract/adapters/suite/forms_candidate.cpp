// altinn_forms under the suite: one form that was sent in, told of by the feed.

#include "tests/contract/adapters/suite/candidates.hpp"

namespace candidates {
namespace {

constexpr const char* form = "50015641/a72223a3-2b9f-4f9f-8f6f-0a5f2f6a7b8c";

std::string instance(bool confirmed) {
    const char* by = confirmed ? R"({"stakeholderId":"ttd"})" : "";
    return std::string(R"({"id":")") + form +
           R"(","appId":"ttd/skjema","createdBy":"991825827","process":{"ended":"2026-01-15T11:58:00Z"},)" +
           R"("completeConfirmations":[)" + by +
           R"(],"data":[{"id":"0196d885-2b97-4e8d-b8fb-21bd0e64b39b","dataType":"model",)" +
           R"("contentType":"application/xml","size":4}]})";
}

std::string answer_to(const std::string& url) {
    const auto has = [&url](const char* part) { return url.find(part) != std::string::npos; };
    if (has("/events/api/v1/events?")) {
        return std::string(R"([{"specversion":"1.0","id":"e1",)") +
               R"("type":"app.instance.process.completed","source":)" +
               R"("https://apps.example/ttd/skjema/instances/)" + form + R"("}])";
    }
    if (has("/subscriptions")) {
        return R"({"count":0,"subscriptions":[]})";
    }
    if (has("/instances?")) {
        return R"({"count":0,"next":null,"instances":[]})";
    }
    if (has("/data/")) {
        return "<a/>";
    }
    return instance(has("/complete"));
}

}   // namespace

Candidate altinn_forms() {
    Candidate made;
    made.name = "altinn_forms";
    made.config = R"({"organisation":"991825827","org":"ttd","apps":["skjema"],)"
                  R"("apps_url":"https://apps.example","token_mode":"raw"})";
    made.route = R"({"app":"skjema"})";
    made.message_type = "prefill/v1";
    made.content = R"({"type":"prefill","version":1,"reference":"r",)"
                   R"("recipient":{"person":"17859130003"},"values":{"navn":"Kari"}})";
    made.accepted_status = 201;
    made.accepted_body = instance(false);
    made.lookup_progress = R"({"asked":0})";
    made.lookup_body = R"({"count":1,"next":null,"instances":[)" + instance(false) + "]}";
    made.resume_body = made.lookup_body;
    made.resume_finds = true;
    made.found_by_facts = true;
    made.bad_configs = {
        "{}",
        R"({"organisation":"991825827","org":"ttd","apps":[]})",
        R"({"organisation":"99","org":"ttd","apps":["skjema"]})",
        R"({"organisation":"991825827","org":"ttd","apps":["../skjema"]})",
        R"({"organisation":"991825827","org":"ttd","apps":["skjema"],"nonsense":1})",
        R"({"organisation":"991825827","org":"ttd","apps":["a"],"callback_url":"ftp://x"})"};
    made.bad_routes = {"{}", R"({"app":"../x"})", R"({"app":"x","resource":"x"})"};
    made.news = [](const tests::SentRequest& sent) {
        return gateway::sdk::HttpResponse(200, answer_to(sent.url));
    };
    made.acknowledges = [](const tests::SentRequest& sent) {
        return sent.method == "POST" && sent.url.ends_with("/complete");
    };
    made.remembers_news = true;
    return made;
}

}   // namespace candidates
