#include "adapters/common/standin/population/people.hpp"

#include "adapters/common/standin/population/numbers.hpp"

#include <array>
#include <set>

namespace gateway::standin {

using json::Value;

namespace {

constexpr std::array<const char*, 12> women{"LIV",     "ÅSE",    "KARI", "SIGNE", "TUVA",  "MARIT",
                                            "SOLVEIG", "INGRID", "ELI",  "NORA",  "HEDDA", "BERIT"};
constexpr std::array<const char*, 12> men{"NILS", "OLA",    "ÅGE", "JON",   "LARS", "EINAR",
                                          "KNUT", "SVERRE", "ODD", "JONAS", "EMIL", "TERJE"};
constexpr std::array<const char*, 10> families{"BERG",    "HAUGEN", "DAL",    "LIE",    "MO",
                                               "SOLHEIM", "ØIEN",   "NYGÅRD", "STRAND", "VIK"};
struct Place {
    const char* street;
    const char* postal_code;
    const char* city;
    const char* municipality;
};
constexpr std::array<Place, 8> places{{{"Storgata", "0155", "OSLO", "0301"},
                                       {"Bryggen", "5003", "BERGEN", "4601"},
                                       {"Elgeseter gate", "7030", "TRONDHEIM", "5001"},
                                       {"Sjøgata", "9008", "TROMSØ", "5501"},
                                       {"Violgata", "1776", "HALDEN", "3101"},
                                       {"Fjordvegen", "6800", "FØRDE", "4647"},
                                       {"Havnegata", "8400", "SORTLAND", "1870"},
                                       {"Kirkeveien", "1870", "ØRJE", "3122"}}};

template <class T, std::size_t N>
const T& nth(const std::array<T, N>& list, std::size_t index) {
    return list[index % N];
}

const char* grading_of(unsigned household) {
    switch (household % 50) {
    case 7: return "fortrolig";
    case 23: return "strengtFortrolig";
    case 31: return "klientadresse";
    default: return "ugradert";
    }
}

Value person(const std::string& number, unsigned index, unsigned household) {
    const bool female = is_female(number);
    Value made;
    made.set("number", number);
    made.set("first", female ? nth(women, index) : nth(men, index));
    made.set("last", nth(families, household)).set("female", female);
    made.set("born", birthday_of(number).text()).set("status", "bosatt");
    made.set("citizenships", Value::array().push("NOR")).set("marriage", "ugift");
    made.set("parents", Value::array()).set("children", Value::array());
    made.set("address", make_address(household)).set("grading", grading_of(household));
    made.set("since", "2015-06-01").set("former", Value::array());
    if (household % 9 == 4) {
        const Place& place = nth(places, household);
        Value box;
        box.set("box", std::to_string(100 + household)).set("postal_code", place.postal_code);
        made.set("postal", box.set("city", place.city));
    }
    return made;
}

void marry(Value& one, Value& other) {
    one.set("marriage", "gift").set("married", "1999-07-03").set("spouse", other["number"]);
    other.set("marriage", "gift").set("married", "1999-07-03").set("spouse", one["number"]);
}

void bury(Value& dead, Value& left) {
    dead.set("status", "doed").set("died", "2023-02-11");
    if (left["spouse"].as_string() == dead["number"].as_string()) {
        left.set("marriage", "enkeEllerEnkemann").remove("spouse");
        dead.remove("spouse");
    }
}

Value with(const Value& list, Value item) {
    Value more = list;
    more.push(std::move(item));
    return more;
}

void add_children(std::vector<Value>& household, unsigned index, std::set<std::string>& taken) {
    for (unsigned child = 0; child < index % 4; ++child) {
        const Birthday born(2008 + static_cast<int>((index + child * 3) % 16),
                            1 + static_cast<int>(index % 12),
                            1 + static_cast<int>((index / 12 + child) % 28));
        std::string number;
        for (unsigned tries = 0; number.empty() || taken.contains(number); ++tries) {
            number = number_of(born, (index + child) % 2 == 0, tries);
        }
        taken.insert(number);
        Value made = person(number, index + child + 5, index);
        for (std::size_t i = 0; i < 2; ++i) {
            Value parent;
            parent.set("number", household[i]["number"]);
            parent.set("role", household[i]["female"].as_bool() ? "mor" : "far");
            made.set("parents", with(made["parents"], std::move(parent)));
            household[i].set("children", with(household[i]["children"], number));
        }
        household.push_back(std::move(made));
    }
}

}   // namespace

Value make_address(unsigned index) {
    const Place& place = nth(places, index);
    Value made;
    made.set("street", place.street).set("house", static_cast<std::int64_t>(1 + index % 90));
    if (index % 3 == 1) {
        made.set("letter", "B");
    }
    made.set("postal_code", place.postal_code).set("city", place.city);
    return made.set("municipality", place.municipality);
}

std::vector<Value> make_people(unsigned households) {
    std::vector<Value> all;
    std::set<std::string> taken;
    for (unsigned i = 0; i < 2 * households; ++i) {
        taken.insert(series_number(i));
    }
    for (unsigned index = 0; index < households; ++index) {
        std::vector<Value> household;
        household.push_back(person(series_number(2 * index), index, index));
        household.push_back(person(series_number(2 * index + 1), index + 3, index));
        if (index % 3 != 2) {
            marry(household[0], household[1]);
        }
        if (index % 40 == 6) {   // the contact register has deleted the first of these
            bury(household[1], household[0]);
        }
        if (index % 40 == 17) {
            household[1].set("status", "utflyttet");
        }
        add_children(household, index, taken);
        for (auto& one : household) {
            all.push_back(std::move(one));
        }
    }
    return all;
}

}   // namespace gateway::standin
