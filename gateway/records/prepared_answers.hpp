#pragma once

// Answers to look-ups of what is held, written out once for each version of a record and purpose,
// so that the next look-up of the same need not read, open and leave out again. Nobody is answered
// from here but by a store that has, in the transaction of the entry in the access log, found the
// record to be of that version still (RecordStore::log_read). Who may ask is decided anew each
// time.
//
// Bounded in number, bytes and time. What goes is overwritten: at once when a record is erased or
// its person forgotten, when it was found to be replaced, and all of it when the configuration
// changes.

#include "gateway/core/configuration.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/record_types.hpp"

#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace gateway::records {

/// Never changed once it is kept; overwritten when the last who reads it is done.
struct PreparedAnswer {
    ports::Subject subject;   // sealed, as the store has it
    std::string dataset;
    std::uint64_t version = 0;
    core::Time from{};                // the clock was set back: not believed
    core::Time until{};               // as fresh as it says until then
    std::vector<std::string> given;   // as the access log tells
    std::string freshness;
    const char* how = "held";   // as it is counted
    std::string text;           // what leaves

    PreparedAnswer() = default;
    PreparedAnswer(const PreparedAnswer&) = delete;
    PreparedAnswer& operator=(const PreparedAnswer&) = delete;
    ~PreparedAnswer();
};

struct PreparedLimits {
    std::size_t answers_max = 16'384;
    std::size_t bytes_max = std::size_t{12} << 20U;
    std::chrono::minutes kept_for{10};

    PreparedLimits() = default;
};

/// Any thread.
class PreparedAnswers {
public:
    explicit PreparedAnswers(PreparedLimits limits = {}) : limits_(limits) {}

    /// What keep() compares, so that nothing is kept that was erased meanwhile.
    std::uint64_t forgotten() const;
    /// Nothing when there is none that holds now under this configuration.
    std::shared_ptr<const PreparedAnswer>
    find(const std::string& question, const std::shared_ptr<const core::Configuration>& under,
         core::Time now);
    void keep(const std::string& question, std::shared_ptr<const PreparedAnswer> answer,
              const std::shared_ptr<const core::Configuration>& under, core::Time now,
              std::uint64_t forgotten_before);
    /// It was replaced.
    void drop(const std::string& question);
    /// Erased: all that is here of them.
    void forget(const std::set<core::Uuid>& subjects);
    /// What has been here for its time.
    void sweep(core::Time now);
    std::size_t size() const;
    std::size_t bytes() const;

private:
    struct Kept {
        std::string question;
        std::shared_ptr<const PreparedAnswer> answer;
        core::Time since{};
        std::size_t bytes = 0;
    };
    using Order = std::list<Kept>;   // the one that was used last is first

    void obey(const std::shared_ptr<const core::Configuration>& under);
    void remove(Order::iterator which);

    const PreparedLimits limits_;
    mutable std::mutex mutex_;
    std::shared_ptr<const core::Configuration> under_;
    Order order_;
    std::unordered_map<std::string, Order::iterator> known_;
    std::size_t bytes_ = 0;
    std::uint64_t forgotten_ = 0;
};

}   // namespace gateway::records
