#include "adapters/svarut/svarut_shipment.hpp"

#include "adapters/svarut/svarut_noark.hpp"
#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace gateway::svarut {

using json::Value;

namespace {

constexpr std::size_t system_length_max = 100;
constexpr std::size_t correlation_length_max = 100;
constexpr std::string_view pdf = "application/pdf";

bool is_excluded(const Value& message, const std::string& name) {
    const auto& excluded = message["print"]["exclude"].items();
    return std::any_of(excluded.begin(), excluded.end(),
                       [&](const Value& one) { return one.as_string() == name; });
}

void set_text(Value& out, const char* name, const std::string& text) {
    if (!text.empty()) {
        out.set(name, text);
    }
}

bool is_norwegian(const Value& address) {
    return !address.has("country") || address["country"].as_string() == "NO";
}

/// Address lines and place, into `out`, by the names both versions have.
void set_address(Value& out, const Value& address) {
    static constexpr const char* names[] = {"adresselinje1", "adresselinje2", "adresselinje3"};
    const auto& lines = address["lines"].items();
    for (std::size_t i = 0; i < std::min(lines.size(), std::size(names)); ++i) {
        out.set(names[i], lines[i]);
    }
    out.set("poststed", address["city"]);
    set_text(out, "postnummer", address["postalCode"].as_string());
}

std::string digital_id(const Value& message) {
    const Value& recipient = message["recipient"];
    return recipient.has("person") ? recipient["person"].as_string()
                                   : recipient["organisation"].as_string();
}

std::string name_of(const Shipment& shipment) {
    const std::string& name = shipment.message["address"]["name"].as_string();
    if (!name.empty()) {
        return name;
    }
    const auto& route = shipment.route;
    return route.recipient_name.empty() ? digital_id(shipment.message) : route.recipient_name;
}

Value recipient_v3(const Shipment& shipment) {
    Value out;
    out.set("navn", name_of(shipment));
    if (shipment.plan.kind != Kind::print) {
        out.set("digitalId", digital_id(shipment.message));
    }
    const Value& address = shipment.message["address"];
    if (!address["lines"].items().empty()) {
        Value postal = Value::object();
        set_address(postal, address);
        if (!is_norwegian(address)) {
            postal.set("landkode", address["country"]);
        }
        out.set("adresse", std::move(postal));
    }
    return out;
}

Value recipient_v2(const Shipment& shipment) {
    Value out;
    out.set("navn", name_of(shipment));
    if (shipment.plan.kind != Kind::print) {
        out.set("digitalId", digital_id(shipment.message));
    }
    set_address(out, shipment.message["address"]);
    return out;
}

Value reply_address(const RouteSettings& route, bool v2) {
    const Value& to = route.reply_to;
    Value address = Value::object();
    address.set("adresselinje1", to["line"]).set("poststed", to["city"]);
    set_text(address, "postnummer", to["postal_code"].as_string());
    Value out;
    out.set("navn", to["name"]).set("digitalId", to["organisation"]);
    if (!v2) {
        out.set("adresse", std::move(address));
        return out;
    }
    for (const auto& [name, value] : address.members()) {
        out.set(name, value);
    }
    return out;
}

/// The message's own links, else the route's.
Value links_of(const Shipment& shipment) {
    Value out = Value::array();
    for (const auto& one : shipment.message["links"].items()) {
        Value link;
        link.set("url", one["url"]).set("tekst", one["text"]);
        set_text(link, "ledetekst", one["leadIn"].as_string());
        out.push(std::move(link));
    }
    if (!out.items().empty()) {
        return out;
    }
    for (const auto& one : shipment.route.links.items()) {
        Value link;
        link.set("url", one["url"]).set("tekst", one["text"]);
        set_text(link, "ledetekst", one["lead_in"].as_string());
        out.push(std::move(link));
    }
    return out;
}

Value documents_of(const Shipment& shipment) {
    const Plan& plan = shipment.plan;
    Value out = Value::array();
    for (const std::size_t place : shipment.files) {
        const auto& document = shipment.delivery->documents[place];
        const Value& said = shipment.message["documents"].items()[place];
        Value one;
        one.set("filnavn", document.name).set("mimeType", document.media_type);
        if (plan.kind == Kind::organisation || plan.colour) {
            set_text(one, "dokumentType", said["documentType"].as_string());
        }
        const bool left_out =
            is_excluded(shipment.message, document.name) || document.media_type != pdf;
        if (plan.kind != Kind::print && plan.may_be_printed() && left_out) {
            one.set("skalEkskluderesFraUtskrift", true);
        }
        if (plan.signing && place == 0) {
            one.set("skalSigneres", true);
        }
        out.push(std::move(one));
    }
    return out;
}

Value person_name(const Value& given) {
    Value out;
    out.set("fornavn", given["givenName"]);
    set_text(out, "mellomnavn", given["middleName"].as_string());
    out.set("etternavn", given["familyName"]);
    return out;
}

void set_health_network(Value& out, const Shipment& shipment) {
    const Value& nhn = shipment.message["recipient"]["nhn"];
    const Value& patient = nhn["patient"];
    if (nhn.has("herId")) {
        const std::string& text = nhn["herId"].as_string();
        std::int64_t number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number);
        out.set("mottakertype", "HER_ID").set("mottakerHerId", number);
    } else {
        out.set("mottakertype", "FASTLEGE");
    }
    Value who;
    who.set("fodselsnummer", nhn.has("gpOf") ? nhn["gpOf"] : patient["person"]);
    const Value named = person_name(patient);
    for (const auto& [name, value] : named.members()) {
        who.set(name, value);
    }
    out.set("pasient", std::move(who));
    const Value& own = shipment.message["sender"]["person"];
    Value contact = Value::object();
    if (own.is_object()) {
        contact = person_name(own);
        contact.set("telefonnummer", own["telephone"]);
    } else {
        const Value& configured = shipment.route.contact;
        contact.set("fornavn", configured["given_name"]);
        contact.set("etternavn", configured["family_name"]);
        contact.set("telefonnummer", configured["telephone"]);
    }
    out.set("avsenderKontakt", std::move(contact));
    set_text(out, "beskrivelse", shipment.message["summary"].as_string());
}

