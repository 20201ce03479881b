#pragma once

// A look-up of one record whose answer is kept (prepared_answers.hpp): one turn of the store finds
// that the record is of that version still and writes the entry in the access log. No coroutine:
// what it awaits is awaited in one small frame for the whole look-up.

#include "gateway/records/visit.hpp"

#include <memory>
#include <optional>
#include <string>

namespace gateway::records {

/// Made for one call; the question is there until its end.
class AnsweringAgain {
public:
    AnsweringAgain(ServiceParts& parts, const ports::RecordLookUp& question);

    /// The entry in the log being written; nothing when no answer is kept, or this caller may not
    /// have it.
    std::optional<sdk::Task<core::Result<ports::LogHead>>> begin();
    /// What leaves once it is written; nothing when the record is another by now.
    std::optional<ports::LookUpAnswer> end(const core::Result<ports::LogHead>& logged);
    /// What was asked, where an answer to it may be kept; empty: it may not. Once, at the end.
    std::string take_question_name() { return std::move(question_name_); }

private:
    std::string name_of_question() const;

    ServiceParts& parts_;
    const ports::RecordLookUp& question_;
    Visit visit_;
    std::string question_name_;
    std::shared_ptr<const PreparedAnswer> kept_;
};

/// How often a register was spared.
void count_answer(const ServiceParts& parts, const ports::RecordAsker& asker,
                  const std::string& dataset, const char* how);

}   // namespace gateway::records
