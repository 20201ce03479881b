#include "adapters/folkeregister/freg_person.hpp"

#include "adapters/common/registers/dates.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::folkeregister {

using json::Value;
using registers::set_text;

namespace {

constexpr std::size_t elements_max = 1000;   // of one part, history included

struct Word {
    std::string_view theirs;
    std::string_view ours;
};

constexpr std::array<Word, 10> statuses{{{"bosatt", "resident"},
                                         {"utflyttet", "emigrated"},
                                         {"forsvunnet", "missing"},
                                         {"doed", "dead"},
                                         {"opphoert", "ceased"},
                                         {"foedselsregistrert", "birth-registered"},
                                         {"midlertidig", "temporary"},
                                         {"inaktiv", "inactive"},
                                         {"ikkeBosatt", "non-resident"},
                                         {"aktiv", "active"}}};
constexpr std::array<Word, 2> genders{{{"kvinne", "female"}, {"mann", "male"}}};
constexpr std::array<Word, 10> marriages{{{"uoppgitt", "unspecified"},
                                          {"ugift", "unmarried"},
                                          {"gift", "married"},
                                          {"enkeEllerEnkemann", "widowed"},
                                          {"skilt", "divorced"},
                                          {"separert", "separated"},
                                          {"registrertPartner", "registered-partner"},
                                          {"skiltPartner", "divorced-partner"},
                                          {"separertPartner", "separated-partner"},
                                          {"gjenlevendePartner", "surviving-partner"}}};
constexpr std::array<Word, 6> custodies{{{"felles", "shared"},
                                         {"mor", "mother"},
                                         {"far", "father"},
                                         {"medmor", "co-mother"},
                                         {"andre", "others"},
                                         {"ukjent", "unknown"}}};
constexpr std::array<Word, 3> parents{
    {{"mor", "mother"}, {"far", "father"}, {"medmor", "co-mother"}}};
constexpr std::array<Word, 3> languages{
    {{"nordsamisk", "se"}, {"soersamisk", "sma"}, {"lulesamisk", "smj"}}};

const char* word_of(Grading grading) {
    switch (grading) {
    case Grading::none: return "none";
    case Grading::client: return "client";
    case Grading::confidential: return "confidential";
    case Grading::strictly_confidential: return "strictly-confidential";
    case Grading::unknown: break;
    }
    return "unknown";
}

/// Reads one document, part by part.
class Reading {
public:
    Reading(const Value& document, bool silent_is_ungraded)
        : document_(document), silent_is_ungraded_(silent_is_ungraded) {}

    Person run() {
        if (!document_.is_object()) {
            fields_.fault("folkeregisterperson");
        }
        person_.value = Value::object();
        read_numbers();
        read_word("status", "status", "status", statuses);
        read_name();
        read_dates();
        read_word("gender", "kjoenn", "kjoenn", genders);
        read_addresses();
        read_citizenships();
        read_marriage();
        read_family();
        read_custody();
        read_language();
        read_protection();
        person_.fault = fields_.first_fault();
        return std::move(person_);
    }

private:
    using Elements = std::vector<const Value*>;

    /// Those of a part that hold now.
    Elements current(const char* part) {
        Elements holding;
        for (const Value* element : all(part)) {
            const Value& holds = (*element)["erGjeldende"];
            if (!holds.is_null() && !holds.is_bool()) {
                fields_.fault(part);
            }
            if (holds.as_bool(true)) {
                note_time(*element);
                holding.push_back(element);
            }
        }
        return holding;
    }

    Elements all(const char* part) {
        const Value& elements = document_[part];
        if ((!elements.is_null() && !elements.is_array()) ||
            elements.items().size() > elements_max) {
            fields_.fault(part);
            return {};
        }
        Elements found;
        for (const Value& element : elements.items()) {
            if (!element.is_object()) {
                fields_.fault(part);
            }
            found.push_back(&element);
        }
        return found;
    }

    /// The one that holds now; of several the one that was entered last.
    const Value* one(const char* part) {
        const auto holding = current(part);
        const Value* newest = nullptr;
        for (const Value* element : holding) {
            if (newest == nullptr || entered(*element) >= entered(*newest)) {
                newest = element;
            }
        }
        return newest;
    }

