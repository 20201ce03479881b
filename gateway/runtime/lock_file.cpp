#include "gateway/runtime/lock_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace gateway::runtime {
namespace {

using core::Errc;
using core::Failure;

constexpr std::size_t who_max = 200;

class FileLock final : public LockFile {
public:
    explicit FileLock(int fd) : fd_(fd) {}
    ~FileLock() override { ::close(fd_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int fd_;
};

std::string holder_of(int fd) {
    std::array<char, who_max> text{};
    const auto count = ::pread(fd, text.data(), text.size(), 0);
    const std::string line(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    return line.substr(0, line.find('\n'));
}

}   // namespace

core::Result<std::unique_ptr<LockFile>> take_lock(const std::string& path, const std::string& who) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        const Errc code =
            errno == ENOSPC || errno == EDQUOT ? Errc::storage_full : Errc::storage_failed;
        return Failure(code, path + ": " + std::strerror(errno));
    }
    auto lock = std::make_unique<FileLock>(fd);
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return Failure(Errc::conflict, holder_of(fd));
        }
        if (errno != EINTR) {
            return Failure(Errc::storage_failed, path + ": " + std::strerror(errno));
        }
    }
    // Who holds it is a help to people; the lock is good without.
    const std::string line = who.substr(0, who_max - 1) + "\n";
    if (::ftruncate(fd, 0) == 0) {
        static_cast<void>(!::pwrite(fd, line.data(), line.size(), 0));
    }
    return std::unique_ptr<LockFile>(std::move(lock));
}

}   // namespace gateway::runtime
