#include "gateway/app/cli/client/verbs.hpp"

#include "gateway/app/exit_codes.hpp"
#include "gateway/crypto/api_key.hpp"
#include "gateway/runtime/file.hpp"
#include "tests/unit/client/asked_message.hpp"
#include "tests/unit/client/desk.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

using namespace gateway::app;
using namespace gateway::app::client;
using tests::client::has;
using tests::client::id;
using tests::client::message;
using tests::client::message_options;
using tests::client::TestDesk;
namespace core = gateway::core;
namespace sdk = gateway::sdk;

namespace {

constexpr const char* refusal =
    R"({"code":"message.cannot_retry","title":"Meldingen kan ikke prøves på nytt","detail":"Den er sendt.","action":"Se tidslinjen.","trace":"abc","errors":[]})";

/// A folder of its own, gone with the test.
struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "sluse-client-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(path / name, std::ios::binary) << text;
        return (path / name).string();
    }
};

SendOptions letter() {
    SendOptions options;
    options.to = "310002003";
    options.title = "Varsel om tilsyn";
    options.body = "Vi kommer.";
    return options;
}

}   // namespace

TEST_CASE("client: health is 0 only when the service is ready, else it says what is in the way") {
    TestDesk test;
    test.script.answers.emplace_back(200,
                                     R"({"ready":true,"checks":[{"name":"store","ok":true}]})");
    CHECK(run_health(test.desk, HealthOptions{}) == exit_ok);
    CHECK(test.script.asked.back().target == "/readyz");
    CHECK(test.out.str() == "klar\n");
    test.script.answers.emplace_back(503,
                                     R"({"ready":false,"checks":[{"name":"store","ok":true},)"
                                     R"({"name":"disk","ok":false,"title":"Disken er full"}]})");
    CHECK(run_health(test.desk, HealthOptions{}) == exit_failed);
    CHECK(has(test.out, "disk: Disken er full\nikke klar\n"));
    test.script.answers.emplace_back(200, "<html>");   // something else listens there
    CHECK(run_health(test.desk, HealthOptions{}) == exit_failed);
    CHECK(has(test.err, "ikke Sluse"));
    CHECK(run_health(test.desk, HealthOptions{}) == exit_unreachable);
}

TEST_CASE("client: no gateway at the socket is said with what to try, and has its own exit code") {
    TestDesk test;
    CHECK(run_trace(test.desk, message_options()) == exit_unreachable);
    CHECK(has(test.err, "unix:/data/admin.sock"));
    CHECK(has(test.err, "Kjører tjenesten?"));
    CHECK(test.out.str().empty());
}

TEST_CASE("client: a refusal is told by what, why and what to do, with the exit code of its kind") {
    const std::pair<int, int> kinds[] = {{400, exit_usage},
                                         {409, exit_failed},
                                         {404, exit_not_found},
                                         {401, exit_not_allowed},
                                         {403, exit_not_allowed}};
    for (const auto& [status, exit_code] : kinds) {
        TestDesk test;
        test.answer(status, refusal);
        CHECK(run_act(test.desk, message_options("retry")) == exit_code);
        CHECK(has(test.err, "Meldingen kan ikke prøves på nytt"));
        CHECK(has(test.err, "Se tidslinjen."));
        CHECK(has(test.err, "message.cannot_retry"));
    }
    TestDesk test;
    test.answer(200, "<html>proxy</html>");
    CHECK(run_act(test.desk, message_options("retry")) == exit_failed);
    CHECK(has(test.err, "er ikke Sluse"));
}

TEST_CASE("client: an act sends its reason and names the next command") {
    TestDesk test;
    test.answer(202, R"({"id":"x","state":"queued","delivery":"d2","replaces":"d1"})");
    CHECK(run_act(test.desk, message_options("retry")) == exit_ok);
    REQUIRE(test.script.asked.size() == 1);
    CHECK(test.script.asked[0].method == "POST");
    CHECK(test.script.asked[0].target == std::string("/admin/v1/messages/") + id + "/retry");
    CHECK(test.script.asked[0].body == R"({"why":"ruten er rettet"})");
    CHECK(has(test.out, "d2"));
    CHECK(has(test.out, "sluse trace"));
}

TEST_CASE("client: what is no message id is wrong usage, and nobody is asked") {
    TestDesk test;
    auto options = message_options("retry");
    options.id = "../keys";
    CHECK(run_act(test.desk, options) == exit_usage);
    CHECK(run_trace(test.desk, options) == exit_usage);
    CHECK(test.script.asked.empty());
}

TEST_CASE("client: a search asks by body, so that no name or number stands in a URL") {
    TestDesk test;
    test.answer(200, R"({"items":[)" + message("sent") + R"(],"next":"abc"})");
    SearchOptions options;
    options.recipient = "310002003";
    CHECK(run_search(test.desk, options) == exit_ok);
    CHECK(test.script.asked[0].target == "/admin/v1/messages/search");
    CHECK(test.script.asked[0].body.find(R"("recipient":{"organisation":"310002003"})") !=
          std::string::npos);
    CHECK(has(test.out, "--cursor abc"));
}

