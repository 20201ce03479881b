#include "gateway/uploads/shelf.hpp"

#include "gateway/json/value.hpp"

#include <algorithm>

namespace gateway::uploads {
namespace {

using core::Errc;
using core::Failure;
using core::Result;

// What was announced, and which document it became: well above what the API lets through.
constexpr std::size_t small_file_max = 64U << 10U;
constexpr std::string_view info_purpose = "upload info";
constexpr std::string_view done_purpose = "upload done";

std::string two_bytes(std::size_t number) {
    return {static_cast<char>(number >> 8U), static_cast<char>(number & 255U)};
}

core::Time time_from(const json::Value& microseconds) {
    return core::Time(std::chrono::microseconds(microseconds.as_int()));
}

}   // namespace

Result<void> Shelf::put(Upload& upload, core::Randomness& random) const {
    const auto vault = vaults_.find(upload.owner.tenant);
    if (!vault) {
        return Failure(Errc::unavailable, "no key for this tenant");
    }
    const std::string owner = upload.id.to_bytes();
    const auto made = vault->new_key(random, owner);
    upload.key = made.key.secret();
    json::Value info = json::Value::object();
    info.set("system", upload.owner.system.value)
        .set("length", upload.length)
        .set("metadata", upload.metadata)
        .set("expires", static_cast<std::int64_t>(upload.expires.time_since_epoch().count()));
    const std::string sealed = made.key.seal(random, info_purpose, owner, json::write(info));
    return disk_.put(upload.owner.tenant, upload.id, info_name(upload.id),
                     two_bytes(made.wrapped.size()) + made.wrapped + sealed);
}

Result<void> Shelf::finish(const Upload& upload, const ports::StoredDocument& document) const {
    json::Value done = json::Value::object();
    done.set("sha256", document.hash.to_hex())
        .set("md5", document.md5_hex)
        .set("size", document.size);
    const std::string sealed =
        crypto::ContentKey(upload.key)
            .seal(disk_.ids, done_purpose, upload.id.to_bytes(), json::write(done));
    const auto written = disk_.put(upload.owner.tenant, upload.id, done_name(upload.id), sealed);
    if (!written) {
        return written;
    }
    const std::string folder = folder_of(upload.owner.tenant) + "/";
    for (const Part& part : upload.parts) {
        // Left over if it fails: removed with the rest of the upload.
        static_cast<void>(disk_.files.remove(folder + part_name(upload.id, part)));
    }
    return {};
}

Result<void> Shelf::remove(const core::TenantId& tenant, ports::UploadId id,
                           const std::vector<Part>& parts) const {
    const std::string folder = folder_of(tenant);
    if (auto gone = disk_.files.remove(folder + "/" + info_name(id)); !gone) {
        return gone;
    }
    if (auto synced = disk_.durable.sync_folder(folder); !synced) {
        return synced;
    }
    Result<void> first_fault;
    const auto remove = [&](const std::string& name) {
        const auto gone = disk_.files.remove(folder + "/" + name);
        if (!gone && first_fault) {
            first_fault = gone;
        }
    };
    remove(done_name(id));
    for (const Part& part : parts) {
        remove(part_name(id, part));
    }
    return first_fault;
}

Result<std::string> Shelf::read(const std::string& path) const {
    auto file = disk_.files.open(path);
    if (!file) {
        return file.error();
    }
    std::string bytes(small_file_max, '\0');
    const auto got = (*file)->read_at(0, bytes);
    if (!got) {
        return got.error();
    }
    bytes.resize(*got);
    return bytes;
}

Result<UploadPointer> Shelf::open(const core::TenantId& tenant, const crypto::Vault& vault,
                                  ports::UploadId id) const {
    const auto bytes = read(folder_of(tenant) + "/" + info_name(id));
    if (!bytes) {
        return bytes.error();
    }
    const auto at = [&](std::size_t i) {
        return static_cast<std::size_t>(static_cast<unsigned char>((*bytes)[i]));
    };
    const std::size_t wrapped = bytes->size() < 2 ? 0 : at(0) * 256 + at(1);
    if (wrapped == 0 || bytes->size() < 2 + wrapped) {
        return Failure(Errc::corrupted, "an upload's announcement is cut off");
    }
    const std::string_view whole = *bytes;
    const auto key = vault.unwrap(whole.substr(2, wrapped), id.to_bytes());
    if (!key) {
        return key.error();
    }
    const auto plain = key->open(info_purpose, id.to_bytes(), whole.substr(2 + wrapped));
    if (!plain) {
        return plain.error();
    }
    const auto info = json::parse_or_failure(*plain);
    if (!info) {
        return Failure(Errc::corrupted, "an upload's announcement is not what was written");
    }
    auto upload = std::make_shared<Upload>(
        ports::UploadOwner(tenant, core::SystemId((*info)["system"].as_string())));
    upload->id = id;
    upload->length = static_cast<std::uint64_t>((*info)["length"].as_int());
    upload->metadata = (*info)["metadata"].as_string();
    upload->expires = time_from((*info)["expires"]);
    upload->key = key->secret();
    return upload;
}

Result<void> Shelf::read_done(Upload& upload) const {
    const auto sealed = read(folder_of(upload.owner.tenant) + "/" + done_name(upload.id));
    if (!sealed) {
        return sealed.error();
    }
    const auto plain =
        crypto::ContentKey(upload.key).open(done_purpose, upload.id.to_bytes(), *sealed);
    if (!plain) {
        return plain.error();
    }
    const auto done = json::parse_or_failure(*plain);
    const auto hash = done ? core::parse_sha256((*done)["sha256"].as_string()) : std::nullopt;
    if (!hash) {
        return Failure(Errc::corrupted, "an upload's end is not what was written");
    }
    ports::StoredDocument document;
    document.hash = *hash;
    document.md5_hex = (*done)["md5"].as_string();
    document.size = static_cast<std::uint64_t>((*done)["size"].as_int());
    upload.document = std::move(document);
    return {};
}

Result<std::map<ports::UploadId, std::vector<std::string>>>
Shelf::files_of(const core::TenantId& tenant) const {
    std::map<ports::UploadId, std::vector<std::string>> files;
    const auto names = disk_.files.list(folder_of(tenant));
    if (!names && names.error().is(Errc::not_found)) {
        return files;
    }
    if (!names) {
        return names.error();
    }
    for (const std::string& name : *names) {
        if (const auto read = read_name(name)) {
            files[read->id].push_back(name);
        }
    }
    return files;
}

Result<std::vector<core::TenantId>> Shelf::tenants() const {
    std::vector<core::TenantId> tenants;
    const auto names = disk_.files.list(std::string(root_folder));
    if (!names && names.error().is(Errc::not_found)) {
        return tenants;
    }
    if (!names) {
        return names.error();
    }
    for (const std::string& name : *names) {
        tenants.emplace_back(name);
    }
    return tenants;
}

Result<std::vector<UploadPointer>> Shelf::load(const core::TenantId& tenant) const {
    const auto vault = vaults_.find(tenant);
    if (!vault) {
        return Failure(Errc::unavailable, "no key for this tenant");
    }
    const auto files = files_of(tenant);
    if (!files) {
        return files.error();
    }
    const std::string folder = folder_of(tenant) + "/";
    std::vector<UploadPointer> uploads;
    for (const auto& [id, names] : *files) {
        const auto opened = open(tenant, *vault, id);
        if (!opened && !opened.error().is(Errc::not_found) && !opened.error().is(Errc::corrupted)) {
            return opened.error();
        }
        std::vector<Part> parts;
        bool is_done = false;
        for (const std::string& name : names) {
            const auto read = read_name(name);
            if (read->kind == FileKind::part) {
                parts.push_back(read->part);
            }
            if (read->kind == FileKind::unfinished) {
                static_cast<void>(disk_.files.remove(folder + name));   // else at the next start
            }
            is_done = is_done || read->kind == FileKind::done;
        }
        if (!opened) {
            continue;   // without an announcement it is nobody's: swept by its age
        }
        Upload& upload = **opened;
        if (is_done && read_done(upload)) {
            upload.parts.emplace_back(0, upload.length);
            uploads.push_back(*opened);
            continue;
        }
        std::sort(parts.begin(), parts.end());
        for (const Part& part : parts) {
            if (part.offset == upload.offset() && part.length <= upload.length - part.offset) {
                upload.parts.push_back(part);
            } else {
                static_cast<void>(disk_.files.remove(folder + part_name(id, part)));
            }
        }
        uploads.push_back(*opened);
    }
    return uploads;
}

}   // namespace gateway::uploads
