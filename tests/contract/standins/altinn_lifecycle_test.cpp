#include "adapters/common/standin/multipart.hpp"
#include "tests/contract/standins/altinn_world.hpp"

#include <catch2/catch.hpp>

namespace gateway::tests::standins {

using json::Value;

namespace {

std::string made(const Answer& answer) {
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return answer.json()["correspondences"].items().at(0)["correspondenceId"].as_string();
}

constexpr const char* boundary = "-boundary-0123456789";

std::string field(const std::string& name, const std::string& value) {
    return std::string("--") + boundary + "\r\nContent-Disposition: form-data; name=\"" + name +
           "\"\r\n\r\n" + value + "\r\n";
}

std::string file(const std::string& name, const std::string& bytes) {
    return std::string("--") + boundary +
           "\r\nContent-Disposition: form-data; name=\"attachments\"; filename=\"" + name +
           "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + bytes + "\r\n";
}

std::string form(const char* title) {
    return field("correspondence.resourceId", "sluse-brev") +
           field("correspondence.sendersReference", "s") +
           field("Correspondence.Content.MessageTitle", title) +
           field("correspondence.content.messageBody", "b") +
           field("correspondence.content.language", "nb") +
           field("correspondence.propertyList.saksnummer", "2026/1") +
           field("correspondence.isConfirmationNeeded", "false") +
           field("recipients[0]", "0192:310356875") +
           field("correspondence.content.attachments[0].fileName", "vedlegg æ.pdf") +
           field("correspondence.content.attachments[0].sendersReference", "f");
}

Answer upload(const Altinn& altinn, const std::string& parts) {
    Ask request;
    request.method = "POST";
    request.url = altinn.at("/correspondence/upload");
    request.headers["Authorization"] = "Bearer " + altinn.token;
    request.headers["Content-Type"] =
        std::string("multipart/form-data; boundary=\"") + boundary + "\"";
    request.body = parts + "--" + boundary + "--\r\n";
    return ask(request);
}

/// Writes down what the parser says.
class Notes final : public standin::PartSink {
public:
    void begin(standin::PartHead head) override {
        text += "<" + head.name + "|" + head.file_name + ">";
    }
    void data(std::string_view bytes) override { text += bytes; }
    void end() override { text += "</>"; }
    std::string text;
};

}   // namespace

TEST_CASE("altinn stand-in: a letter goes its way by itself once its attachment is scanned") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    Value request = letter();
    const std::string attachment = altinn.published_attachment();
    request.set("existingAttachments", Value::array().push(attachment));
    Value notice = object(
        R"({"notificationTemplate":"GenericAltinnMessage","notificationChannel":"EmailAndSms","sendReminder":true})");
    request.find("correspondence")->set("notification", std::move(notice));
    const std::string id = made(altinn.send("/correspondence", request));
    const std::string path = "/correspondence/" + id;
    altinn.until_status(path, "Published");
    CHECK(altinn.act("DELETE", path + "/purge", altinn.token).json()["errorCode"].as_int() == 1013);
    CHECK(altinn.act("DELETE", "/attachment/" + attachment, altinn.token)
              .json()["errorCode"]
              .as_int() == 2007);
    CHECK(altinn.read("/attachment/" + attachment + "/download").json()["errorCode"].as_int() ==
          2016);

    const std::string reader = altinn.make_token("310356875", "altinn:correspondence.read");
    CHECK(altinn.act("POST", path + "/markasread", reader).json()["errorCode"].as_int() == 1024);
    CHECK(altinn.act("POST", path + "/confirm", reader).json()["errorCode"].as_int() == 1025);
    CHECK(get(altinn.at(path), reader).json()["status"].as_string() == "Fetched");
    CHECK(altinn.act("POST", path + "/markasread", reader).status == 200);
    CHECK(altinn.act("POST", path + "/markasread", reader).json()["errorCode"].as_int() == 1040);
    CHECK(altinn.act("POST", path + "/confirm", reader).status == 200);
    CHECK(altinn.act("POST", path + "/confirm", reader).json()["errorCode"].as_int() == 1041);
    CHECK(get(altinn.at(path + "/attachment/" + attachment + "/download"), reader).body ==
          "%PDF-1.4");
    CHECK(get(altinn.at(path + "/content"), reader).body == "Se *vedlegg*.");
    const Value details = altinn.read(path + "/details").json();
    CHECK(details["status"].as_string() == "AttachmentsDownloaded");   // hides what lies below it
    CHECK(details["notifications"].items().size() == 2);
    CHECK(details["statusHistory"].items().size() >= 6);
    altinn.until(path + "/details", [](const Value& body) {
        return body["notifications"].items().at(0)["processingStatus"]["status"].as_string() ==
               "Order_Completed";
    });
    CHECK(altinn.act("DELETE", path + "/purge", reader).status == 200);
    CHECK(get(altinn.at(path), reader).json()["errorCode"].as_int() == 1001);
    CHECK(altinn.act("DELETE", path + "/purge", reader).json()["errorCode"].as_int() == 1014);
}

