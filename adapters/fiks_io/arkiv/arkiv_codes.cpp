#include "adapters/fiks_io/arkiv/arkiv_codes.hpp"

#include "adapters/fiks_io/arkiv/arkiv_intents.hpp"
#include "gateway/seal/zip_names.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace gateway::fiks_io::arkiv {
namespace {

struct CodeList {
    std::string_view name;
    std::string_view values;   // apart by spaces
};

constexpr std::array<CodeList, 9> lists{{
    {"avskrivningsmaate", "BU BE TLF TE TO"},
    {"dokumentstatus", "B F"},
    {"dokumenttype", "SØKNAD MELDING KORR KART FOTO TEGNING ANSVKONTO TILSYN "
                     "AVTALE VEDTAK SAKSFRAMLEGG FERDIGATTEST PLANBESKR PLANKART "
                     "PLANBEST PLANPROG JURILLUST ILLUST KONSUTR KUNNGJ RAPPORT "
                     "ROS-ANALYSE UTREDNING UTTALELSE INNSIGELSE KLAGE TEGNFKL "
                     "GEOREFPLAN DOKUMENT NOTAT ANALYSE FAKTURA LYD VIDEO "
                     "PROTOKOLL VEDLEGG"},
    {"journalstatus", "J F G E A U M S R"},
    {"korrespondanseparttype", "EA EM EK GM IA IM IK"},
    {"merknadstype", "MS ML MA"},
    {"partrolle", "K P F A"},
    {"saksstatus", "B A U R S P F"},
    {"variantformat", "P A O S"},
}};

std::string without_blanks(std::string_view text) {
    std::string kept;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            kept += c;
        }
    }
    return seal::folded_name(kept);
}

}   // namespace

std::string_view meant_code(std::string_view list, std::string_view code) {
    const auto* const found = std::find_if(lists.begin(), lists.end(),
                                           [&](const CodeList& one) { return one.name == list; });
    if (found == lists.end() || has_word(found->values, code)) {
        return {};
    }
    const std::string said = without_blanks(code);
    std::string_view rest = found->values;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        if (without_blanks(rest.substr(0, end)) == said) {
            return rest.substr(0, end);
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

}   // namespace gateway::fiks_io::arkiv
