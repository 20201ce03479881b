#include "gateway/records/prepared_answers.hpp"

#include <cstring>

namespace gateway::records {
namespace {

// Of one: nodes, the question twice, the rest of the answer.
constexpr std::size_t overhead = 512;

}   // namespace

PreparedAnswer::~PreparedAnswer() {
    explicit_bzero(text.data(), text.size());
}

std::uint64_t PreparedAnswers::forgotten() const {
    const std::lock_guard lock(mutex_);
    return forgotten_;
}

/// Another configuration may allow other fields, or none.
void PreparedAnswers::obey(const std::shared_ptr<const core::Configuration>& under) {
    if (under_ != under) {
        known_.clear();
        order_.clear();
        bytes_ = 0;
        under_ = under;
    }
}

void PreparedAnswers::remove(Order::iterator which) {
    bytes_ -= which->bytes;
    known_.erase(which->question);
    order_.erase(which);
}

std::shared_ptr<const PreparedAnswer>
PreparedAnswers::find(const std::string& question,
                      const std::shared_ptr<const core::Configuration>& under, core::Time now) {
    const std::lock_guard lock(mutex_);
    obey(under);
    const auto found = known_.find(question);
    if (found == known_.end()) {
        return nullptr;
    }
    const auto which = found->second;
    if (now < which->answer->from || now >= which->answer->until ||
        now >= which->since + limits_.kept_for) {
        remove(which);
        return nullptr;
    }
    order_.splice(order_.begin(), order_, which);
    return which->answer;
}

void PreparedAnswers::keep(const std::string& question,
                           std::shared_ptr<const PreparedAnswer> answer,
                           const std::shared_ptr<const core::Configuration>& under, core::Time now,
                           std::uint64_t forgotten_before) {
    const std::lock_guard lock(mutex_);
    // Something was erased since this was read: it may have been this.
    if (forgotten_ != forgotten_before || (under_ && under_ != under)) {
        return;
    }
    obey(under);
    if (const auto found = known_.find(question); found != known_.end()) {
        remove(found->second);
    }
    Kept kept;
    kept.question = question;
    kept.since = now;
    kept.bytes = overhead + 2 * question.size() + answer->text.size();
    kept.answer = std::move(answer);
    bytes_ += kept.bytes;
    order_.push_front(std::move(kept));
    known_.emplace(question, order_.begin());
    while (!order_.empty() && (order_.size() > limits_.answers_max || bytes_ > limits_.bytes_max)) {
        remove(std::prev(order_.end()));
    }
}

void PreparedAnswers::drop(const std::string& question) {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(question); found != known_.end()) {
        remove(found->second);
    }
}

void PreparedAnswers::forget(const std::set<core::Uuid>& subjects) {
    const std::lock_guard lock(mutex_);
    ++forgotten_;
    for (auto at = order_.begin(); at != order_.end();) {
        const auto here = at++;
        if (subjects.contains(here->answer->subject.handle)) {
            remove(here);
        }
    }
}

void PreparedAnswers::sweep(core::Time now) {
    const std::lock_guard lock(mutex_);
    for (auto at = order_.begin(); at != order_.end();) {
        const auto here = at++;
        if (now < here->answer->from || now >= here->answer->until ||
            now >= here->since + limits_.kept_for) {
            remove(here);
        }
    }
}

std::size_t PreparedAnswers::size() const {
    const std::lock_guard lock(mutex_);
    return order_.size();
}

std::size_t PreparedAnswers::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

}   // namespace gateway::records
