#include "adapters/altinn_broker/standin/service.hpp"

#include "adapters/altinn_broker/standin/download.hpp"
#include "adapters/altinn_broker/standin/initialise.hpp"
#include "adapters/altinn_broker/standin/problem.hpp"
#include "adapters/altinn_broker/standin/uploads.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/system_users.hpp"
#include "gateway/core/ids.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <stdexcept>

namespace gateway::altinn_broker::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr const char* default_organisation = "310000019";
constexpr const char* default_scope = "altinn:broker.write altinn:broker.read";
constexpr double default_time_scale = 20;
constexpr std::size_t request_bytes_max = 1U << 20U;
constexpr std::size_t found_max = 100;
constexpr std::chrono::seconds window{60};
constexpr std::string_view base = "/broker/api/v1/";

http::Response command_done(Value body = Value::object()) {
    return kit::json_response(200, body.set("ok", true));
}

http::Response wrong_command(std::string text) {
    Value body;
    body.set("error", std::move(text));
    return kit::json_response(400, body);
}

/// So many calls a minute and caller; 0: as many as they like.
class Limit {
public:
    explicit Limit(double calls) : calls_(static_cast<std::size_t>(calls)) {}

    /// Seconds until the next call is allowed; 0: this one is.
    int take(const std::string& caller, core::Time now) {
        auto& times = times_[caller];
        while (!times.empty() && times.front() + window <= now) {
            times.pop_front();
        }
        if (calls_ == 0 || times.size() < calls_) {
            times.push_back(now);
            return 0;
        }
        const auto wait = times.front() + window - now;
        return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(wait).count());
    }
    void clear() { times_.clear(); }

private:
    std::size_t calls_;
    std::map<std::string, std::deque<core::Time>> times_;
};

class Broker final : public kit::Service {
public:
    explicit Broker(kit::World& world)
        : world_(world),
          organisation_(world.options.text("organisation", default_organisation)),
          book_(world.options.state, organisation_, world.clock, time_scale(world)),
          access_(world, [this](const std::string& who) { return owner_code(who); }),
          uploads_(world, book_),
          searches_(world.options.number("searches-per-minute", 10)),
          calls_(world.options.number("calls-per-minute", 120)),
          system_users_(world, organisation_) {}

    void open(const std::string& url) override {
        for (const auto& entry : std::filesystem::directory_iterator(book_.files())) {
            if (entry.path().filename().string().starts_with("form-")) {
                std::filesystem::remove(entry.path());   // left by a kill in the middle of one
            }
        }
        access_.open(url);
        system_users_.open(url);
    }
    sdk::Task<http::Response> handle(http::Request& request) override;
    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;
    void reset() override {
        uploads_.clear();
        book_.clear();
        searches_.clear();
        calls_.clear();
        system_users_.clear();
    }
    Value material() override {
        Value material;
        material.set("organisation", organisation_);
        material.set("resources", book_.settings()["resources"]);
        Value out;
        out.set("material", std::move(material));
        return out;
    }

private:
    using Caller = kit::AltinnCaller;

    static double time_scale(const kit::World& world) {
        const double faster = world.options.number("time-scale", default_time_scale);
        if (!(faster > 0)) {
            throw std::invalid_argument(
                "--time-scale is above 0: how many times faster than the service");
        }
        return faster;
    }
    std::optional<std::string> owner_code(const std::string& organisation) const {
        const Value* owner = book_.service_owner(organisation);
        return owner == nullptr ? std::nullopt : std::optional((*owner)["org"].as_string());
    }
    sdk::Task<http::Response> transfers(http::Request& request, const Caller& caller,
                                        std::vector<std::string> parts);
    sdk::Task<http::Response> make(http::Request& request, const Caller& caller);
    sdk::Task<http::Response> of_one(http::Request& request, const Caller& caller, std::string id,
                                     std::string what);
    sdk::Task<http::Response> resource(http::Request& request, const Caller& caller,
                                       std::string id);
    http::Response search(const http::Request& request, const Caller& caller);
    http::Response confirm(Transfer& transfer, Recipient& recipient);

    kit::World& world_;
    std::string organisation_;
    Book book_;
    kit::AltinnAccess access_;
    Uploads uploads_;
    Limit searches_;   // and details
    Limit calls_;
    kit::SystemUsers system_users_;
};

sdk::Task<http::Response> Broker::handle(http::Request& request) {
    book_.advance();
    auto own = co_await access_.handle(request);
    if (own) {
        co_return std::move(*own);
    }
    const bool system_users = kit::SystemUsers::is_for(request.path);
    if (!system_users && !request.path.starts_with(base)) {
        co_return http::Response(404);
    }
    const auto caller = co_await access_.identify(request);
    if (!caller) {
        co_return unauthorised();
    }
    if (system_users) {
        co_return co_await system_users_.handle(request, *caller);
    }
    std::vector<std::string> parts =
        kit::segments(std::string_view(request.path).substr(base.size()));
    if (parts.size() == 2 && parts[0] == "resource") {
        http::Response response = co_await resource(request, *caller, parts[1]);
        co_return response;
    }
    if (parts.empty() || parts[0] != "filetransfer") {
        co_return http::Response(404);
    }
    parts.erase(parts.begin());
    http::Response response = co_await transfers(request, *caller, std::move(parts));
    co_return response;
}

