#include "gateway/app/cli/client/person_words.hpp"

#include <array>

namespace gateway::app::client {
namespace {

struct Said {
    const char* nb;
    const char* nn;
    const char* en;

    std::string_view in(texts::Language language) const {
        return language == texts::Language::en ? en : language == texts::Language::nn ? nn : nb;
    }
};

// In the order of PersonWord.
constexpr std::array<Said, static_cast<std::size_t>(PersonWord::count)> words{{
    {"Innsyn i det som er lagret om deg", "Innsyn i det som er lagra om deg",
     "What is held about you"},
    {"Her står hva Sluse har lagret om deg for kommunen, hvor det kommer fra, og hvem som har fått "
     "se det, hvorfor og når.",
     "Her står kva Sluse har lagra om deg for kommunen, kvar det kjem frå, og kven som har fått "
     "sjå "
     "det, kvifor og når.",
     "This is what Sluse holds about you for the municipality, where it comes from, and who got to "
     "see it, why and when."},
    {"Person", "Person", "Person"},
    {"Kommunens organisasjonsnummer", "Organisasjonsnummeret til kommunen",
     "The municipality's organisation number"},
    {"Saksnøkkel i loggen", "Nøkkel i loggen", "Handle in the log"},
    {"Laget", "Laga", "Made"},
    {"Kjent siden", "Kjend sidan", "Known since"},
    {"Alt som var lagret, er slettet. Bare loggen er igjen.",
     "Alt som var lagra, er sletta. Berre loggen er att.",
     "All that was held is erased. Only the log is left."},
    {"Sletting er stanset inntil videre, fordi noe må tas vare på.",
     "Sletting er stansa inntil vidare, fordi noko må takast vare på.",
     "Erasure is stopped for the time being, since something must be kept."},
    {"Dette er lagret", "Dette er lagra", "What is held"},
    {"Ingenting er lagret nå.", "Ingenting er lagra no.", "Nothing is held now."},
    {"Kilde", "Kjelde", "Source"},
    {"Ansvarlig for opplysningen", "Ansvarleg for opplysninga", "Authority"},
    {"Rettslig grunnlag", "Rettsleg grunnlag", "Legal basis"},
    {"Hentet for", "Henta for", "Fetched for"},
    {"Hentet", "Henta", "Fetched"},
    {"Gjelder til", "Gjeld til", "Valid until"},
    {"Registrert hos kilden", "Registrert hos kjelda", "Registered at its source"},
    {"Slettes senest etter", "Blir sletta etter", "Erased after"},
    {"Kilden kjenner ikke personen.", "Kjelda kjenner ikkje personen.",
     "Its source does not know the person."},
    {"Lagret her", "Lagra her", "Written here"},
    {"Rettet lokalt", "Retta lokalt", "Corrected locally"},
    {"Rettet av", "Retta av", "Corrected by"},
    {"Gjelder til", "Gjeld til", "Until"},
    {"Hvem som har sett eller gjort noe", "Kven som har sett eller gjort noko",
     "Who saw or did something"},
    {"Eldste først. Også dette innsynet står her.", "Eldste først. Også dette innsynet står her.",
     "Oldest first. This report is among them."},
    {"Når", "Når", "When"},
    {"Hva", "Kva", "What"},
    {"Hvem", "Kven", "Who"},
    {"Hvorfor", "Kvifor", "Why"},
    {"Hvilke opplysninger", "Kva opplysningar", "Which data"},
    {"Forklaring", "Forklaring", "Explanation"},
    {"Sak", "Sak", "Case"},
    {"Sluse, automatisk", "Sluse, automatisk", "Sluse, by itself"},
    {"Driftsansvarlig: ", "Driftsansvarleg: ", "Operator: "},
    {"Brev til og fra deg står ikke her; dem finner kommunen i arkivet.",
     "Brev til og frå deg står ikkje her; dei finn kommunen i arkivet.",
     "Letters to and from you are not here; the municipality finds them in its archive."},
    {"ja", "ja", "yes"},
    {"nei", "nei", "no"},
    {"Følsomhet", "Kor følsamt", "Sensitivity"},
    {"åpne opplysninger", "opne opplysningar", "open data"},
    {"vanlige personopplysninger", "vanlege personopplysningar", "ordinary personal data"},
    {"opplysninger med særlig vern", "opplysningar med særleg vern", "specially protected data"},
}};

struct Named {
    const char* name;
    Said said;
};

constexpr Named kinds[] = {
    {"read", {"Lest", "Lese", "Read"}},
    {"refused", {"Avvist", "Avvist", "Refused"}},
    {"told", {"Varslet om", "Varsla om", "Told of"}},
    {"published", {"Lagret", "Lagra", "Published"}},
    {"corrected", {"Rettet", "Retta", "Corrected"}},
    {"erased", {"Slettet", "Sletta", "Erased"}},
    {"held", {"Sletting stanset eller tillatt", "Sletting stansa eller tillaten", "Legal hold"}},
    {"log_read", {"Så i loggen", "Såg i loggen", "Read the log"}},
    {"reported", {"Laget innsyn", "Laga innsyn", "Made this report"}},
};

constexpr Named fields[] = {
    {"status", {"Status", "Status", "Status"}},
    {"names", {"Navn", "Namn", "Names"}},
    {"first", {"Fornavn", "Førenamn", "First name"}},
    {"middle", {"Mellomnavn", "Mellomnamn", "Middle name"}},
    {"last", {"Etternavn", "Etternamn", "Last name"}},
    {"short", {"Kort navn", "Kort namn", "Short name"}},
    {"birthDate", {"Fødselsdato", "Fødselsdato", "Date of birth"}},
    {"deathDate", {"Dødsdato", "Dødsdato", "Date of death"}},
    {"gender", {"Kjønn", "Kjønn", "Gender"}},
    {"addresses", {"Adresser", "Adresser", "Addresses"}},
    {"residence", {"Bostedsadresse", "Bustadadresse", "Residence"}},
    {"postal", {"Postadresse", "Postadresse", "Postal address"}},
    {"contact", {"Oppholdsadresse", "Opphaldsadresse", "Contact address"}},
    {"graded", {"Gradert", "Gradert", "Graded"}},
    {"protection", {"Adressebeskyttelse", "Adressevern", "Protection of addresses"}},
    {"street", {"Gateadresse", "Gateadresse", "Street"}},
    {"postalCode", {"Postnummer", "Postnummer", "Postal code"}},
    {"city", {"Poststed", "Poststad", "City"}},
    {"country", {"Land", "Land", "Country"}},
    {"municipality", {"Kommune", "Kommune", "Municipality"}},
    {"citizenships", {"Statsborgerskap", "Statsborgarskap", "Citizenships"}},
    {"maritalStatus", {"Sivilstand", "Sivilstand", "Marital status"}},
    {"family", {"Familie", "Familie", "Family"}},
    {"children", {"Barn", "Barn", "Children"}},
    {"parents", {"Foreldre", "Foreldre", "Parents"}},
    {"spouse", {"Ektefelle", "Ektefelle", "Spouse"}},
    {"custody", {"Foreldreansvar", "Foreldreansvar", "Custody"}},
    {"nationalIds", {"Fødselsnummer", "Fødselsnummer", "National ids"}},
    {"current", {"Nå", "No", "Current"}},
    {"former", {"Tidligere", "Tidlegare", "Former"}},
    {"language", {"Språk", "Språk", "Language"}},
    {"email", {"E-post", "E-post", "E-mail"}},
    {"mobile", {"Mobil", "Mobil", "Mobile"}},
    {"number", {"Nummer", "Nummer", "Number"}},
    {"address", {"Adresse", "Adresse", "Address"}},
    {"reserved",
     {"Reservert mot digital post", "Reservert mot digital post", "Reserved against digital post"}},
};

template <std::size_t Size>
std::string find_in(const Named (&table)[Size], std::string_view name, texts::Language language) {
    for (const auto& one : table) {
        if (name == one.name) {
            return std::string(one.said.in(language));
        }
    }
    return std::string(name);
}

}   // namespace

std::string_view word(PersonWord which, texts::Language language) {
    return words[static_cast<std::size_t>(which)].in(language);
}

std::string kind_word(std::string_view kind, texts::Language language) {
    return find_in(kinds, kind, language);
}

std::string field_word(std::string_view member, texts::Language language) {
    return find_in(fields, member, language);
}

}   // namespace gateway::app::client
