#include "adapters/common/standin/folder_lock.hpp"

#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace gateway::standin {

FolderLock::FolderLock(const std::string& path)
    : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (file_ < 0 || ::flock(file_, LOCK_EX) != 0) {
        ::close(file_);
        throw std::runtime_error("cannot lock " + path);
    }
}

FolderLock::~FolderLock() {
    ::close(file_);
}

}   // namespace gateway::standin
