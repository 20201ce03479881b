#pragma once

// What the law asks of a letter by its kind, from schemas/duties/letter.json (embedded). Pure; any
// thread.

#include "gateway/core/channel.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::duties {

struct Duties {
    core::Time from{};
    bool reservation_binds = true;   // also where the sender asks to ignore it
    bool notice_owed = false;        // who cannot be told gets paper; a failed notice is an alarm
    bool notice_says_nothing = false;   // neither title nor telling words
    bool appeal_clock = false;          // runs from available and notified
    std::string law;

    Duties() = default;
};

class DutyBook {
public:
    /// `malformed` names what is wrong in `detail`.
    static core::Result<DutyBook> read(std::string_view json);
    /// The embedded one.
    static const DutyBook& current();

    /// Of a letter of this kind at that time.
    Duties duties(std::string_view kind, core::Time at) const;
    /// Whether a letter about somebody at a graded address may go this way.
    bool graded_may(core::Channel channel, core::Time at) const;
    /// Words that name a decision, lower case; a last '*' stands for any ending.
    const std::vector<std::string>& telling() const { return telling_; }

private:
    struct Graded {
        core::Time from{};
        std::vector<core::Channel> never;
    };
    std::map<std::string, std::vector<Duties>, std::less<>> kinds_;   // oldest first
    std::vector<Graded> graded_;                                      // oldest first
    std::vector<std::string> telling_;
};

}   // namespace gateway::duties
