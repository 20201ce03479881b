#include "adapters/enhetsregisteret/standin/service.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/enhetsregisteret/standin/answers.hpp"
#include "adapters/enhetsregisteret/standin/dump.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <stdexcept>

namespace gateway::enhetsregisteret::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t command_bytes_max = 64U << 10U;
constexpr std::size_t page_size_max = 10'000;
constexpr std::size_t units_max = 5'000'000;
constexpr std::int64_t updates_at_once_max = 1'000'000;

Book::Sizes sizes_of(const kit::Options& options) {
    Book::Sizes sizes;
    const double units = options.number("units", 2000);
    const double updates = options.number("updates", 50);
    if (units < 2 || units > static_cast<double>(units_max) || updates < 0 || updates > units) {
        throw std::invalid_argument("--units is 2 to 5000000, --updates no more than that");
    }
    sizes.units = static_cast<std::size_t>(units);
    sizes.updates = static_cast<std::size_t>(updates);
    return sizes;
}

http::Response wrong_command(std::string text) {
    return kit::json_response(400, Value::object().set("error", std::move(text)));
}

class Brreg final : public kit::Service {
public:
    explicit Brreg(kit::World& world)
        : world_(world), book_(world.options.state, sizes_of(world.options), world.clock) {}

    void open(const std::string& url) override { url_ = url; }
    sdk::Task<http::Response> handle(http::Request& request) override { co_return route(request); }
    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;
    void reset() override { book_.reset(); }

    Value material() override {
        Value material;
        material.set("units", static_cast<std::int64_t>(book_.size(Kind::unit)));
        material.set("sub_units", static_cast<std::int64_t>(book_.size(Kind::sub_unit)));
        return Value::object().set("material", std::move(material));
    }

private:
    http::Response route(const http::Request& request);
    http::Response search(const http::Request& request, Kind kind);
    bool fits(const Value& unit, const http::Request& request) const;
    http::Response one(const http::Request& request, Kind kind, const std::string& number);
    http::Response roles(const http::Request& request, const std::string& number);
    http::Response updates(const http::Request& request, Kind kind);
    http::Response dump(const http::Request& request, Kind kind);
    void distort(Value& unit, const http::Request& request);
    std::optional<std::string> change_many(std::int64_t count);

    kit::World& world_;
    Book book_;
    std::string url_;
};

http::Response Brreg::route(const http::Request& request) {
    const auto parts = kit::segments(request.path);
    if (parts.size() < 3 || parts[0] != "enhetsregisteret" || parts[1] != "api") {
        return refusal(request, 404, "Ukjent adresse");
    }
    if (request.method != "GET") {
        http::Response response(405);
        response.headers.emplace_back("Allow", "GET");
        return response;
    }
    const std::string& what =
        parts[2] == "oppdateringer" && parts.size() == 4 ? parts[3] : parts[2];
    if (what != "enheter" && what != "underenheter") {
        return refusal(request, 404, "Ukjent adresse");
    }
    const Kind kind = what == "enheter" ? Kind::unit : Kind::sub_unit;
    if (parts[2] == "oppdateringer") {
        return updates(request, kind);
    }
    if (parts.size() == 3) {
        return search(request, kind);
    }
    if (parts.size() == 4) {
        return parts[3] == "lastned" ? dump(request, kind) : one(request, kind, parts[3]);
    }
    const bool asks_roles = parts.size() == 5 && parts[4] == "roller" && kind == Kind::unit;
    return asks_roles ? roles(request, parts[3]) : refusal(request, 404, "Ukjent adresse");
}

http::Response Brreg::one(const http::Request& request, Kind kind, const std::string& number) {
    if (number.size() != 9 || number.find_first_not_of("0123456789") != std::string::npos) {
        return refusal(request, 400, "organisasjonsnummer har ni siffer");
    }
    Value unit = book_.find(kind, number);
    if (unit.is_null()) {
        return refusal(request, 404, "Finner ingen enhet");
    }
    if (unit.has("removed")) {
        return refusal(request, 410, "Enheten er fjernet");
    }
    unit = linked(std::move(unit), kind, url_);
    distort(unit, request);
    return hal(unit);
}

