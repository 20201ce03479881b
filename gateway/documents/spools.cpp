#include "gateway/documents/spools.hpp"

#include "gateway/crypto/chunks.hpp"

#include <algorithm>
#include <array>

namespace gateway::documents {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::Task;

constexpr const char* folder = "spools";
// One turn of the executor for four chunks, in and out.
constexpr std::size_t batch_bytes = 4 * crypto::chunk_plain_bytes;

crypto::SecretKey new_key(sdk::Ids& ids) {
    std::array<std::uint8_t, 32> bytes{};
    ids.random(bytes);
    const crypto::SecretKey key(bytes);
    bytes.fill(0);
    return key;
}

/// The blocking half: inside one job at a time.
class SpoolFile {
public:
    SpoolFile(runtime::FileSystem& files, std::uint64_t free_bytes_min, std::string path,
              crypto::SecretKey key)
        : files_(files), free_bytes_min_(free_bytes_min), path_(std::move(path)), key_(key) {}

    /// Whole chunks; with `last`, also the rest.
    Result<void> write(std::string_view plain, bool last) {
        const auto free = files_.free_bytes();
        if (!free) {
            return free.error();
        }
        if (*free < free_bytes_min_ + plain.size()) {
            return Failure(Errc::storage_full,
                           "less than the configured minimum is free on the disk");
        }
        if (!file_) {
            if (auto made = files_.make_directory(folder); !made) {
                return made;
            }
            auto file = files_.create(path_);
            if (!file) {
                return file.error();
            }
            file_ = std::move(*file);
        }
        while (plain.size() >= crypto::chunk_plain_bytes) {
            const auto chunk = plain.substr(0, crypto::chunk_plain_bytes);
            if (auto written = write_chunk(chunk, false); !written) {
                return written;
            }
            plain.remove_prefix(chunk.size());
        }
        return last ? write_chunk(plain, true) : Result<void>();
    }

    Result<std::string> read(std::uint64_t first, std::uint64_t count) {
        std::string sealed(count * crypto::chunk_sealed_bytes, '\0');
        const auto got = file_->read_at(first * crypto::chunk_sealed_bytes, sealed);
        if (!got) {
            return got.error();
        }
        std::string_view rest(sealed.data(), *got);
        std::string plain;
        plain.reserve(rest.size());
        for (std::uint64_t chunk = first; chunk < first + count && chunk < chunks_; ++chunk) {
            const auto one = rest.substr(0, crypto::chunk_sealed_bytes);
            const auto opened = crypto::open_chunk(key_, chunk, chunk + 1 == chunks_, one);
            if (!opened && plain.empty()) {
                return opened.error();
            }
            if (!opened) {
                break;   // told to who asks for it, not to who is read ahead for
            }
            plain += *opened;
            rest.remove_prefix(one.size());
        }
        return plain;
    }

    void remove() {
        file_.reset();
        static_cast<void>(files_.remove(path_));   // swept at the next start if it fails
    }

private:
    Result<void> write_chunk(std::string_view plain, bool last) {
        return file_->append(crypto::seal_chunk(key_, chunks_++, last, plain));
    }

    runtime::FileSystem& files_;
    std::uint64_t free_bytes_min_;
    std::string path_;
    crypto::SecretKey key_;
    std::unique_ptr<runtime::File> file_;
    std::uint64_t chunks_ = 0;
};

class DiskSpool final : public sdk::Spool {
public:
    DiskSpool(runtime::Executor& executor, std::shared_ptr<SpoolFile> file, std::uint64_t bytes_max)
        : executor_(executor), file_(std::move(file)), bytes_max_(bytes_max) {}
    DiskSpool(const DiskSpool&) = delete;
    DiskSpool& operator=(const DiskSpool&) = delete;
    ~DiskSpool() override {
        executor_.post([file = std::move(file_)] { file->remove(); });
    }

    Task<Result<void>> write(std::span<const char> bytes) override {
        if (failed_) {
            co_return *failed_;
        }
        if (finished_) {
            co_return Failure(Errc::closed, "the spool is finished");
        }
        if (bytes.size() > bytes_max_ - size_) {
            failed_.emplace(Errc::too_large, "more than " + std::to_string(bytes_max_) + " bytes");
            co_return *failed_;
        }
        size_ += bytes.size();
        while (!bytes.empty()) {
            const std::size_t part = std::min(bytes.size(), batch_bytes - buffer_.size());
            buffer_.append(bytes.data(), part);
            bytes = bytes.subspan(part);
            if (buffer_.size() < batch_bytes) {
                continue;
            }
            const auto written = co_await flush(false);
            if (!written) {
                co_return written;
            }
        }
        co_return Result<void>();
    }

    Task<Result<void>> finish() override {
        if (failed_) {
            co_return *failed_;
        }
        if (finished_) {
            co_return Result<void>();
        }
        const auto written = co_await flush(true);
        finished_ = written.has_value();
        co_return written;
    }

    std::uint64_t size() const override { return size_; }

    std::unique_ptr<sdk::ByteSource> open() override;

