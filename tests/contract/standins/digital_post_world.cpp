#include "tests/contract/standins/digital_post_world.hpp"

#include "adapters/common/standin/folder_lock.hpp"
#include "adapters/common/standin/jose.hpp"
#include "tests/contract/standins/patience.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace gateway::tests::standins {

using json::Value;

namespace {

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> joined(std::vector<std::string> words,
                                const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

namespace files = std::filesystem;

constexpr std::array<const char*, 3> kept_parts{"ca", "certificates", "maskinporten"};

/// Certificates and keys of fresh stand-ins, made once for all tests of a build: a test that made
/// its own would spend most of its time on them.
std::string material() {
    const std::string folder = std::string(SLUSE_BINARY_DIR) + "/tests/digital_post_material";
    const std::string stamp = folder + "/whole";
    files::create_directories(folder);
    const standin::FolderLock lock(folder + "/lock");
    const auto newest = std::max(files::last_write_time(Child::program("maskinporten")),
                                 files::last_write_time(Child::program("digital_post")));
    if (files::exists(stamp) && files::last_write_time(stamp) > newest) {
        return folder;
    }
    files::remove(stamp);
    for (const char* part : kept_parts) {
        files::remove_all(folder + "/" + part);
    }
    const TemporaryFolder state;
    const Child maskinporten("maskinporten", folder + "/maskinporten", {"--ca", folder + "/ca"});
    const Child post("digital_post", state.path(),
                     {"--ca", folder + "/ca", "--certificates", folder + "/certificates"});
    std::ofstream(stamp) << "made";
    return folder;
}

void copy_material(const std::string& to) {
    const std::string from = material();
    for (const char* part : kept_parts) {
        files::copy(from + "/" + part, to + "/" + part, files::copy_options::recursive);
    }
}

const Value& header_of(const Value& document) {
    return document["standardBusinessDocument"]["standardBusinessDocumentHeader"];
}

}   // namespace

Value payload_of(const std::string& compact) {
    const std::size_t first = compact.find('.');
    const std::size_t second = compact.find('.', first + 1);
    const auto text =
        standin::from_base64url(std::string_view(compact).substr(first + 1, second - first - 1));
    return text ? object(*text) : Value();
}

Value Built::payload() const {
    return payload_of(jwt);
}

std::string Built::id() const {
    return header_of(payload())["documentIdentification"]["instanceIdentifier"].as_string();
}

std::string Built::conversation() const {
    return conversation_of(payload());
}

std::string type_of(const Value& receipt) {
    return header_of(receipt)["documentIdentification"]["type"].as_string();
}

std::string conversation_of(const Value& receipt) {
    return header_of(receipt)["businessScope"]["scope"]
        .items()
        .at(0)["instanceIdentifier"]
        .as_string();
}

Value body_of(const Value& receipt) {
    return receipt["standardBusinessDocument"][type_of(receipt)];
}

std::string multipart(const std::string& jwt, const std::string& cms) {
    return "---grense-4711\r\nContent-Disposition: form-data; name=\"forretningsmelding\"; "
           "filename=\"sbd.jwt\"\r\nContent-Type: application/jwt\r\n\r\n" +
           jwt +
           "\r\n---grense-4711\r\nContent-Disposition: form-data; name=\"dokumentpakke\"; "
           "filename=\"asic.cms\"\r\nContent-Type: application/cms\r\n\r\n" +
           cms + "\r\n---grense-4711--\r\n";
}

DigitalPost::DigitalPost(std::vector<std::string> options)
    : options_(std::move(options)),
      maskinporten_("maskinporten", prepared() + "/maskinporten",
                    {"--ca", folder_.path() + "/ca"}) {
    restart();
    token_ = token();
}

std::string DigitalPost::prepared() const {
    copy_material(folder_.path());
    return folder_.path();
}

void DigitalPost::restart() {
    post_.reset();
    post_ =
        std::make_unique<Child>("digital_post", folder_.path() + "/post",
                                joined({"--ca", folder_.path() + "/ca", "--certificates",
                                        certificates(), "--maskinporten-url", maskinporten_.url()},
                                       options_));
}

std::string DigitalPost::token(const Value& wanted) const {
    Value body = object(R"({"organisation":"310000019","scope":"digitalpostinnbygger:send"})");
    for (const auto& [name, value] : wanted.members()) {
        body.set(name, value);
    }
    const Answer answer = maskinporten_.command("/control/token", body);
    REQUIRE(answer.status == 200);
    return answer.json()["access_token"].as_string();
}

Value DigitalPost::order(const Value& changes) const {
    const Value& material = maskinporten_.line()["material"];
    const bool print = changes["type"].as_string() == "utskrift";
    const Value& receiver = changes["receiver"];
    const std::string number = receiver.is_string() ? receiver.as_string()
                               : print              ? "974761076"
                                                    : "984661185";
    Value out;
    out.set("token", token_).set("key", material["key"]).set("chain", material["certificate"]);
    out.set("root", material["ca"]);
    out.set("operator", certificates() + "/operator-" + number + ".cer");
    for (const auto& [name, value] : changes.members()) {
        out.set(name, value);
    }
    return out;
}

std::vector<Built> DigitalPost::build(const std::vector<Value>& changes) const {
    const TemporaryFolder folder;
    Value orders = Value::array();
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Value each = order(changes[i]);
        each.set("out", folder.path() + "/" + std::to_string(i));
        orders.push(std::move(each));
    }
    const std::string path = folder.path() + "/orders.json";
    std::ofstream(path) << json::write(orders);
    const std::string command = std::string("python3 -B '") + SLUSE_SOURCE_DIR +
                                "/tests/support/digital_post_messages.py' < '" + path + "'";
    REQUIRE(std::system(command.c_str()) == 0);
    std::vector<Built> out;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Built built;
        built.jwt = read(folder.path() + "/" + std::to_string(i) + ".jwt");
        built.cms = read(folder.path() + "/" + std::to_string(i) + ".cms");
        REQUIRE_FALSE(built.jwt.empty());
        out.push_back(std::move(built));
    }
    return out;
}

