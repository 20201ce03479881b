// Another day, for the real program: preloaded, it moves the time of day by the seconds that
// SLUSE_SHIFTED_CLOCK_SECONDS says. Clocks that only measure how long something takes stay right.

#include <stdlib.h>
#include <time.h>

#include <cstring>

#include <dlfcn.h>

namespace {

using Ask = int (*)(clockid_t, timespec*);

time_t shift() {
    const char* wish = ::getenv("SLUSE_SHIFTED_CLOCK_SECONDS");
    return wish == nullptr ? 0 : static_cast<time_t>(::strtoll(wish, nullptr, 10));
}

}   // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) {
    static const Ask next = [] {
        void* found = ::dlsym(RTLD_NEXT, "clock_gettime");
        Ask made = nullptr;
        std::memcpy(&made, &found, sizeof(made));
        return made;
    }();
    const int result = next(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) {
        time->tv_sec += shift();
    }
    return result;
}
