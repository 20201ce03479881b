#pragma once

// One look-up on its way, step by step. Made for one call and awaited within it.

#include "gateway/records/visit.hpp"

namespace gateway::records {

class LookUp {
public:
    /// `question_name`: what its answer may be kept by (AnsweringAgain); empty: it may not be.
    LookUp(ServiceParts& parts, RegisterAsker& asker, ports::RecordLookUp question,
           std::string question_name);

    sdk::Task<ports::LookUpAnswer> run();

private:
    /// One key of it.
    struct One {
        std::string key;
        ports::Subject subject;
        std::optional<HeldRecord> record;
        std::optional<ports::Refusal> failure;   // its source's
        Holds how = Holds::missing;
        bool fetched = false;
        bool shared = false;
        std::optional<core::Uuid> in_use;   // its id was replaced by this one's

        One() = default;
    };

    void keep_answer(const ports::FoundRecord& found, const ports::NewLogEntry& entry);
    sdk::Task<std::optional<ports::Refusal>> find_subjects();
    sdk::Task<core::Result<std::vector<ports::Subject>>> subjects_of_keys();
    sdk::Task<std::optional<ports::Refusal>> find_by_handle();
    std::optional<ports::Refusal> check_keys();
    sdk::Task<std::optional<ports::Refusal>> read_held();
    sdk::Task<void> fetch_missing();
    sdk::Task<std::optional<ports::Refusal>> find_successors();
    bool may_know_successor() const;
    void judge(One& one) const;
    sdk::Task<ports::LookUpAnswer> answer();
    /// What leaves of one, and what the log says of it.
    core::Result<ports::FoundRecord> found(const One& one, ports::NewLogEntry& entry) const;
    void describe(const One& one, const Chosen& chosen, ports::FoundRecord& found) const;
    const char* freshness(const One& one) const;
    const char* how_it_came(const One& one) const;
    /// Logged, that nothing left and why; only then told.
    sdk::Task<ports::LookUpAnswer> refuse(ports::Refusal why);

    ServiceParts& parts_;
    RegisterAsker& registers_;
    ports::RecordLookUp question_;
    Visit visit_;
    Permission permission_;
    std::string question_name_;
    std::uint64_t forgotten_before_ = 0;
    std::vector<One> all_;
    std::optional<std::chrono::seconds> retry_after_;
};

}   // namespace gateway::records
