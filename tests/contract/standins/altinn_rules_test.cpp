#include "tests/contract/standins/altinn_world.hpp"

#include <catch2/catch.hpp>

namespace gateway::tests::standins {

using json::Value;

namespace {

constexpr const char* key = "6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36";

struct Wrong {
    const char* code;
    int status;
    const char* pointer;   // of the member to replace, from the request
    const char* value;     // its JSON; empty: remove it
};

Value* reach(Value& root, std::string_view pointer, std::string& last) {
    Value* at = &root;
    pointer.remove_prefix(1);
    while (pointer.find('/') != std::string_view::npos) {
        const std::string name(pointer.substr(0, pointer.find('/')));
        pointer.remove_prefix(name.size() + 1);
        if (at->find(name) == nullptr) {
            at->set(name, Value::object());
        }
        at = at->find(name);
    }
    last = std::string(pointer);
    return at;
}

std::string repeated(std::size_t count) {
    return "\"" + std::string(count, 'a') + "\"";
}

}   // namespace

TEST_CASE("altinn stand-in: every field rule has its code") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    altinn.child.command(
        "/control/recipients",
        object(
            R"({"recipient":"urn:altinn:organization:identifier-no:310000108","unknown":true})"));
    altinn.child.command(
        "/control/recipients",
        object(R"({"recipient":"urn:altinn:person:identifier-no:01810750045","reserved":true})"));
    altinn.child.command(
        "/control/dialogs",
        object(
            R"({"id":"d1","party":"urn:altinn:organization:identifier-no:310000205","owner":"310000019"})"));
    altinn.child.command(
        "/control/dialogs",
        object(
            R"({"id":"d2","party":"urn:altinn:organization:identifier-no:310356875","owner":"310000302"})"));
    altinn.child.command(
        "/control/dialogs",
        object(
            R"({"id":"d3","party":"urn:altinn:organization:identifier-no:310356875","owner":"310000019"})"));
    const std::string title = repeated(256);
    const std::string body = repeated(30'001);
    const std::string reference = repeated(4097);
    const std::vector<Wrong> table{
        {"STD-00000", 400, "/correspondence/resourceId", ""},
        {"STD-00000", 400, "/correspondence/sendersReference", ""},
        {"STD-00000", 400, "/correspondence/sendersReference", reference.c_str()},
        {"STD-00000", 400, "/correspondence/messageSender", title.c_str()},
        {"STD-00000", 400, "/recipients", "[]"},
        {"STD-00000", 400, "/recipients", R"(["310356875"])"},
        {"STD-00000", 400, "/recipients", R"(["0192:310356876"])"},
        {"STD-00000", 400, "/recipients", R"(["01810750046"])"},
        {"STD-00000", 400, "/idempotentKey", R"("no-guid")"},
        {"STD-00000", 400, "/correspondence/dueDateTime", R"("soon")"},
        {"STD-00000", 400, "/correspondence/propertyList", R"({"a":1})"},
        {"STD-00000", 400, "/correspondence/externalReferences",
         R"([{"referenceType":"Other","referenceValue":"x"}])"},
        {"STD-00000", 400, "/correspondence/externalReferences",
         R"([{"referenceType":"DialogportenTransmissionId","referenceValue":"x"}])"},
        {"STD-00000", 400, "/correspondence/notification", R"({"notificationChannel":"Pigeon"})"},
        {"STD-00000", 400, "/correspondence/content/attachments",
         R"([{"fileName":"a.pdf","sendersReference":"r","checksum":"ABC"}])"},
        {"CORR-01033", 400, "/idempotentKey", R"("00000000-0000-0000-0000-000000000000")"},
        {"CORR-04001", 401, "/correspondence/resourceId", R"("unknown-resource")"},
        {"CORR-04009", 400, "/correspondence/resourceId", R"("app_sandkassa_skjema")"},
        {"CORR-01006", 400, "/recipients",
         R"(["0192:310356875","urn:altinn:organization:identifier-no:310356875"])"},
        {"CORR-01029", 404, "/recipients", R"(["0192:310000108"])"},
        {"CORR-01016", 400, "/correspondence/isConfirmationNeeded", "true"},
        {"CORR-01008", 400, "/correspondence/dueDateTime", R"("2020-01-01T00:00:00Z")"},
        {"CORR-01019", 400, "/correspondence/content", ""},
        {"CORR-01020", 400, "/correspondence/content/messageTitle", R"(" ")"},
        {"CORR-01002", 400, "/correspondence/content/messageTitle", R"("<b>Vedtak</b>")"},
        {"CORR-01002", 400, "/correspondence/content/messageTitle", R"("**Vedtak**")"},
        {"CORR-01037", 400, "/correspondence/content/messageTitle", title.c_str()},
        {"CORR-01021", 400, "/correspondence/content/messageBody", R"("")"},
        {"CORR-01003", 400, "/correspondence/content/messageBody", R"("<script>x</script>")"},
        {"CORR-01022", 400, "/correspondence/content/messageBody", body.c_str()},
        {"CORR-01004", 400, "/correspondence/content/messageSummary", R"("<i>x</i>")"},
        {"CORR-01042", 400, "/correspondence/content/messageSummary", title.c_str()},
        {"CORR-01023", 400, "/correspondence/content/language", R"("de")"},
        {"CORR-01039", 400, "/correspondence/messageSender", "\"[a](b)\""},
        {"CORR-01035", 400, "/correspondence/replyOptions", R"([{"linkURL":"http://a.no"}])"},
        {"CORR-01052", 400, "/correspondence/externalReferences",
         R"([{"referenceType":"DialogportenTransmissionType","referenceValue":"Alert"}])"},
        {"CORR-01054", 404, "/correspondence/externalReferences",
         R"([{"referenceType":"DialogportenDialogId","referenceValue":"nope"}])"},
        {"CORR-01046", 400, "/correspondence/externalReferences",
         R"([{"referenceType":"DialogportenDialogId","referenceValue":"d1"}])"},
        {"CORR-01050", 400, "/correspondence/externalReferences",
         R"([{"referenceType":"DialogportenDialogId","referenceValue":"d2"}])"},
        {"CORR-01053", 400, "/correspondence/externalReferences",
         R"([{"referenceType":"DialogportenDialogId","referenceValue":"d3"},{"referenceType":"DialogportenTransmissionType","referenceValue":"Shout"}])"},
        {"CORR-01060", 400, "/correspondence/resourceId", R"("sluse-brev-fortrolig")"},
        {"CORR-01061", 400, "/correspondence/isConfidential", "true"},
        {"CORR-01007", 400, "/existingAttachments", R"(["6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36"])"},
        {"CORR-01005", 400, "/correspondence/content/attachments",
         R"([{"fileName":"a.pdf","sendersReference":"r"}])"},
        {"CORR-02013", 400, "/correspondence/content/attachments",
         R"([{"fileName":"a.exe","sendersReference":"r"}])"},
        {"CORR-02012", 400, "/correspondence/content/attachments",
         R"([{"fileName":"a?.pdf","sendersReference":"r"}])"},
        {"CORR-02010", 400, "/correspondence/content/attachments",
         R"([{"fileName":"","sendersReference":"r"}])"},
        {"CORR-03002", 400, "/correspondence/notification",
         R"({"notificationTemplate":"CustomMessage","notificationChannel":"Email"})"},
        {"CORR-03003", 400, "/correspondence/notification",
         R"({"notificationTemplate":"CustomMessage","notificationChannel":"Email","emailSubject":"a","emailBody":"b","sendReminder":true})"},
        {"CORR-03004", 400, "/correspondence/notification",
         R"({"notificationTemplate":"CustomMessage","notificationChannel":"Sms"})"},
        {"CORR-03005", 400, "/correspondence/notification",
         R"({"notificationTemplate":"CustomMessage","notificationChannel":"Sms","smsBody":"a","sendReminder":true})"},
        {"CORR-03006", 400, "/correspondence/notification",
         R"({"notificationTemplate":"CustomMessage","notificationChannel":"EmailPreferred","smsBody":"a"})"},
        {"CORR-03007", 400, "/correspondence/notification",
         R"({"notificationTemplate":"CustomMessage","notificationChannel":"Sms","smsBody":"a","sendReminder":true,"reminderNotificationChannel":"SmsPreferred"})"},
        {"CORR-03024", 400, "/correspondence/notification",
         R"({"notificationTemplate":"CustomMessage","notificationChannel":"EmailAndSms","smsBody":"a"})"},
        {"CORR-03025", 400, "/correspondence/notification",
         R"({"notificationTemplate":"CustomMessage","notificationChannel":"Sms","smsBody":"a","sendReminder":true,"reminderNotificationChannel":"EmailAndSms"})"},
        {"CORR-01030", 422, "/recipients", R"(["01810750045"])"},
    };
    for (const Wrong& wrong : table) {
        Value request = letter();
        std::string last;
        Value* parent = reach(request, wrong.pointer, last);
        if (std::string_view(wrong.value).empty()) {
            parent->remove(last);
        } else {
            parent->set(last, object(wrong.value));
        }
        const Answer answer = altinn.send("/correspondence", request);
        const Value problem = answer.json();
        INFO(wrong.code << " " << wrong.pointer << " " << wrong.value << " -> " << answer.body);
        CHECK(answer.status == wrong.status);
        CHECK(problem["code"].as_string() == wrong.code);
        CHECK(problem["status"].as_int() == wrong.status);
        CHECK(answer.header("content-type").starts_with("application/problem+json"));
        if (problem["code"].as_string() == "STD-00000") {
            CHECK_FALSE(problem["validationErrors"].items().empty());
            CHECK_FALSE(problem["errors"].members().empty());
        } else {
            CHECK(problem["errorCode"].as_int() == std::stoi(std::string(wrong.code).substr(5)));
        }
    }
    CHECK(altinn.child.state()["correspondences"].items().empty());
}

TEST_CASE("altinn stand-in: names in any case, unknown fields and numbers for enumerations are "
          "taken") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    const Answer answer =
        altinn.send("/correspondence",
                    object(R"({"Correspondence":{"ResourceId":"urn:altinn:resource:sluse-brev",
        "SendersReference":"a","somethingNew":1,"Content":{"Language":"NB","MessageTitle":"a < b","MessageBody":"See <https://a.no>"},
        "notification":{"notificationTemplate":1,"notificationChannel":2}},"Recipients":["0192:310356875"],"allowSystemDeleteAfter":null})"));
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    const Value made = answer.json()["correspondences"].items().at(0);
    CHECK(made["recipient"].as_string() == "urn:altinn:organization:identifier-no:310356875");
    CHECK(made["status"].as_string() == "ReadyForPublish");
    CHECK(made["notifications"].items().size() == 1);
}

