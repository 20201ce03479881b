#include "adapters/digital_post/standin/service.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/operator_certificates.hpp"
#include "adapters/digital_post/standin/access.hpp"
#include "adapters/digital_post/standin/book.hpp"
#include "adapters/digital_post/standin/problem.hpp"
#include "adapters/digital_post/standin/query.hpp"
#include "adapters/digital_post/standin/upload.hpp"
#include "gateway/core/ids.hpp"

#include <stdexcept>

namespace gateway::digital_post::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr double default_time_scale = 20;
constexpr double default_signature_age_max = 24 * 3600;
constexpr std::string_view real_base = "/api/v2/dpi";   // the real one's; answered with and without
constexpr std::size_t command_bytes_max = 1U << 20U;

core::Duration of_seconds(double seconds) {
    return core::Duration(static_cast<std::int64_t>(seconds * 1e6));
}

Pace pace_of(const kit::World& world) {
    const double faster = world.options.number("time-scale", default_time_scale);
    if (!(faster > 0)) {
        throw std::invalid_argument(
            "--time-scale is above 0: how many times faster than the service");
    }
    Pace pace;
    if (world.options.text("opens-after", "") == "never") {
        pace.open.reset();
    } else if (world.options.own.contains("opens-after")) {
        pace.open = of_seconds(world.options.number("opens-after", 0));
    }
    pace.scale(faster);
    return pace;
}

/// Believes the sandbox's business certificates and, when told, others.
Trust trust_of(kit::World& world) {
    Trust trust;
    trust.add(kit::read_file(world.ca().root_path()).value_or(""));
    trust.add(kit::read_file(world.options.ca + "/issuing.pem").value_or(""));
    const std::string more = world.options.text("trusted", "");
    if (!more.empty()) {
        trust.add(kit::read_file(more).value_or(""));
    }
    return trust;
}

std::string certificates_folder(const kit::World& world) {
    return world.options.text("certificates", world.options.state + "/certificates");
}

http::Response wrong_command(std::string text) {
    Value body;
    body.set("error", std::move(text));
    return kit::json_response(400, body);
}

http::Response done() {
    Value body;
    body.set("ok", true);
    return kit::json_response(200, body);
}

class Corner2 final : public kit::Service {
public:
    explicit Corner2(kit::World& world)
        : world_(world),
          trust_(trust_of(world)),
          certificates_(certificates_folder(world), kit::seconds(world.clock.now())),
          access_(world),
          book_(world,
                Operators{certificates_, certificates_folder(world), trust_, shapes_,
                          of_seconds(world.options.number("signature-age-max",
                                                          default_signature_age_max))},
                pace_of(world)) {}

    void open(const std::string& url) override {
        url_ = url;
        access_.open(url);
        book_.tidy_up();
    }
    sdk::Task<http::Response> handle(http::Request& request) override;
    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;
    void reset() override { book_.clear(); }
    Value material() override;

private:
    sdk::Task<http::Response> take(http::Request& request, const Caller& caller);
    http::Response keep(const Upload& upload, const Caller& caller, const Query& query,
                        bool refuse_as_used);
    http::Response statuses(const Caller& caller, const std::string& id);
    http::Response unread(const http::Request& request, const Caller& caller,
                          std::string_view base);
    http::Response package(const Caller& caller, const std::string& id);
    http::Response read(const Caller& caller, const std::string& id);

    kit::World& world_;
    Shapes shapes_;
    Trust trust_;
    kit::OperatorCertificates certificates_;
    Access access_;
    Book book_;
    std::string url_;
};

sdk::Task<http::Response> Corner2::handle(http::Request& request) {
    book_.advance();
    const bool real = request.path.starts_with(real_base);
    const std::string_view base = real ? real_base : std::string_view();
    const std::vector<std::string> parts =
        kit::segments(std::string_view(request.path).substr(base.size()));
    const bool get = request.method == "GET";
    const bool post = request.method == "POST";
    const std::size_t count = parts.size();
    if (count < 2 || parts[0] != "messages" || (parts[1] != "in" && parts[1] != "out")) {
        co_return http::Response(404);
    }
    const auto identified = co_await access_.identify(request);
    if (const auto* refusal = std::get_if<Refusal>(&identified)) {
        co_return to_response(*refusal);
    }
    const Caller& caller = std::get<Caller>(identified);
    const bool out = parts[1] == "out";
    if (post && out && count == 2) {
        http::Response response = co_await take(request, caller);
        co_return response;
    }
    if (get && out && count == 4 && parts[3] == "statuses") {
        co_return statuses(caller, kit::lower(parts[2]));
    }
    if (get && !out && count == 2) {
        co_return unread(request, caller, base);
    }
    if (get && !out && count == 3) {
        co_return package(caller, kit::lower(parts[2]));
    }
    if (post && !out && count == 4 && parts[3] == "read") {
        co_return read(caller, kit::lower(parts[2]));
    }
    co_return http::Response(404);
}

sdk::Task<http::Response> Corner2::take(http::Request& request, const Caller& caller) {
    const auto query = read_query(request);
    if (const auto* refusal = std::get_if<Refusal>(&query)) {
        co_return to_response(*refusal);
    }
    if (kit::media_type(request) != "multipart/form-data") {
        co_return to_response(Refusal(400, "The body is multipart/form-data"));
    }
    const bool refuse_as_used = world_.faults.take("duplicate_id", request).has_value();
    Upload upload(book_.files());
    const bool whole = co_await kit::read_multipart(request, upload);
    if (!whole) {
        co_return to_response(Refusal(400, "The body is not the multipart that was expected"));
    }
    co_return keep(upload, caller, std::get<Query>(query), refuse_as_used);
}

