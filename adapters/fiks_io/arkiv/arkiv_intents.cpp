#include "adapters/fiks_io/arkiv/arkiv_intents.hpp"

#include "gateway/core/assert.hpp"

#include <algorithm>
#include <array>

namespace gateway::fiks_io::arkiv {
namespace {

constexpr std::string_view create = "arkivering.arkivmelding.opprett";
constexpr std::string_view change = "arkivering.arkivmelding.oppdater";
constexpr std::string_view xml_name = "arkivmelding.xml";

constexpr std::array<IntentFacts, 13> intents{{
    {Intent::create, "new", create, xml_name, "case record documents rule", ""},
    {Intent::by_id, "byId", create, xml_name, "record documents rule target", "case"},
    {Intent::by_external_key, "byExternalKey", create, xml_name, "record documents rule target",
     "case"},
    {Intent::search_or_create, "searchOrNew", create, xml_name, "case record documents rule", ""},
    {Intent::update, "update", change, xml_name, "case record document remove target", "any"},
    {Intent::close, "close", change, xml_name, "case target", "case"},
    {Intent::new_version, "newVersion", "arkivering.dokumentobjekt.opprett",
     "dokumentobjekt-opprett.xml", "documents target", "document"},
    {Intent::follow_up, "followUp", "arkivering.avskrivning.opprett", "avskrivning-opprett.xml",
     "followUp target", "record"},
    {Intent::take_back, "followUp", "arkivering.avskrivning.slett", "avskrivning-slett.xml",
     "followUp target", "record"},
    {Intent::search, "search", "innsyn.sok", "sok.xml", "search", ""},
    {Intent::fetch_case, "fetchCase", "innsyn.mappe.hent", "mappe-hent.xml", "fetch target",
     "case"},
    {Intent::fetch_record, "fetchRecord", "innsyn.registrering.hent", "registrering-hent.xml",
     "fetch target", "record"},
    {Intent::fetch_file, "fetchFile", "innsyn.dokumentfil.hent", "dokumentfil-hent.xml", "target",
     "file"},
}};

}   // namespace

std::optional<Intent> intent_of(const json::Value& message) {
    const auto& name = message["intent"].as_string();
    const auto* const found = std::find_if(
        intents.begin(), intents.end(), [&](const IntentFacts& one) { return one.name == name; });
    if (found == intents.end()) {
        return std::nullopt;
    }
    const bool takes_back =
        found->intent == Intent::follow_up && message["followUp"]["action"].as_string() == "remove";
    return takes_back ? Intent::take_back : found->intent;
}

const IntentFacts& facts_of(Intent intent) {
    const auto* const found =
        std::find_if(intents.begin(), intents.end(),
                     [&](const IntentFacts& one) { return one.intent == intent; });
    GATEWAY_ASSERT(found != intents.end());
    return *found;
}

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == word) {
            return true;
        }
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

}   // namespace gateway::fiks_io::arkiv
