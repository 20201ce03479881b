#include "gateway/runtime/append.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gateway::runtime {
namespace {

using core::Errc;
using core::Failure;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int operator*() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

Failure failure(const std::string& path) {
    const auto code =
        errno == ENOSPC || errno == EDQUOT ? Errc::storage_full : Errc::storage_failed;
    return Failure(code, path + ": " + std::strerror(errno));
}

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return false;
        }
        bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return true;
}

core::Result<void> flush_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    const Descriptor opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.is_open() || ::fsync(*opened) != 0) {
        return failure(folder);
    }
    return {};
}

}   // namespace

core::Result<void> append_line(const std::string& path, std::string_view line) {
    const Descriptor file(
        ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
    struct stat facts {};
    if (!file.is_open() || ::fstat(*file, &facts) != 0) {
        return failure(path);
    }
    std::string text;
    if (facts.st_size > 0) {
        char last = 0;
        if (::pread(*file, &last, 1, facts.st_size - 1) != 1) {
            return failure(path);
        }
        text = last == '\n' ? "" : "\n";
    }
    text += line;
    text += '\n';
    if (!write_all(*file, text) || ::fsync(*file) != 0) {
        return failure(path);
    }
    return facts.st_size > 0 ? core::Result<void>() : flush_folder_of(path);
}

core::Result<void> write_syslog(const std::string& socket, std::string_view text) {
    constexpr int local0_notice = 16 * 8 + 5;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.size() >= sizeof(address.sun_path)) {
        return Failure(Errc::invalid_argument, "the path of a socket is too long");
    }
    socket.copy(address.sun_path, socket.size());
    const Descriptor opened(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto message = "<" + std::to_string(local0_notice) + ">sluse: " + std::string(text);
    if (!opened.is_open() ||
        ::sendto(*opened, message.data(), message.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&address), sizeof(address)) < 0) {
        return Failure(Errc::unavailable, socket + ": " + std::strerror(errno));
    }
    return {};
}

}   // namespace gateway::runtime
