#include "gateway/seal/file_coverage.hpp"

#include "gateway/seal/xml_text.hpp"

namespace gateway::seal {

bool is_to_be_signed(std::string_view name) {
    return name != "mimetype" && name.substr(0, 9) != "META-INF/" && !name.ends_with('/');
}

FileCoverage::FileCoverage(const std::vector<ContainerFile>& files) {
    std::size_t number = 0;
    for (const auto& file : files) {
        ++number;
        if (is_to_be_signed(file.name) &&
            !entries_.emplace(file.name, Entry{file.sha256, number, false}).second) {
            uncoverable_ = number;
        }
    }
}

FileCoverage::Entry* FileCoverage::find(std::string_view uri) {
    auto found = entries_.find(uri);
    for (const bool plus_is_space : {false, true}) {
        const auto name = found == entries_.end() ? name_of_uri(uri, plus_is_space) : std::nullopt;
        if (name) {
            found = entries_.find(*name);
        }
    }
    return found == entries_.end() ? nullptr : &found->second;
}

std::optional<Finding> FileCoverage::cover(std::string_view uri, std::string_view sha256) {
    ++references_;
    Entry* const entry = find(uri);
    if (entry == nullptr) {
        return Finding("seal.file_missing", {{"reference", std::to_string(references_)}});
    }
    const core::Params which{{"number", std::to_string(entry->number)}};
    if (entry->covered) {
        return Finding("seal.file_signed_twice", which);
    }
    entry->covered = true;
    if (entry->sha256.to_bytes() != sha256) {
        return Finding("seal.file_changed", which);
    }
    return std::nullopt;
}

std::optional<Finding> FileCoverage::uncovered() const {
    if (uncoverable_ != 0) {
        return Finding("seal.file_unsigned", {{"number", std::to_string(uncoverable_)}});
    }
    for (const auto& [name, entry] : entries_) {
        if (!entry.covered) {
            return Finding("seal.file_unsigned", {{"number", std::to_string(entry.number)}});
        }
    }
    return std::nullopt;
}

}   // namespace gateway::seal