TEST_CASE("altinn stand-in: a key has one effect, for ever, whatever else is sent with it") {
    TemporaryFolder folder;
    std::string id;
    {
        Altinn altinn(folder.path());
        Value request = letter();
        request.set("idempotentKey", key);
        const Answer first = altinn.send("/correspondence", request);
        REQUIRE(first.status == 200);
        id = first.json()["correspondences"].items().at(0)["correspondenceId"].as_string();
        request.set("recipients", object(R"(["0192:310000205"])"));
        const Answer second = altinn.send("/correspondence", request);
        CHECK(second.status == 409);
        CHECK(second.json()["code"].as_string() == "CORR-01034");
        CHECK(second.body.find(id) == std::string::npos);
        request.set("recipients", object(R"(["0192:310000205","0192:310000108"])"));
        CHECK(altinn.send("/correspondence", request).json()["code"].as_string() == "CORR-01047");
        altinn.child.kill();
    }
    Altinn altinn(folder.path());
    Value request = letter();
    request.set("idempotentKey", key);
    CHECK(altinn.send("/correspondence", request).status == 409);
    const Answer found = altinn.read(
        std::string("/correspondence?resourceId=sluse-brev&role=Sender&idempotentKey=") + key);
    REQUIRE(found.json()["ids"].items().size() == 1);
    CHECK(found.json()["ids"].items().at(0).as_string() == id);
    CHECK(altinn.child.state()["byIdempotentKey"][key].as_int() == 1);
}

