#include "gateway/uploads/part_file.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/chunks.hpp"
#include "gateway/crypto/digest.hpp"

#include <algorithm>
#include <array>

namespace gateway::uploads {
namespace {

using core::Errc;
using core::Failure;
using core::Result;

constexpr std::size_t salt_bytes = 32;
constexpr std::uint64_t chunks_a_turn = 4;

crypto::SecretKey key_of(const crypto::SecretKey& upload_key, std::string_view salt) {
    const std::string mac = crypto::hmac_sha256(upload_key.view(), "part" + std::string(salt));
    std::array<std::uint8_t, 32> bytes{};
    std::copy(mac.begin(), mac.end(), bytes.begin());
    const crypto::SecretKey key(bytes);
    bytes.fill(0);
    return key;
}

}   // namespace

Result<void> Disk::has_room_for(std::uint64_t bytes) {
    const auto free = files.free_bytes();
    if (!free) {
        return free.error();
    }
    if (*free < free_bytes_min + bytes) {
        return Failure(Errc::storage_full, "less than the configured minimum is free on the disk");
    }
    return {};
}

Result<void> Disk::put(const core::TenantId& tenant, ports::UploadId id, const std::string& name,
                       std::string_view bytes) {
    if (auto room = has_room_for(bytes.size()); !room) {
        return room;
    }
    const std::string folder = folder_of(tenant);
    if (auto made = durable.ensure_folder(folder); !made) {
        return made;
    }
    const std::string path = folder + "/" + unfinished_name(id, ids.uuid());
    auto file = files.create(path);
    if (!file) {
        return file.error();
    }
    Result<void> done = (*file)->append(bytes);
    if (done) {
        done = durable.flushed((*file)->sync());
    }
    if (done) {
        done = files.rename(path, folder + "/" + name);
    }
    if (!done) {
        static_cast<void>(files.remove(path));   // swept at the next start if it fails
        return done;
    }
    return durable.sync_folder(folder);
}

PartWriter::PartWriter(Disk& disk, const core::TenantId& tenant, ports::UploadId id,
                       const crypto::SecretKey& upload_key)
    : disk_(disk),
      folder_(folder_of(tenant)),
      path_(folder_ + "/" + unfinished_name(id, disk.ids.uuid())),
      tenant_(tenant),
      id_(id),
      upload_key_(upload_key) {}

Result<void> PartWriter::begin() {
    if (ended_) {
        return Failure(Errc::closed, "the part is written");
    }
    if (file_) {
        return {};
    }
    if (auto made = disk_.durable.ensure_folder(folder_); !made) {
        return made;
    }
    auto file = disk_.files.create(path_);
    if (!file) {
        return file.error();
    }
    file_ = std::move(*file);
    std::array<std::uint8_t, salt_bytes> random{};
    disk_.ids.random(random);
    const std::string_view salt(reinterpret_cast<const char*>(random.data()), random.size());
    key_ = key_of(upload_key_, salt);
    return file_->append(salt);
}

Result<void> PartWriter::write_chunk(std::string_view plain, bool last) {
    size_ += plain.size();
    return file_->append(crypto::seal_chunk(key_, chunks_++, last, plain));
}

Result<void> PartWriter::write(std::string_view plain) {
    const std::lock_guard lock(mutex_);
    if (auto room = disk_.has_room_for(plain.size()); !room) {
        return room;
    }
    if (auto begun = begin(); !begun) {
        return begun;
    }
    while (plain.size() >= crypto::chunk_plain_bytes) {
        const auto chunk = plain.substr(0, crypto::chunk_plain_bytes);
        if (auto written = write_chunk(chunk, false); !written) {
            return written;
        }
        plain.remove_prefix(chunk.size());
    }
    GATEWAY_ASSERT(plain.empty());
    return {};
}

Result<Part> PartWriter::publish(std::uint64_t offset, std::string_view rest) {
    const auto whole = rest.size() / crypto::chunk_plain_bytes * crypto::chunk_plain_bytes;
    if (whole > 0) {
        if (auto written = write(rest.substr(0, whole)); !written) {
            return written.error();
        }
        rest.remove_prefix(whole);
    }
    const std::lock_guard lock(mutex_);
    if (size_ == 0 && rest.empty()) {
        return Part(offset, 0);
    }
    if (auto room = disk_.has_room_for(rest.size()); !room) {
        return room.error();
    }
    if (auto begun = begin(); !begun) {
        return begun.error();
    }
    if (auto written = write_chunk(rest, true); !written) {
        return written.error();
    }
    ended_ = true;
    if (auto synced = disk_.durable.flushed(file_->sync()); !synced) {
        return synced.error();
    }
    const Part part(offset, size_);
    const std::string path = folder_ + "/" + part_name(id_, part);
    if (auto renamed = disk_.files.rename(path_, path); !renamed) {
        return renamed.error();
    }
    path_ = path;
    if (auto synced = disk_.durable.sync_folder(folder_); !synced) {
        return synced.error();
    }
    file_.reset();
    return part;
}

void PartWriter::drop() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (file_) {
        file_.reset();
        static_cast<void>(disk_.files.remove(path_));   // swept at the next start if it fails
    }
}

PartReader::PartReader(Disk& disk, const core::TenantId& tenant, ports::UploadId id,
                       const crypto::SecretKey& upload_key, Part part)
    : disk_(disk),
      path_(folder_of(tenant) + "/" + part_name(id, part)),
      upload_key_(upload_key),
      part_(part) {}

Result<void> PartReader::open() {
    auto file = disk_.files.open(path_);
    if (!file) {
        return Failure(Errc::corrupted, "a part of an upload cannot be opened");
    }
    const auto size = (*file)->size();
    if (!size) {
        return size.error();
    }
    std::array<char, salt_bytes> salt{};
    const auto got = (*file)->read_at(0, salt);
    if (!got) {
        return got.error();
    }
    if (*got != salt.size() || *size != salt_bytes + crypto::sealed_size(part_.length)) {
        return Failure(Errc::corrupted, "a part of an upload has another size than its name says");
    }
    key_ = key_of(upload_key_, {salt.data(), salt.size()});
    file_ = std::move(*file);
    return {};
}

Result<std::string> PartReader::next() {
    if (ended_) {
        return std::string();
    }
    if (!file_) {
        if (auto opened = open(); !opened) {
            return opened.error();
        }
    }
    const std::uint64_t chunks = part_.length / crypto::chunk_plain_bytes + 1;
    std::string sealed(chunks_a_turn * crypto::chunk_sealed_bytes, '\0');
    const auto got = file_->read_at(salt_bytes + chunk_ * crypto::chunk_sealed_bytes, sealed);
    if (!got) {
        return got.error();
    }
    std::string_view rest(sealed.data(), *got);
    std::string plain;
    for (std::uint64_t i = 0; i < chunks_a_turn && chunk_ < chunks; ++i, ++chunk_) {
        const auto one = rest.substr(0, crypto::chunk_sealed_bytes);
        const auto opened = crypto::open_chunk(key_, chunk_, chunk_ + 1 == chunks, one);
        if (!opened) {
            return opened.error();
        }
        plain += *opened;
        rest.remove_prefix(one.size());
    }
    ended_ = chunk_ == chunks;
    return plain;
}

}   // namespace gateway::uploads
