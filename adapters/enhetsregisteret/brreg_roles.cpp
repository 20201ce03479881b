// Roles: groups of persons and organisations.

#include "adapters/enhetsregisteret/brreg_unit.hpp"

namespace gateway::enhetsregisteret {

using json::Value;
using registers::set_text;

namespace {

constexpr std::size_t roles_max = 5000;
constexpr std::string_view before_number = "/enheter/";

/// Reads the groups, fault by fault.
class Reading {
public:
    explicit Reading(const Value& answer) : answer_(answer) {}

    Unit run() {
        const Value& groups = answer_["rollegrupper"];
        if (!groups.is_array()) {
            fields_.fault("rollegrupper");
        }
        read_owner();
        for (const Value& group : groups.items()) {
            const Value about = coded(fields_, group["type"], "type");
            if (about.is_null() || !group["roller"].is_array()) {
                fields_.fault("roller");
            }
            for (const Value& role : group["roller"].items()) {
                read_role(about, role);
            }
        }
        unit_.value.set("roles", std::move(roles_));
        unit_.fault = fields_.first_fault();
        return std::move(unit_);
    }

private:
    /// Whose roles they are stands in a link alone.
    void read_owner() {
        const std::string link = fields_.text(answer_["_links"]["enhet"], "href");
        const auto at = link.rfind(before_number);
        if (at == std::string::npos) {
            return;
        }
        std::string number = link.substr(at + before_number.size());
        if (is_number(number)) {
            unit_.number = std::move(number);
        } else {
            fields_.fault("_links");
        }
    }

    void read_role(const Value& group, const Value& role) {
        if (roles_.items().size() >= roles_max) {
            fields_.fault("roller");
            return;
        }
        if (role["avregistrert"].as_bool() || role["fratraadt"].as_bool()) {
            return;   // has left
        }
        Value made;
        made.set("group", group).set("role", coded(fields_, role["type"], "type"));
        if (made["role"].is_null()) {
            fields_.fault("type");
        }
        const bool person = role["person"].is_object();
        if (person == role["enhet"].is_object()) {
            fields_.fault("person");   // both, or neither
            return;
        }
        if (person) {
            read_person(made, role["person"]);
        } else {
            read_organisation(made, role["enhet"]);
        }
        set_text(made, "share", fields_.text(role, "ansvarsandel"));
        if (!role["valgtAv"].is_null()) {
            made.set("electedBy", coded(fields_, role["valgtAv"], "valgtAv"));
        }
        roles_.push(std::move(made));
    }

    void read_person(Value& into, const Value& person) {
        Value name;
        name.set("first", fields_.text(person["navn"], "fornavn"));
        set_text(name, "middle", fields_.text(person["navn"], "mellomnavn"));
        name.set("last", fields_.text(person["navn"], "etternavn"));
        Value made;
        made.set("name", std::move(name));
        set_text(made, "birthDate", fields_.date(person, "fodselsdato"));
        made.set("deceased", person["erDoed"].as_bool());
        into.set("person", std::move(made));
    }

    void read_organisation(Value& into, const Value& unit) {
        const std::string number = fields_.text(unit, "organisasjonsnummer");
        if (!is_number(number)) {
            fields_.fault("organisasjonsnummer");
        }
        Value made;
        made.set("number", number);
        std::string name;
        for (const Value& line : unit["navn"].items()) {   // an array of lines here
            if (!line.as_string().empty() &&
                line.as_string().size() <= registers::Fields::text_bytes_max) {
                name += (name.empty() ? "" : " ") + line.as_string();
            }
        }
        made.set("name", unit["navn"].is_string() ? fields_.text(unit, "navn") : name);
        made.set("deleted", unit["erSlettet"].as_bool());
        into.set("organisation", std::move(made));
    }

    const Value& answer_;
    Value roles_ = Value::array();
    registers::Fields fields_;
    Unit unit_;
};

}   // namespace

Unit read_roles(const Value& answer) {
    return Reading(answer).run();
}

}   // namespace gateway::enhetsregisteret
