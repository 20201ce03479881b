#include "tests/contract/standins/child.hpp"
#include "tests/contract/standins/patience.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace gateway::tests::standins {

using json::Value;

namespace {

constexpr const char* sender = "310000019";
constexpr const char* recipient = "310356875";

/// A Broker stand-in that is a thousand times faster than the service.
struct Broker {
    explicit Broker(const std::string& state,
                    std::vector<std::string> options = {"--time-scale", "1000",
                                                        "--searches-per-minute", "0",
                                                        "--calls-per-minute", "0"})
        : child("altinn_broker", state, std::move(options)),
          token(make_token(sender)),
          reader(make_token(recipient)) {}

    std::string make_token(const char* organisation) const {
        Value wanted;
        wanted.set("organisation", organisation);
        return child.command("/control/token", wanted).json()["token"].as_string();
    }
    Answer act(const char* method, const std::string& path, const std::string& bearer,
               std::map<std::string, std::string> headers = {},
               const std::string& body = {}) const {
        Ask request;
        request.method = method;
        request.url = child.url() + "/broker/api/v1/filetransfer" + path;
        request.headers = std::move(headers);
        request.headers["Authorization"] = "Bearer " + bearer;
        request.body = body;
        return ask(request);
    }
    Answer upload(const std::string& id, const std::string& bytes) const {
        return act("POST", "/" + id + "/upload", token,
                   {{"Content-Type", "application/octet-stream"}}, bytes);
    }
    std::string made(const Value& changes = Value::object()) const {
        Value body = object(R"({"fileName":"a.zip","resourceId":"sluse-filer",
            "sendersFileTransferReference":"r","sender":"0192:310000019",
            "recipients":["urn:altinn:organization:identifier-no:310356875"]})");
        for (const auto& [name, value] : changes.members()) {
            body.set(name, value);
        }
        const Answer answer =
            act("POST", "", token, {{"Content-Type", "application/json"}}, json::write(body));
        INFO(answer.body);
        last = answer;
        return answer.json()["fileTransferId"].as_string();
    }
    std::string status(const std::string& id) const {
        return act("GET", "/" + id, token).json()["fileTransferStatus"].as_string();
    }
    void until(const std::string& id, const char* wanted) const {
        if (!patience::until([&] { return status(id) == wanted; })) {
            FAIL("never " << wanted << ": " << status(id));
        }
    }
    std::string published(const std::string& bytes) const {
        std::string id = made();
        REQUIRE(upload(id, bytes).status == 200);
        until(id, "Published");
        return id;
    }

    Child child;
    std::string token;
    std::string reader;
    mutable Answer last;
};

std::string code_of(const Answer& answer) {
    return answer.json()["code"].as_string();
}

}   // namespace

TEST_CASE("broker stand-in: a file goes its way from made to purged by itself") {
    TemporaryFolder folder;
    Broker broker(folder.path());
    const std::string id = broker.published("bytes");
    CHECK(broker.act("GET", "/" + id + "/download", broker.reader).body == "bytes");
    CHECK(broker.act("POST", "/" + id + "/confirmdownload", broker.reader).status == 204);
    broker.until(id, "Purged");
    const Value details = broker.act("GET", "/" + id + "/details", broker.token).json();
    std::vector<std::string> names;
    for (const auto& event : details["fileTransferStatusHistory"].items()) {
        names.push_back(event["fileTransferStatus"].as_string());
    }
    CHECK(names == std::vector<std::string>{"Initialized", "UploadStarted", "UploadProcessing",
                                            "Published", "AllConfirmedDownloaded", "Purged"});
}

TEST_CASE("broker stand-in: bytes are taken once, with the right checksum, within the limit") {
    TemporaryFolder folder;
    Broker broker(folder.path());
    const std::string id = broker.published("bytes");
    CHECK(code_of(broker.upload(id, "bytes")) == "BRO-00004");
    Value checksum;
    checksum.set("checksum", std::string(32, 'a'));
    const std::string wrong = broker.made(checksum);
    CHECK(code_of(broker.upload(wrong, "bytes")) == "BRO-00009");
    CHECK(broker.status(wrong) == "Failed");
    broker.child.command("/control/resources",
                         object(R"({"id":"liten","owner":"310000019","max_bytes":4})"));
    Value small;
    small.set("resourceId", "liten");
    CHECK(code_of(broker.upload(broker.made(small), "bytes")) == "BRO-00016");
}

TEST_CASE("broker stand-in: malware fails the transfer after the upload was taken") {
    TemporaryFolder folder;
    Broker broker(folder.path());
    broker.child.command("/control/faults", object(R"({"kind":"malware"})"));
    const std::string id = broker.made();
    CHECK(broker.upload(id, "bytes").status == 200);
    broker.until(id, "Failed");
}

