#include "adapters/enhetsregisteret/standin/answers.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <charconv>

namespace gateway::enhetsregisteret::standin {

using json::Value;

namespace {

constexpr std::size_t depth_max = 10'000;   // of pages: size times number

std::optional<std::size_t> count_in(const std::string& text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

Value link(const std::string& href) {
    return Value::object().set("href", href);
}

}   // namespace

const char* path_of(Kind kind) {
    return kind == Kind::unit ? "/enheter" : "/underenheter";
}

http::Response hal(const Value& value) {
    auto response = gateway::standin::json_response(200, value);
    response.headers = {{"Content-Type", "application/hal+json"}};
    return response;
}

http::Response refusal(const http::Request& request, int status, const std::string& message) {
    Value body;
    body.set("timestamp", "2026-01-15T12:00:00.000+0000").set("status", status);
    body.set("error", status == 400 ? "Bad Request" : status == 410 ? "Gone" : "Not Found");
    body.set("message", message).set("path", request.path);
    return gateway::standin::json_response(status, body);
}

Page page_of(const http::Request& request, std::size_t size_max) {
    Page page;
    const auto number = count_in(request.query_value("page").value_or("0"));
    const auto size = count_in(request.query_value("size").value_or("20"));
    if (!number || !size || *size == 0 || *size > size_max || *number > depth_max / *size ||
        (*number + 1) * *size > depth_max) {
        page.refusal = refusal(request, 400, "Summen av page og size kan ikke overstige 10000");
        return page;
    }
    page.number = *number;
    page.size = *size;
    return page;
}

Value linked(Value unit, Kind kind, const std::string& url) {
    Value links;
    links.set("self",
              link(url + root + path_of(kind) + "/" + unit["organisasjonsnummer"].as_string()));
    if (unit.has("overordnetEnhet")) {
        links.set("overordnetEnhet",
                  link(url + root + "/enheter/" + unit["overordnetEnhet"].as_string()));
    }
    Value form = unit["organisasjonsform"];
    form.set("_links", Value::object().set("self", link(url + root + "/organisasjonsformer/" +
                                                        form["kode"].as_string())));
    unit.set("organisasjonsform", std::move(form)).set("_links", std::move(links));
    return unit;
}

Value list_of(const char* name, Value items, const Page& page, std::size_t all,
              const http::Request& request, const std::string& url) {
    Value out;
    if (!items.items().empty()) {
        out.set("_embedded", Value::object().set(name, std::move(items)));
    }
    out.set("_links", Value::object().set("self", link(url + request.path)));
    Value about;
    about.set("size", static_cast<std::int64_t>(page.size));
    about.set("totalElements", static_cast<std::int64_t>(all));
    about.set("totalPages", static_cast<std::int64_t>((all + page.size - 1) / page.size));
    about.set("number", static_cast<std::int64_t>(page.number));
    return out.set("page", std::move(about));
}

Value update_of(const Update& update, Kind kind, bool with_changes, const std::string& url) {
    Value made;
    made.set("oppdateringsid", update.id).set("dato", update.at);
    made.set("organisasjonsnummer", update.number).set("endringstype", update.type);
    if (with_changes && !update.changes.items().empty()) {
        Value changes = update.changes;
        if (update.id % 2 == 1) {   // as flat texts
            Value flat = Value::array();
            for (const Value& change : update.changes.items()) {
                flat.push(change["op"]).push(change["path"]).push(json::write(change["value"]));
            }
            changes = std::move(flat);
        }
        made.set("endringer", std::move(changes));
    }
    const char* name = kind == Kind::unit ? "enhet" : "underenhet";
    made.set("_links",
             Value::object().set(name, link(url + root + path_of(kind) + "/" + update.number)));
    return made;
}

}   // namespace gateway::enhetsregisteret::standin
