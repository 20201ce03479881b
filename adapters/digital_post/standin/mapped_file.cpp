#include "adapters/digital_post/standin/mapped_file.hpp"

#include <stdexcept>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::digital_post::standin {

MappedFile::MappedFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file < 0 || ::fstat(file, &status) != 0) {
        ::close(file);
        throw std::runtime_error("cannot read " + path);
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    void* start = size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : nullptr;
    ::close(file);
    if (start == MAP_FAILED) {
        throw std::runtime_error("cannot map " + path);
    }
    bytes_ = {static_cast<const char*>(start), size};
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) {
        ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
    }
}

}   // namespace gateway::digital_post::standin
