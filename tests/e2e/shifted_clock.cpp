// Another day, for the real program: preloaded, it moves the time of day by the seconds that
// SLUSE_SHIFTED_CLOCK_SECONDS says. Clocks that only measure how long something takes stay right.
//
// SLUSE_SHIFTED_CLOCK_FILE names a file of two 64-bit numbers of seconds that may change while the
// program runs: for the time of day, and for what measures. So a test waits out five minutes in no
// time, and all programs that share the file go on at the same moment: a timer is looked at again
// each 20 ms, whatever it waits for.

#include <stdlib.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace {

using Ask = int (*)(clockid_t, timespec*);
using SetTimer = int (*)(int, int, const itimerspec*, itimerspec*);
using Shifts = std::array<std::atomic<std::int64_t>, 2>;   // of the day, of what measures

time_t shift() {
    const char* wish = ::getenv("SLUSE_SHIFTED_CLOCK_SECONDS");
    return wish == nullptr ? 0 : static_cast<time_t>(::strtoll(wish, nullptr, 10));
}

/// By system calls, past whatever watches the usual ones: clocks are asked before all else is up.
const Shifts* open_shifts() {
    const char* path = ::getenv("SLUSE_SHIFTED_CLOCK_FILE");
    if (path == nullptr) {
        return nullptr;
    }
    const auto file = ::syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return nullptr;
    }
    const auto place = ::syscall(SYS_mmap, nullptr, sizeof(Shifts), PROT_READ, MAP_SHARED, file, 0);
    ::syscall(SYS_close, file);
    void* found = nullptr;
    if (place < 0 && place > -4096) {
        return nullptr;
    }
    std::memcpy(&found, &place, sizeof(found));
    return static_cast<const Shifts*>(found);
}

const Shifts* shifts_in_file() {
    static const Shifts* const opened = open_shifts();
    return opened;
}

template <class Function>
Function next_of(const char* name) {
    void* found = ::dlsym(RTLD_NEXT, name);
    Function made = nullptr;
    std::memcpy(&made, &found, sizeof(made));
    return made;
}

}   // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) {
    static const Ask next = next_of<Ask>("clock_gettime");
    const auto* const shifts = shifts_in_file();
    const int result = next(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) {
        time->tv_sec += shift() + (shifts == nullptr ? 0 : (*shifts)[0].load());
    } else if (result == 0 && clock == CLOCK_MONOTONIC && shifts != nullptr) {
        time->tv_sec += (*shifts)[1].load();
    }
    return result;
}

/// Asio's timers ask the clock which of them are due when theirs goes off, and set it anew: one
/// that goes off early does no harm.
extern "C" int timerfd_settime(int file, int flags, const itimerspec* wanted, itimerspec* before) {
    static const auto next = next_of<SetTimer>("timerfd_settime");
    constexpr long beat = 20'000'000;
    itimerspec sooner = *wanted;
    auto& in = sooner.it_value;
    if (shifts_in_file() != nullptr && flags == 0 && (in.tv_sec > 0 || in.tv_nsec > beat)) {
        in.tv_sec = 0;
        in.tv_nsec = beat;
    }
    return next(file, flags, &sooner, before);
}
