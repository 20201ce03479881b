#include "adapters/enhetsregisteret/brreg_unit.hpp"

#include "adapters/common/registers/fields.hpp"

#include <algorithm>

namespace gateway::enhetsregisteret {

using json::Value;
using registers::set_text;

namespace {

constexpr std::size_t lines_max = 10;
constexpr std::int64_t employees_max = 10'000'000;

/// Reads one unit, fault by fault.
class Reading {
public:
    Reading(const Value& entry, bool sub_unit) : entry_(entry), sub_unit_(sub_unit) {}

    Unit run() {
        unit_.number = entry_["organisasjonsnummer"].as_string();
        if (!is_number(unit_.number)) {
            unit_.fault = "organisasjonsnummer";
            return std::move(unit_);
        }
        value().set("number", unit_.number);
        const std::string name = fields_.text(entry_, "navn");
        if (name.empty()) {
            fields_.fault("navn");
        }
        value().set("name", name);
        read_form();
        read_status();
        value().set("subUnit", sub_unit_);
        read_parent();
        read_addresses();
        read_industries();
        read_figures();
        read_registers();
        read_language();
        unit_.fault = fields_.first_fault();
        return std::move(unit_);
    }

private:
    Value& value() { return unit_.value; }

    Value coded_member(const char* name) { return coded(fields_, entry_[name], name); }

    void read_form() {
        Value form = coded_member("organisasjonsform");
        if (form.is_null()) {
            fields_.fault("organisasjonsform");
        }
        value().set("form", std::move(form));
    }

    /// What is worst is told: a unit that was bankrupt when it was deleted is deleted.
    void read_status() {
        const std::string deleted = fields_.date(entry_, "slettedato");
        const bool winding = fields_.flag(entry_, "underAvvikling");
        const bool forced = fields_.flag(entry_, "underTvangsavviklingEllerTvangsopplosning");
        const bool bankrupt = fields_.flag(entry_, "konkurs");
        if (!deleted.empty()) {
            value().set("status", "deleted").set("deletedAt", deleted);
        } else if (bankrupt) {
            value().set("status", "bankrupt");
        } else {
            value().set("status", winding || forced ? "windingUp" : "active");
        }
        if (sub_unit_) {
            set_text(value(), "ceasedAt", fields_.date(entry_, "nedleggelsesdato"));
        }
    }

    void read_parent() {
        const std::string parent = fields_.text(entry_, "overordnetEnhet");
        if (!parent.empty() && !is_number(parent)) {
            fields_.fault("overordnetEnhet");
            return;
        }
        set_text(value(), "parent", parent);
    }

    void read_addresses() {
        Value addresses = Value::object();
        add_address(addresses, "business",
                    sub_unit_ ? "beliggenhetsadresse" : "forretningsadresse");
        add_address(addresses, "postal", "postadresse");
        value().set("addresses", std::move(addresses));
    }

    void add_address(Value& addresses, const char* ours, const char* name) {
        const Value& address = entry_[name];
        if (address.is_null()) {
            return;
        }
        const Value& given = address["adresse"];
        if (!address.is_object() || (!given.is_null() && !given.is_array()) ||
            given.items().size() > lines_max) {
            fields_.fault(name);
            return;
        }
        Value lines = Value::array();
        for (const Value& line : given.items()) {
            if ((!line.is_null() && !line.is_string()) ||
                line.as_string().size() > registers::Fields::text_bytes_max) {
                fields_.fault(name);
            }
            if (!line.as_string().empty()) {   // null and empty lines are the register's habit
                lines.push(line);
            }
        }
        Value made;
        made.set("lines", std::move(lines));
        set_text(made, "postalCode", fields_.text(address, "postnummer"));
        set_text(made, "city", fields_.text(address, "poststed"));
        add_pair(made, "municipality", address, "kommunenummer", "number", "kommune");
        add_pair(made, "country", address, "landkode", "code", "land");
        addresses.set(ours, std::move(made));
    }

    void add_pair(Value& into, const char* ours, const Value& address, const char* first,
                  const char* ours_first, const char* second) {
        Value pair = Value::object();
        set_text(pair, ours_first, fields_.text(address, first));
        set_text(pair, "name", fields_.text(address, second));
        if (!pair.members().empty()) {
            into.set(ours, std::move(pair));
        }
    }

    void read_industries() {
        Value industries = Value::array();
        for (const char* name : {"naeringskode1", "naeringskode2", "naeringskode3"}) {
            Value industry = coded_member(name);
            if (!industry.is_null()) {
                industries.push(std::move(industry));
            }
        }
        value().set("industries", std::move(industries));
    }

    void read_figures() {
        const Value& employees = entry_["antallAnsatte"];
        if (employees.is_int() && employees.as_int() >= 0 && employees.as_int() <= employees_max) {
            // Some answers say zero of who has none registered.
            const Value& registered = entry_["harRegistrertAntallAnsatte"];
            if (!registered.is_bool() || registered.as_bool()) {
                value().set("employees", employees);
            }
        } else if (!employees.is_null()) {
            fields_.fault("antallAnsatte");
        }
        set_text(value(), "founded",
                 fields_.date(entry_, sub_unit_ ? "oppstartsdato" : "stiftelsesdato"));
        Value sector = coded_member("institusjonellSektorkode");
        if (!sector.is_null()) {
            value().set("sector", std::move(sector));
        }
        set_text(value(), "website", fields_.text(entry_, "hjemmeside"));
    }

    void read_registers() {
        Value registered = Value::object();
        const auto add = [&](const char* ours, const char* name) {
            const bool said = fields_.flag(entry_, name);
            if (entry_[name].is_bool()) {
                registered.set(ours, said);
            }
        };
        add("vat", "registrertIMvaregisteret");
        add("business", "registrertIForetaksregisteret");
        add("foundation", "registrertIStiftelsesregisteret");
        add("voluntary", "registrertIFrivillighetsregisteret");
        value().set("registered", std::move(registered));
    }

    void read_language() {
        const std::string language = fields_.text(entry_, "maalform");
        if (language == "Bokmål") {
            value().set("language", "nb");
        } else if (language == "Nynorsk") {
            value().set("language", "nn");
        }
    }

    const Value& entry_;
    bool sub_unit_;
    registers::Fields fields_;
    Unit unit_;
};

}   // namespace

bool is_number(std::string_view text) {
    return text.size() == 9 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Value coded(registers::Fields& fields, const Value& object, const char* name) {
    if (object.is_null()) {
        return {};
    }
    const std::string code = fields.text(object, "kode");
    if (code.empty()) {
        fields.fault(name);
        return {};
    }
    Value made;
    made.set("code", code);
    set_text(made, "text", fields.text(object, "beskrivelse"));
    return made;
}

Unit read_unit(const Value& entry, bool sub_unit) {
    return Reading(entry, sub_unit).run();
}

}   // namespace gateway::enhetsregisteret
