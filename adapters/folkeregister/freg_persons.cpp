#include "adapters/folkeregister/freg_adapter.hpp"

namespace gateway::folkeregister {

using registers::Keys;
using registers::Reading;

namespace {

sdk::Task<fiks_platform::Built> built(const Settings& settings, const Question& question,
                                      const Keys& keys) {
    co_return fiks_platform::Built(persons_request(settings, question, keys));
}

registers::Reply unknown(const Settings& settings, const std::string& key, core::Time asked_at) {
    registers::Reply reply;
    reply.entry.key = key;
    reply.entry.fetched_at = asked_at;
    reply.entry.valid_until = asked_at + settings.age_max;
    return reply;
}

}   // namespace

/// Whom the register leaves out, it is asked about once more: only who is left out twice is not
/// there.
sdk::Task<Reading> Persons::ask(registers::Lane lane, Keys keys, sdk::Deadline deadline) {
    const auto question = Question::parse(lane.question);
    auto reading = co_await ask_once(question, keys, deadline);
    if (reading.failure) {
        co_return reading;
    }
    Keys left;
    for (const auto& key : keys) {
        if (!reading.replies.contains(key)) {
            left.push_back(key);
        }
    }
    if (left.empty()) {
        co_return reading;
    }
    const auto asked_at = host_.clock.now();
    auto again = co_await ask_once(question, left, deadline);
    if (again.failure) {
        co_return again;
    }
    reading.replies.merge(again.replies);
    for (const auto& key : left) {
        reading.replies.try_emplace(key, unknown(settings_, key, asked_at));
    }
    co_return reading;
}

sdk::Task<Reading> Persons::ask_once(const Question& question, const Keys& keys,
                                     sdk::Deadline deadline) {
    const auto asked_at = host_.clock.now();
    fiks_platform::Client::Build build = [&] { return built(settings_, question, keys); };
    const auto reply = co_await client_.call(std::move(build), sdk::Effect::none, deadline);
    Reading reading;
    if (reply.response) {
        reading = read_persons(settings_, *reply.response, keys, asked_at);
    } else {
        reading.failure = failure_of(reply.outcome);
    }
    co_return reading;
}

}   // namespace gateway::folkeregister
