#include "adapters/krr/standin/people.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/krr/standin/population.hpp"

#include <algorithm>
#include <stdexcept>

namespace gateway::krr::standin {

using json::Value;

namespace {

constexpr std::size_t people_max = 100'000;

bool is_number(const std::string& text) {
    return text.size() == 11 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void set_age(Value& person, int days) {
    for (const char* name : {"email", "mobile"}) {
        if (person.has(name)) {
            Value address = person[name];
            address.set("updated_days", days).set("verified_days", days);
            person.set(name, std::move(address));
        }
    }
}

}   // namespace

People::People(std::string path) : path_(std::move(path)) {
    fill();
    const auto text = gateway::standin::read_file(path_);
    if (!text) {
        return;
    }
    const auto parsed = json::parse_or_failure(*text);
    if (!parsed || !parsed->is_array()) {
        throw std::runtime_error(path_ + " is not a JSON array");
    }
    for (const Value& person : parsed->items()) {
        changed_.insert_or_assign(person["number"].as_string(), person);
        all_.insert_or_assign(person["number"].as_string(), person);
    }
}

const Value* People::find(const std::string& number) const {
    const auto found = all_.find(number);
    return found == all_.end() ? nullptr : &found->second;
}

std::optional<std::string> People::change(const Value& command) {
    const std::string& number = command["number"].as_string();
    const Value* known = find(number);
    if (!is_number(number)) {
        return "number is eleven digits";
    }
    if (known == nullptr && (!command["set"].is_object() || all_.size() >= people_max)) {
        return "nobody has this number; a new person is made with set";
    }
    Value person = known != nullptr ? *known : Value();
    if (known == nullptr) {
        person.set("number", number).set("about", "added").set("status", "AKTIV");
        person.set("reserved", false);
    }
    for (const auto& [name, value] : command["set"].members()) {
        if (name == "number") {
            return "a number stays";
        }
        if (value.is_null()) {
            person.remove(name);
        } else {
            person.set(name, value);
        }
    }
    if (command.has("act")) {
        if (auto mistake = act(person, command["act"].as_string())) {
            return mistake;
        }
    }
    changed_.insert_or_assign(number, person);
    all_.insert_or_assign(number, std::move(person));
    save();
    return std::nullopt;
}

std::optional<std::string> People::act(Value& person, const std::string& act) const {
    if (act == "reserve" || act == "unreserve") {
        person.set("reserved", act == "reserve");
    } else if (act == "expire") {
        set_age(person, 3 * 365);
    } else if (act == "renew") {
        set_age(person, 0);
    } else if (act == "move_mailbox") {
        Value mailbox = person["mailbox"];
        const bool to_eboks = mailbox["operator"].as_string() == digipost;
        mailbox.set("operator", to_eboks ? eboks : digipost);
        mailbox.set("address", "flyttet." + person["number"].as_string().substr(6) +
                                   (to_eboks ? "#EB" : "#DP"));
        person.set("mailbox", std::move(mailbox));
    } else if (act == "close_mailbox") {
        person.remove("mailbox");
    } else if (act == "delete") {
        for (const char* name : {"email", "mobile", "mailbox", "language"}) {
            person.remove(name);
        }
        person.set("status", "SLETTET");
    } else {
        return "act is reserve, unreserve, expire, renew, move_mailbox, close_mailbox or delete";
    }
    return std::nullopt;
}

void People::reset() {
    changed_.clear();
    fill();
    save();
}

void People::fill() {
    all_.clear();
    for (Value& person : make_population()) {
        const std::string number = person["number"].as_string();
        all_.emplace(number, std::move(person));
    }
}

void People::save() const {
    Value list = Value::array();
    for (const auto& [number, person] : changed_) {
        list.push(person);
    }
    gateway::standin::write_file(path_, json::write_pretty(list) + "\n");
}

}   // namespace gateway::krr::standin