TEST_CASE("broker stand-in: who may send to whom is the resource's to say") {
    TemporaryFolder folder;
    Broker broker(folder.path());
    broker.child.command(
        "/control/resources",
        object(R"({"id":"lukket","owner":"310000019","access_list":["310000019"]})"));
    broker.child.command(
        "/control/resources",
        object(R"({"id":"krav","owner":"310000019","required_party":"310002003"})"));
    Value changes;
    changes.set("resourceId", "lukket");
    broker.made(changes);
    CHECK(code_of(broker.last) == "BRO-00028");
    broker.made(changes.set("resourceId", "krav"));
    CHECK(code_of(broker.last) == "BRO-00026");
    broker.made(changes.set("resourceId", "ukjent"));
    CHECK(code_of(broker.last) == "BRO-00005");
    Value as_other;
    as_other.set("sender", "0192:310356875");
    broker.made(as_other);
    CHECK(code_of(broker.last) == "BRO-00006");
}

TEST_CASE("broker stand-in: a confirmation needs a published file and a download of one's own") {
    TemporaryFolder folder;
    Broker broker(folder.path());
    const std::string fresh = broker.made();
    CHECK(code_of(broker.act("POST", "/" + fresh + "/confirmdownload", broker.reader)) ==
          "BRO-00010");
    CHECK(code_of(broker.act("GET", "/" + fresh + "/download", broker.reader)) == "BRO-00007");
    const std::string id = broker.published("bytes");
    CHECK(code_of(broker.act("POST", "/" + id + "/confirmdownload", broker.reader)) == "BRO-00019");
    CHECK(broker.act("GET", "/" + id, broker.make_token("310002003")).status == 404);
}

TEST_CASE("broker stand-in: one range of a file is given, and one outside it refused") {
    TemporaryFolder folder;
    Broker broker(folder.path());
    const std::string path = "/" + broker.published("0123456789") + "/download";
    const Answer part = broker.act("GET", path, broker.reader, {{"Range", "bytes=4-6"}});
    CHECK(part.status == 206);
    CHECK(part.body == "456");
    CHECK(part.header("content-range") == "bytes 4-6/10");
    CHECK(broker.act("GET", path, broker.reader, {{"Range", "bytes=7-"}}).body == "789");
    CHECK(code_of(broker.act("GET", path, broker.reader, {{"Range", "bytes=10-"}})) == "BRO-00029");
}

TEST_CASE("broker stand-in: a resumable upload keeps what came before a cut, over a kill too") {
    TemporaryFolder folder;
    auto broker = std::make_unique<Broker>(folder.path());
    const std::string id = broker->made();
    const std::string where = "/upload/tus/" + id;
    std::map<std::string, std::string> tus{{"Tus-Resumable", "1.0.0"}};
    auto create = tus;
    create["Upload-Length"] = "10";
    CHECK(broker->act("POST", where, broker->token, create).status == 201);
    broker->child.command("/control/faults", object(R"({"kind":"cut_upload","after_bytes":4})"));
    auto piece = tus;
    piece["Content-Type"] = "application/offset+octet-stream";
    piece["Upload-Offset"] = "0";
    CHECK(broker->act("PATCH", where, broker->token, piece, "0123456789").status == 0);
    broker->child.kill();
    broker = std::make_unique<Broker>(folder.path());
    CHECK(broker->act("HEAD", where, broker->token, tus).header("upload-offset") == "4");
    CHECK(broker->act("PATCH", where, broker->token, piece, "0123456789").status == 409);
    piece["Upload-Offset"] = "4";
    CHECK(broker->act("PATCH", where, broker->token, piece, "456789").status == 204);
    broker->until(id, "Published");
    CHECK(broker->act("GET", "/" + id + "/download", broker->reader).body == "0123456789");
}

TEST_CASE("broker stand-in: the eleventh search within a minute is refused with a time to wait") {
    TemporaryFolder folder;
    Broker broker(folder.path(), {"--time-scale", "1000"});
    const std::string search = "?resourceId=sluse-filer&role=Recipient";
    for (int i = 0; i < 10; ++i) {
        CHECK(broker.act("GET", search, broker.reader).status == 200);
    }
    const Answer refused = broker.act("GET", search, broker.reader);
    CHECK(refused.status == 429);
    CHECK(!refused.header("retry-after").empty());
    CHECK(broker.act("GET", search, broker.token).status == 200);
    broker.child.command("/control/clock", object(R"({"skew_seconds":61})"));
    CHECK(broker.act("GET", search, broker.make_token(recipient)).status == 200);
}

TEST_CASE("broker stand-in: a file nobody fetched is purged when its time is out") {
    TemporaryFolder folder;
    Broker broker(folder.path());
    const std::string id = broker.published("bytes");
    Value which;
    which.set("fileTransferId", id);
    broker.child.command("/control/purge", which);
    CHECK(broker.status(id) == "Purged");
    const auto events = get(broker.child.control() + "/control/events").json();
    CHECK(std::any_of(events.items().begin(), events.items().end(), [](const Value& event) {
        return event["type"].as_string() == "no.altinn.broker.fileneverconfirmeddownloaded";
    }));
}

}   // namespace gateway::tests::standins