    Task<Result<std::size_t>> read_at(std::uint64_t offset, std::span<char> out) override {
        if (!finished_) {
            co_return Failure(Errc::invalid_argument, "the spool is not finished");
        }
        if (offset >= size_ || out.empty()) {
            co_return std::size_t{0};
        }
        if (!holds(offset)) {
            const auto [first, count] = chunks_for(offset, out.size());
            auto job = [file = file_, from = first, chunks = count] {
                return file->read(from, chunks);
            };
            auto plain = co_await executor_.run(std::move(job));
            if (!plain) {
                co_return plain.error();
            }
            keep(first, std::move(*plain));
        }
        co_return copy(offset, out);
    }

    Result<std::size_t> read_at_blocking(std::uint64_t offset, std::span<char> out) override {
        if (!finished_) {
            return Failure(Errc::invalid_argument, "the spool is not finished");
        }
        if (offset >= size_ || out.empty()) {
            return std::size_t{0};
        }
        if (!holds(offset)) {
            const auto [first, count] = chunks_for(offset, out.size());
            auto plain = file_->read(first, count);
            if (!plain) {
                return plain.error();
            }
            keep(first, std::move(*plain));
        }
        return copy(offset, out);
    }

private:
    Task<Result<void>> flush(bool last) {
        auto job = [file = file_, plain = std::exchange(buffer_, std::string()), last] {
            return file->write(plain, last);
        };
        auto written = co_await executor_.run(std::move(job));
        if (!written) {
            failed_ = written.error();
        }
        co_return written;
    }

    bool holds(std::uint64_t offset) const {
        return offset >= plain_at_ && offset < plain_at_ + plain_.size();
    }

    /// A reader that goes on from where it was is read ahead for.
    std::pair<std::uint64_t, std::uint64_t> chunks_for(std::uint64_t offset,
                                                       std::size_t wanted) const {
        constexpr std::uint64_t most = batch_bytes / crypto::chunk_plain_bytes;
        const std::uint64_t first = offset / crypto::chunk_plain_bytes;
        const std::uint64_t last =
            (std::min<std::uint64_t>(offset + wanted, size_) - 1) / crypto::chunk_plain_bytes;
        const bool goes_on = offset == plain_at_ + plain_.size();
        return {first, goes_on ? most : std::min(last - first + 1, most)};
    }

    void keep(std::uint64_t first, std::string plain) {
        plain_ = std::move(plain);
        plain_at_ = first * crypto::chunk_plain_bytes;
    }

    Result<std::size_t> copy(std::uint64_t offset, std::span<char> out) const {
        if (!holds(offset)) {
            return Failure(Errc::corrupted, "the spool is shorter than what was written");
        }
        const auto from = static_cast<std::size_t>(offset - plain_at_);
        const std::size_t count = std::min(out.size(), plain_.size() - from);
        std::copy_n(plain_.data() + from, count, out.data());
        return count;
    }

    runtime::Executor& executor_;
    std::shared_ptr<SpoolFile> file_;
    std::uint64_t bytes_max_;
    std::uint64_t size_ = 0;
    std::string buffer_;   // not yet written
    std::uint64_t plain_at_ = 0;
    std::string plain_;   // read last
    bool finished_ = false;
    std::optional<Failure> failed_;
};

class SpoolSource final : public sdk::ByteSource {
public:
    explicit SpoolSource(DiskSpool& spool) : spool_(spool) {}
    Task<Result<std::size_t>> read(std::span<char> out) override {
        const auto count = co_await spool_.read_at(at_, out);
        if (count) {
            at_ += *count;
        }
        co_return count;
    }
    std::optional<std::uint64_t> size() const override { return spool_.size(); }

private:
    DiskSpool& spool_;
    std::uint64_t at_ = 0;
};

std::unique_ptr<sdk::ByteSource> DiskSpool::open() {
    return std::make_unique<SpoolSource>(*this);
}

class DiskSpools final : public sdk::Spools {
public:
    DiskSpools(runtime::FileSystem& files, runtime::Executor& executor, sdk::Ids& ids,
               std::uint64_t free_bytes_min)
        : files_(files), executor_(executor), ids_(ids), free_bytes_min_(free_bytes_min) {}

    Task<Result<std::unique_ptr<sdk::Spool>>> create(std::uint64_t bytes_max) override {
        auto file = std::make_shared<SpoolFile>(files_, free_bytes_min_,
                                                std::string(folder) + "/" + ids_.uuid().to_string(),
                                                new_key(ids_));
        co_return std::unique_ptr<sdk::Spool>(
            std::make_unique<DiskSpool>(executor_, std::move(file), bytes_max));
    }

private:
    runtime::FileSystem& files_;
    runtime::Executor& executor_;
    sdk::Ids& ids_;
    std::uint64_t free_bytes_min_;
};

}   // namespace

std::unique_ptr<sdk::Spools> make_spools(runtime::FileSystem& files, runtime::Executor& executor,
                                         sdk::Ids& ids, const DocumentOptions& options) {
    return std::make_unique<DiskSpools>(files, executor, ids, options.free_bytes_min);
}

core::Result<std::size_t> remove_stale_spools(runtime::FileSystem& files) {
    const auto names = files.list(folder);
    if (!names && names.error().is(Errc::not_found)) {
        return std::size_t{0};
    }
    if (!names) {
        return names.error();
    }
    for (const auto& name : *names) {
        if (auto removed = files.remove(std::string(folder) + "/" + name); !removed) {
            return removed.error();
        }
    }
    return names->size();
}

}   // namespace gateway::documents
