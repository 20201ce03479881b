#include "adapters/enhetsregisteret/standin/series.hpp"

#include <algorithm>
#include <array>

namespace gateway::enhetsregisteret::standin {

using json::Value;

namespace {

struct Place {
    const char* code;
    const char* city;
    const char* municipality;
};
constexpr std::array<Place, 6> places{{{"0155", "OSLO", "0301"},
                                       {"5003", "BERGEN", "4601"},
                                       {"7010", "TRONDHEIM", "5001"},
                                       {"9008", "TROMSØ", "5501"},
                                       {"1751", "HALDEN", "3101"},
                                       {"6800", "FØRDE", "4647"}}};
struct Form {
    const char* code;
    const char* text;
};
constexpr std::array<Form, 4> forms{{{"AS", "Aksjeselskap"},
                                     {"FLI", "Forening/lag/innretning"},
                                     {"ENK", "Enkeltpersonforetak"},
                                     {"DA", "Selskap med delt ansvar"}}};
struct Industry {
    const char* code;
    const char* text;
};
constexpr std::array<Industry, 4> industries{{{"56.101", "Drift av restauranter og kafeer"},
                                              {"88.911", "Barnehager"},
                                              {"62.010", "Programmeringstjenester"},
                                              {"43.210", "Elektrisk installasjonsarbeid"}}};
constexpr std::array<const char*, 8> first_words{"NORDLYS", "BLÅBÆR", "FJELLREV", "KYSTVIND",
                                                 "SKOGSTI", "ISBRE",  "LYNG",     "TREBÅT"};
constexpr std::array<const char*, 6> last_words{"HANDEL",     "BYGG", "KAFÉ",
                                                "IDRETTSLAG", "DATA", "BARNEHAGE"};
constexpr std::array<const char*, 6> given{"KARI", "OLA", "NILS", "BRITA", "ÅSE", "JON"};
constexpr std::array<const char*, 5> family{"DAL", "HAUGEN", "MO", "LIE", "SÆTHER"};

template <class T, std::size_t N>
const T& nth(const std::array<T, N>& list, std::size_t index) {
    return list[index % N];
}

/// The number with its check digit; nothing for one that has none.
std::optional<std::uint32_t> checked(std::uint32_t first_eight) {
    constexpr std::array<std::uint32_t, 8> weights{2, 3, 4, 5, 6, 7, 2, 3};   // from the right
    std::uint32_t sum = 0;
    std::uint32_t left = first_eight;
    for (const auto weight : weights) {
        sum += left % 10 * weight;
        left /= 10;
    }
    const std::uint32_t digit = (11 - sum % 11) % 11;
    return digit == 10 ? std::nullopt : std::optional(first_eight * 10 + digit);
}

Value coded(const char* code, const char* text) {
    Value made;
    made.set("kode", code).set("beskrivelse", text);
    return made;
}

std::string two(std::size_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string date(std::size_t index, std::size_t years) {
    return std::to_string(1990 + index % years) + "-" + two(1 + index % 12) + "-" +
           two(1 + index % 28);
}

Value address(std::size_t index, const std::string& line) {
    const Place& place = nth(places, index);
    Value lines = Value::array();
    lines.push(line);
    if (index % 4 == 1) {
        lines.push(Value()).push(Value()).push("");   // as the register has them
    }
    Value made;
    made.set("land", "Norge").set("landkode", "NO").set("postnummer", place.code);
    made.set("poststed", place.city).set("adresse", std::move(lines));
    made.set("kommune", place.city).set("kommunenummer", place.municipality);
    return made;
}

std::string name_of(std::size_t index) {
    return std::string(nth(first_words, index)) + " " + nth(last_words, index / 8) + " " +
           std::to_string(index);
}

Value person(std::size_t index) {
    Value name;
    name.set("fornavn", nth(given, index)).set("etternavn", nth(family, index));
    Value made;
    made.set("fodselsdato", std::to_string(1950 + index % 50) + "-" + two(1 + index % 12) + "-01");
    made.set("navn", std::move(name)).set("erDoed", index % 40 == 39);
    return made;
}

Value role(const char* code, const char* text, std::int64_t order) {
    Value made;
    made.set("type", coded(code, text)).set("fratraadt", false).set("avregistrert", false);
    made.set("rekkefolge", order);
    return made;
}

}   // namespace

Series::Series(std::uint32_t first, std::size_t count) {
    numbers_.reserve(count);
    for (std::uint32_t eight = first; numbers_.size() < count; ++eight) {
        if (const auto number = checked(eight)) {
            numbers_.push_back(*number);
        }
    }
}

std::string Series::number(std::size_t index) const {
    return std::to_string(numbers_.at(index));
}

std::optional<std::size_t> Series::index_of(const std::string& number) const {
    if (number.size() != 9 || number.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    const auto wanted = static_cast<std::uint32_t>(std::stoul(number));
    const auto found = std::lower_bound(numbers_.begin(), numbers_.end(), wanted);
    if (found == numbers_.end() || *found != wanted) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - numbers_.begin());
}

std::string Series::extend() {
    std::uint32_t eight = numbers_.back() / 10 + 1;
    while (!checked(eight)) {
        ++eight;
    }
    numbers_.push_back(*checked(eight));
    return number(numbers_.size() - 1);
}

Value make_unit(const std::string& number, std::size_t index) {
    const Form& form = nth(forms, index);
    const bool employs = index % 5 != 4;
    Value made;
    made.set("organisasjonsnummer", number).set("navn", name_of(index));
    made.set("organisasjonsform", coded(form.code, form.text));
    if (index % 3 == 0) {
        made.set("postadresse", address(index + 1, "Postboks " + std::to_string(index)));
    }
    made.set("registreringsdatoEnhetsregisteret", date(index, 30));
    made.set("registrertIMvaregisteret", index % 2 == 0);
    const Industry& industry = nth(industries, index);
    made.set("naeringskode1", coded(industry.code, industry.text));
    if (employs) {
        made.set("antallAnsatte", static_cast<std::int64_t>(index % 60));
    }
    made.set("harRegistrertAntallAnsatte", employs);
    if (index % 10 != 9) {
        made.set("forretningsadresse", address(index, "Storgata " + std::to_string(index)));
    }
    made.set("stiftelsesdato", date(index, 30));
    made.set("institusjonellSektorkode", coded("2100", "Private aksjeselskaper mv."));
    made.set("registrertIForetaksregisteret", index % 2 == 0);
    made.set("registrertIStiftelsesregisteret", false);
    made.set("registrertIFrivillighetsregisteret", index % 4 == 1);
    made.set("konkurs", index % 14 == 6).set("underAvvikling", index % 14 == 13);
    made.set("underTvangsavviklingEllerTvangsopplosning", false);
    made.set("maalform", index % 3 == 2 ? "Nynorsk" : "Bokmål");
    return made;
}

Value make_sub_unit(const std::string& number, std::size_t index, const std::string& parent) {
    Value made;
    made.set("organisasjonsnummer", number).set("navn", name_of(index * 2) + " AVD");
    made.set("organisasjonsform", coded("BEDR", "Bedrift"));
    made.set("registreringsdatoEnhetsregisteret", date(index, 30));
    made.set("registrertIMvaregisteret", true);
    const Industry& industry = nth(industries, index);
    made.set("naeringskode1", coded(industry.code, industry.text));
    made.set("antallAnsatte", static_cast<std::int64_t>(index % 30));
    made.set("harRegistrertAntallAnsatte", true).set("overordnetEnhet", parent);
    made.set("oppstartsdato", date(index, 30));
    made.set("beliggenhetsadresse", address(index, "Torget " + std::to_string(index)));
    if (index % 20 == 19) {
        made.set("nedleggelsesdato", "2024-06-30");
    }
    return made;
}

Value make_roles(const std::string& number, std::size_t index) {
    Value board = Value::array();
    Value chair = role("LEDE", "Styrets leder", 0);
    chair.set("person", person(index));
    Value member = role("MEDL", "Styremedlem", 1);
    member.set("person", person(index + 1));
    Value former = role("MEDL", "Styremedlem", 2);
    former.set("person", person(index + 2)).set("fratraadt", true);
    board.push(std::move(chair)).push(std::move(member)).push(std::move(former));
    Value group;
    group.set("type", coded("STYR", "Styre")).set("sistEndret", date(index, 30));
    group.set("roller", std::move(board));
    Value groups = Value::array();
    groups.push(std::move(group));
    if (index % 4 == 3) {
        Value unit;
        unit.set("organisasjonsnummer", number)
            .set("organisasjonsform", coded("AS", "Aksjeselskap"));
        unit.set("navn", Value::array().push(name_of(index)).push("AS")).set("erSlettet", false);
        Value partner = role("DTPR", "Deltaker med delt ansvar", 0);
        partner.set("enhet", std::move(unit)).set("ansvarsandel", "50%");
        Value partners;
        partners.set("type", coded("DELT", "Deltakere")).set("sistEndret", date(index, 30));
        partners.set("roller", Value::array().push(std::move(partner)));
        groups.push(std::move(partners));
    }
    return Value::object().set("rollegrupper", std::move(groups));
}

}   // namespace gateway::enhetsregisteret::standin
