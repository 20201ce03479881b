// A system's log of the test's own, for the real program: preloaded, it sends to the socket that
// SLUSE_SYSTEMS_LOG names what was for /dev/log.

#include <stdlib.h>

#include <cstring>
#include <string_view>

#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace {

using Send = ssize_t (*)(int, const void*, size_t, int, const sockaddr*, socklen_t);

Send next_send() {
    void* found = ::dlsym(RTLD_NEXT, "sendto");
    Send made = nullptr;
    std::memcpy(&made, &found, sizeof(made));
    return made;
}

/// Nothing where it goes elsewhere.
const char* instead_of(const sockaddr* to, socklen_t size) {
    if (to == nullptr || to->sa_family != AF_UNIX || size != sizeof(sockaddr_un)) {
        return nullptr;
    }
    sockaddr_un address{};
    std::memcpy(&address, to, sizeof(address));
    return std::string_view(address.sun_path) == "/dev/log" ? ::getenv("SLUSE_SYSTEMS_LOG")
                                                            : nullptr;
}

}   // namespace

extern "C" ssize_t sendto(int socket, const void* bytes, size_t count, int flags,
                          const sockaddr* to, socklen_t size) {
    static const Send next = next_send();
    const char* const wanted = instead_of(to, size);
    sockaddr_un address{};
    if (wanted == nullptr || std::strlen(wanted) >= sizeof(address.sun_path)) {
        return next(socket, bytes, count, flags, to, size);
    }
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, wanted);
    return next(socket, bytes, count, flags, reinterpret_cast<const sockaddr*>(&address),
                sizeof(address));
}
