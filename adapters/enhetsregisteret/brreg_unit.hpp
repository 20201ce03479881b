#pragma once

// One unit or sub-unit as the register tells it, in the gateway's words (README.md). Pure. Facts:
// brreg/openAPI, enhetsregisteret.yml; samples of crdbrd/python-brreg.

#include "adapters/common/registers/fields.hpp"
#include "gateway/json/value.hpp"

#include <string>
#include <string_view>

namespace gateway::enhetsregisteret {

struct Unit {
    std::string number;   // nine digits
    json::Value value;
    /// The field that cannot be understood: nothing of the unit is believed then. Empty: none.
    std::string fault;

    Unit() = default;
};

/// `entry` is an `Enhet`, or an `Underenhet` where `sub_unit`. Unknown members are ignored.
Unit read_unit(const json::Value& entry, bool sub_unit);

/// Nine digits. The check digit is the asker's: the register's own samples have numbers without.
bool is_number(std::string_view text);

/// {"kode", "beskrivelse"} as {"code", "text"}; null where it is not said.
json::Value coded(registers::Fields& fields, const json::Value& object, const char* name);

/// Roles of one unit, as `Rollegrupper`; `fault` as above. `number` is that of the unit whose they
/// are, empty where the answer does not say.
Unit read_roles(const json::Value& answer);

}   // namespace gateway::enhetsregisteret
