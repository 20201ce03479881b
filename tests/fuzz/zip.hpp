#pragma once

// ZIP containers: whatever the bytes, the reader stays within its limits; what it takes can be
// written again and is the same.

#include "gateway/seal/asic_reader.hpp"
#include "gateway/seal/asic_writer.hpp"
#include "gateway/seal/refusal.hpp"
#include "gateway/seal/zip_names.hpp"
#include "tests/fuzz/promise.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace fuzz::zip {

using gateway::seal::AsicReader;

class Bytes final : public gateway::seal::RandomAccess {
public:
    explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    gateway::core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
        promise(offset <= bytes_.size(), "nothing is asked for behind the end");
        const std::size_t count = std::min<std::size_t>(out.size(), bytes_.size() - offset);
        std::copy_n(bytes_.data() + offset, count, out.data());
        asked += count;
        return count;
    }
    std::uint64_t asked = 0;

private:
    std::string_view bytes_;
};

struct File {
    bool whole = false;
    std::string bytes;
    friend bool operator==(const File&, const File&) = default;
};

/// A file read in pieces of `step`, as far as it can be read.
inline File read_file(const AsicReader& reader, const gateway::seal::AsicEntry& entry,
                      std::size_t step) {
    auto file = reader.extract(entry);
    std::string block(step, '\0');
    File seen;
    for (;;) {
        const auto got = file.read(block);
        if (!got) {
            promise(!gateway::seal::refusal_name(got.error()).empty(), "a refusal has a name");
            seen.bytes.clear();   // how far it came is a matter of the pieces
            return seen;
        }
        promise(*got <= entry.size - seen.bytes.size(), "a file is no longer than was told");
        if (*got == 0) {
            promise(seen.bytes.size() == entry.size, "a file that ends well has all its bytes");
            seen.whole = true;
            return seen;
        }
        seen.bytes.append(block, 0, *got);
    }
}

inline gateway::seal::AsicLimits small_limits() {
    gateway::seal::AsicLimits limits;
    limits.entries_max = 50;
    limits.directory_bytes_max = 8192;
    limits.entry_bytes_max = 300'000;
    limits.total_bytes_max = 500'000;
    limits.ratio_free_bytes = 10'000;
    return limits;
}

inline void write_and_read_again(const std::map<std::string, std::string>& files) {
    gateway::seal::AsicWriter writer{gateway::seal::AsicOptions()};
    std::string made;
    for (const auto& [name, bytes] : files) {
        promise(writer.begin_file({name, "", bytes.size()}, made).has_value() &&
                    writer.write(bytes, made).has_value() && writer.end_file(made).has_value(),
                "what was read can be written");
    }
    promise(writer.finish(made).has_value(), "the directory can be written");
    Bytes source(made);
    const auto again = AsicReader::open(source);
    promise(again.has_value() && again->remarks().empty() &&
                again->entries().size() == files.size() + 1,
            "what was written opens");
    for (const auto& [name, bytes] : files) {
        promise(read_file(*again, *again->find(name), 999) == File{true, bytes}, "and is the same");
    }
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    Bytes source(text_of(data, size));
    const auto limits = small_limits();
    const auto reader = AsicReader::open(source, limits);
    promise(source.asked <= 4 * size + 4096, "opening reads each byte a few times at most");
    if (!reader) {
        promise(!gateway::seal::refusal_name(reader.error()).empty(), "a refusal has a name");
        return;
    }
    std::map<std::string, std::string> files;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
    std::uint64_t total = 0;
    bool all = true;
    for (const auto& entry : reader->entries()) {
        total += entry.size;
        places.emplace_back(entry.data_offset, entry.packed_size);
        const File file = read_file(*reader, entry, 4096);
        promise(file == read_file(*reader, entry, 5), "pieces change nothing");
        all = all && file.whole;
        if (!entry.is_folder() && gateway::seal::folded_name(entry.name) != "mimetype") {
            files[entry.name] = file.bytes;
        }
    }
    promise(total <= limits.total_bytes_max, "all files together keep their limit");
    std::sort(places.begin(), places.end());
    std::uint64_t end = 0;
    for (const auto& [offset, length] : places) {
        promise(offset >= end && offset + length <= size, "no two files share a byte");
        end = offset + length;
    }
    if (all) {
        write_and_read_again(files);
    }
}

}   // namespace fuzz::zip
