#include "adapters/svarut/standin/queries.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/svarut/standin/access.hpp"
#include "adapters/svarut/standin/refusal.hpp"

#include <filesystem>

namespace gateway::svarut::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t request_bytes_max = 1U << 20U;

Value happenings(const std::vector<Moment>& list, bool with_status) {
    Value out = Value::array();
    for (const auto& one : list) {
        Value item;
        item.set("tidspunkt", core::to_rfc3339(one.at)).set("hendelse", one.what);
        if (with_status) {
            item.set("status", one.what);
        }
        out.push(std::move(item));
    }
    Value body;
    body.set("hendelser", std::move(out));
    return body;
}

}   // namespace

sdk::Task<http::Response> Queries::of_account(http::Request& request, Address to,
                                              std::vector<std::string> path) {
    const bool v2 = to.version == "v2" && path.size() == 5 && path[4] == "status-sok";
    const bool v3 =
        to.version == "v3" && path.size() == 6 && path[4] == "status" && path[5] == "sok";
    if (request.method == "POST" && (v2 || v3)) {
        http::Response response = co_await statuses(request, std::move(to));
        co_return response;
    }
    const bool metadata = path.size() == 5 && path[4] == "metadata";
    if (request.method == "GET" && to.version == "v2" && (path.size() == 4 || metadata)) {
        if (!request.query_value("eksternRef")) {
            co_return refusal(book_.now(), request, 400, "eksternRef er påkrevd");
        }
        co_return kit::json_response(200, by_reference(request, to.account, metadata));
    }
    co_return refusal(book_.now(), request, 404, "Not Found");
}

sdk::Task<http::Response> Queries::statuses(http::Request& request, Address to) {
    const auto body = co_await kit::read_json(request, request_bytes_max);
    const bool v2 = to.version == "v2";
    const auto wrong = body ? shapes_.objection(v2 ? "statusSearchV2" : "statusSearchV3", *body)
                            : std::optional<std::string>("ikke gyldig JSON");
    if (wrong) {
        co_return refusal(book_.now(), request, 400, *wrong);
    }
    const bool late = world_.faults.take("status_late", request).has_value();
    const bool doubled = world_.faults.take("status_doubled", request).has_value();
    Value list = Value::array();
    for (const auto& id : (*body)[v2 ? "forsendelseIds" : "id"].items()) {
        const Shipment* shipment = book_.find(kit::lower(id.as_string()));
        if (shipment == nullptr || shipment->account != to.account) {
            continue;
        }
        const auto& history = shipment->history;
        const Moment& told = late ? history.front() : history.back();
        Value item;
        item.set("id", shipment->id).set("status", status_name(told.what, to.version));
        item.set("sisteStatusEndring", core::to_rfc3339(told.at));
        if (doubled) {
            list.push(item);
        }
        list.push(std::move(item));
    }
    Value out;
    out.set("statuser", std::move(list));
    co_return kit::json_response(200, out);
}

Value Queries::by_reference(const http::Request& request, const std::string& account,
                            bool metadata) {
    const std::string wanted = request.query_value("eksternRef").value_or("");
    const bool blind = world_.faults.take("search_blind", request).has_value();
    Value found = Value::array();
    for (const auto& [id, shipment] : book_.shipments()) {
        if (blind || shipment.account != account || shipment.reference() != wanted) {
            continue;
        }
        if (!metadata) {
            found.push(id);
            continue;
        }
        Value item;
        item.set("id", id).set("dato", core::to_rfc3339(shipment.history.front().at));
        item.set("avgivendeSystem", shipment.order["avgivendeSystem"].as_string());
        found.push(std::move(item));
    }
    Value out;
    out.set(metadata ? "forsendelser" : "forsendelseIds", std::move(found));
    return out;
}