http::Response Corner2::keep(const Upload& upload, const Caller& caller, const Query& query,
                             bool refuse_as_used) {
    if (const auto objection = upload.objection()) {
        return to_response(*objection);
    }
    const auto read =
        read_business_message(upload.message, shapes_, trust_, kit::seconds(world_.clock.now()));
    if (const auto* refusal = std::get_if<Refusal>(&read)) {
        return to_response(*refusal);
    }
    const auto& message = std::get<BusinessMessage>(read);
    if (message.token != caller.token) {
        return to_response(Refusal(400, "maskinportentoken is not the token of the call"));
    }
    if (message.avsender != caller.consumer) {
        return to_response(Refusal(403, "avsender is not the token's consumer"));
    }
    if (message.header_sender != caller.databehandler) {
        return to_response(
            Refusal(403, "The SBDH's sender is not the token's supplier, or consumer without one"));
    }
    if (message.digest != kit::base64(core::parse_sha256(upload.package->sha256())->to_bytes())) {
        return to_response(Refusal(400, "dokumentpakkefingeravtrykk is not the package's"));
    }
    if (book_.is_used(message.id, message.conversation)) {
        return already_used();
    }
    book_.accept(message, caller.databehandler, query.channel.value_or(""), *upload.package);
    return refuse_as_used ? already_used() : http::Response(201);
}

http::Response Corner2::statuses(const Caller& caller, const std::string& id) {
    const Message* message = book_.message(id);
    if (message == nullptr || message->databehandler != caller.databehandler) {
        return http::Response(204);   // as Digdir's own imitation does (wire notes 9)
    }
    const bool without_time = world_.faults.take("no_timestamp").has_value();
    Value list = Value::array();
    for (const Status& status : message->history) {
        Value item;
        item.set("status", status.name);
        if (!status.text.empty()) {
            item.set("beskrivelse", status.text);
        }
        if (!without_time) {
            item.set("timestamp", core::to_rfc3339(status.at));
        }
        list.push(std::move(item));
    }
    return kit::json_response(200, list);
}

http::Response Corner2::unread(const http::Request& request, const Caller& caller,
                               std::string_view base) {
    const auto read = read_query(request);
    if (const auto* refusal = std::get_if<Refusal>(&read)) {
        return to_response(*refusal);
    }
    if (world_.faults.take("nothing_unread")) {
        return http::Response(204);
    }
    const Query& query = std::get<Query>(read);
    Unread wanted;
    wanted.databehandler = caller.databehandler;
    wanted.channel = query.channel;
    wanted.sender_unit = query.sender_unit;
    const auto all = book_.unread(wanted);
    Value list = Value::array();
    for (std::size_t i = query.page * query.page_size;
         i < all.size() && list.items().size() < query.page_size; ++i) {
        Value item;
        item.set("forretningsmelding", all[i]->jws);
        item.set("downloadurl", url_ + std::string(base) + "/messages/in/" + all[i]->id);
        list.push(std::move(item));
    }
    return list.items().empty() ? http::Response(204) : kit::json_response(200, list);
}

http::Response Corner2::package(const Caller& caller, const std::string& id) {
    const bool known = book_.receipt(caller.databehandler, id) != nullptr;
    return to_response(Refusal(404, known ? "A receipt has no dokumentpakke" : "No such message"));
}

http::Response Corner2::read(const Caller& caller, const std::string& id) {
    const bool known = book_.receipt(caller.databehandler, id) != nullptr;
    const bool again = known && world_.faults.take("receipt_replayed");
    if (!book_.mark_read(caller.databehandler, id, again)) {
        return to_response(Refusal(404, "No such message"));
    }
    return http::Response(200);
}

sdk::Task<http::Response> Corner2::control(http::Request& request) {
    const std::string& path = request.path;
    book_.advance();
    if (request.method != "POST") {
        co_return http::Response(404);
    }
    const auto body = co_await kit::read_json(request, command_bytes_max);
    if (!body) {
        co_return wrong_command(body.error().to_string());
    }
    if (path == "/control/receipts") {
        const auto mistake = book_.add_receipt(*body);
        co_return mistake ? wrong_command(*mistake) : done();
    }
    if (path == "/control/agreements") {
        const std::string& organisation = (*body)["organisation"].as_string();
        if (!core::is_organisation_number(organisation) || !(*body)["agreement"].is_bool()) {
            co_return wrong_command("organisation is a number, agreement is true or false");
        }
        access_.set_agreement(organisation, (*body)["agreement"].as_bool());
        co_return done();
    }
    co_return http::Response(404);
}

Value Corner2::state() {
    book_.advance();
    Value out = book_.audit();
    out.set("withoutAgreement", access_.without_agreement());
    return out;
}

Value Corner2::material() {
    Value operators = Value::array();
    for (const kit::Operator& each : kit::operators) {
        Value item;
        item.set("organisation", each.organisation).set("name", each.name);
        item.set("prints", each.prints);
        operators.push(std::move(item));
    }
    Value material;
    material.set("certificates", certificates_folder(world_));
    material.set("operator_ca", certificates_.authority_path());
    material.set("business_ca", world_.ca().root_path());
    material.set("operators", std::move(operators));
    Value out;
    out.set("material", std::move(material));
    return out;
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<Corner2>(world);
}

}   // namespace gateway::digital_post::standin
