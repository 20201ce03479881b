#include "adapters/krr/standin/answer.hpp"

#include "adapters/common/standin/jose.hpp"

#include <algorithm>

namespace gateway::krr::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr int days_of_eighteen_months = 548;
constexpr int reserved_days = 200;
constexpr int language_days = 400;

bool has(const std::vector<std::string>& scopes, std::string_view scope) {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

/// Both forms that are seen: an offset of hours alone, and Z; a person's are all of one form.
std::string time_text(core::Time now, std::int64_t days, bool zulu) {
    const core::Time time = now - std::chrono::days(days);
    const core::Time shown = zulu ? time : time + std::chrono::hours(2);
    const std::string text = core::to_rfc3339(shown).substr(0, 19);
    return text + (zulu ? "Z" : "+02");
}

bool is_zulu(const std::string& number) {
    return (number.back() - '0') % 2 == 0;
}

bool holds(const Value& address) {
    return !address.is_null() &&
           std::min(address["updated_days"].as_int(), address["verified_days"].as_int()) <
               days_of_eighteen_months;
}

void add_address(Value& contact, const std::string& name, const Value& address, const char* member,
                 core::Time now, bool zulu) {
    if (address.is_null()) {
        return;
    }
    contact.set(name, address[member]);
    contact.set(name + "_oppdatert", time_text(now, address["updated_days"].as_int(), zulu));
    contact.set(name + "_sist_verifisert", time_text(now, address["verified_days"].as_int(), zulu));
}

}   // namespace

Asker::Asker(const std::vector<std::string>& scopes)
    : contact(has(scopes, contact_scope)), post(has(scopes, post_scope)) {}

Value Answers::person(const std::string& number, const Value& known, const Asker& asker,
                      core::Time now) const {
    const bool zulu = is_zulu(number);
    const std::string status = known.is_null() ? "IKKE_REGISTRERT" : known["status"].as_string();
    const bool active = status == "AKTIV";
    const bool reserved = known["reserved"].as_bool();
    Value out;
    out.set("personidentifikator", number).set("reservasjon", reserved ? "JA" : "NEI");
    if (reserved) {
        out.set("reservasjonstidspunkt", time_text(now, reserved_days, zulu));
        out.set("reservasjon_oppdatert", time_text(now, reserved_days, zulu));
    }
    out.set("status", status);
    if (asker.contact) {
        const bool can = active && !reserved && (holds(known["email"]) || holds(known["mobile"]));
        out.set("varslingsstatus", can ? "KAN_VARSLES" : "KAN_IKKE_VARSLES");
    }
    if (asker.contact && active && (known.has("email") || known.has("mobile"))) {
        Value contact;
        add_address(contact, "epostadresse", known["email"], "address", now, zulu);
        add_address(contact, "mobiltelefonnummer", known["mobile"], "number", now, zulu);
        out.set("kontaktinformasjon", std::move(contact));
    }
    if (asker.post && active && known.has("mailbox")) {
        const std::string& whose = known["mailbox"]["operator"].as_string();
        Value post;
        post.set("postkasseadresse", known["mailbox"]["address"]);
        post.set("postkasseleverandoeradresse", whose);
        out.set("digital_post", std::move(post)).set("sertifikat", certificate_of(whose));
    }
    if (asker.contact && active && known.has("language")) {
        out.set("spraak", known["language"]);
        out.set("spraak_oppdatert", time_text(now, language_days, zulu));
    }
    return out;
}

Value Answers::print() const {
    for (const kit::Operator& each : kit::operators) {
        if (each.prints) {
            Value out;
            out.set("postkasseleverandoerAdresse", each.organisation);
            out.set("x509Sertifikat", certificate_of(each.organisation));
            return out;
        }
    }
    return Value::object();
}

std::string Answers::certificate_of(const std::string& organisation) const {
    const kit::Issued* issued = certificates_.find(organisation);
    if (issued == nullptr) {
        return {};   // an operator that a test made up
    }
    return form_ == CertificateForm::pem ? issued->certificate.pem()
                                         : kit::base64(issued->certificate.der());
}

}   // namespace gateway::krr::standin