    static std::optional<core::Time> entered(const Value& element) {
        return registers::read_time(element["ajourholdstidspunkt"].as_string());
    }

    void note_time(const Value& element) {
        if (const auto time = entered(element)) {
            person_.register_time = std::max(person_.register_time.value_or(*time), *time);
        }
    }

    template <std::size_t N>
    std::string translate(const Value& element, const char* member,
                          const std::array<Word, N>& words) {
        const std::string said = fields_.text(element, member);
        for (const Word& word : words) {
            if (word.theirs == said) {
                return std::string(word.ours);
            }
        }
        fields_.fault(member);
        return {};
    }

    template <std::size_t N>
    void read_word(const char* ours, const char* part, const char* member,
                   const std::array<Word, N>& words) {
        if (const Value* element = one(part)) {
            set_text(person_.value, ours, translate(*element, member, words));
        }
    }

    /// The number in use, and those before it: history is what it is for.
    void read_numbers() {
        Value former = Value::array();
        std::string now;
        for (const Value* element : all("identifikasjonsnummer")) {
            const std::string number = fields_.text(*element, "foedselsEllerDNummer");
            if (number.size() != 11) {
                fields_.fault("identifikasjonsnummer");
                continue;
            }
            person_.numbers.insert(number);
            const std::string status = fields_.text(*element, "status");
            const bool used = status == "iBruk" && (*element)["erGjeldende"].as_bool(true);
            if (used && now.empty()) {
                now = number;
                note_time(*element);
            } else if (number != now) {
                former.push(number);
            }
        }
        if (!person_.numbers.empty()) {
            Value ids = Value::object();
            set_text(ids, "current", now);
            ids.set("former", std::move(former));
            person_.value.set("nationalIds", std::move(ids));
        }
    }

    Value name_of(const Value& name) {
        Value made;
        made.set("first", fields_.text(name, "fornavn"));
        set_text(made, "middle", fields_.text(name, "mellomnavn"));
        made.set("last", fields_.text(name, "etternavn"));
        set_text(made, "short", fields_.text(name, "forkortetNavn"));
        return made;
    }

    void read_name() {
        if (const Value* name = one("navn")) {
            person_.value.set("names", name_of(*name));
        }
    }

    void read_dates() {
        if (const Value* birth = one("foedsel")) {
            const std::string date = fields_.date(*birth, "foedselsdato");
            const std::string year = (*birth)["foedselsaar"].is_int()
                                         ? std::to_string((*birth)["foedselsaar"].as_int())
                                         : fields_.text(*birth, "foedselsaar");
            set_text(person_.value, "birthDate", date.empty() ? year : date);
        }
        if (const Value* death = one("doedsfall")) {
            set_text(person_.value, "deathDate", fields_.date(*death, "doedsdato"));
        }
    }

    void read_addresses() {
        Value addresses = Value::object();
        const bool residence = add_address(addresses, "residence", "bostedsadresse");
        add_address(addresses, "stay", "oppholdsadresse");
        if (!add_address(addresses, "postal", "postadresse")) {
            add_address(addresses, "postal", "postadresseIUtlandet");
        }
        for (const char* from : {"postal", "stay", "residence"}) {
            if (addresses.has(from) && !addresses.has("contact")) {
                Value contact = addresses[from];
                contact.set("from", from);
                addresses.set("contact", std::move(contact));
            }
        }
        if (residence && !addresses["residence"]["graded"].as_bool()) {
            set_text(person_.value, "municipality",
                     addresses["residence"]["municipality"].as_string());
        }
        if (!addresses.members().empty()) {
            person_.value.set("addresses", std::move(addresses));
        }
    }

    bool add_address(Value& addresses, const char* ours, const char* part) {
        const Value* element = one(part);
        if (element == nullptr) {
            return false;
        }
        Grading grading = Grading::unknown;
        Value address = read_address(fields_, *element, part, silent_is_ungraded_, grading);
        note_grading(grading);   // also where the address itself is kept from us
        if (address.is_null()) {
            return false;
        }
        addresses.set(ours, std::move(address));
        return true;
    }

