#pragma once

#include "gateway/core/time.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace gateway::fiks_io {

/// How many deliveries wait for something to work again (store, scanner, keys, REST). While any
/// does no more are taken, on no connection: each comes three times and no more, and what waits
/// tells by itself when it works again. One strand.
class Holding {
public:
    /// Told when the first waits, and when the last has stopped to.
    std::function<void(bool)> on_change;

    /// One that waits, from its first try to its last.
    class Place {
    public:
        Place(Holding& owner, std::string why) : owner_(owner) { owner_.enter(std::move(why)); }
        ~Place() { owner_.leave(); }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

    private:
        Holding& owner_;
    };

    bool any() const { return count_ > 0; }
    int count() const { return count_; }
    /// The code of what was waited for last.
    const std::string& why() const { return why_; }

    /// One second, doubled each time, half a minute at most.
    static core::Duration pause(int times) {
        constexpr int doublings_max = 5;
        constexpr std::chrono::seconds most{30};
        const auto pause = std::chrono::seconds(1 << std::min(times, doublings_max));
        return std::min<core::Duration>(pause, most);
    }

private:
    void enter(std::string why) {
        why_ = std::move(why);
        if (++count_ == 1 && on_change) {
            on_change(true);
        }
    }
    void leave() {
        if (--count_ == 0 && on_change) {
            on_change(false);
        }
    }

    int count_ = 0;
    std::string why_;
};

}   // namespace gateway::fiks_io