http::Response Brreg::roles(const http::Request& request, const std::string& number) {
    Value roles = book_.roles(number);
    if (roles.is_null()) {
        return refusal(request, 404, "Finner ingen enhet");
    }
    const bool wrong = world_.faults.take("wrong_organisation", request).has_value();
    const std::string enhet = url_ + root + "/enheter/" + (wrong ? "399999999" : number);
    Value links;
    links.set("self", Value::object().set("href", enhet + "/roller"));
    links.set("enhet", Value::object().set("href", enhet));
    return hal(roles.set("_links", std::move(links)));
}

bool Brreg::fits(const Value& unit, const http::Request& request) const {
    if (unit.is_null() || unit.has("slettedato") || unit.has("removed")) {
        return false;
    }
    const auto name = request.query_value("navn");
    const auto form = request.query_value("organisasjonsform");
    const auto municipality = request.query_value("kommunenummer");
    const Value& address =
        unit.has("forretningsadresse") ? unit["forretningsadresse"] : unit["beliggenhetsadresse"];
    return (!name ||
            kit::lower(unit["navn"].as_string()).find(kit::lower(*name)) != std::string::npos) &&
           (!form || unit["organisasjonsform"]["kode"].as_string() == *form) &&
           (!municipality || address["kommunenummer"].as_string() == *municipality);
}

http::Response Brreg::search(const http::Request& request, Kind kind) {
    const Page page = page_of(request, page_size_max);
    if (page.refusal) {
        return refusal(request, 400, "Summen av page og size kan ikke overstige 10000");
    }
    const auto numbers = request.query_value("organisasjonsnummer");
    std::size_t all = 0;
    Value items = Value::array();
    const auto take = [&](Value unit) {
        if (fits(unit, request)) {
            if (all >= page.number * page.size && items.items().size() < page.size) {
                items.push(linked(std::move(unit), kind, url_));
            }
            ++all;
        }
    };
    if (numbers) {
        std::set<std::string> once;
        std::string rest = *numbers + ",";
        for (std::size_t end = 0; (end = rest.find(',')) != std::string::npos;
             rest.erase(0, end + 1)) {
            once.insert(rest.substr(0, end));
        }
        for (const auto& number : once) {
            take(book_.find(kind, number));
        }
    } else {
        for (std::size_t i = 0; i < book_.size(kind); ++i) {
            take(book_.at(kind, i));
        }
    }
    if (!items.items().empty()) {
        distort(items.mutable_items().front(), request);
    }
    const char* name = kind == Kind::unit ? "enheter" : "underenheter";
    return hal(list_of(name, std::move(items), page, all, request, url_));
}

http::Response Brreg::updates(const http::Request& request, Kind kind) {
    const Page page = page_of(request, page_size_max);
    if (page.refusal) {
        return refusal(request, 400, "Summen av page og size kan ikke overstige 10000");
    }
    const auto& all = book_.updates(kind);
    auto begin = all.begin();
    if (const auto id = request.query_value("oppdateringsid")) {
        const auto from = std::strtoll(id->c_str(), nullptr, 10);
        begin = std::find_if(begin, all.end(), [&](const Update& each) { return each.id >= from; });
    }
    if (const auto since = request.query_value("dato")) {
        const auto time = core::parse_rfc3339(*since);
        if (!time) {
            return refusal(request, 400, "dato er ikke en gyldig dato");
        }
        const std::string from = core::to_rfc3339(*time);
        begin = std::find_if(begin, all.end(), [&](const Update& each) { return each.at >= from; });
    }
    const bool with_changes = request.query_value("includeChanges") == "true";
    const auto total = static_cast<std::size_t>(all.end() - begin);
    Value items = Value::array();
    for (std::size_t i = page.number * page.size; i < total && items.items().size() < page.size;
         ++i) {
        items.push(update_of(*(begin + static_cast<std::ptrdiff_t>(i)), kind, with_changes, url_));
    }
    auto& list = items.mutable_items();
    if (list.size() > 1 && world_.faults.take("feed_disorder", request)) {
        std::reverse(list.begin(), list.end());
    }
    if (!list.empty() && world_.faults.take("feed_repeat", request)) {
        list.insert(list.begin(), Value(list.front()));
    }
    const char* name = kind == Kind::unit ? "oppdaterteEnheter" : "oppdaterteUnderenheter";
    return hal(list_of(name, std::move(items), page, total, request, url_));
}