TEST_CASE("altinn stand-in: existing attachments keep the order they were named in, each once") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    std::vector<std::string> ids;
    for (int i = 0; i < 4; ++i) {
        ids.push_back(altinn.published_attachment());
    }
    std::sort(ids.begin(), ids.end(), std::greater<>());   // the order no sorted container gives
    Value named = Value::array();
    for (const std::string& id : ids) {
        named.push(id);
    }
    named.push(ids.front());
    Value request = letter();
    request.set("existingAttachments", std::move(named));
    const std::string id = made(altinn.send("/correspondence", request));
    std::vector<std::string> told;
    const Value overview = altinn.read("/correspondence/" + id).json();
    for (const Value& file : overview["content"]["attachments"].items()) {
        told.push_back(file["id"].as_string());
    }
    CHECK(told == ids);
}

TEST_CASE("altinn stand-in: the sender may withdraw a letter until it is published") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    Value request = letter();
    request.find("correspondence")->set("requestedPublishTime", "2199-01-01T00:00:00Z");
    const std::string attachment = altinn.published_attachment();
    request.set("existingAttachments", Value::array().push(attachment));
    const std::string path = "/correspondence/" + made(altinn.send("/correspondence", request));
    CHECK(altinn.act("DELETE", "/attachment/" + attachment, altinn.token)
              .json()["errorCode"]
              .as_int() == 2007);
    CHECK(altinn.act("DELETE", path + "/purge", altinn.token).status == 200);
    CHECK(altinn.act("DELETE", path + "/purge", altinn.token).json()["errorCode"].as_int() == 1014);
    CHECK(altinn.read(path).json()["status"].as_string() == "PurgedByAltinn");
    CHECK(altinn.act("DELETE", "/attachment/" + attachment, altinn.token)
              .json()["status"]
              .as_string() == "Purged");
    CHECK(altinn.act("DELETE", "/attachment/" + attachment, altinn.token)
              .json()["errorCode"]
              .as_int() == 2006);
}

TEST_CASE("altinn stand-in: confirmation comes before the recipient deletes") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    Value request = letter();
    request.find("correspondence")
        ->set("isConfirmationNeeded", true)
        .set("dueDateTime", "2199-01-01T00:00:00Z");
    const std::string id = made(altinn.send("/correspondence", request));
    altinn.until_status("/correspondence/" + id, "Published");
    const auto act = [&](const char* what) {
        Value command;
        command.set("correspondenceId", id).set("act", what);
        return altinn.child.command("/control/recipient", command);
    };
    CHECK(act("purge").json()["errorCode"].as_int() == 1026);
    CHECK(act("confirm").status == 200);
    CHECK(act("purge").status == 200);
}

TEST_CASE("altinn stand-in: an attachment is uploaded once, checked and scanned") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    const std::string good = altinn.published_attachment();
    CHECK(altinn.upload(good, "again").json()["errorCode"].as_int() == 2005);
    CHECK(altinn.upload("6b1f4c8e-3a2d-4f7b-9c04-1e8a5d2b7f36", "x").json()["errorCode"].as_int() ==
          2001);
    CHECK(altinn.upload(altinn.attachment(), "").json()["errorCode"].as_int() == 2004);

    Value described = object(
        R"({"resourceId":"sluse-brev","sendersReference":"r","fileName":"a.pdf","checksum":"d41d8cd98f00b204e9800998ecf8427e"})");
    const std::string wrong = altinn.send("/attachment", described).json().as_string();
    CHECK(altinn.upload(wrong, "not empty").json()["errorCode"].as_int() == 2008);
    CHECK(altinn.read("/attachment/" + wrong).json()["status"].as_string() == "Failed");

    const std::string virus = altinn.attachment("test.txt");
    altinn.upload(virus, std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}$") +
                             "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");
    altinn.until_status("/attachment/" + virus, "Failed");
    Value request = letter();
    request.set("existingAttachments", Value::array().push(virus));
    CHECK(altinn.send("/correspondence", request).json()["errorCode"].as_int() == 1018);
    request.set("existingAttachments", Value::array().push(altinn.attachment()));
    CHECK(altinn.send("/correspondence", request).json()["errorCode"].as_int() == 1018);
    for (const char* name : {"", "a.exe", "con.pdf", "a/b.pdf", "a.pdf."}) {
        Value body = object(R"({"resourceId":"sluse-brev","sendersReference":"r"})");
        body.set("fileName", name);
        CHECK(altinn.send("/attachment", body).status == 400);
    }
    CHECK(altinn.read("/attachment/" + good + "/details").json()["statusHistory"].items().size() ==
          3);
}

