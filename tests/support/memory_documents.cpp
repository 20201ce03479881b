#include "tests/support/memory_documents.hpp"

#include "gateway/crypto/digest.hpp"

#include <algorithm>

namespace tests {

using namespace gateway;

class MemoryWriter final : public ports::DocumentWriter {
public:
    MemoryWriter(MemoryDocuments& all, core::TenantId tenant, core::SystemId uploader,
                 std::uint64_t bytes_max)
        : all_(all),
          tenant_(std::move(tenant)),
          uploader_(std::move(uploader)),
          bytes_max_(bytes_max) {
        ++all_.open_writers;
    }
    ~MemoryWriter() override { --all_.open_writers; }

    sdk::Task<core::Result<void>> append(std::span<const char> bytes) override {
        if (all_.broken) {
            co_return core::Failure(*all_.broken);
        }
        text_.append(bytes.data(), bytes.size());
        if (text_.size() > bytes_max_) {
            co_return core::Failure(core::Errc::too_large);
        }
        co_return core::Result<void>();
    }

    sdk::Task<core::Result<ports::StoredDocument>> commit() override {
        if (all_.broken) {
            co_return core::Failure(*all_.broken);
        }
        crypto::DigestStream digest;
        digest.update(text_);
        ports::DocumentRecord record;
        record.tenant = tenant_;
        record.hash = digest.sha256();
        record.md5_hex = digest.md5_hex();
        record.size = text_.size();
        record.wrapped_key = "key";
        record.uploader = uploader_;
        record.created = all_.clock_.now();
        auto kept = co_await all_.store_.put_document(record);
        if (!kept) {
            co_return kept.error();
        }
        all_.bytes[{tenant_, record.hash}] = text_;
        ports::StoredDocument stored;
        stored.hash = record.hash;
        stored.md5_hex = record.md5_hex;
        stored.size = record.size;
        co_return stored;
    }

private:
    MemoryDocuments& all_;
    core::TenantId tenant_;
    core::SystemId uploader_;
    std::uint64_t bytes_max_;
    std::string text_;
};

namespace {

class MemoryReader final : public ports::DocumentReader {
public:
    explicit MemoryReader(std::string text) : text_(std::move(text)) {}
    std::uint64_t size() const override { return text_.size(); }
    sdk::Task<core::Result<std::size_t>> read_at(std::uint64_t offset,
                                                 std::span<char> out) override {
        const auto from = std::min<std::size_t>(offset, text_.size());
        const auto count = std::min(out.size(), text_.size() - from);
        std::copy_n(text_.data() + from, count, out.data());
        co_return count;
    }

private:
    std::string text_;
};

}   // namespace

sdk::Task<core::Result<std::unique_ptr<ports::DocumentWriter>>>
MemoryDocuments::create(core::TenantId tenant, core::SystemId uploader, std::uint64_t bytes_max) {
    std::unique_ptr<ports::DocumentWriter> writer =
        std::make_unique<MemoryWriter>(*this, std::move(tenant), std::move(uploader), bytes_max);
    co_return std::move(writer);
}

sdk::Task<core::Result<std::unique_ptr<ports::DocumentReader>>>
MemoryDocuments::open(core::TenantId tenant, core::Sha256 hash) {
    const auto found = bytes.find({tenant, hash});
    if (found == bytes.end()) {
        co_return core::Failure(core::Errc::not_found);
    }
    std::unique_ptr<ports::DocumentReader> reader = std::make_unique<MemoryReader>(found->second);
    co_return std::move(reader);
}

sdk::Task<core::Result<std::size_t>> MemoryDocuments::collect(core::Time) {
    co_return std::size_t{0};
}

sdk::Task<core::Result<std::vector<std::string>>> MemoryDocuments::verify() {
    co_return std::vector<std::string>();
}

}   // namespace tests
