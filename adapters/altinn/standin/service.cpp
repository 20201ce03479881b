#include "adapters/altinn/standin/service.hpp"

#include "adapters/altinn/standin/attachments.hpp"
#include "adapters/altinn/standin/form.hpp"
#include "adapters/altinn/standin/initialize.hpp"
#include "adapters/altinn/standin/letters.hpp"
#include "adapters/altinn/standin/upload.hpp"
#include "adapters/altinn/standin/views.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/system_users.hpp"

#include <filesystem>
#include <stdexcept>

namespace gateway::altinn::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr const char* default_organisation = "310000019";
constexpr const char* default_scope = "altinn:serviceowner altinn:correspondence.write";
constexpr double default_time_scale = 20;
constexpr std::size_t request_bytes_max = 4U << 20U;
constexpr std::string_view correspondence_base = "/correspondence/api/v1/correspondence";
constexpr std::string_view attachment_base = "/correspondence/api/v1/attachment";

Pace pace_of(const kit::World& world) {
    const double faster = world.options.number("time-scale", default_time_scale);
    if (!(faster > 0)) {
        throw std::invalid_argument(
            "--time-scale is above 0: how many times faster than the service");
    }
    Pace pace;
    pace.scale(faster);
    return pace;
}

http::Response wrong_command(std::string text) {
    Value body;
    body.set("error", std::move(text));
    return kit::json_response(400, body);
}

http::Response done(Value body = Value::object()) {
    body.set("ok", true);
    return kit::json_response(200, body);
}

class Altinn final : public kit::Service {
public:
    explicit Altinn(kit::World& world)
        : world_(world),
          organisation_(world.options.text("organisation", default_organisation)),
          settings_(world.options.state + "/settings.json", organisation_),
          access_(world,
                  [this](const std::string& organisation) { return owner_code(organisation); }),
          book_(world.options.state, settings_, world.faults, world.clock, pace_of(world)),
          platform_{world, settings_, book_},
          attachments_(platform_),
          letters_(platform_),
          system_users_(world, organisation_) {}

    void open(const std::string& url) override {
        for (const auto& entry : std::filesystem::directory_iterator(book_.folder())) {
            if (entry.path().filename().string().starts_with("part-")) {
                std::filesystem::remove(
                    entry.path());   // left by a kill in the middle of an upload
            }
        }
        access_.open(url);
        system_users_.open(url);
    }

    sdk::Task<http::Response> handle(http::Request& request) override;
    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;
    void reset() override {
        book_.clear();
        system_users_.clear();
    }

    Value material() override {
        Value material;
        material.set("organisation", organisation_).set("resources", settings_.data()["resources"]);
        material.set("settings", world_.options.state + "/settings.json");
        Value out;
        out.set("material", std::move(material));
        return out;
    }

private:
    sdk::Task<http::Response> correspondence(http::Request& request, const Caller& caller);
    sdk::Task<http::Response> attachment(http::Request& request, const Caller& caller);
    sdk::Task<http::Response> initialize(http::Request& request, const Caller& caller);
    sdk::Task<http::Response> upload(http::Request& request, const Caller& caller);
    std::optional<std::string> owner_code(const std::string& organisation) const {
        const Value* owner = settings_.service_owner(organisation);
        return owner == nullptr ? std::nullopt : std::optional((*owner)["org"].as_string());
    }

    kit::World& world_;
    std::string organisation_;
    Settings settings_;
    kit::AltinnAccess access_;
    Book book_;
    Platform platform_;
    Attachments attachments_;
    Letters letters_;
    kit::SystemUsers system_users_;
};

sdk::Task<http::Response> Altinn::handle(http::Request& request) {
    book_.advance();
    const std::string& path = request.path;
    auto own = co_await access_.handle(request);
    if (own) {
        co_return std::move(*own);
    }
    const bool letters = path.starts_with(correspondence_base);
    const bool system_users = kit::SystemUsers::is_for(path);
    if (!letters && !system_users && !path.starts_with(attachment_base)) {
        co_return http::Response(404);
    }
    auto identified = co_await access_.identify(request);
    if (!identified) {
        co_return unauthorised();
    }
    if (system_users) {
        co_return co_await system_users_.handle(request, *identified);
    }
    const Caller caller(std::move(*identified));
    if (!caller.writes() && !caller.reads()) {
        co_return http::Response(403);
    }
    if (letters) {
        http::Response response = co_await correspondence(request, caller);
        co_return response;
    }
    if (!caller.writes()) {
        co_return http::Response(403);
    }
    http::Response response = co_await attachment(request, caller);
    co_return response;
}

sdk::Task<http::Response> Altinn::initialize(http::Request& request, const Caller& caller) {
    const std::string type = kit::media_type(request);
    if (type != "application/json" && !type.ends_with("+json")) {
        co_return plain_problem(415, "The body is application/json");
    }
    const auto body = co_await kit::read_json(request, request_bytes_max);
    if (!body || !body->is_object()) {
        co_return to_response(
            FieldFaults{FieldFault("$", "The body is not the JSON that was expected")});
    }
    std::vector<Uploaded> none;
    Initialize operation(platform_, caller, request);
    co_return operation.run(*body, none);
}

sdk::Task<http::Response> Altinn::upload(http::Request& request, const Caller& caller) {
    if (kit::media_type(request) != "multipart/form-data") {
        co_return plain_problem(415, "The body is multipart/form-data");
    }
    UploadParts parts(book_.folder());
    const bool whole = co_await kit::read_multipart(request, parts);
    if (!whole || parts.wrong_part) {
        co_return to_response(FieldFaults{
            FieldFault("Attachments", "The body is not the multipart that was expected")});
    }
    Initialize operation(platform_, caller, request);
    co_return operation.run(unflatten(parts.fields), parts.files);
}