TEST_CASE("altinn stand-in: searches are bounded in time and checked") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    Value request = letter();
    request.find("correspondence")->set("requestedPublishTime", "2199-01-01T00:00:00Z");
    REQUIRE(altinn.send("/correspondence", request).status == 200);
    const auto count = [&](const char* query) {
        return altinn
            .read(std::string("/correspondence?resourceId=sluse-brev&role=Sender&") + query)
            .json()["ids"]
            .items()
            .size();
    };
    CHECK(count("from=2198-01-01T00:00:00Z&to=2200-01-01T00:00:00Z") == 1);
    CHECK(count("from=2199-01-01T00:00:00Z") == 0);   // exclusive
    CHECK(count("to=2199-01-01T00:00:00Z") == 0);
    CHECK(count("status=ReadyForPublish&sendersReference=sak-1") == 1);
    CHECK(count("sendersReference=other") == 0);
    CHECK(altinn.read("/correspondence?role=Sender").json()["code"].as_string() == "STD-00000");
    CHECK(altinn.read("/correspondence?resourceId=sluse-brev").json()["code"].as_string() ==
          "STD-00000");
    CHECK(altinn
              .read("/correspondence?resourceId=sluse-brev&role=Sender&from=2020-01-02T00:00:"
                    "00Z&to=2020-01-01T00:00:00Z")
              .json()["errorCode"]
              .as_int() == 1027);
    CHECK(altinn.read("/correspondence?resourceId=unknown&role=Sender").status == 401);
}

TEST_CASE("altinn stand-in: no token, another's token and a token without the scope get nowhere") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    const Answer none = post(altinn.at("/correspondence"), letter());
    CHECK(none.status == 401);
    CHECK(none.body.empty());
    CHECK(post(altinn.at("/correspondence"), letter(), altinn.token + "x").status == 401);
    CHECK(
        post(altinn.at("/correspondence"), letter(), altinn.make_token("310000019", "other:scope"))
            .status == 403);
    const Answer other = post(altinn.at("/correspondence"), letter(),
                              altinn.make_token("310000302", "altinn:correspondence.write"));
    CHECK(other.status == 401);
    CHECK(other.json()["errorCode"].as_int() == 4001);
    altinn.child.command(
        "/control/service_owners",
        object(R"({"organisation":"310000019","org":"sandkassa","agreement":false})"));
    CHECK(altinn.send("/correspondence", letter()).json()["errorCode"].as_int() == 2014);
}

}   // namespace gateway::tests::standins
