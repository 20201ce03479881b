// An ended id and the one in use, linked by an operator: where a register does not say so, or said
// what is wrong.

#include "gateway/records/keeping.hpp"
#include "gateway/records/meeting.hpp"
#include "gateway/records/national_id.hpp"
#include "gateway/records/sealing.hpp"

namespace gateway::records {

using ports::Refusal;

namespace {

constexpr auto of_person = core::RecordKeyKind::person;

/// Who has a birth number is never given a D-number, and a test person is nobody's other id.
bool could_follow(const std::string& ended, const std::string& successor) {
    const NationalIdRules any(true, true);
    const auto before = read_national_id(ended, any);
    const auto after = read_national_id(successor, any);
    return before && after && (before->d_number || !after->d_number) &&
           before->synthetic == after->synthetic;
}

/// Whether the id may be said to have ended with the successor; how it is with others the store
/// knows.
std::optional<Refusal> judge(const Visit& visit, const ports::Subject& ended,
                             const std::string& successor) {
    if (ended.wrapped_key.empty()) {
        return Refusal("records.not_found");   // forgotten: nobody knows whose it was
    }
    auto checked = check_key(of_person, successor, visit.configuration().records);
    if (checked.refusal) {
        return std::move(checked.refusal);
    }
    const auto key = open_key(visit.vault(), ended);
    if (!key) {
        return refusal_of(key.error());
    }
    if (*key == successor) {
        return Refusal("records.link_loop");
    }
    return could_follow(*key, successor) ? std::nullopt
                                         : std::optional(Refusal("records.successor_unlikely"));
}

ports::NewLogEntry link_entry(const ServiceParts& parts, const Visit& visit, core::Uuid handle,
                              const char* code, const std::string& why) {
    auto entry = entry_of(parts, visit, ports::LogKind::corrected, handle, why);
    entry.dataset = "person";
    entry.fields = {"nationalIds"};
    entry.code = code;
    return entry;
}

}   // namespace

sdk::Task<ports::LinkAnswer> Keeping::link(ports::PersonWish ended, std::string successor,
                                           ports::Keeper keeper) {
    const auto asker = asker_of(ended, keeper);
    const Visit visit(parts_, asker);
    ports::LinkAnswer answer;
    answer.refusal = visit.refusal();
    if (answer.refusal) {
        co_return answer;
    }
    const auto met = co_await meet(parts_, visit, ended);
    auto wrong = met.refusal ? met.refusal : judge(visit, met.subject, successor);
    if (wrong) {
        answer.refusal = co_await refuse(parts_, visit, met, std::move(*wrong));
        co_return answer;
    }
    answer.handle = met.subject.handle;
    std::vector<ports::NewLogEntry> log;
    log.push_back(link_entry(parts_, visit, answer.handle, "records.id_linked", keeper.why));
    auto other = new_subject(visit.vault(), parts_.ids, of_person, successor, visit.now());
    const auto linked =
        co_await parts_.store.replace_subject(visit.tenant_id(), answer.handle, std::move(other),
                                              ports::LinkFrom::ended, visit.now(), std::move(log));
    if (linked) {
        answer.another = linked->handle;
        co_return answer;
    }
    wrong = refusal_of(linked.error());
    if (linked.error().is(core::Errc::not_found)) {
        wrong = Refusal("records.not_found");
    } else if (linked.error().is(core::Errc::conflict)) {
        const auto now = co_await parts_.store.find_subject(visit.tenant_id(), met.subject.handle);
        const bool replaced = now && *now && (*now)->replaced_by;
        wrong = Refusal(replaced ? "records.already_linked" : "records.link_loop");
    }
    answer.refusal = co_await refuse(parts_, visit, met, std::move(*wrong));
    co_return answer;
}

sdk::Task<ports::LinkAnswer> Keeping::unlink(ports::PersonWish ended, ports::Keeper keeper) {
    const auto asker = asker_of(ended, keeper);
    const Visit visit(parts_, asker);
    ports::LinkAnswer answer;
    answer.refusal = visit.refusal();
    if (answer.refusal) {
        co_return answer;
    }
    const auto met = co_await meet(parts_, visit, ended);
    auto wrong = met.refusal;
    if (!wrong && met.subject.wrapped_key.empty()) {
        wrong = Refusal("records.not_found");
    } else if (!wrong && !met.subject.replaced_by) {
        wrong = Refusal("records.not_linked");
    }
    if (wrong) {
        answer.refusal = co_await refuse(parts_, visit, met, std::move(*wrong));
        co_return answer;
    }
    answer.handle = met.subject.handle;
    answer.another = met.subject.replaced_by;
    // Of both: from here on each has a log of its own.
    std::vector<ports::NewLogEntry> log;
    for (const auto& handle : {answer.handle, *answer.another}) {
        log.push_back(link_entry(parts_, visit, handle, "records.id_separated", keeper.why));
    }
    const auto done = co_await parts_.store.separate_subject(
        visit.tenant_id(), answer.handle, *answer.another, visit.now(), std::move(log));
    if (done.has_error()) {
        const bool gone = done.error().is(core::Errc::not_found);
        const bool changed = done.error().is(core::Errc::conflict);
        wrong = gone      ? Refusal("records.not_found")
                : changed ? Refusal("records.not_linked")
                          : refusal_of(done.error());
        answer.refusal = co_await refuse(parts_, visit, met, std::move(*wrong));
    }
    co_return answer;
}

}   // namespace gateway::records
