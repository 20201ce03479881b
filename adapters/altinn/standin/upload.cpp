#include "adapters/altinn/standin/upload.hpp"

namespace gateway::altinn::standin {

namespace {
constexpr std::size_t field_bytes_max = 1U << 20U;   // of all fields together
}   // namespace

void UploadParts::begin(gateway::standin::PartHead head) {
    in_file_ = head.is_file;
    if (!in_file_) {
        fields.emplace_back(std::move(head.name), std::string());
        return;
    }
    if (gateway::standin::lower(head.name) != "attachments") {
        wrong_part = true;
    }
    auto file = std::make_unique<gateway::standin::StoredFile>(folder_ + "/part-" +
                                                               gateway::standin::random_uuid());
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

}   // namespace gateway::altinn::standin
