#include "adapters/altinn/standin/upload.hpp"

#include <array>

namespace gateway::altinn::standin {

namespace {
constexpr std::size_t field_bytes_max = 1U << 20U;   // of all fields together
constexpr std::size_t piece = 64U << 10U;
}   // namespace

void UploadParts::begin(PartHead head) {
    in_file_ = head.is_file;
    if (!in_file_) {
        fields.emplace_back(std::move(head.name), std::string());
        return;
    }
    if (gateway::standin::lower(head.name) != "attachments") {
        wrong_part = true;
    }
    auto file = std::make_unique<StoredFile>(folder_ + "/part-" + gateway::standin::random_uuid());
    files.emplace_back(std::move(head.file_name), std::move(file));
}

void UploadParts::data(std::string_view bytes) {
    if (in_file_) {
        files.back().file->write(bytes);
        return;
    }
    field_bytes_ += bytes.size();
    if (field_bytes_ > field_bytes_max) {
        wrong_part = true;
        return;
    }
    fields.back().second.append(bytes);
}

void UploadParts::end() {
    if (in_file_) {
        files.back().file->finish();
    }
}

sdk::Task<bool> read_parts(http::Request& request, UploadParts& parts) {
    const auto boundary =
        gateway::standin::header_parameter(request.header("Content-Type"), "boundary");
    if (!boundary || boundary->empty() || boundary->size() > 70) {
        co_return false;
    }
    MultipartReader reader(*boundary, parts);
    std::vector<char> buffer(piece);
    while (true) {
        const auto got = co_await request.body->read(buffer);
        if (!got) {
            co_return false;
        }
        if (*got == 0) {
            co_return reader.finished();
        }
        if (!reader.feed({buffer.data(), *got})) {
            co_return false;
        }
    }
}

}   // namespace gateway::altinn::standin
