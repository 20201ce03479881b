// Another day, for the real program: preloaded, it moves the time of day by the seconds that
// SLUSE_SHIFTED_CLOCK_SECONDS says. Clocks that only measure how long something takes stay right.
//
// SLUSE_SHIFTED_CLOCK_FILE names a file of two 64-bit numbers of seconds that may change while the
// program runs: for the time of day, and for what measures. So a test waits out five minutes in no
// time, and all programs that share the file go on at the same moment.

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
#include <unistd.h>

namespace {

using Ask = int (*)(clockid_t, timespec*);
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

}   // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) {
    static const Ask next = [] {
        void* found = ::dlsym(RTLD_NEXT, "clock_gettime");
        Ask made = nullptr;
        std::memcpy(&made, &found, sizeof(made));
        return made;
    }();
    static const Shifts* const shifts = open_shifts();
    const int result = next(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) {
        time->tv_sec += shift() + (shifts == nullptr ? 0 : (*shifts)[0].load());
    } else if (result == 0 && clock == CLOCK_MONOTONIC && shifts != nullptr) {
        time->tv_sec += (*shifts)[1].load();
    }
    return result;
}
