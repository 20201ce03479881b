// Addresses: of a street, of a property, of a post box, in free form, abroad; each with its
// grading.

#include "adapters/folkeregister/freg_person.hpp"

#include <algorithm>
#include <cctype>

namespace gateway::folkeregister {

using json::Value;
using registers::Fields;
using registers::set_text;

namespace {

constexpr std::size_t lines_max = 10;

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return made;
}

/// Reads one address, whichever of its forms it has.
class Reading {
public:
    Reading(Fields& fields, const Value& element, const char* part)
        : fields_(fields), element_(element), part_(part) {}

    /// False: of no form.
    bool run() {
        const bool found = street() || property() || unknown() || post_box() || free_form() ||
                           abroad() || free_form_abroad();
        if (found) {
            set_text(made_, "since", since());
        }
        return found;
    }
    Value take() {
        Value made;
        made.set("lines", std::move(lines_));
        for (auto& [name, value] : made_.members()) {
            made.set(name, value);
        }
        return made;
    }

private:
    /// One of the forms; null when the address has another.
    const Value& form(const char* name) {
        const Value& found = element_[name];
        if (!found.is_null() && !found.is_object()) {
            fields_.fault(part_);
        }
        return found.is_object() ? found : nothing_;
    }

    void line(const std::string& text) {
        if (!text.empty() && lines_.items().size() < lines_max) {
            lines_.push(text);
        }
    }

    void place(const Value& form) {
        const Value& post = form["poststed"];
        if (post.is_object()) {
            set_text(made_, "postalCode", fields_.text(post, "postnummer"));
            set_text(made_, "city", fields_.text(post, "poststedsnavn"));
        }
        set_text(made_, "careOf", fields_.text(form, "coAdressenavn"));
    }

    bool street() {
        const Value& form = this->form("vegadresse");
        if (form.is_null()) {
            return false;
        }
        const Value& number = form["adressenummer"];
        std::string text = fields_.text(form, "adressenavn");
        const std::string house = number["husnummer"].is_int()
                                      ? std::to_string(number["husnummer"].as_int())
                                      : fields_.text(number, "husnummer");
        text += (house.empty() ? "" : " " + house);
        const std::string letter = fields_.text(number, "husbokstav");
        line(fields_.text(form, "adressetilleggsnavn"));
        line(text + (letter.empty() ? "" : " " + letter));
        set_text(made_, "municipality", fields_.text(form, "kommunenummer"));
        place(form);
        return true;
    }

    bool property() {
        const Value& form = this->form("matrikkeladresse");
        if (form.is_null()) {
            return false;
        }
        line(fields_.text(form, "adressetilleggsnavn"));
        set_text(made_, "municipality", fields_.text(form["matrikkelnummer"], "kommunenummer"));
        place(form);
        return true;
    }

    bool unknown() {
        const Value& form = this->form("ukjentBosted");
        if (form.is_null()) {
            return false;
        }
        made_.set("unknown", true);
        set_text(made_, "municipality", fields_.text(form, "bostedskommune"));
        return true;
    }

    bool post_box() {
        const Value& form = this->form("postboksadresse");
        if (form.is_null()) {
            return false;
        }
        const std::string box = fields_.text(form, "postboks");
        line(box.empty() || !std::isdigit(static_cast<unsigned char>(box.front()))
                 ? box
                 : "Postboks " + box);
        set_text(made_, "careOf", fields_.text(form, "postbokseier"));
        place(form);
        return true;
    }

    bool lines_of(const Value& form) {
        const Value& lines = form["adresselinje"];
        if (!lines.is_array() && !lines.is_null()) {
            fields_.fault(part_);
        }
        for (const Value& one : lines.items()) {
            if (!one.is_null() &&
                (!one.is_string() || one.as_string().size() > Fields::text_bytes_max)) {
                fields_.fault(part_);
            }
            line(one.as_string());
        }
        return true;
    }

    bool free_form() {
        const Value& form = this->form("postadresseIFrittFormat");
        if (form.is_null()) {
            return false;
        }
        set_text(made_, "postalCode", fields_.text(form, "postnummer"));
        if (form["poststed"].is_string()) {
            set_text(made_, "city", fields_.text(form, "poststed"));
        } else {
            place(form);
        }
        return lines_of(form);
    }

    bool abroad() {
        const Value& form = this->form("utenlandskAdresse");
        if (form.is_null()) {
            return false;
        }
        for (const char* name : {"bygning", "etasjenummer", "boenhet", "adressenavn", "postboks",
                                 "region", "distriktsnavn"}) {
            line(fields_.text(form, name));
        }
        set_text(made_, "postalCode", fields_.text(form, "postkode"));
        set_text(made_, "city", fields_.text(form, "byEllerStedsnavn"));
        set_text(made_, "country", fields_.text(form, "landkode"));
        set_text(made_, "careOf", fields_.text(form, "coAdressenavn"));
        return true;
    }

    bool free_form_abroad() {
        const Value& form = this->form("utenlandskAdresseIFrittFormat");
        if (form.is_null()) {
            return false;
        }
        set_text(made_, "postalCode", fields_.text(form, "postkode"));
        set_text(made_, "city", fields_.text(form, "byEllerStedsnavn"));
        set_text(made_, "country", fields_.text(form, "landkode"));
        return lines_of(form);
    }

    /// When they moved in; else from when it holds.
    std::string since() {
        const std::string moved = fields_.date(element_, "flyttedato");
        if (!moved.empty()) {
            return moved;
        }
        const std::string stayed = fields_.date(element_, "oppholdsadressedato");
        return stayed.empty() ? fields_.text(element_, "gyldighetstidspunkt").substr(0, 10)
                              : stayed;
    }

    const Value nothing_;
    Fields& fields_;
    const Value& element_;
    const char* part_;
    Value lines_ = Value::array();
    Value made_ = Value::object();
};

}   // namespace

Grading read_grading(Fields& fields, const Value& element, const char* member) {
    const std::string said = lower(fields.text(element, member));
    if (said.empty()) {
        return Grading::unknown;
    }
    if (said == "ugradert") {
        return Grading::none;
    }
    if (said == "klientadresse") {
        return Grading::client;
    }
    if (said == "fortrolig") {
        return Grading::confidential;
    }
    if (said == "strengtfortrolig" || said == "strengt_fortrolig") {
        return Grading::strictly_confidential;
    }
    fields.fault(member);
    return Grading::unknown;
}

Value read_address(Fields& fields, const Value& element, const char* part, bool silent_is_ungraded,
                   Grading& grading) {
    grading = read_grading(fields, element, "adressegradering");
    if (grading == Grading::unknown && silent_is_ungraded) {
        grading = Grading::none;
    }
    Reading reading(fields, element, part);
    if (!reading.run()) {
        return {};
    }
    Value made = reading.take();
    made.set("graded", grading != Grading::none);
    return made;
}

}   // namespace gateway::folkeregister
