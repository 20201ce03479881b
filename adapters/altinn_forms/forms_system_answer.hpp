#pragma once

// What a specialist system sent along with the acknowledgement or rejection of a form
// (schemas/messages/formanswer). Pure.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/json/value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn_forms {

struct Substatus {
    std::string label;
    std::string description;

    Substatus() = default;
};

/// A file for whoever sent the form, already here.
struct FeedbackFile {
    core::Sha256 sha256;
    std::string data_type;   // as the app names it
    std::string name;
    std::string media_type;

    FeedbackFile() = default;
};

struct SystemAnswer {
    std::optional<Substatus> substatus;
    std::vector<FeedbackFile> documents;
    core::Code wrong;   // what is wrong with it; empty: nothing

    SystemAnswer() = default;
    bool empty() const { return !substatus && documents.empty(); }
};

/// By its schema; null is empty, and an unknown member is wrong: it would be lost.
SystemAnswer read_system_answer(const json::Value& answer);

}   // namespace gateway::altinn_forms
