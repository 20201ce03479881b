#pragma once

#include <string>
#include <string_view>

namespace gateway::digital_post::standin {

/// A file's bytes without holding them: the kernel reads what is looked at. Must not be shortened
/// by anybody meanwhile.
class MappedFile {
public:
    /// Throws std::runtime_error when it cannot be read.
    explicit MappedFile(const std::string& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::string_view bytes() const { return bytes_; }

private:
    std::string_view bytes_;
};

}   // namespace gateway::digital_post::standin
