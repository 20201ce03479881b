#include "adapters/folkeregister/freg_parts.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace gateway::folkeregister {
namespace {

struct Need {
    std::string_view field;
    std::string_view part;
};

constexpr std::array<Need, 26> needs{{{"status", "status"},
                                      {"names", "navn"},
                                      {"birthDate", "foedsel"},
                                      {"deathDate", "doedsfall"},
                                      {"gender", "kjoenn"},
                                      {"addresses", "bostedsadresse"},
                                      {"addresses", "oppholdsadresse"},
                                      {"addresses", "postadresse"},
                                      {"addresses", "postadresseIUtlandet"},
                                      {"addresses.residence", "bostedsadresse"},
                                      {"addresses.stay", "oppholdsadresse"},
                                      {"addresses.postal", "postadresse"},
                                      {"addresses.postal", "postadresseIUtlandet"},
                                      {"addresses.contact", "bostedsadresse"},
                                      {"addresses.contact", "oppholdsadresse"},
                                      {"addresses.contact", "postadresse"},
                                      {"addresses.contact", "postadresseIUtlandet"},
                                      {"municipality", "bostedsadresse"},
                                      {"citizenships", "statsborgerskap"},
                                      {"maritalStatus", "sivilstand"},
                                      {"family", "familierelasjon"},
                                      {"custody", "foreldreansvar"},
                                      {"nationalIds", "identifikasjonsnummer"},
                                      {"language", "brukAvSamiskSpraak"},
                                      {"protection", "adressebeskyttelse"},
                                      // Who it is told of is checked by it, whatever is asked for.
                                      {"", "identifikasjonsnummer"}}};

}   // namespace

std::vector<std::string> parts_of(const std::vector<std::string>& fields) {
    std::set<std::string> parts;
    for (const Need& need : needs) {
        if (need.field.empty() || fields.empty() ||
            std::find(fields.begin(), fields.end(), need.field) != fields.end()) {
            parts.emplace(need.part);
        }
    }
    return {parts.begin(), parts.end()};
}

}   // namespace gateway::folkeregister
