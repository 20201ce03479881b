#pragma once

// A plain ZIP, written file by file: entries stored or deflated, names in UTF-8. No ZIP64: an
// imitation carries no 4 GB.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace gateway::svarut::standin {

/// Throws std::runtime_error when the disk refuses.
class ZipFile {
public:
    explicit ZipFile(const std::string& path);

    /// The bytes of the file at `path`, as they are.
    void add(const std::string& name, const std::string& path);
    /// So many zeros, deflated: far smaller than they say.
    void add_zeros(const std::string& name, std::uint64_t bytes);
    void finish();

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    struct Entry {
        std::string name;
        std::uint32_t checksum = 0;
        std::uint32_t packed = 0;
        std::uint32_t size = 0;
        std::uint32_t offset = 0;
        std::uint16_t method = 0;
    };
    void put(const std::string& bytes);
    void local(const Entry& entry);
    std::string fields(const Entry& entry) const;

    std::unique_ptr<std::FILE, Close> file_;
    std::vector<Entry> entries_;
    std::uint32_t at_ = 0;
};

}   // namespace gateway::svarut::standin
