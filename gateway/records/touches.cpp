#include "gateway/records/touches.hpp"

namespace gateway::records {
namespace {

// Longer than a look-up at a register may take, and being kept after it.
constexpr std::chrono::minutes kept{5};

}   // namespace

void Touches::note(const std::vector<core::Uuid>& subjects, core::SteadyTime now) {
    const std::lock_guard lock(mutex_);
    if (now > swept_ + kept) {
        swept_ = now;
        std::erase_if(touched_, [&](const auto& one) { return one.second + kept < now; });
    }
    for (const auto& subject : subjects) {
        touched_[subject] = now;
    }
}

void Touches::note_all(core::SteadyTime now) {
    const std::lock_guard lock(mutex_);
    all_ = now;
}

bool Touches::touched_since(core::Uuid subject, core::SteadyTime since) const {
    const std::lock_guard lock(mutex_);
    if (all_ && *all_ >= since) {
        return true;
    }
    const auto found = touched_.find(subject);
    return found != touched_.end() && found->second >= since;
}

}   // namespace gateway::records
