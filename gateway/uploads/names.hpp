#pragma once

// Where an upload lies: all its files begin with its id, in `uploads/<tenant>/`.

#include "gateway/ports/uploads.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::uploads {

inline constexpr std::string_view root_folder = "uploads";

/// Bytes `offset` to `offset + length` of an upload. Its file is there only when all of them are.
struct Part {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;

    Part(std::uint64_t from, std::uint64_t bytes) : offset(from), length(bytes) {}
    friend auto operator<=>(const Part&, const Part&) = default;
};

enum class FileKind { info, done, part, unfinished };

struct FileName {
    FileKind kind = FileKind::unfinished;
    ports::UploadId id;
    Part part{0, 0};
};

std::string folder_of(const core::TenantId& tenant);
/// "<id>.info": what was announced. "<id>.done": which document it became.
std::string info_name(ports::UploadId id);
std::string done_name(ports::UploadId id);
/// "<id>-<offset, 16 hex digits>-<length, 16 hex digits>".
std::string part_name(ports::UploadId id, Part part);
/// "<id>.<unique>.new": not yet under its name.
std::string unfinished_name(ports::UploadId id, const core::Uuid& unique);
/// Nothing when it is none of ours.
std::optional<FileName> read_name(std::string_view name);
/// Our ids begin with their millisecond.
core::Time time_of(ports::UploadId id);

}   // namespace gateway::uploads
