#pragma once

// What the elements of an archive's answers are called in archiveanswer/v1. Pure data.

#include <span>
#include <string_view>

namespace gateway::fiks_io::arkiv {

/// Which members an element can have.
enum class Kind {
    identity,
    key,
    case_number,
    journal_number,
    in_case,
    reference,
    in_record,
    party,
    correspondent,
    follow_up,
    remark,
    screening,
    grading,
    class_scheme,
    class_,
    cross_reference,
    retention,
    disposal,
    deletion,
    precedent,
    land_unit,
    building,
    plan,
    point,
    place,
    flow,
    signature,
    conversion,
    version,
    document,
    record,
    folder,
};

enum class Shape {
    text,
    texts,   // one of several, a list
    integer,
    number,
    flag,
    date,
    time,
    code,         // `status`, and `statusText` where the archive says what it stands for
    identifier,   // a text inside an element of its own
    existed,      // Opprettet or Eksisterende, in a receipt
    object,
    objects,   // one of several, a list
    merge,     // its members are those of the element it stands in
    any,       // as it is
};

struct Term {
    Kind in;
    std::string_view xml;    // local name
    std::string_view json;   // a member, or `object.member`
    Shape shape;
    Kind of = Kind::identity;   // of an object
};

std::span<const Term> terms();

}   // namespace gateway::fiks_io::arkiv
