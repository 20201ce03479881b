// Whose id was replaced by another, on the way of a look-up.

#include "gateway/records/look_up.hpp"

namespace gateway::records {

/// Whose id has ended; what was fetched just now may have said so.
sdk::Task<std::optional<ports::Refusal>> LookUp::find_successors() {
    for (auto& one : all_) {
        if (question_.kind != core::RecordKeyKind::person) {
            break;
        }
        if (one.fetched) {
            const auto now =
                co_await parts_.store.find_subject(visit_.tenant_id(), one.subject.handle);
            if (!now) {
                co_return refusal_of(now.error());
            }
            if (*now) {
                one.subject.replaced_by = (*now)->replaced_by;
            }
        }
        if (!one.subject.replaced_by) {
            continue;
        }
        const auto all =
            co_await parts_.store.linked_subjects(visit_.tenant_id(), one.subject.handle);
        if (!all) {
            co_return refusal_of(all.error());
        }
        if (!all->empty()) {
            one.in_use = all->back().handle;
        }
    }
    co_return std::nullopt;
}

/// Who it is now is itself a fact about the person: for purposes that may have it.
bool LookUp::may_know_successor() const {
    const auto& purposes = visit_.tenant().purposes;
    const auto purpose = purposes.find(permission_.purpose);
    if (purpose == purposes.end()) {
        return false;
    }
    const auto allowed = purpose->second.datasets.find("person");
    return allowed != purpose->second.datasets.end() && allowed->second.contains("nationalIds");
}

}   // namespace gateway::records