const char* signature_name(const RouteSettings& route) {
    return route.sign["kind"].as_string() == "advanced" ? "AVANSERT_SIGNATUR"
                                                        : "AUTENTISERT_SIGNATUR";
}

std::string signing_ends(const RouteSettings& route, core::Time now) {
    return core::to_rfc3339(now + std::chrono::hours(24 * route.sign["days"].as_int()));
}

/// What both versions and all kinds of recipients have in common.
Value common_part(const Shipment& shipment) {
    Value out;
    out.set("tittel", shipment.message["title"]);
    const std::string system = shipment.delivery->system.value.substr(0, system_length_max);
    set_text(out, "avgivendeSystem", system);
    set_text(out, "konteringskode", shipment.message["costAccount"].as_string());
    out.set("eksternReferanse", shipment.reference());
    const std::string& own = shipment.message["reference"].as_string();
    if (json::utf8_length(own) <= correlation_length_max) {
        set_text(out, "korrelasjonsid", own);
    }
    if (shipment.plan.encrypted) {
        out.set("kryptert", true);
    }
    return out;
}

void set_organisation_part(Value& out, const Shipment& shipment) {
    const auto& route = shipment.route;
    const std::string& category = shipment.message["category"].as_string();
    set_text(out, "forsendelsestype", category.empty() ? route.shipment_type : category);
    if (route.confidential_post) {
        out.set("taushetsbelagtPost", true);
    }
    const Value& archive = shipment.message["archive"];
    if (archive["forImport"].is_object()) {
        out.set("metadataForImport", noark_of(archive["forImport"], NoarkPart::for_import));
    }
    if (archive["fromSender"].is_object()) {
        out.set("metadataFraAvleverendeSystem",
                noark_of(archive["fromSender"], NoarkPart::from_sender));
    }
}

Value describe_v2(const Shipment& shipment, core::Time now) {
    const Plan& plan = shipment.plan;
    Value out = common_part(shipment);
    out.set("mottaker", recipient_v2(shipment));
    Value print;
    print.set("utskriftMedFarger", true);
    print.set("tosidig", shipment.message["print"]["duplex"].as_bool(true));
    out.set("utskriftskonfigurasjon", std::move(print));
    if (plan.highest_level && plan.kind != Kind::print) {
        out.set("krevNiva4Innlogging", true);
    }
    if (plan.kind == Kind::organisation) {
        set_organisation_part(out, shipment);
    }
    if (shipment.route.reply_to.is_object()) {
        out.set("svarSendesTil", reply_address(shipment.route, true));
        if (shipment.message["reply"]["wanted"].as_bool()) {
            out.set("svarPaForsendelseLink", true);
        }
    }
    set_text(out, "svarPaForsendelse", shipment.message["reply"]["answers"].as_string());
    if (plan.signing) {
        out.set("signeringUtloper", signing_ends(shipment.route, now));
        out.set("signaturType", signature_name(shipment.route));
    }
    out.set("dokumenter", documents_of(shipment));
    auto links = links_of(shipment);
    if (!links.items().empty()) {
        out.set("lenker", std::move(links));
    }
    return out;
}