sdk::Task<http::Response> Altinn::correspondence(http::Request& request, const Caller& caller) {
    const std::string& method = request.method;
    const std::vector<std::string> parts =
        kit::segments(std::string_view(request.path).substr(correspondence_base.size()));
    const bool get = method == "GET";
    const bool post = method == "POST";
    const std::size_t count = parts.size();
    if (post && (count == 0 || (count == 1 && parts[0] == "upload"))) {
        if (!caller.writes()) {
            co_return http::Response(403);
        }
        if (count == 0) {
            http::Response response = co_await initialize(request, caller);
            co_return response;
        }
        http::Response response = co_await upload(request, caller);
        co_return response;
    }
    if (get && count == 0) {
        co_return letters_.search(request, caller);
    }
    if (get && count == 1) {
        co_return letters_.overview(caller, parts[0], false);
    }
    if (get && count == 2 && parts[1] == "details") {
        co_return letters_.overview(caller, parts[0], true);
    }
    if (get && count == 2 && parts[1] == "content") {
        co_return letters_.content(caller, parts[0]);
    }
    if (post && count == 2 && parts[1] == "markasread") {
        co_return letters_.mark_as_read(caller, parts[0]);
    }
    if (post && count == 2 && parts[1] == "confirm") {
        co_return letters_.confirm(caller, parts[0]);
    }
    if (method == "DELETE" && count == 2 && parts[1] == "purge") {
        co_return letters_.purge(caller, parts[0]);
    }
    if (get && count == 4 && parts[1] == "attachment" && parts[3] == "download") {
        co_return letters_.download(caller, parts[0], parts[2]);
    }
    co_return http::Response(404);
}

sdk::Task<http::Response> Altinn::attachment(http::Request& request, const Caller& caller) {
    const std::string& method = request.method;
    const std::vector<std::string> parts =
        kit::segments(std::string_view(request.path).substr(attachment_base.size()));
    const std::size_t count = parts.size();
    if (method == "POST" && count == 0) {
        http::Response response = co_await attachments_.initialize(request, caller);
        co_return response;
    }
    if (method == "POST" && count == 2 && parts[1] == "upload") {
        http::Response response = co_await attachments_.upload(request, caller, parts[0]);
        co_return response;
    }
    if (method == "GET" && count == 1) {
        co_return attachments_.overview(caller, parts[0], false);
    }
    if (method == "GET" && count == 2 && parts[1] == "details") {
        co_return attachments_.overview(caller, parts[0], true);
    }
    if (method == "GET" && count == 2 && parts[1] == "download") {
        co_return attachments_.download(caller, parts[0]);
    }
    if (method == "DELETE" && count == 1) {
        co_return attachments_.remove(caller, parts[0]);
    }
    co_return http::Response(404);
}

sdk::Task<http::Response> Altinn::control(http::Request& request) {
    const std::string& path = request.path;
    book_.advance();
    if (request.method == "GET" && path == "/control/events") {
        co_return kit::json_response(200, book_.events());
    }
    if (request.method == "GET" && path.starts_with("/control/files/")) {
        const Attachment* attachment = book_.attachment(path.substr(15));
        co_return attachment != nullptr ? file_response(*attachment) : http::Response(404);
    }
    if (request.method != "POST") {
        co_return http::Response(404);
    }
    const auto read = co_await kit::read_json(request, request_bytes_max);
    if (!read) {
        co_return wrong_command(read.error().to_string());
    }
    const Value& body = *read;
    if (path == "/control/recipient") {
        co_return letters_.act(body["correspondenceId"].as_string(), body["act"].as_string());
    }
    if (path == "/control/system_user") {
        const std::string mistake = system_users_.answer(body);
        co_return mistake.empty() ? done() : wrong_command(mistake);
    }
    if (path == "/control/keys/rollover") {
        access_.roll_over();
        co_return done();
    }
    if (path == "/control/token") {
        Value out;
        out.set("token", access_.token_for(body, organisation_, default_scope));
        co_return done(std::move(out));
    }
    for (const char* list : {"resources", "service_owners", "recipients", "dialogs"}) {
        if (path == std::string("/control/") + list) {
            const auto mistake = settings_.put(list, body);
            co_return mistake ? wrong_command(*mistake) : done();
        }
    }
    co_return http::Response(404);
}

Value Altinn::state() {
    book_.advance();
    Value letters = Value::array();
    Value keys = Value::object();
    std::map<std::string, std::int64_t> counts;
    for (const auto& [id, letter] : book_.correspondences()) {
        letters.push(audit_view(book_, letter));
        if (!letter.idempotent_key.empty()) {
            ++counts[letter.idempotent_key];
        }
    }
    for (const auto& [key, count] : counts) {
        keys.set(key, count);
    }
    Value files = Value::array();
    for (const auto& [id, attachment] : book_.attachments()) {
        Value file = attachment_view(book_, attachment, true);
        file.set("sha256", attachment.sha256).set("size", attachment.size);
        files.push(std::move(file));
    }
    Value out;
    out.set("correspondences", std::move(letters)).set("attachments", std::move(files));
    out.set("byIdempotentKey", std::move(keys)).set("settings", settings_.data());
    out.set("systemUserRequests", system_users_.state());
    return out;
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<Altinn>(world);
}

}   // namespace gateway::altinn::standin