Built DigitalPost::build(const Value& changes) const {
    return build(std::vector<Value>{changes}).front();
}

Answer DigitalPost::send(const Built& message, const std::string& bearer,
                         const std::string& query) const {
    Ask request;
    request.method = "POST";
    request.url = post_->url() + "/messages/out" + query;
    request.headers["Authorization"] = "Bearer " + (bearer.empty() ? token_ : bearer);
    request.headers["Content-Type"] = multipart_type;
    request.body = multipart(message.jwt, message.cms);
    return ask(request);
}

Answer DigitalPost::send_body(const std::string& body, const std::string& query) const {
    Ask request;
    request.method = "POST";
    request.url = post_->url() + "/messages/out" + query;
    request.headers["Authorization"] = "Bearer " + token_;
    request.headers["Content-Type"] = multipart_type;
    request.body = body;
    return ask(request);
}

Answer DigitalPost::get(const std::string& path, const std::string& bearer) const {
    return standins::get(post_->url() + path, bearer.empty() ? token_ : bearer);
}

Answer DigitalPost::post(const std::string& path, const std::string& bearer) const {
    Ask request;
    request.method = "POST";
    request.url = post_->url() + path;
    request.headers["Authorization"] = "Bearer " + (bearer.empty() ? token_ : bearer);
    return ask(request);
}

void DigitalPost::fault(const char* command) const {
    REQUIRE(post_->command("/control/faults", object(command)).status == 200);
}

void DigitalPost::clock(std::int64_t skew_seconds) const {
    Value body;
    body.set("skew_seconds", skew_seconds);
    REQUIRE(post_->command("/control/clock", body).status == 200);
}

void DigitalPost::accept(const Built& message, const std::string& query) const {
    const Answer answer = send(message, {}, query);
    INFO(answer.body);
    REQUIRE(answer.status == 201);
}

std::vector<Value> DigitalPost::receipts(const std::string& query) const {
    const Answer answer = get("/messages/in" + query);
    std::vector<Value> out;
    const Value list = answer.json();
    for (const Value& item : list.items()) {
        out.push_back(payload_of(item["forretningsmelding"].as_string()));
    }
    return out;
}

std::vector<Value> DigitalPost::until(std::size_t count, const std::string& query) const {
    std::vector<Value> found;
    const auto has_come = [&] {
        found = receipts(query);
        return found.size() >= count;
    };
    if (!patience::until(has_come)) {
        FAIL("never came: " << count << " receipts");
    }
    return found;
}

Value DigitalPost::remembered(const std::string& id) const {
    const Value state = post_->state();
    for (const Value& message : state["messages"].items()) {
        if (message["id"].as_string() == id) {
            return message;
        }
    }
    return {};
}

}   // namespace gateway::tests::standins
