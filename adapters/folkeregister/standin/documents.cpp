#include "adapters/folkeregister/standin/documents.hpp"

namespace gateway::folkeregister::standin {

using json::Value;

namespace {

/// What every element has.
Value element(bool holds, const std::string& since) {
    Value made;
    made.set("ajourholdstidspunkt", since + "T00:00:00.041+02:00").set("erGjeldende", holds);
    made.set("kilde", "KILDE_DSF").set("gyldighetstidspunkt", since + "T00:00:00+02:00");
    return made;
}

Value street(const Value& address) {
    Value number;
    number.set("husnummer", std::to_string(address["house"].as_int()));
    if (address.has("letter")) {
        number.set("husbokstav", address["letter"]);
    }
    Value post;
    post.set("poststedsnavn", address["city"]).set("postnummer", address["postal_code"]);
    Value made;
    made.set("kommunenummer", address["municipality"]).set("adressenavn", address["street"]);
    made.set("adressekode", "12345").set("adressenummer", std::move(number));
    return made.set("poststed", std::move(post));
}

bool is_strict(const Value& person) {
    return person["grading"].as_string() == "strengtFortrolig";
}

Value residences(const Value& person) {
    Value all = Value::array();
    if (person.has("previous")) {
        Value before = element(false, "2015-06-01");
        before.set("opphoerstidspunkt", person["since"].as_string() + "T00:00:00+02:00");
        before.set("vegadresse", street(person["previous"]));
        before.set("adressegradering", person["grading"]).set("flyttedato", "2015-06-01");
        all.push(std::move(before));
    }
    Value now = element(true, person["since"].as_string());
    if (!is_strict(person)) {
        now.set("vegadresse", street(person["address"]));
    }
    now.set("adressegradering", person["grading"]).set("flyttedato", person["since"]);
    return all.push(std::move(now));
}

Value post_boxes(const Value& person) {
    Value all = Value::array();
    if (person.has("postal") && !is_strict(person)) {
        Value post;
        post.set("poststedsnavn", person["postal"]["city"]);
        post.set("postnummer", person["postal"]["postal_code"]);
        Value box;
        box.set("postboks", person["postal"]["box"]).set("poststed", std::move(post));
        Value one = element(true, "2016-01-01");
        one.set("postboksadresse", std::move(box)).set("adressegradering", person["grading"]);
        all.push(std::move(one));
    }
    return all;
}

Value numbers(const Value& person) {
    Value all = Value::array();
    for (const Value& old : person["former"].items()) {
        Value one = element(false, person["born"].as_string());
        one.set("status", "opphoert").set("foedselsEllerDNummer", old);
        all.push(one.set("identifikatortype", "foedselsnummer"));
    }
    Value now = element(true, person["born"].as_string());
    now.set("status", "iBruk").set("foedselsEllerDNummer", person["number"]);
    return all.push(now.set("identifikatortype", "foedselsnummer"));
}

Value relation(const Value& number, const std::string& theirs, const std::string& mine,
               const Value& person) {
    Value one = element(true, person["born"].as_string());
    one.set("relatertPerson", number).set("relatertPersonsRolle", theirs);
    return one.set("minRolleForPerson", mine);
}

Value family(const Value& person) {
    const std::string mine = person["female"].as_bool() ? "mor" : "far";
    Value all = Value::array();
    for (const Value& child : person["children"].items()) {
        all.push(relation(child, "barn", mine, person));
    }
    for (const Value& parent : person["parents"].items()) {
        all.push(relation(parent["number"], parent["role"].as_string(), "barn", person));
    }
    if (person.has("spouse")) {
        all.push(
            relation(person["spouse"], "ektefelleEllerPartner", "ektefelleEllerPartner", person));
    }
    return all;
}

Value custody(const Value& person) {
    const auto& parents = person["parents"].items();
    Value all = Value::array();
    for (const Value& parent : parents) {
        Value one = element(true, person["born"].as_string());
        one.set("ansvar", parents.size() > 1 ? "felles" : "mor");
        one.set("ansvarlig", parent["number"]).set("ansvarssubjekt", person["number"]);
        all.push(std::move(one));
    }
    return all;
}

Value of(Value one) {
    return Value::array().push(std::move(one));
}

Value name(const Value& person) {
    Value one = element(true, person["born"].as_string());
    one.set("fornavn", person["first"]).set("etternavn", person["last"]);
    return of(
        one.set("forkortetNavn", person["last"].as_string() + " " + person["first"].as_string()));
}

Value birth(const Value& person) {
    Value one = element(true, person["born"].as_string());
    one.set("foedselsdato", person["born"]);
    one.set("foedselsaar", person["born"].as_string().substr(0, 4));
    return of(one.set("foedekommuneINorge", "0301").set("foedeland", "NOR"));
}

Value word(const Value& person, const char* member, Value said) {
    Value one = element(true, person["born"].as_string());
    return of(one.set(member, std::move(said)));
}

Value part_of(const Value& person, const std::string& part) {
    if (part == "status") {
        return word(person, "status", person["status"]);
    }
    if (part == "navn") {
        return name(person);
    }
    if (part == "foedsel") {
        return birth(person);
    }
    if (part == "kjoenn") {
        return word(person, "kjoenn", person["female"].as_bool() ? "kvinne" : "mann");
    }
    if (part == "statsborgerskap") {
        return word(person, "statsborgerskap", person["citizenships"].items().front());
    }
    if (part == "sivilstand") {
        Value all = word(person, "sivilstand", person["marriage"]);
        if (person.has("married")) {
            all.mutable_items().front().set("sivilstandsdato", person["married"]);
        }
        return all;
    }
    if (part == "doedsfall") {
        return person.has("died") ? word(person, "doedsdato", person["died"]) : Value::array();
    }
    if (part == "bostedsadresse") {
        return residences(person);
    }
    if (part == "postadresse") {
        return post_boxes(person);
    }
    if (part == "familierelasjon") {
        return family(person);
    }
    if (part == "foreldreansvar") {
        return custody(person);
    }
    const std::string grading = person["grading"].as_string();
    if (part == "adressebeskyttelse" && (is_strict(person) || grading == "fortrolig")) {
        return word(person, "graderingsnivaa", grading);
    }
    return Value::array();   // of nobody here
}

Value head_of(const Event& event) {
    Value made;
    made.set("folkeregisteridentifikator", event.person).set("hendelsestype", event.type);
    return made;
}

}   // namespace

const std::set<std::string>& all_parts() {
    static const std::set<std::string> parts{"identifikasjonsnummer",
                                             "status",
                                             "navn",
                                             "foedsel",
                                             "kjoenn",
                                             "statsborgerskap",
                                             "sivilstand",
                                             "doedsfall",
                                             "bostedsadresse",
                                             "oppholdsadresse",
                                             "postadresse",
                                             "postadresseIUtlandet",
                                             "familierelasjon",
                                             "foreldreansvar",
                                             "adressebeskyttelse",
                                             "brukAvSamiskSpraak"};
    return parts;
}

Value document_of(const Value& person, const std::set<std::string>& parts) {
    Value made;
    made.set("identifikasjonsnummer", numbers(person));
    for (const auto& part : parts) {
        if (part != "identifikasjonsnummer") {
            made.set(part, part_of(person, part));
        }
    }
    return made;
}

Value listed(const Event& event) {
    Value about = head_of(event);
    about.set("hendelsesdokument", event.document);
    about.set("persondokument", "p" + event.document.substr(1));
    about.set("ajourholdstidspunkt", event.at);
    Value made;
    return made.set("sekvensnummer", event.number).set("hendelse", std::move(about));
}

Value detailed(const Event& event) {
    Value change;
    change.set("entitet", event.part).set("entitetsendring", event.change);
    Value about = head_of(event);
    about.set("ajourholdstidspunkt", event.at);
    about.set("egenskapshendelse", Value::array().push(std::move(change)));
    Value made;
    made.set("dokumentidentifikator", event.document).set("skjemaversjon", "1.0");
    return made.set("hendelse", std::move(about));
}

}   // namespace gateway::folkeregister::standin