http::Response Brreg::dump(const http::Request& request, Kind kind) {
    const auto cut = world_.faults.take("dump_cut", request);
    http::Response response(200);
    response.headers.emplace_back(
        "Content-Type", "application/vnd.brreg.enhetsregisteret.enhet.v2+gzip;charset=UTF-8");
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=enheter_alle.json.gz");
    response.stream =
        make_dump(book_, kind, cut ? static_cast<std::uint64_t>(cut->number("bytes", 1000)) : 0);
    return response;
}

/// Answers that a register never gives, on demand.
void Brreg::distort(Value& unit, const http::Request& request) {
    if (world_.faults.take("wrong_organisation", request)) {
        unit.set("organisasjonsnummer", "399999999");
    }
    if (const auto fault = world_.faults.take("members", request)) {
        for (const auto& [name, value] : fault->with["set"].members()) {
            unit.set(name, value);
        }
        for (const Value& name : fault->with["remove"].items()) {
            unit.remove(name.as_string());
        }
    }
}

std::optional<std::string> Brreg::change_many(std::int64_t count) {
    if (count < 1 || count > updates_at_once_max) {
        return "count is 1 to 1000000";
    }
    for (std::int64_t i = 0; i < count; ++i) {
        const auto index = static_cast<std::size_t>(i) % book_.size(Kind::unit);
        const Value unit = book_.at(Kind::unit, index);
        Value command;
        command.set("number", unit["organisasjonsnummer"]).set("act", "move");
        Value done;
        book_.change(command, done);   // what is deleted stays so
    }
    return std::nullopt;
}

sdk::Task<http::Response> Brreg::control(http::Request& request) {
    const bool one = request.path == "/control/unit";
    if (request.method != "POST" || (!one && request.path != "/control/updates")) {
        co_return http::Response(404);
    }
    const auto command = co_await kit::read_json(request, command_bytes_max);
    if (!command) {
        co_return wrong_command(command.error().to_string());
    }
    Value done = Value::object().set("ok", true);
    std::optional<std::string> mistake;
    if (one) {
        mistake = book_.change(*command, done);
    } else {
        mistake = change_many((*command)["count"].as_int());
    }
    if (mistake) {
        co_return wrong_command(*mistake);
    }
    co_return kit::json_response(200, done);
}

Value Brreg::state() {
    const auto last = [&](Kind kind) {
        const auto& updates = book_.updates(kind);
        return updates.empty() ? std::int64_t{0} : updates.back().id;
    };
    Value out;
    out.set("units", static_cast<std::int64_t>(book_.size(Kind::unit)));
    out.set("sub_units", static_cast<std::int64_t>(book_.size(Kind::sub_unit)));
    out.set("last_unit_update", last(Kind::unit));
    out.set("last_sub_unit_update", last(Kind::sub_unit));
    Value first = Value::array();
    for (std::size_t i = 0; i < std::min<std::size_t>(20, book_.size(Kind::unit)); ++i) {
        first.push(book_.at(Kind::unit, i));
    }
    return out.set("first", std::move(first));
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<Brreg>(world);
}

}   // namespace gateway::enhetsregisteret::standin
