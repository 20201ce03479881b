#include "gateway/runtime/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace gateway::runtime {
namespace {

using core::Errc;
using core::Failure;
using core::Result;

Failure failure_of_errno(const char* what) {
    const int error = errno;
    const Errc code = error == ENOSPC || error == EDQUOT ? Errc::storage_full
                      : error == ENOENT                  ? Errc::not_found
                      : error == EEXIST                  ? Errc::conflict
                                                         : Errc::storage_failed;
    return Failure(code, std::string(what) + ": " + std::strerror(error));
}

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    int get() const { return fd_; }

private:
    int fd_;
};

class PosixFile final : public File {
public:
    explicit PosixFile(int fd) : fd_(fd) {}

    Result<void> append(std::span<const char> bytes) override {
        while (!bytes.empty()) {
            const auto count = ::write(fd_.get(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count < 0) {
                return failure_of_errno("write");
            }
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
        return {};
    }

    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
        std::size_t done = 0;
        while (done < out.size()) {
            const auto count = ::pread(fd_.get(), out.data() + done, out.size() - done,
                                       static_cast<off_t>(offset + done));
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count < 0) {
                return failure_of_errno("read");
            }
            if (count == 0) {
                break;
            }
            done += static_cast<std::size_t>(count);
        }
        return done;
    }

    Result<void> sync() override {
        if (::fsync(fd_.get()) != 0) {
            return failure_of_errno("fsync");
        }
        return {};
    }

    Result<std::uint64_t> size() override {
        struct stat facts {};
        if (::fstat(fd_.get(), &facts) != 0) {
            return failure_of_errno("stat");
        }
        return static_cast<std::uint64_t>(facts.st_size);
    }

private:
    Descriptor fd_;
};

class PosixFileSystem final : public FileSystem {
public:
    explicit PosixFileSystem(std::string root) : root_(std::move(root)) {}

    Result<std::unique_ptr<File>> create(const std::string& path) override {
        const int fd = ::open(full(path).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0) {
            return failure_of_errno("create");
        }
        return std::unique_ptr<File>(std::make_unique<PosixFile>(fd));
    }

    Result<std::unique_ptr<File>> open(const std::string& path) override {
        const int fd = ::open(full(path).c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            return failure_of_errno("open");
        }
        return std::unique_ptr<File>(std::make_unique<PosixFile>(fd));
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        if (::rename(full(from).c_str(), full(to).c_str()) != 0) {
            return failure_of_errno("rename");
        }
        return {};
    }

    Result<void> remove(const std::string& path) override {
        if (::unlink(full(path).c_str()) != 0 && errno != ENOENT) {
            return failure_of_errno("remove");
        }
        return {};
    }

    Result<void> make_directory(const std::string& path) override {
        const std::string whole = full(path);
        for (std::size_t at = whole.find('/', 1);; at = whole.find('/', at + 1)) {
            const std::string part = whole.substr(0, at);
            if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
                return failure_of_errno("mkdir");
            }
            if (at == std::string::npos) {
                return {};
            }
        }
    }

    Result<void> sync_directory(const std::string& path) override {
        const Descriptor fd(::open(full(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (fd.get() < 0 || ::fsync(fd.get()) != 0) {
            return failure_of_errno("fsync directory");
        }
        return {};
    }

    Result<std::vector<std::string>> list(const std::string& directory) override {
        DIR* handle = ::opendir(full(directory).c_str());
        if (handle == nullptr) {
            return failure_of_errno("list");
        }
        std::vector<std::string> names;
        while (const dirent* entry = ::readdir(handle)) {
            const std::string name = entry->d_name;
            if (name != "." && name != "..") {
                names.push_back(name);
            }
        }
        ::closedir(handle);
        std::sort(names.begin(), names.end());
        return names;
    }

    Result<bool> exists(const std::string& path) override {
        struct stat facts {};
        if (::stat(full(path).c_str(), &facts) == 0) {
            return true;
        }
        return errno == ENOENT ? Result<bool>(false) : Result<bool>(failure_of_errno("stat"));
    }

    Result<std::uint64_t> free_bytes() override {
        struct statvfs facts {};
        if (::statvfs(root_.c_str(), &facts) != 0) {
            return failure_of_errno("statvfs");
        }
        return static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize;
    }

private:
    std::string full(const std::string& path) const {
        return path.empty() ? root_ : root_ + "/" + path;
    }

    std::string root_;
};

}   // namespace

std::unique_ptr<FileSystem> make_file_system(std::string root) {
    return std::make_unique<PosixFileSystem>(std::move(root));
}

core::Result<std::string> read_whole_file(const std::string& path, std::size_t bytes_max) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return failure_of_errno("open");
    }
    PosixFile file(fd);
    std::string text(bytes_max + 1, '\0');
    const auto count = file.read_at(0, text);
    if (!count) {
        return count.error();
    }
    if (*count > bytes_max) {
        return Failure(Errc::too_large, "larger than " + std::to_string(bytes_max) + " bytes");
    }
    text.resize(*count);
    return text;
}

}   // namespace gateway::runtime
