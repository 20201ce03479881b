// A disk that fails to flush, for the real program: preloaded, it answers EIO to fsync and
// fdatasync of every file whose path holds the text in the file that SLUSE_FAILING_FSYNC names.
// While that file is not there, nothing fails.

#include <errno.h>
#include <stdlib.h>

#include <cstdio>
#include <cstring>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

using Flush = int (*)(int);

std::string text_of(const char* path) {
    std::string text(256, '\0');
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return {};
    }
    const auto size = ::read(file, text.data(), text.size());
    ::close(file);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
}

bool fails(int descriptor) {
    const char* wish = ::getenv("SLUSE_FAILING_FSYNC");
    const std::string part = wish == nullptr ? std::string() : text_of(wish);
    if (part.empty()) {
        return false;
    }
    char link[64];
    std::snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    std::string path(4096, '\0');
    const auto size = ::readlink(link, path.data(), path.size());
    path.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return path.find(part) != std::string::npos;
}

int flush(const char* name, int descriptor) {
    if (fails(descriptor)) {
        errno = EIO;
        return -1;
    }
    void* next = ::dlsym(RTLD_NEXT, name);
    Flush call = nullptr;
    std::memcpy(&call, &next, sizeof(call));
    return call(descriptor);
}

}   // namespace

extern "C" int fsync(int descriptor) {
    return flush("fsync", descriptor);
}

extern "C" int fdatasync(int descriptor) {
    return flush("fdatasync", descriptor);
}
