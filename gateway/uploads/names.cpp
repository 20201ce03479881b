#include "gateway/uploads/names.hpp"

#include <charconv>
#include <chrono>

namespace gateway::uploads {
namespace {

constexpr std::size_t id_size = 36;
constexpr std::size_t number_size = 16;
constexpr std::string_view info_ending = ".info";
constexpr std::string_view done_ending = ".done";
constexpr std::string_view unfinished_ending = ".new";

std::string sixteen_digits(std::uint64_t number) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(number_size, '0');
    for (std::size_t i = number_size; i-- > 0; number >>= 4U) {
        text[i] = digits[number & 15U];
    }
    return text;
}

std::optional<std::uint64_t> read_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && sixteen_digits(value) == text ? std::optional(value) : std::nullopt;
}

}   // namespace

std::string folder_of(const core::TenantId& tenant) {
    return std::string(root_folder) + "/" + tenant.value;
}

std::string info_name(ports::UploadId id) {
    return id.to_string().append(info_ending);
}

std::string done_name(ports::UploadId id) {
    return id.to_string().append(done_ending);
}

std::string part_name(ports::UploadId id, Part part) {
    return id.to_string() + "-" + sixteen_digits(part.offset) + "-" + sixteen_digits(part.length);
}

std::string unfinished_name(ports::UploadId id, const core::Uuid& unique) {
    return (id.to_string() + "." + unique.to_string()).append(unfinished_ending);
}

std::optional<FileName> read_name(std::string_view name) {
    const auto id = ports::UploadId::parse(name.substr(0, id_size));
    if (!id) {
        return std::nullopt;
    }
    FileName read;
    read.id = *id;
    const std::string_view rest = name.substr(id_size);
    if (rest == info_ending) {
        read.kind = FileKind::info;
        return read;
    }
    if (rest == done_ending) {
        read.kind = FileKind::done;
        return read;
    }
    if (rest.ends_with(unfinished_ending)) {
        return read;
    }
    if (rest.size() != 2 * (number_size + 1) || rest[0] != '-' || rest[number_size + 1] != '-') {
        return std::nullopt;
    }
    const auto offset = read_number(rest.substr(1, number_size));
    const auto length = read_number(rest.substr(number_size + 2));
    if (!offset || !length || *length == 0 || *offset + *length < *offset) {
        return std::nullopt;
    }
    read.kind = FileKind::part;
    read.part = Part(*offset, *length);
    return read;
}

core::Time time_of(ports::UploadId id) {
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        milliseconds = milliseconds * 256 + id.uuid.bytes[i];
    }
    return core::Time(std::chrono::milliseconds(milliseconds));
}

}   // namespace gateway::uploads