    void note_grading(Grading grading) {
        graded_ = true;
        if (grading == Grading::unknown) {
            unsure_ = true;
        } else {
            protection_ = std::max(protection_, grading);
        }
    }

    void read_citizenships() {
        const auto holding = current("statsborgerskap");
        if (holding.empty()) {
            return;
        }
        Value codes = Value::array();
        for (const Value* element : holding) {
            const std::string code = fields_.text(*element, "statsborgerskap");
            if (!code.empty()) {
                codes.push(code);
            }
        }
        person_.value.set("citizenships", std::move(codes));
    }

    void read_marriage() {
        if (const Value* element = one("sivilstand")) {
            Value marriage;
            marriage.set("status", translate(*element, "sivilstand", marriages));
            set_text(marriage, "since", fields_.date(*element, "sivilstandsdato"));
            person_.value.set("maritalStatus", std::move(marriage));
        }
    }

    Value relative(const Value& element) {
        Value made = Value::object();
        const std::string number = fields_.text(element, "relatertPerson");
        if (!number.empty()) {
            return made.set("nationalId", number);
        }
        const Value& without = element["relatertPersonUtenFolkeregisteridentifikator"];
        if (without["navn"].is_object()) {
            made.set("name", name_of(without["navn"]));
        }
        set_text(made, "birthDate", fields_.date(without, "foedselsdato"));
        return made;
    }

    void read_family() {
        const auto holding = current("familierelasjon");
        if (!document_["familierelasjon"].is_array()) {
            return;
        }
        Value family;
        Value children = Value::array();
        Value before = Value::array();
        for (const Value* element : holding) {
            const std::string role = fields_.text(*element, "relatertPersonsRolle");
            Value made = relative(*element);
            if (role == "barn") {
                children.push(std::move(made));
            } else if (role == "ektefelleEllerPartner") {
                family.set("spouse", std::move(made));
            } else {
                made.set("role", translate(*element, "relatertPersonsRolle", parents));
                before.push(std::move(made));
            }
        }
        family.set("children", std::move(children)).set("parents", std::move(before));
        person_.value.set("family", std::move(family));
    }

    void read_custody() {
        const auto holding = current("foreldreansvar");
        if (!document_["foreldreansvar"].is_array()) {
            return;
        }
        Value custody = Value::array();
        for (const Value* element : holding) {
            Value made;
            made.set("kind", translate(*element, "ansvar", custodies));
            set_text(made, "holder", fields_.text(*element, "ansvarlig"));
            set_text(made, "child", fields_.text(*element, "ansvarssubjekt"));
            custody.push(std::move(made));
        }
        person_.value.set("custody", std::move(custody));
    }

    /// One that is not known is not told: nothing is decided by it.
    void read_language() {
        const Value* element = one("brukAvSamiskSpraak");
        if (element == nullptr) {
            return;
        }
        const std::string said = fields_.text(*element, "spraak");
        for (const Word& word : languages) {
            if (word.theirs == said) {
                person_.value.set("language", std::string(word.ours));
            }
        }
    }

    /// The person's own protection and the gradings of the addresses: the highest of them.
    void read_protection() {
        const bool told = document_["adressebeskyttelse"].is_array();
        for (const Value* element : current("adressebeskyttelse")) {
            note_grading(read_grading(fields_, *element, "graderingsnivaa"));
        }
        const bool nothing_said = unsure_ || (!graded_ && !told);
        const bool low = protection_ == Grading::none;
        person_.value.set("protection", low && nothing_said ? "unknown" : word_of(protection_));
    }

    const Value& document_;
    bool silent_is_ungraded_;
    registers::Fields fields_;
    Person person_;
    Grading protection_ = Grading::none;
    bool graded_ = false;   // some grading was looked at
    bool unsure_ = false;   // and one of them was not said
};

}   // namespace

Person read_person(const Value& document, bool silent_is_ungraded) {
    return Reading(document, silent_is_ungraded).run();
}

}   // namespace gateway::folkeregister
