#include "adapters/svarut/standin/rules.hpp"

#include "gateway/core/ids.hpp"

#include <algorithm>
#include <set>

namespace gateway::svarut::standin {

using json::Value;

namespace {

constexpr std::uint64_t print_bytes_max = 350'000'000;
constexpr std::uint64_t nhn_bytes_max = 18'000'000;
constexpr std::chrono::hours signing_least{24};
constexpr const char* pdf = "application/pdf";

bool may_be_printed(const Value& order, const std::string& kind) {
    return kind == "print" || (kind != "nhn" && !order["kunDigitalLevering"].as_bool());
}

/// Names unique, formats printable where it may be printed, one document at most to be signed.
std::optional<std::string> documents_objection(const Value& order, const std::string& kind) {
    std::set<std::string> names;
    int signed_ones = 0;
    for (const auto& one : order["dokumenter"].items()) {
        if (!names.insert(one["filnavn"].as_string()).second) {
            return "Filnavn må være unike";
        }
        const bool is_pdf = one["mimeType"].as_string() == pdf;
        const bool excluded = one["skalEkskluderesFraUtskrift"].as_bool();
        if (may_be_printed(order, kind) && !is_pdf && !excluded) {
            return "Kun application/pdf kan printes";
        }
        if (one["skalSigneres"].as_bool()) {
            ++signed_ones;
            if (!is_pdf) {
                return "Kun application/pdf kan signeres";
            }
        }
    }
    if (signed_ones > 1) {
        return "Kun ett dokument kan signeres";
    }
    if (signed_ones == 1 && !order["signering"].is_object() && !order.has("signaturType")) {
        return "Signering krever utløpstid og signaturtype";
    }
    return std::nullopt;
}

std::optional<std::string> recipient_objection(const Value& order, const std::string& kind) {
    const std::string& id = order["mottaker"]["digitalId"].as_string();
    if (kind == "person" && !core::is_person_number(id)) {
        return "Mottaker har ikke et gyldig fødselsnummer";
    }
    if (kind == "organisasjon" && !core::is_organisation_number(id)) {
        return "Mottaker har ikke et gyldig organisasjonsnummer";
    }
    if (kind == "nhn" && order["mottakertype"].as_string() == "HER_ID" &&
        !order.has("mottakerHerId")) {
        return "mottakerHerId er påkrevd";
    }
    if (kind == "nhn" && !core::is_person_number(order["pasient"]["fodselsnummer"].as_string())) {
        return "Pasienten har ikke et gyldig fødselsnummer";
    }
    return std::nullopt;
}

}   // namespace

std::string kind_of_v2(const Value& order) {
    const std::size_t digits = order["mottaker"]["digitalId"].as_string().size();
    return digits == 11 ? "person" : digits == 9 ? "organisasjon" : "print";
}

std::string recipient_of(const Value& order, const std::string& kind) {
    if (kind != "nhn") {
        return order["mottaker"]["digitalId"].as_string();
    }
    return order["mottakertype"].as_string() == "HER_ID"
               ? std::to_string(order["mottakerHerId"].as_int())
               : order["pasient"]["fodselsnummer"].as_string();
}

std::optional<std::string> order_objection(const Value& order, const std::string& kind,
                                           core::Time now) {
    if (const auto wrong = recipient_objection(order, kind)) {
        return wrong;
    }
    const bool highest =
        order["sikkerhetsniva"].as_string() == "HOYESTE" || order["krevNiva4Innlogging"].as_bool();
    if (highest && !order["kryptert"].as_bool()) {
        return "Dokumentene må krypteres når høyeste sikkerhetsnivå kreves";
    }
    if (order["kanSvareViaEdialog"].as_bool() &&
        !core::is_organisation_number(order["svarSendesTil"]["digitalId"].as_string())) {
        return "svarSendesTil må ha et gyldig organisasjonsnummer";
    }
    const auto ends = core::parse_rfc3339(order["signering"]["signeringUtloper"].as_string());
    if (ends && *ends < now + signing_least) {
        return "signeringUtloper må være minimum én dag frem i tid";
    }
    return documents_objection(order, kind);
}

std::optional<std::string> files_objection(const Shipment& shipment) {
    std::uint64_t printed = 0;
    for (const auto& one : shipment.documents) {
        if (one.size == 0) {
            return "Dokumentet er tomt";
        }
        printed += one.media_type == pdf ? one.size : 0;
    }
    if (shipment.kind == "nhn") {
        if (shipment.documents.size() != 1) {
            return "Nøyaktig ett vedlegg kan sendes til helsenettet";
        }
        if (shipment.documents.front().size > nhn_bytes_max) {
            return "Vedlegget er større enn 18 MB";
        }
    }
    if (may_be_printed(shipment.order, shipment.kind) && printed > print_bytes_max) {
        return "Dokumentene er større enn 350 MB til sammen";
    }
    return std::nullopt;
}

}   // namespace gateway::svarut::standin
