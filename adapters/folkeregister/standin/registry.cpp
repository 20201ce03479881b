#include "adapters/folkeregister/standin/registry.hpp"

#include "adapters/common/standin/population/numbers.hpp"
#include "adapters/common/standin/population/people.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gateway::folkeregister::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::int64_t before_first = 1000;
constexpr const char* move_type = "endringIBostedsadresse";

/// "00000000000000000000000000001001": as long and of the same letters as a real one.
std::string document_of(std::int64_t number) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%032llx", static_cast<unsigned long long>(number));
    return text.data();
}

Value with(const Value& list, Value item) {
    Value more = list;
    more.push(std::move(item));
    return more;
}

}   // namespace

Value Event::value() const {
    Value made;
    made.set("number", number).set("person", person).set("type", type).set("document", document);
    return made.set("at", at).set("part", part).set("change", change);
}

Event Event::of(const Value& value) {
    Event event;
    event.number = value["number"].as_int();
    event.person = value["person"].as_string();
    event.type = value["type"].as_string();
    event.document = value["document"].as_string();
    event.at = value["at"].as_string();
    event.part = value["part"].as_string();
    event.change = value["change"].as_string();
    return event;
}

Registry::Registry(const std::string& folder, unsigned households, const kit::SkewedClock& clock)
    : households_(households), clock_(clock), journal_(folder + "/people.jsonl") {
    fill();
    for (auto& [number, person] : journal_.take("person")) {
        if (person.has("renumbered")) {
            people_.erase(number);   // has another number now
            continue;
        }
        for (const Value& old : person["former"].items()) {
            former_[old.as_string()] = number;
        }
        people_[number] = std::move(person);
    }
    for (const auto& [id, event] : journal_.take("event")) {
        events_.push_back(Event::of(event));
        moves_ += events_.back().type == move_type ? 1 : 0;
    }
}

void Registry::fill() {
    for (auto& person : kit::make_people(households_)) {
        const std::string number = person["number"].as_string();
        people_[number] = std::move(person);
    }
}

void Registry::reset() {
    journal_.clear();
    people_.clear();
    former_.clear();
    events_.clear();
    fill();
}

const Value* Registry::find(const std::string& number) const {
    const auto renumbered = former_.find(number);
    const auto found = people_.find(renumbered == former_.end() ? number : renumbered->second);
    return found == people_.end() ? nullptr : &found->second;
}

/// Numbers follow each other, and ids are as long as each other: both are in the same order.
const Event* Registry::find_event(const std::string& document) const {
    const auto found = std::lower_bound(
        events_.begin(), events_.end(), document,
        [](const Event& event, const std::string& id) { return event.document < id; });
    return found == events_.end() || found->document != document ? nullptr : &*found;
}

std::int64_t Registry::last_number() const {
    return events_.empty() ? before_first : events_.back().number;
}

void Registry::save(const Value& person) {
    const std::string& number = person["number"].as_string();
    journal_.put("person", number, person);
    people_[number] = person;
}

void Registry::tell(const std::string& number, What what) {
    Event event;
    event.number = last_number() + 1;
    event.person = number;
    event.type = what.type;
    event.document = document_of(event.number);
    event.at = core::to_rfc3339(clock_.now());
    event.part = what.part;
    event.change = what.change;
    journal_.put("event", event.document, event.value());
    events_.push_back(std::move(event));
}

void Registry::move(Value person) {
    const std::string number = person["number"].as_string();
    person.set("previous", person["address"]);
    person.set("address", kit::make_address(3 + 7 * ++moves_));
    person.set("since", core::to_rfc3339(clock_.now()).substr(0, 10));
    save(person);
    tell(number, {move_type, "bostedsadresse"});
}

void Registry::die(Value person) {
    const std::string number = person["number"].as_string();
    person.set("status", "doed");
    person.set("died", core::to_rfc3339(clock_.now()).substr(0, 10));
    const std::string married = person["spouse"].as_string();
    person.remove("spouse");
    save(person);
    if (const Value* spouse = find(married)) {
        Value left = *spouse;
        left.set("marriage", "enkeEllerEnkemann").remove("spouse");
        save(left);
        tell(left["number"].as_string(), {"endringISivilstand", "sivilstand"});
    }
    tell(number, {"endringIDoedsfall", "doedsfall"});
}

void Registry::revive(Value person) {
    const std::string number = person["number"].as_string();
    person.set("status", "bosatt");
    person.remove("died");
    save(person);
    tell(number, {"endringIDoedsfall", "doedsfall", "annullere"});
}

