#include "adapters/enhetsregisteret/standin/book.hpp"

#include <algorithm>

namespace gateway::enhetsregisteret::standin {

using json::Value;

namespace {

constexpr std::uint32_t first_unit = 31'100'000;
constexpr std::uint32_t first_sub_unit = 37'100'000;
constexpr std::size_t created_max = 100'000;
constexpr std::int64_t first_unit_update = 24'000'000;
constexpr std::int64_t first_sub_unit_update = 7'000'000;

Value operation(const char* path, Value value) {
    Value made;
    made.set("op", "replace").set("path", path).set("value", std::move(value));
    return Value::array().push(std::move(made));
}

Value bare(const Value& unit, const std::string& today) {
    Value made;
    made.set("organisasjonsnummer", unit["organisasjonsnummer"]).set("navn", unit["navn"]);
    made.set("organisasjonsform", unit["organisasjonsform"]).set("slettedato", today);
    return made;
}

}   // namespace

Book::Book(const std::string& folder, Sizes sizes, const gateway::standin::SkewedClock& clock)
    : sizes_(sizes),
      clock_(clock),
      journal_(folder + "/register.jsonl"),
      units_(first_unit, sizes.units),
      sub_units_(first_sub_unit, std::max<std::size_t>(sizes.units / 2, 1)) {
    fill();
    read();
}

/// Units that were new in the days before.
void Book::fill() {
    const std::size_t count = std::min(sizes_.updates, sizes_.units);
    for (std::size_t i = 0; i < count; ++i) {
        Update update;
        update.id = first_unit_update + static_cast<std::int64_t>(i * 3);   // ids have holes
        update.at = core::to_rfc3339(clock_.now() - std::chrono::hours(count - i));
        update.number = units_.number(i);
        update.type = "Ny";
        unit_updates_.push_back(std::move(update));
    }
}

void Book::read() {
    for (auto& [number, value] : journal_.take("unit")) {
        Series& series = number < sub_units_.number(0) ? units_ : sub_units_;
        while (series.number(series.size() - 1) < number) {
            series.extend();   // it was created
        }
        changed_[number] = std::move(value);
    }
    for (const auto& [id, value] : journal_.take("update")) {
        Update update;
        update.id = value["id"].as_int();
        update.at = value["at"].as_string();
        update.number = value["number"].as_string();
        update.type = value["type"].as_string();
        update.changes = value["changes"];
        (value["sub_unit"].as_bool() ? sub_unit_updates_ : unit_updates_)
            .push_back(std::move(update));
    }
}

Value Book::at(Kind kind, std::size_t index) const {
    const std::string number = series_of(kind).number(index);
    if (const auto changed = changed_.find(number); changed != changed_.end()) {
        return changed->second;
    }
    if (kind == Kind::unit) {
        return make_unit(number, index);
    }
    return make_sub_unit(number, index, units_.number(index * 2 % units_.size()));
}

Value Book::find(Kind kind, const std::string& number) const {
    const auto index = series_of(kind).index_of(number);
    return index ? at(kind, *index) : Value();
}

Value Book::roles(const std::string& number) const {
    const auto index = units_.index_of(number);
    if (!index || find(Kind::unit, number).has("removed")) {
        return {};
    }
    return make_roles(units_.number((*index + 1) % units_.size()), *index);
}

std::optional<std::string> Book::change(const Value& command, Value& done) {
    if (command["act"].as_string() == "create") {
        return create(command, done);
    }
    const std::string& number = command["number"].as_string();
    for (const Kind kind : {Kind::unit, Kind::sub_unit}) {
        if (!find(kind, number).is_null()) {
            done.set("number", number);
            return act(kind, number, command);
        }
    }
    return "nobody has the number";
}

std::optional<std::string> Book::act(Kind kind, const std::string& number, const Value& command) {
    const std::string& act = command["act"].as_string();
    Value unit = find(kind, number);
    if (unit.has("slettedato") || unit.has("removed")) {
        return "it is deleted already";
    }
    if (act == "rename") {
        const Value name =
            command["name"].is_string() ? command["name"] : Value(unit["navn"].as_string() + " NY");
        unit.set("navn", name);
        keep(kind, number, std::move(unit));
        tell(kind, number, "Endring", operation("/navn", name));
    } else if (act == "move") {
        const char* member = kind == Kind::unit ? "forretningsadresse" : "beliggenhetsadresse";
        Value address;
        address.set("land", "Norge").set("landkode", "NO").set("postnummer", "8400");
        address.set("poststed", "SORTLAND").set("adresse", Value::array().push("Havnegata 2"));
        address.set("kommune", "SORTLAND").set("kommunenummer", "1870");
        unit.set(member, address);
        keep(kind, number, std::move(unit));
        tell(kind, number, "Endring", operation((std::string("/") + member).c_str(), address));
    } else if (act == "bankrupt") {
        unit.set("konkurs", true);
        keep(kind, number, std::move(unit));
        tell(kind, number, "Endring", operation("/konkurs", true));
    } else if (act == "delete") {
        keep(kind, number, bare(unit, core::to_rfc3339(clock_.now()).substr(0, 10)));
        tell(kind, number, "Sletting", Value::array());
    } else if (act == "remove") {
        keep(kind, number, Value::object().set("removed", true));
        tell(kind, number, "Fjernet", Value::array());
    } else {
        return "act is rename, move, bankrupt, delete, remove or create";
    }
    return std::nullopt;
}

std::optional<std::string> Book::create(const Value& command, Value& done) {
    const Kind kind = command["sub_unit"].as_bool() ? Kind::sub_unit : Kind::unit;
    Series& series = series_of(kind);
    if (series.size() >= sizes_.units + created_max) {
        return "too many were made";
    }
    std::string parent = command["parent"].as_string();
    if (kind == Kind::sub_unit && parent.empty()) {
        parent = units_.number(0);
    }
    const std::string number = series.extend();
    const std::size_t index = series.size() - 1;
    keep(kind, number,
         kind == Kind::unit ? make_unit(number, index) : make_sub_unit(number, index, parent));
    tell(kind, number, "Ny", Value::array());
    done.set("number", number);
    return std::nullopt;
}

void Book::keep(Kind, const std::string& number, Value value) {
    journal_.put("unit", number, value);
    changed_[number] = std::move(value);
}

void Book::tell(Kind kind, const std::string& number, const char* type, Value changes) {
    auto& updates = kind == Kind::unit ? unit_updates_ : sub_unit_updates_;
    Update update;
    update.id = updates.empty() ? (kind == Kind::unit ? first_unit_update : first_sub_unit_update)
                                : updates.back().id + 1 + updates.back().id % 2;
    update.at = core::to_rfc3339(clock_.now());
    update.number = number;
    update.type = type;
    update.changes = std::move(changes);
    Value line;
    line.set("id", update.id).set("at", update.at).set("number", number).set("type", type);
    line.set("changes", update.changes).set("sub_unit", kind == Kind::sub_unit);
    // Names in a journal are read in their own order: as long as each other, ids rise.
    std::string name = std::to_string(update.id);
    name.insert(0, 12 - std::min<std::size_t>(12, name.size()), '0');
    journal_.put("update", (kind == Kind::unit ? "u" : "s") + name, line);
    updates.push_back(std::move(update));
}

void Book::reset() {
    journal_.clear();
    changed_.clear();
    unit_updates_.clear();
    sub_unit_updates_.clear();
    units_ = Series(first_unit, sizes_.units);
    sub_units_ = Series(first_sub_unit, std::max<std::size_t>(sizes_.units / 2, 1));
    fill();
}

}   // namespace gateway::enhetsregisteret::standin