sdk::Task<http::Response> Broker::transfers(http::Request& request, const Caller& caller,
                                            std::vector<std::string> parts) {
    const bool get = request.method == "GET";
    const bool post = request.method == "POST";
    const bool writes = caller.may("altinn:broker.write");
    const bool reads = caller.may("altinn:broker.read");
    const bool tus = parts.size() == 3 && parts[0] == "upload" && parts[1] == "tus";
    const bool asks = get && (parts.empty() || (parts.size() == 2 && parts[1] == "details"));
    if (!writes && !reads) {
        co_return http::Response(403);
    }
    if (!tus) {
        Limit& limit = asks ? searches_ : calls_;
        if (const int wait = limit.take(caller.organisation, book_.now()); wait > 0) {
            co_return too_many(wait);
        }
    }
    if (get && parts.empty()) {
        co_return search(request, caller);
    }
    if (tus || (post && (parts.empty() || parts.back() == "upload"))) {
        if (!writes) {
            co_return http::Response(403);
        }
        http::Response response(404);
        if (tus) {
            response = co_await uploads_.tus(request, caller, kit::lower(parts[2]));
        } else if (parts.empty()) {
            response = co_await make(request, caller);
        } else if (parts.size() == 1) {
            response = co_await uploads_.form(request, caller);
        } else if (parts.size() == 2) {
            response = co_await uploads_.raw(request, caller, kit::lower(parts[0]));
        }
        co_return response;
    }
    if (parts.size() == 1 || parts.size() == 2) {
        std::string what = parts.size() == 2 ? parts[1] : std::string();
        http::Response response =
            co_await of_one(request, caller, kit::lower(parts[0]), std::move(what));
        co_return response;
    }
    co_return http::Response(404);
}

sdk::Task<http::Response> Broker::make(http::Request& request, const Caller& caller) {
    const auto body = co_await kit::read_json(request, request_bytes_max);
    if (!body || !body->is_object()) {
        co_return wrong_field("$", "The body is not the JSON that was expected");
    }
    auto made = initialise(book_, caller, *body);
    if (!made.transfer) {
        co_return std::move(made.refusal);
    }
    Value answer;
    answer.set("fileTransferId", made.transfer->id);
    book_.add(std::move(*made.transfer));
    co_return kit::json_response(200, answer);
}

sdk::Task<http::Response> Broker::of_one(http::Request& request, const Caller& caller,
                                         std::string id, std::string what) {
    Transfer* transfer = book_.find(id);
    Recipient* recipient = transfer == nullptr ? nullptr : transfer->recipient(caller.acting);
    const bool sender = transfer != nullptr && transfer->sender == caller.acting;
    if (!sender && recipient == nullptr) {
        co_return refusal(1);
    }
    if (request.method == "GET" && (what.empty() || what == "details")) {
        co_return kit::json_response(200, view(*transfer, !what.empty()));
    }
    if (recipient == nullptr || !caller.may("altinn:broker.read")) {
        co_return recipient == nullptr ? refusal(1) : http::Response(403);
    }
    if (request.method == "GET" && what == "download") {
        if (transfer->status() != "Published" && transfer->status() != "AllConfirmedDownloaded") {
            co_return refusal(7);
        }
        http::Response response = download(book_, world_.faults, request, *transfer);
        if (response.status < 300) {
            book_.download_started(*transfer, *recipient);
        }
        co_return response;
    }
    if (request.method == "POST" && what == "confirmdownload") {
        co_return confirm(*transfer, *recipient);
    }
    co_return http::Response(404);
}

http::Response Broker::confirm(Transfer& transfer, Recipient& recipient) {
    if (recipient.status() == "DownloadConfirmed") {
        return http::Response(204);
    }
    if (transfer.status() != "Published") {
        return refusal(10);
    }
    if (recipient.status() == "Initialized") {
        return refusal(19);
    }
    book_.confirmed(transfer, recipient);
    return http::Response(204);
}

