#include "gateway/uploads/shared.hpp"

namespace gateway::uploads {
namespace {

using core::Result;
using ports::UploadAnswer;
using ports::UploadRefusal;

// For who lost the last answer; the oldest go first.
constexpr std::size_t finished_max = 1000;
// The longest time that can be configured.
constexpr std::chrono::hours age_max{720};

}   // namespace

UploadAnswer answer_of(const Upload& upload, UploadRefusal refusal) {
    UploadAnswer answer(refusal);
    answer.state.id = upload.id;
    answer.state.length = upload.length;
    answer.state.offset = upload.offset();
    answer.state.expires = upload.expires;
    answer.state.metadata = upload.metadata;
    answer.state.document = upload.document;
    return answer;
}

UploadPointer Shared::look_up(const ports::UploadOwner& owner, ports::UploadId id, core::Time now) {
    const std::lock_guard lock(mutex);
    const auto found = index.find(id);
    const bool is_theirs =
        found != index.end() && found->second->owner == owner && found->second->expires > now;
    return is_theirs ? found->second : nullptr;
}

UploadRefusal Shared::admit(const UploadPointer& upload, const ports::NewUpload& wanted,
                            UploadPointer& forgotten) {
    const std::lock_guard lock(mutex);
    std::size_t open = 0;
    std::size_t finished = 0;
    std::uint64_t bytes = 0;
    UploadPointer oldest;
    for (const auto& [id, one] : index) {
        const bool is_theirs = one->owner == upload->owner;
        if (!one->document) {
            open += is_theirs ? 1U : 0U;
            bytes += one->length;
        } else if (is_theirs && !one->is_busy()) {
            ++finished;
            oldest = oldest ? oldest : one;
        }
    }
    if (open >= wanted.open_max) {
        return UploadRefusal::too_many_open;
    }
    if (bytes > wanted.open_bytes_max || upload->length > wanted.open_bytes_max - bytes) {
        return UploadRefusal::too_much_open;
    }
    if (finished >= finished_max) {
        index.erase(oldest->id);
        oldest->removed = true;
        forgotten = oldest;
    }
    index.emplace(upload->id, upload);
    return UploadRefusal::none;
}

UploadAnswer Shared::answer(const Upload& upload, UploadRefusal refusal) {
    const std::lock_guard lock(mutex);
    return upload.removed ? UploadAnswer(UploadRefusal::not_found) : answer_of(upload, refusal);
}

std::vector<UploadPointer> Shared::take_expired(core::Time now) {
    std::vector<UploadPointer> expired;
    const std::lock_guard lock(mutex);
    for (const auto& [id, upload] : index) {
        if (upload->expires <= now && !upload->is_busy()) {
            upload->writing = true;
            expired.push_back(upload);
        }
    }
    return expired;
}

void Shared::set_free(Upload& upload) {
    {
        const std::lock_guard lock(mutex);
        upload.writing = false;
    }
    changed.notify();
}

Result<void> Shared::discard(Upload& upload) {
    auto gone = shelf.remove(upload.owner.tenant, upload.id, upload.parts);
    {
        const std::lock_guard lock(mutex);
        upload.writing = false;
        if (gone) {
            upload.removed = true;
            index.erase(upload.id);
        }
    }
    changed.notify();
    return gone;
}

Result<std::size_t> Shared::sweep(core::Time now) {
    const auto tenants = shelf.tenants();
    if (!tenants) {
        return tenants.error();
    }
    std::size_t count = 0;
    for (const auto& tenant : *tenants) {
        const auto files = shelf.files_of(tenant);
        if (!files) {
            return files.error();
        }
        for (const auto& [id, names] : *files) {
            {
                const std::lock_guard lock(mutex);
                if (time_of(id) + age_max > now || index.contains(id)) {
                    continue;
                }
            }
            for (const auto& name : names) {
                if (auto gone = disk.files.remove(folder_of(tenant) + "/" + name); !gone) {
                    return gone.error();
                }
                ++count;
            }
        }
    }
    return count;
}

}   // namespace gateway::uploads