sdk::Task<http::Response> Queries::handle(http::Request& request, const Value& integration,
                                          std::vector<std::string> path) {
    const bool get = request.method == "GET";
    if (path.empty() || path[0] != "v2") {
        co_return refusal(book_.now(), request, 404, "Not Found");
    }
    if (get && path.size() == 2 && path[1] == "forsendelsestyper") {
        Value types = Value::array();
        for (const auto& one : book_.settings()["mailboxes"].items()) {
            if (!one["type"].as_string().empty()) {
                types.push(one["type"]);
            }
        }
        Value out;
        out.set("forsendelsestyper", std::move(types));
        co_return kit::json_response(200, out);
    }
    if (get && path.size() == 2 && path[1] == "mottakersystem") {
        co_return kit::json_response(200, mailboxes(request));
    }
    if (path.size() == 4 && path[1] == "forsendelser") {
        Shipment* shipment = book_.find(kit::lower(path[2]));
        if (shipment == nullptr) {
            co_return refusal(book_.now(), request, 404, "Fant ikke forsendelsen");
        }
        if (!Access::may(integration, shipment->account)) {
            co_return refusal(book_.now(), request, 403,
                              "Integrasjonen mangler tilgang til kontoen");
        }
        http::Response response = co_await of_one(request, *shipment, path[3]);
        co_return response;
    }
    co_return refusal(book_.now(), request, 404, "Not Found");
}

sdk::Task<http::Response> Queries::of_one(http::Request& request, Shipment& shipment,
                                          std::string what) {
    const bool get = request.method == "GET";
    if (get && what == "hendelser") {
        co_return kit::json_response(200, happenings(shipment.happenings, false));
    }
    if (get && what == "signeringshendelser") {
        co_return kit::json_response(200, happenings(shipment.signing, true));
    }
    if (get && what == "metadata") {
        co_return kit::json_response(200, metadata(shipment));
    }
    if (request.method == "DELETE" && what == "dokumenter") {
        co_return remove(request, shipment);
    }
    if (request.method == "POST" && what == "lest") {
        const auto body = co_await kit::read_json(request, request_bytes_max);
        const auto wrong = body ? shapes_.objection("read", *body)
                                : std::optional<std::string>("ikke gyldig JSON");
        if (wrong) {
            co_return refusal(book_.now(), request, 400, *wrong);
        }
        const auto at = core::parse_rfc3339((*body)["tidspunkt"].as_string());
        book_.set_status(shipment, "LEST", at ? *at : book_.now(), "Lest i eksternt system");
        co_return http::Response(204);
    }
    co_return refusal(book_.now(), request, 404, "Not Found");
}

http::Response Queries::remove(const http::Request& request, Shipment& shipment) {
    const std::string which = request.query_value("slettetype").value_or("ORIGINALDOKUMENTER");
    if (which != "ORIGINALDOKUMENTER" && which != "ALLE") {
        return refusal(book_.now(), request, 400, "slettetype er ukjent");
    }
    if (shipment.due || !shipment.mailbox.empty() != shipment.taken) {
        return refusal(book_.now(), request, 400, "Forsendelsen er ikke ferdig behandlet");
    }
    for (std::size_t i = 0; i < shipment.documents.size(); ++i) {
        std::filesystem::remove(book_.file_of(shipment, i));
    }
    shipment.deleted = which;
    book_.save(shipment);
    return http::Response(204);
}

Value Queries::metadata(const Shipment& shipment) const {
    Value documents = Value::array();
    for (std::size_t i = 0; i < shipment.documents.size(); ++i) {
        const auto& one = shipment.documents[i];
        Value item;
        item.set("filnavn", one.name).set("mimeType", one.media_type).set("dokumentType", "");
        item.set("storrelse", static_cast<std::int64_t>(one.size)).set("sha256Hash", one.sha256);
        item.set("nedlasningUrl", "/forsendelse/" + shipment.id + "/" + std::to_string(i));
        item.set("kanSigneres", shipment.order["signering"].is_object());
        documents.push(std::move(item));
    }
    Value out;
    out.set("dokumenter", std::move(documents));
    return out;
}

Value Queries::mailboxes(const http::Request& request) const {
    const auto organisation = request.query_value("organisasjonsnummer");
    const auto type = request.query_value("forsendelseType");
    const auto level = request.query_value("niva");
    Value list = Value::array();
    for (const auto& one : book_.settings()["mailboxes"].items()) {
        const bool fits = (!organisation || one["organisation"].as_string() == *organisation) &&
                          (!type || one["type"].as_string() == *type) &&
                          (!level || std::to_string(one["level"].as_int(4)) >= *level);
        if (!fits) {
            continue;
        }
        Value item;
        item.set("id", one["id"]).set("navn", one["name"]);
        item.set("organisasjonsnummer", one["organisation"]);
        item.set("forsendelseType", one["type"]).set("niva", one["level"].as_int(4));
        list.push(std::move(item));
    }
    Value out;
    out.set("mottakersystemer", std::move(list));
    return out;
}

}   // namespace gateway::svarut::standin