TEST_CASE("client: a new key stands alone on standard output") {
    TestDesk test;
    test.answer(201, R"({"id":"abcdefabcdef","key":"slu_abcdefabcdef_x"})");
    KeyOptions options;
    options.system = "byggesak";
    options.why = "nytt";
    CHECK(run_keys_create(test.desk, options) == exit_ok);
    CHECK(test.out.str() == "slu_abcdefabcdef_x\n");
}

TEST_CASE("client: a whole key given to revoke is cut down to its id before anybody is asked") {
    TestDesk test;
    test.answer(200, "{}");
    KeyOptions options;
    options.id = "slu_abcdefabcdef_" + std::string(43, 'Z');
    options.why = "mistet";
    CHECK(run_keys_revoke(test.desk, options) == exit_ok);
    CHECK(test.script.asked[0].target == "/admin/v1/keys/abcdefabcdef/revoke");
    options.id = "../x";
    CHECK(run_keys_revoke(test.desk, options) == exit_usage);
}

TEST_CASE("client: raw output is the answer as it stands") {
    TestDesk test;
    test.answer(200, R"({"items":[],"next":null})");
    SearchOptions options;
    options.json = true;
    CHECK(run_search(test.desk, options) == exit_ok);
    CHECK(test.out.str() == "{\"items\":[],\"next\":null}\n");
}

TEST_CASE("client: faults found by verify are a failure") {
    TestDesk test;
    test.answer(200, R"({"sound":false,"found":1,"faults":["dokumentet mangler"]})");
    CHECK(run_verify(test.desk, StoreOptions{}) == exit_failed);
    CHECK(has(test.out, "dokumentet mangler"));
    test.answer(200, R"({"sound":true,"found":0,"faults":[]})");
    CHECK(run_verify(test.desk, StoreOptions{}) == exit_ok);
}

TEST_CASE("client: an access log that was changed is a failure, with what is wrong from where") {
    TestDesk test;
    test.answer(
        200,
        R"({"sound":false,"tenants":[{"tenant":"310001007","sound":false,"entries":12,"proved":4,"checkpoints":2,"publicKey":"nøkkel","found":1,"faults":[{"code":"log.changed","from":5,"to":6,"title":"Loggen er endret","detail":"Oppføring 5 til 6 er ikke slik den ble skrevet.","action":"Varsle."}]}]})");
    LogOptions options;
    options.tenant = "310001007";
    CHECK(run_verify_log(test.desk, options) == exit_failed);
    CHECK(has(test.out, "310001007: 12 oppføringer, 1 feil"));
    CHECK(has(test.out, "Loggen er endret: Oppføring 5 til 6"));
    CHECK(has(test.out, "bevist til og med oppføring 4"));
    CHECK(has(test.err, "ikke slik den ble skrevet"));
    test.answer(
        200,
        R"({"sound":true,"tenants":[{"tenant":"310001007","sound":true,"entries":12,"proved":0,"checkpoints":0,"publicKey":"","found":0,"faults":[]}]})");
    CHECK(run_verify_log(test.desk, LogOptions{}) == exit_ok);
    CHECK(has(test.out, "alle slik de ble skrevet"));
    CHECK(has(test.out, "Ingen kontrollpunkter"));
}

TEST_CASE("client: mistakes of a configuration are said by file, line and column") {
    TestDesk test;
    test.answer(
        422,
        R"({"code":"admin.config_refused","title":"Oppsettet har feil","detail":"","action":"","trace":"t","mistakes":[{"file":"sluse.toml","line":12,"column":5,"reason":"ukjent nøkkel","remedy":"mente du x?"}]})");
    ConfigOptions options;
    options.why = "ny rute";
    CHECK(run_config_apply(test.desk, options) == exit_failed);
    CHECK(has(test.err, "sluse.toml:12:5: ukjent nøkkel; mente du x?"));
}

