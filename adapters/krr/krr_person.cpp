#include "adapters/krr/krr_person.hpp"

#include "adapters/krr/krr_dates.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace gateway::krr {

using json::Value;

namespace {

constexpr std::size_t text_bytes_max = 400;   // an e-mail address is at most 254

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return out;
}

bool is_operator_number(std::string_view text) {
    return text.size() == 9 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Reads one person, fault by fault.
class Reading {
public:
    Reading(const Value& entry, core::Time now) : entry_(entry), now_(now) {}

    Person run() {
        read_status();
        read_reservation();
        read_language();
        read_addresses();
        read_mailbox();
        person_.value.set("canNotify", can_notify_);
        return std::move(person_);
    }

private:
    void fault(const char* field) {
        if (person_.fault.empty()) {
            person_.fault = field;
        }
    }

    /// A text that may be missing, null or empty; anything else is a fault.
    std::string optional_text(const Value& object, const char* name) {
        const Value& value = object[name];
        if (!value.is_null() && !value.is_string()) {
            fault(name);
        }
        if (value.as_string().size() > text_bytes_max) {
            fault(name);
            return {};
        }
        return value.as_string();
    }

    void read_status() {
        const std::string status = lower(entry_["status"].as_string());
        person_.registered = status == "aktiv" || status == "slettet";
        active_ = status == "aktiv";
        if (active_) {
            person_.value.set("status", "active");
        } else if (status == "slettet") {
            person_.value.set("status", "deleted");
        } else if (status == "ikke_registrert") {
            person_.value.set("status", "not_registered");
        } else {
            fault("status");
        }
    }

    void read_reservation() {
        const std::string said = lower(entry_["reservasjon"].as_string());
        reserved_ = said == "ja";
        if (!reserved_ && said != "nei") {
            fault("reservasjon");   // never "not reserved" because it was not said
        }
        person_.value.set("reserved", reserved_).set("canNotify", false);
        const std::string notice = lower(entry_["varslingsstatus"].as_string());
        said_can_ = notice == "kan_varsles";
        said_can_not_ = notice == "kan_ikke_varsles";
        if (!said_can_ && !said_can_not_ && !entry_["varslingsstatus"].is_null()) {
            fault("varslingsstatus");
        }
    }

    void read_language() {
        const std::string language = lower(entry_["spraak"].as_string());
        constexpr std::array<std::string_view, 4> known{"nb", "nn", "en", "se"};
        if (std::find(known.begin(), known.end(), language) != known.end()) {
            person_.value.set("language", language);
        }
    }

    void read_addresses() {
        const Value& contact = entry_["kontaktinformasjon"];
        if (!contact.is_null() && !contact.is_object()) {
            fault("kontaktinformasjon");
        }
        read_address(contact, "epostadresse", "email", "address");
        read_address(contact, "mobiltelefonnummer", "mobile", "number");
    }

    void read_address(const Value& contact, const std::string& field, const char* ours,
                      const char* text_member) {
        const std::string text = optional_text(contact, field.c_str());
        if (text.empty()) {
            return;
        }
        Value address;
        address.set(text_member, text);
        const bool judged = active_ && !reserved_;
        const auto until = judged
                               ? notify_until(contact[field + "_oppdatert"].as_string(),
                                              contact[field + "_sist_verifisert"].as_string(), now_)
                               : std::nullopt;
        if (until) {
            address.set("notifyUntil", core::to_rfc3339(*until));
        }
        person_.value.set(ours, std::move(address));
        // Without a date the register's own word decides: it knows the dates.
        const bool usable = until ? now_ < *until : said_can_;
        if (!judged || said_can_not_ || !usable) {
            return;
        }
        can_notify_ = true;
        if (until) {
            person_.changes_at =
                person_.changes_at ? std::min(*person_.changes_at, *until) : *until;
        }
    }

    void read_mailbox() {
        const Value& post = entry_["digital_post"];
        if (!post.is_null() && !post.is_object()) {
            fault("digital_post");
        }
        const std::string address = optional_text(post, "postkasseadresse");
        const std::string number = optional_text(post, "postkasseleverandoeradresse");
        const Value& certificate = entry_["sertifikat"];
        if (!certificate.is_null() && !certificate.is_string()) {
            fault("sertifikat");
        }
        person_.certificate_text = certificate.as_string();
        if (address.empty() && number.empty()) {
            return;
        }
        if (address.empty() || !is_operator_number(number)) {
            fault("digital_post");   // half a mailbox: neither one nor none
            return;
        }
        Value mailbox;
        mailbox.set("address", address).set("operator", number);
        person_.value.set("mailbox", std::move(mailbox));
    }

    const Value& entry_;
    core::Time now_;
    Person person_;
    bool active_ = false;
    bool reserved_ = false;
    bool said_can_ = false;
    bool said_can_not_ = false;
    bool can_notify_ = false;
};

}   // namespace

Person read_person(const Value& entry, core::Time now) {
    return Reading(entry, now).run();
}

}   // namespace gateway::krr
