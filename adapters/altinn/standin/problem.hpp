#pragma once

// Errors as the Correspondence service writes them (wire notes 2.8): problem+json with `code`
// "CORR-01034", `errorCode` 1034 and a trace; model validation as "STD-00000" with
// `validationErrors` and the older `errors`.

#include "gateway/http/message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn::standin {

/// A refusal by number; the table in problem.cpp knows its status and words.
struct Refusal {
    int number = 0;
    std::string detail;   // instead of the table's words

    Refusal() = default;
    explicit Refusal(int error_number, std::string words = {})
        : number(error_number), detail(std::move(words)) {}
};

/// What model validation found: the field as the service names it ("Recipients[0]") and why.
struct FieldFault {
    std::string path;
    std::string title;

    FieldFault(std::string field, std::string why)
        : path(std::move(field)), title(std::move(why)) {}
};
using FieldFaults = std::vector<FieldFault>;

http::Response to_response(const Refusal& refusal);
http::Response to_response(const FieldFaults& faults);
/// Any other problem: status and words, no code of Correspondence.
http::Response plain_problem(int status, std::string detail);
http::Response unauthorised();   // no or bad token: empty body

}   // namespace gateway::altinn::standin