std::optional<std::string> Registry::marry(Value person, const std::string& with) {
    const Value* found = find(with);
    if (found == nullptr || with == person["number"].as_string()) {
        return "\"with\" is another person's number";
    }
    Value other = *found;
    const std::string today = core::to_rfc3339(clock_.now()).substr(0, 10);
    person.set("marriage", "gift").set("married", today).set("spouse", other["number"]);
    other.set("marriage", "gift").set("married", today).set("spouse", person["number"]);
    save(person);
    save(other);
    tell(person["number"].as_string(), {"endringISivilstand", "sivilstand"});
    tell(other["number"].as_string(), {"endringISivilstand", "sivilstand"});
    return std::nullopt;
}

std::string Registry::bear(Value mother) {
    const std::string today = core::to_rfc3339(clock_.now());
    const kit::Birthday born(std::stoi(today.substr(0, 4)), std::stoi(today.substr(5, 2)),
                             std::stoi(today.substr(8, 2)));
    std::string number;
    for (unsigned tries = 0; number.empty() || find(number) != nullptr; ++tries) {
        number = kit::number_of(born, moves_ % 2 == 0, tries);
    }
    Value child = mother;
    for (const char* member : {"spouse", "married", "previous", "postal", "died"}) {
        child.remove(member);
    }
    Value parent;
    parent.set("number", mother["number"]).set("role", "mor");
    child.set("number", number).set("first", "NYFØDT").set("female", kit::is_female(number));
    child.set("born", born.text()).set("status", "foedselsregistrert").set("marriage", "ugift");
    child.set("parents", Value::array().push(std::move(parent)));
    child.set("children", Value::array()).set("former", Value::array());
    child.set("since", born.text());
    save(child);
    mother.set("children", with(mother["children"], number));
    save(mother);
    tell(number, {"endringIFoedselINorge", "foedselINorge"});
    tell(mother["number"].as_string(), {"endringIFamilierelasjon", "familierelasjon"});
    return number;
}

/// The same person, another number: the old one finds the new.
std::string Registry::renumber(Value person) {
    const std::string old = person["number"].as_string();
    std::string number;
    for (unsigned tries = 0; number.empty() || find(number) != nullptr; ++tries) {
        number = kit::number_of(kit::birthday_of(old), kit::is_female(old), tries + 40);
    }
    person.set("number", number).set("former", with(person["former"], old));
    people_.erase(old);
    journal_.put("person", old, Value::object().set("renumbered", number));
    for (const Value& each : person["former"].items()) {
        former_[each.as_string()] = number;
    }
    save(person);
    tell(number, {"endringIIdentifikasjonsnummer", "identifikasjonsnummer"});
    return number;
}

/// Those that change one thing of one person.
bool Registry::simple(const std::string& act, Value person, const Value& command) {
    const std::string number = person["number"].as_string();
    if (act == "grade") {
        person.set("grading", command["grading"]);
        save(person);
        tell(number, {"endringIAdressebeskyttelse", "adressebeskyttelse"});
    } else if (act == "rename") {
        person.set("last", command["last"].is_string() ? command["last"] : Value("NYTTNAVN"));
        save(person);
        tell(number, {"endringINavn", "navn"});
    } else if (act == "emigrate") {
        person.set("status", "utflyttet");
        save(person);
        tell(number, {"endringIUtflytting", "utflytting"});
    } else if (act == "contact") {
        Value box;
        box.set("box", "77").set("postal_code", "1890").set("city", "RAKKESTAD");
        person.set("postal", std::move(box));
        save(person);
        tell(number, {"endringIPostadresse", "postadresse"});
    } else if (act == "end") {
        person.set("status", "opphoert");
        save(person);
        tell(number, {"personErOpphoert", "status"});
    } else {
        return false;
    }
    return true;
}

std::optional<std::string> Registry::act(const Value& command, Value& done) {
    const Value* found = find(command["number"].as_string());
    if (found == nullptr) {
        return "nobody has the number";
    }
    const std::string& act = command["act"].as_string();
    const Value person = *found;
    if (act == "move") {
        move(person);
    } else if (act == "die") {
        die(person);
    } else if (act == "revive") {
        revive(person);
    } else if (act == "marry") {
        return marry(person, command["with"].as_string());
    } else if (act == "born") {
        done.set("number", bear(person));
    } else if (act == "renumber") {
        done.set("number", renumber(person));
    } else if (!simple(act, person, command)) {
        return "act is move, die, revive, marry, born, grade, rename, emigrate, contact, renumber "
               "or end";
    }
    return std::nullopt;
}

void Registry::move_many(std::int64_t count) {
    std::vector<std::string> numbers;
    for (const auto& [number, person] : people_) {
        numbers.push_back(number);
    }
    for (std::int64_t i = 0; i < count; ++i) {
        move(people_.at(numbers[static_cast<std::size_t>(i) % numbers.size()]));
    }
}

}   // namespace gateway::folkeregister::standin
