#pragma once

#include "gateway/alarms/letter.hpp"
#include "gateway/sdk/task.hpp"

namespace gateway::alarms {

/// What came of one try.
struct Told {
    bool done = false;
    bool never = false;   // the same again would come to the same
    core::Code code;      // why not

    Told() = default;
    static Told yes() {
        Told told;
        told.done = true;
        return told;
    }
    static Told no(core::Code why, bool never = false) {
        Told told;
        told.code = std::move(why);
        told.never = never;
        return told;
    }
};

/// Takes a letter to somebody, once. Any strand may call; bounded in time.
class Courier {
public:
    virtual ~Courier() = default;
    virtual sdk::Task<Told> mail(core::MailConfig server, std::string to, Letter letter) = 0;
    virtual sdk::Task<Told> call(core::AlarmReceiver receiver, Letter letter) = 0;
};

}   // namespace gateway::alarms
