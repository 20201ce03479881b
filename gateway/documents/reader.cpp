#include "gateway/crypto/chunks.hpp"
#include "gateway/documents/names.hpp"
#include "gateway/documents/shared.hpp"

#include <algorithm>

namespace gateway::documents {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::Task;

constexpr std::uint64_t chunks_per_turn =
    4;   // read ahead by a stream; a range takes what it needs

/// The blocking half.
class SealedFile {
public:
    SealedFile(std::unique_ptr<runtime::File> file, const crypto::ContentKey& key,
               std::uint64_t size)
        : file_(std::move(file)), key_(key), last_chunk_(size / crypto::chunk_plain_bytes) {}

    std::uint64_t last_chunk() const { return last_chunk_; }

    /// Plain bytes of chunks [first, first + count), of those there are.
    Result<std::string> read(std::uint64_t first, std::uint64_t count) {
        count = std::min(count, last_chunk_ + 1 - first);
        std::string sealed(count * crypto::chunk_sealed_bytes, '\0');
        const auto got = file_->read_at(first * crypto::chunk_sealed_bytes, sealed);
        if (!got) {
            return got.error();
        }
        std::string_view rest(sealed.data(), *got);
        std::string plain;
        plain.reserve(rest.size());
        for (std::uint64_t chunk = first; chunk < first + count; ++chunk) {
            const std::string_view one = rest.substr(0, crypto::chunk_sealed_bytes);
            const auto opened = crypto::open_chunk(key_.secret(), chunk, chunk == last_chunk_, one);
            if (!opened) {
                return opened.error();
            }
            plain += *opened;
            rest.remove_prefix(one.size());
        }
        return plain;
    }

private:
    std::unique_ptr<runtime::File> file_;
    crypto::ContentKey key_;
    std::uint64_t last_chunk_;
};

class Reader final : public ports::DocumentReader {
public:
    Reader(std::shared_ptr<Shared> shared, std::shared_ptr<SealedFile> file, std::uint64_t size)
        : shared_(std::move(shared)), file_(std::move(file)), size_(size) {}

    std::uint64_t size() const override { return size_; }

    Task<Result<std::size_t>> read_at(std::uint64_t offset, std::span<char> out) override {
        if (offset >= size_ || out.empty()) {
            co_return std::size_t{0};
        }
        if (offset < plain_at_ || offset >= plain_at_ + plain_.size()) {
            const auto filled = co_await fill(offset, out.size());
            if (!filled) {
                co_return filled.error();
            }
        }
        const std::size_t from = static_cast<std::size_t>(offset - plain_at_);
        const std::size_t count = std::min(out.size(), plain_.size() - from);
        std::copy_n(plain_.data() + from, count, out.data());
        co_return count;
    }

private:
    Task<Result<void>> fill(std::uint64_t offset, std::size_t wanted) {
        const std::uint64_t first = offset / crypto::chunk_plain_bytes;
        const std::uint64_t last = (offset + wanted - 1) / crypto::chunk_plain_bytes;
        const bool goes_on = offset != 0 && offset == plain_at_ + plain_.size();
        std::uint64_t count = std::min(last - first + 1, chunks_per_turn);
        if (goes_on) {
            count = chunks_per_turn;
        }
        plain_ = std::string();
        auto job = [file = file_, first, count] { return file->read(first, count); };
        auto plain = co_await shared_->executor.run(std::move(job));
        if (!plain) {
            co_return plain.error();
        }
        plain_ = std::move(*plain);
        plain_at_ = first * crypto::chunk_plain_bytes;
        if (offset - plain_at_ >= plain_.size()) {
            co_return Failure(Errc::corrupted, "document is shorter than its record");
        }
        co_return Result<void>();
    }

    std::shared_ptr<Shared> shared_;
    std::shared_ptr<SealedFile> file_;
    std::uint64_t size_;
    std::uint64_t plain_at_ = 0;
    std::string plain_;
};

/// One that lies in the store.
class SmallReader final : public ports::DocumentReader {
public:
    explicit SmallReader(std::string plain) : plain_(std::move(plain)) {}

    std::uint64_t size() const override { return plain_.size(); }

    Task<Result<std::size_t>> read_at(std::uint64_t offset, std::span<char> out) override {
        const std::size_t from = std::min<std::uint64_t>(offset, plain_.size());
        const std::size_t count = std::min(out.size(), plain_.size() - from);
        std::copy_n(plain_.data() + from, count, out.data());
        co_return count;
    }

private:
    std::string plain_;
};

Result<std::unique_ptr<ports::DocumentReader>> open_small(const crypto::ContentKey& key,
                                                          const ports::DocumentRecord& record) {
    auto plain = crypto::open_chunk(key.secret(), 0, true, record.sealed);
    if (!plain) {
        return plain.error();
    }
    if (plain->size() != record.size) {
        return Failure(Errc::corrupted, "the document has another size than its record");
    }
    std::unique_ptr<ports::DocumentReader> reader =
        std::make_unique<SmallReader>(std::move(*plain));
    return reader;
}

Result<std::shared_ptr<SealedFile>> open_file(Shared& shared, const std::string& path,
                                              const crypto::ContentKey& key, std::uint64_t size) {
    auto file = shared.files.open(path);
    if (!file && file.error().is(Errc::not_found)) {
        return Failure(Errc::corrupted, "the document's file is not there");
    }
    if (!file) {
        return file.error();
    }
    const auto length = (*file)->size();
    if (!length) {
        return length.error();
    }
    if (*length != crypto::sealed_size(size)) {
        return Failure(Errc::corrupted, "the document's file has another size than its record");
    }
    return std::make_shared<SealedFile>(std::move(*file), key, size);
}

}   // namespace

Task<Result<std::unique_ptr<ports::DocumentReader>>>
open_reader(std::shared_ptr<Shared> shared, std::shared_ptr<const crypto::Vault> vault,
            ports::DocumentRecord record) {
    const auto key = vault->unwrap(record.wrapped_key, record.hash.to_bytes());
    if (!key) {
        co_return key.error();
    }
    if (!record.sealed.empty()) {
        co_return open_small(*key, record);
    }
    const std::string name = file_name(*vault, record.hash, record.wrapped_key);
    auto job = [shared, path = final_folder(record.tenant, name) + "/" + name, key = *key,
                size = record.size] { return open_file(*shared, path, key, size); };
    auto file = co_await shared->executor.run(std::move(job));
    if (!file) {
        co_return file.error();
    }
    std::unique_ptr<ports::DocumentReader> reader =
        std::make_unique<Reader>(shared, std::move(*file), record.size);
    co_return reader;
}

}   // namespace gateway::documents