TEST_CASE("altinn stand-in: the multipart call takes letter and files at once or not at all") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    const Answer answer =
        upload(altinn, form("Vedtak") + file("vedlegg æ.pdf", "%PDF\r\n--not-the-boundary\r\n"));
    const std::string id = made(answer);
    CHECK(answer.json()["attachmentIds"].items().size() == 1);
    CHECK(answer.json()["correspondences"].items().at(0)["status"].as_string() == "Initialized");
    const Value overview = altinn.until_status("/correspondence/" + id, "Published").json();
    CHECK(overview["propertyList"]["saksnummer"].as_string() == "2026/1");
    CHECK(overview["content"]["attachments"].items().at(0)["fileName"].as_string() ==
          "vedlegg æ.pdf");
    CHECK(altinn.child.state()["attachments"].items().at(0)["size"].as_int() == 26);

    CHECK(upload(altinn, form("T") + file("other.pdf", "x")).json()["errorCode"].as_int() == 1005);
    CHECK(upload(altinn, form("T")).json()["errorCode"].as_int() == 1005);
    CHECK(upload(altinn, form("T") + file("vedlegg æ.pdf", "")).json()["errorCode"].as_int() ==
          2004);
    CHECK(upload(altinn, form("T") +
                             field("correspondence.content.attachments[0].checksum",
                                   "d41d8cd98f00b204e9800998ecf8427e") +
                             file("vedlegg æ.pdf", "x"))
              .json()["errorCode"]
              .as_int() == 2008);
    Ask cut;
    cut.method = "POST";
    cut.url = altinn.at("/correspondence/upload");
    cut.headers["Authorization"] = "Bearer " + altinn.token;
    cut.headers["Content-Type"] = std::string("multipart/form-data; boundary=") + boundary;
    cut.body = form("T") + file("vedlegg æ.pdf", "x");   // never closed
    CHECK(ask(cut).json()["code"].as_string() == "STD-00000");
    CHECK(altinn.child.state()["correspondences"].items().size() == 1);
    CHECK(altinn.child.state()["attachments"].items().size() == 1);
}

TEST_CASE("altinn stand-in: the multipart parser gives the same parts at every split") {
    const std::string body = "preamble\r\n" + field("a", "1\r\n--\r\n") + field("b", "") +
                             file("f.pdf", "x\r\n-") + "--" + boundary + "--\r\nepilogue";
    for (std::size_t piece = 1; piece < body.size() + 1; ++piece) {
        Notes notes;
        standin::MultipartReader reader(boundary, notes);
        for (std::size_t at = 0; at < body.size(); at += piece) {
            REQUIRE(reader.feed(std::string_view(body).substr(at, piece)));
        }
        CHECK(reader.finished());
        REQUIRE(notes.text == "<a|>1\r\n--\r\n</><b|></><attachments|f.pdf>x\r\n-</>");
    }
    for (const char* wrong :
         {"--x\r\nno colon\r\n\r\n", "--x\r\nContent-Type: a\r\n\r\nb\r\n--x--", "--x!\r\n"}) {
        Notes notes;
        standin::MultipartReader reader("x", notes);
        const bool fed = reader.feed(wrong);
        CHECK_FALSE((fed && reader.finished()));
    }
}

TEST_CASE("altinn stand-in: what a person or a register prevents ends in Failed or Reserved") {
    TemporaryFolder folder;
    Altinn altinn(folder.path());
    altinn.child.command("/control/faults",
                         object(R"({"kind":"publish_fails","text":"Ikke funnet"})"));
    const std::string failed = made(altinn.send("/correspondence", letter()));
    const Value told = altinn.until_status("/correspondence/" + failed, "Failed").json();
    CHECK(told["statusText"].as_string() == "Ikke funnet");

    Value request = letter();
    request.set("recipients", object(R"(["urn:altinn:person:identifier-no:01810750045"])"));
    altinn.child.command("/control/faults", object(R"({"kind":"reserved"})"));
    CHECK(altinn.send("/correspondence", request).json()["errorCode"].as_int() == 1030);
    altinn.child.command("/control/faults", object(R"({"kind":"reserved","as":"status"})"));
    const Answer reserved = altinn.send("/correspondence", request);
    CHECK(reserved.json()["correspondences"].items().at(0)["status"].as_string() == "Reserved");
    request.find("correspondence")->set("ignoreReservation", true);
    altinn.child.command("/control/faults", object(R"({"kind":"reserved"})"));
    CHECK(altinn.send("/correspondence", request).status == 200);
    altinn.child.command("/control/faults", object(R"({"kind":"register_down"})"));
    CHECK(altinn.send("/correspondence", request).json()["errorCode"].as_int() == 1032);

    altinn.child.command("/control/faults", object(R"({"kind":"malware"})"));
    const std::string late = made(upload(altinn, form("T") + file("vedlegg æ.pdf", "x")));
    altinn.until_status("/correspondence/" + late, "Failed");
}

}   // namespace gateway::tests::standins