Value describe_v3(const Shipment& shipment, core::Time now) {
    const Plan& plan = shipment.plan;
    Value out = common_part(shipment);
    set_text(out, "svarPaForsendelseId", shipment.message["reply"]["answers"].as_string());
    if (plan.kind == Kind::nhn) {
        set_health_network(out, shipment);
        return out;
    }
    out.set("mottaker", recipient_v3(shipment));
    if (plan.may_be_printed()) {
        Value print;
        print.set("tosidig", shipment.message["print"]["duplex"].as_bool(true));
        out.set("utskriftskonfigurasjon", std::move(print));
    }
    if (shipment.route.reply_to.is_object()) {
        out.set("svarSendesTil", reply_address(shipment.route, false));
    }
    out.set("dokumenter", documents_of(shipment));
    if (plan.kind == Kind::print) {
        return out;
    }
    if (plan.digital_only) {
        out.set("kunDigitalLevering", true);
    }
    out.set("sikkerhetsniva", plan.highest_level ? "HOYESTE" : "BETYDELIG");
    if (shipment.message["reply"]["wanted"].as_bool()) {
        out.set("kanSvareViaEdialog", true);
    }
    auto links = links_of(shipment);
    if (!links.items().empty()) {
        out.set("lenker", std::move(links));
    }
    if (plan.kind == Kind::organisation) {
        set_organisation_part(out, shipment);
    }
    if (plan.signing) {
        Value sign;
        sign.set("signeringUtloper", signing_ends(shipment.route, now));
        sign.set("signaturType", signature_name(shipment.route));
        out.set("signering", std::move(sign));
    }
    return out;
}

}   // namespace

Plan plan_of(const Value& message, const RouteSettings& route) {
    const Value& recipient = message["recipient"];
    Plan plan;
    if (recipient.has("nhn")) {
        plan.kind = Kind::nhn;
    } else if (route.way == Way::print) {
        plan.kind = Kind::print;
    } else if (recipient.has("organisation")) {
        plan.kind = Kind::organisation;
    }
    // Someone at a graded address, or a sender who says so, keeps it off paper in any route.
    plan.digital_only = plan.kind != Kind::print && plan.kind != Kind::nhn &&
                        (route.way == Way::digital || message["mustBe"].as_string() == "digital" ||
                         message["confidentiality"]["gradedAddress"].as_bool());
    const auto level =
        std::max<std::int64_t>(message["securityLevel"].as_int(3), route.security_level);
    plan.highest_level = level == 4;
    plan.encrypted = plan.highest_level;
    plan.colour = message["print"]["colour"].as_bool() && plan.may_be_printed() &&
                  is_norwegian(message["address"]);
    plan.signing = plan.kind == Kind::person && route.sign.is_object();
    return plan;
}

std::vector<std::size_t> files_of(const Value& message, const Plan& plan) {
    const auto& given = message["documents"].items();
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (plan.kind != Kind::print || !is_excluded(message, given[i]["name"].as_string())) {
            places.push_back(i);
        }
    }
    return places;
}

std::optional<Shipment> read_shipment(const core::Delivery& delivery, const Settings& settings) {
    const auto content = json::parse(delivery.content);
    const auto with = json::parse(delivery.settings);
    if (!content || !with) {
        return std::nullopt;
    }
    Shipment shipment;
    shipment.delivery = &delivery;
    shipment.message = *content;
    shipment.route = read_route(*with);
    shipment.plan = plan_of(*content, shipment.route);
    shipment.account = account_of(settings, shipment.route, delivery.tenant);
    shipment.files = files_of(*content, shipment.plan);
    if ((*content)["documents"].items().size() != delivery.documents.size() ||
        shipment.files.empty()) {
        return std::nullopt;
    }
    return shipment;
}

Value describe(const Shipment& shipment, core::Time now) {
    return shipment.plan.colour ? describe_v2(shipment, now) : describe_v3(shipment, now);
}

}   // namespace gateway::svarut