TEST_CASE("client: a letter with files is one multipart body, and its size is known beforehand") {
    Folder folder;
    TestDesk test;
    test.answer(202, std::string(R"({"id":")") + id + R"("})");
    auto options = letter();
    options.files = {folder.file("vedtak.pdf", "%PDF-1.7"), folder.file("ve\"dlegg.txt", "hei")};
    options.idempotency_key = "nøkkel-1";
    CHECK(run_send(test.desk, options) == exit_ok);
    REQUIRE(test.script.asked.size() == 1);
    const auto& asked = test.script.asked[0];
    CHECK(sdk::find_header(asked.headers, "Idempotency-Key") == "nøkkel-1");
    const auto type = std::string(sdk::find_header(asked.headers, "Content-Type"));
    REQUIRE(type.find("multipart/form-data; boundary=") == 0);
    const auto boundary = type.substr(type.find('=') + 1);
    CHECK(asked.body.find("--" + boundary +
                          "\r\nContent-Disposition: form-data; name=\"message\"") == 0);
    CHECK(asked.body.find(R"("documents":[{"part":"f1","name":"vedtak.pdf"})") !=
          std::string::npos);
    CHECK(asked.body.find("filename=\"ve%22dlegg.txt\"") != std::string::npos);
    CHECK(asked.body.find("\r\n\r\n%PDF-1.7\r\n--" + boundary) != std::string::npos);
    CHECK(asked.body.substr(asked.body.size() - boundary.size() - 8) ==
          "\r\n--" + boundary + "--\r\n");
    CHECK(test.out.str() == std::string(id) + "\n");
    CHECK(has(test.err, "sluse trace"));
}

TEST_CASE("client: a lost answer is asked for again with the same idempotency key") {
    TestDesk test;
    test.fail(core::Errc::answer_lost);
    test.answer(202, std::string(R"({"id":")") + id + R"("})");
    CHECK(run_send(test.desk, letter()) == exit_ok);
    REQUIRE(test.script.asked.size() == 2);
    CHECK(sdk::find_header(test.script.asked[0].headers, "Idempotency-Key") ==
          sdk::find_header(test.script.asked[1].headers, "Idempotency-Key"));
}

TEST_CASE("client: an answer that stays lost names the key that makes a repeat harmless") {
    TestDesk test;
    for (int i = 0; i < 3; ++i) {
        test.fail(core::Errc::answer_lost);
    }
    CHECK(run_send(test.desk, letter()) == exit_unreachable);
    CHECK(has(test.err,
              std::string(sdk::find_header(test.script.asked[0].headers, "Idempotency-Key"))));
}

TEST_CASE("client: a letter is refused before sending when a number or a file does not fit") {
    TestDesk test;
    auto options = letter();
    options.to = "310002004";
    CHECK(run_send(test.desk, options) == exit_usage);
    options = letter();
    options.body.clear();
    CHECK(run_send(test.desk, options) == exit_usage);
    options.files = {"/finnes/ikke.pdf"};
    CHECK(run_send(test.desk, options) == exit_not_found);
    CHECK(test.script.asked.empty());
}

TEST_CASE("client: a dry run says every problem and sends nothing") {
    TestDesk test;
    test.answer(
        200,
        R"({"ok":false,"problems":[{"pointer":"/title","code":"x","detail":"For lang."}],"route":[]})");
    auto options = letter();
    options.dry_run = true;
    CHECK(run_send(test.desk, options) == exit_failed);
    CHECK(test.script.asked[0].target == "/v1/messages?dryRun=true");
    CHECK(has(test.out, "/title: For lang."));
}

TEST_CASE("client: the socket is found through the configuration, relative to its folder") {
    Folder folder;
    folder.file("sluse.toml", "[store]\npath = \"data\"\n");
    CHECK(find_socket(folder.path.string()).value() == folder.path.string() + "/data/admin.sock");
    folder.file("sluse.toml", "[store]\npath = \"/var/lib/sluse\"\n");
    CHECK(find_socket(folder.path.string()).value() == "/var/lib/sluse/admin.sock");
    folder.file("sluse.toml", "[store\n");
    CHECK_FALSE(find_socket(folder.path.string()).has_value());
    CHECK_FALSE(find_socket("/finnes/ikke").has_value());
}

TEST_CASE("client: an address needs a key of the right form, and is no companion of a socket") {
    Folder folder;
    GatePlace place;
    place.key_variable = "SLUSE_NO_SUCH_VARIABLE";
    place.url = "http://127.0.0.1:8081";
    CHECK(open_gate(place).error().is(core::Errc::invalid_argument));
    place.key_file = folder.file("key", "passord123\n");
    CHECK(open_gate(place).error().is(core::Errc::invalid_argument));
    CHECK(open_gate(place).error().detail.find("passord123") == std::string::npos);
    place.key_file = folder.file("key", "slu_abcdefabcdef_" + std::string(43, 'Z') + "\n");
    CHECK(open_gate(place).has_value());
    place.socket = "/x";
    CHECK_FALSE(open_gate(place).has_value());
    place.socket.clear();
    place.url = "ftp://x";
    CHECK_FALSE(open_gate(place).has_value());
    place.url = "http://127.0.0.1:8081";
    place.key_file = "/finnes/ikke";
    CHECK(open_gate(place).error().is(core::Errc::not_found));
}

TEST_CASE("client: events are whole however their bytes are cut") {
    const std::string text =
        "retry: 1\n\nid: 1\nevent: line\ndata: {\"a\":1}\n\n: alive\n\ndata: {\"b\":2}\n\n";
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        EventReader reader;
        auto events = reader.push(std::string_view(text).substr(0, cut));
        for (auto& event : reader.push(std::string_view(text).substr(cut))) {
            events.push_back(std::move(event));
        }
        CHECK(events == std::vector<std::string>{"{\"a\":1}", "{\"b\":2}"});
    }
}
