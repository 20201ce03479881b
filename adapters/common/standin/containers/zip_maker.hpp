#pragma once

// The writing side of ZIP (APPNOTE 6.3), in memory: as Java's and .NET's libraries write it, for
// readers that have to take both.

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::standin {

/// One archive. Entries and archive below 4 GiB.
class ZipMaker {
public:
    /// `comment` is the entry's, in the central directory.
    void store(std::string_view name, std::string_view bytes, std::string_view comment = {});
    void deflate(std::string_view name, std::string_view bytes);
    /// The archive; nothing may be added afterwards.
    std::string finish(std::string_view comment = {});

private:
    void add(std::string_view name, std::string_view bytes, std::string_view packed,
             std::uint16_t method, std::string_view comment);

    std::string out_;
    std::string directory_;
    std::uint16_t count_ = 0;
};

}   // namespace gateway::standin
