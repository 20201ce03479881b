#pragma once

// Which file of a container a reference means, and whether all are meant exactly once.

#include "gateway/seal/finding.hpp"
#include "gateway/seal/signed_file.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

class FileCoverage {
public:
    explicit FileCoverage(const std::vector<ContainerFile>& files);

    /// The name as it stands, else percent-decoded, else as a form encodes it (Java's URLEncoder):
    /// each file once, with this digest. `seal.file_missing` {reference}, `seal.file_signed_twice`
    /// {number}, `seal.file_changed` {number}; nothing when it fits.
    std::optional<Finding> cover(std::string_view uri, std::string_view sha256);
    /// `seal.file_unsigned` {number} for the first that no reference covers, or whose name
    /// stands twice.
    std::optional<Finding> uncovered() const;

private:
    struct Entry {
        core::Sha256 sha256;
        std::size_t number = 0;
        bool covered = false;
    };
    Entry* find(std::string_view uri);

    std::map<std::string, Entry, std::less<>> entries_;
    std::size_t references_ = 0;
    std::size_t uncoverable_ = 0;   // number of a file whose name stands twice; 0: none
};

/// Signed are all files but `mimetype` and what lies under META-INF/; a folder is no file.
bool is_to_be_signed(std::string_view name);

}   // namespace gateway::seal