http::Response Broker::search(const http::Request& request, const Caller& caller) {
    const auto wanted = request.query_value("resourceId");
    const Value* resource = wanted ? book_.resource(*wanted) : nullptr;
    if (!wanted) {
        return wrong_field("resourceId", "resourceId is required");
    }
    if (resource == nullptr) {
        return refusal(5);
    }
    const std::string status = request.query_value("status").value_or("");
    const std::string recipient_status = request.query_value("recipientStatus").value_or("");
    const std::string role = kit::lower(request.query_value("role").value_or(""));
    const auto from = core::parse_rfc3339(request.query_value("from").value_or(""));
    const auto to = core::parse_rfc3339(request.query_value("to").value_or(""));
    std::vector<const Transfer*> found;
    for (const auto& [id, transfer] : book_.transfers()) {
        const Recipient* recipient = transfer.recipient(caller.acting);
        const bool as_sender = transfer.sender == caller.acting && role != "recipient";
        const bool as_recipient = recipient != nullptr && role != "sender";
        const core::Time at = status.empty() ? transfer.created : transfer.history.back().at;
        const bool fits = (as_sender || as_recipient) &&
                          transfer.resource == (*resource)["id"].as_string() &&
                          (status.empty() || transfer.status() == status) &&
                          (recipient_status.empty() ||
                           (recipient != nullptr && recipient->status() == recipient_status)) &&
                          (!from || at > *from) && (!to || at < *to);
        if (fits) {
            found.push_back(&transfer);
        }
    }
    const bool ascending = request.query_value("orderAscending").value_or("") == "true";
    std::sort(found.begin(), found.end(), [&](const Transfer* a, const Transfer* b) {
        return ascending ? a->created < b->created : a->created > b->created;
    });
    Value ids = Value::array();
    for (std::size_t i = 0; i < std::min(found.size(), found_max); ++i) {
        ids.push(found[i]->id);
    }
    return kit::json_response(200, ids);
}

sdk::Task<http::Response> Broker::resource(http::Request& request, const Caller& caller,
                                           std::string id) {
    const Value* entry = book_.resource(id);
    if (!caller.may("altinn:serviceowner") || entry == nullptr ||
        (*entry)["owner"].as_string() != caller.organisation) {
        co_return http::Response(403);
    }
    Value changed = *entry;
    if (request.method == "PUT") {
        const auto body = co_await kit::read_json(request, request_bytes_max);
        if (!body || !body->is_object()) {
            co_return wrong_field("$", "The body is not the JSON that was expected");
        }
        if ((*body)["maxFileTransferSize"].is_int()) {
            const std::int64_t most = (*body)["maxFileTransferSize"].as_int();
            if (most <= 0 || most > 100'000'000'000) {
                co_return refusal(most < 0 ? 11 : most == 0 ? 12 : 22);
            }
            changed.set("max_bytes", most);
        }
        if ((*body)["requiredParty"].is_string()) {
            changed.set("required_party", (*body)["requiredParty"]);
        }
        book_.put("resources", "id", changed);
        co_return http::Response(200);
    }
    Value out;
    const std::int64_t most = changed["max_bytes"].as_int();
    out.set("maxFileTransferSize", most > 0 ? Value(most) : Value());
    out.set("fileTransferTimeToLive",
            "P" + std::to_string(changed["ttl_hours"].as_int(720) / 24) + "D");
    out.set("purgeFileTransferAfterAllRecipientsConfirmed",
            changed["purge_after_confirmed"].as_bool(true));
    out.set("purgeFileTransferGracePeriod",
            "PT" + std::to_string(changed["grace_hours"].as_int(2)) + "H");
    out.set("requiredParty",
            changed["required_party"].as_string().empty() ? Value() : changed["required_party"]);
    co_return kit::json_response(200, out);
}

sdk::Task<http::Response> Broker::control(http::Request& request) {
    book_.advance();
    const std::string& path = request.path;
    if (request.method == "GET" && path == "/control/events") {
        co_return kit::json_response(200, book_.events());
    }
    if (request.method == "GET" && path.starts_with("/control/files/")) {
        const Transfer* transfer = book_.find(path.substr(15));
        co_return transfer == nullptr ? http::Response(404)
                                      : download(book_, world_.faults, request, *transfer);
    }
    const auto body = co_await kit::read_json(request, request_bytes_max);
    if (request.method != "POST" || !body) {
        co_return body ? http::Response(404) : wrong_command(body.error().to_string());
    }
    if (path == "/control/token") {
        Value out;
        out.set("token", access_.token_for(*body, organisation_, default_scope));
        co_return command_done(std::move(out));
    }
    if (path == "/control/system_user") {
        const std::string mistake = system_users_.answer(*body);
        co_return mistake.empty() ? command_done() : wrong_command(mistake);
    }
    if (path == "/control/keys/rollover") {
        access_.roll_over();
        co_return command_done();
    }
    if (path == "/control/resources" && (*body)["id"].is_string()) {
        book_.put("resources", "id", *body);
        co_return command_done();
    }
    if (path == "/control/service_owners" && (*body)["organisation"].is_string()) {
        book_.put("service_owners", "organisation", *body);
        co_return command_done();
    }
    if (path == "/control/purge") {
        Transfer* transfer = book_.find((*body)["fileTransferId"].as_string());
        if (transfer == nullptr) {
            co_return wrong_command("no such file transfer");
        }
        transfer->expires = book_.now();
        book_.advance();
        co_return command_done();
    }
    co_return http::Response(404);
}

Value Broker::state() {
    book_.advance();
    Value transfers = Value::array();
    for (const auto& [id, transfer] : book_.transfers()) {
        Value one = view(transfer, true);
        one.set("sha256", transfer.sha256).set("downloads", transfer.downloads);
        transfers.push(std::move(one));
    }
    Value out;
    out.set("transfers", std::move(transfers)).set("settings", book_.settings());
    out.set("systemUserRequests", system_users_.state());
    return out;
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<Broker>(world);
}

}   // namespace gateway::altinn_broker::standin
