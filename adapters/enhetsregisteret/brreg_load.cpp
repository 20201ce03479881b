#include "adapters/enhetsregisteret/brreg_load.hpp"

#include "adapters/common/registers/register_failures.hpp"

namespace gateway::enhetsregisteret {

using registers::make_failure;

namespace {

constexpr std::size_t batch_entries = 500;
/// One unit that is not understood is left to be asked for by itself; more than one in a thousand,
/// and it is the dump that is not understood.
constexpr std::uint64_t skipped_one_in = 1000;
constexpr std::uint64_t skipped_always = 5;
constexpr std::chrono::seconds count_time_max{30};

}   // namespace

core::Failure DumpSink::fail(core::Code code) {
    failure_ = make_failure(std::move(code));
    return core::Failure(core::Errc::bad_answer, "the dump");
}

sdk::Task<sdk::Result<void>> DumpSink::write(std::span<const char> bytes) {
    unpacker_.give(bytes);
    while (const auto text = unpacker_.next()) {
        std::vector<std::string> objects;
        if (!cutter_.take(*text, objects)) {
            co_return fail("brreg.dump_unreadable");
        }
        const auto kept = co_await keep(std::move(objects));
        if (!kept) {
            co_return kept.error();
        }
    }
    if (unpacker_.bad()) {
        co_return fail("brreg.dump_unreadable");
    }
    co_return sdk::Result<void>();
}

sdk::Task<sdk::Result<void>> DumpSink::keep(std::vector<std::string> objects) {
    for (const auto& object : objects) {
        if (!add(object)) {
            co_return fail("brreg.dump_unreadable");
        }
        if (too_many_skipped()) {
            co_return fail("brreg.dump_not_understood");
        }
        if (batch_.size() >= batch_entries) {
            const auto done = co_await put();
            if (!done) {
                co_return done.error();
            }
        }
    }
    co_return sdk::Result<void>();
}

/// False: no JSON.
bool DumpSink::add(const std::string& object) {
    const auto parsed = json::parse(object);
    if (!parsed) {
        return false;
    }
    Unit unit = read_unit(*parsed, facts_.kind == Kind::sub_unit);
    if (!unit.fault.empty()) {
        ++skipped_;
        return true;
    }
    sdk::RegisterEntry entry;
    entry.key = std::move(unit.number);
    entry.value = std::move(unit.value);
    entry.fetched_at = facts_.asked_at;
    entry.valid_until = facts_.asked_at + settings_.age_max;
    batch_.push_back(std::move(entry));
    return true;
}

bool DumpSink::too_many_skipped() const {
    return skipped_ > skipped_always && skipped_ * skipped_one_in > entries_ + batch_.size();
}

sdk::Task<sdk::Result<void>> DumpSink::put() {
    const std::size_t count = batch_.size();
    const auto kept = co_await into_.put("organisation", std::move(batch_));
    batch_.clear();
    if (!kept) {
        failure_ = make_failure("register.not_stored");
        co_return kept.error();
    }
    entries_ += count;
    into_.progress(facts_.done_before + entries_, facts_.of);
    co_return sdk::Result<void>();
}

sdk::Task<std::optional<sdk::RegisterFailure>> DumpSink::finish() {
    if (!unpacker_.finished() || !cutter_.finished()) {
        co_return std::optional(make_failure("brreg.dump_cut"));
    }
    if (!batch_.empty()) {
        const auto done = co_await put();
        if (!done) {
            co_return failure_;
        }
    }
    co_return std::nullopt;
}

sdk::Task<sdk::LoadAnswer> Load::run(sdk::RegisterIntake& into, sdk::Deadline deadline) {
    sdk::LoadAnswer answer;
    const std::uint64_t of = co_await count(deadline);
    for (const Kind kind : {Kind::unit, Kind::sub_unit}) {
        DumpSink::Facts facts;
        facts.kind = kind;
        facts.asked_at = host_.clock.now();
        facts.done_before = answer.entries;
        facts.of = of;
        DumpSink sink(settings_, facts, into);
        co_await load(sink, kind, answer, deadline);
        answer.entries += sink.entries();
        if (sink.skipped() > 0) {
            host_.log.write(sdk::Severity::warning, "register.load_skipped",
                            core::Params{{"dataset", "organisation"},
                                         {"count", std::to_string(sink.skipped())}});
        }
        if (answer.failure) {
            co_return answer;
        }
    }
    co_return answer;
}

sdk::Task<void> Load::load(DumpSink& sink, Kind kind, sdk::LoadAnswer& answer,
                           sdk::Deadline deadline) {
    auto request = dump_request(settings_, kind);
    request.answer_sink = &sink;
    const auto reply = co_await call(host_, std::move(request), deadline);
    if (sink.failure()) {
        answer.failure = sink.failure();
    } else if (!reply.response) {
        answer.failure = reply.failure;
    } else if (auto failure = failure_of_status(*reply.response)) {
        answer.failure = std::move(failure);
    } else {
        answer.failure = co_await sink.finish();
    }
}

/// For the progress alone: nothing is lost without it.
sdk::Task<std::uint64_t> Load::count(sdk::Deadline deadline) {
    std::uint64_t all = 0;
    for (const Kind kind : {Kind::unit, Kind::sub_unit}) {
        auto request = count_request(settings_, kind);
        const auto soon = std::min(deadline.at, host_.clock.in(count_time_max).at);
        const auto answer = co_await call(host_, std::move(request), sdk::Deadline(soon));
        const std::uint64_t some = answer.response ? read_count(*answer.response) : 0;
        if (some == 0) {
            co_return 0;
        }
        all += some;
    }
    co_return all;
}

}   // namespace gateway::enhetsregisteret
