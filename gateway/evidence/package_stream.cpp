#include "gateway/evidence/package_stream.hpp"

#include "gateway/core/assert.hpp"

#include <algorithm>
#include <cstring>

namespace gateway::evidence {
namespace {

constexpr std::size_t packed_bytes = 64 * 1024;

class PackageStream final : public sdk::ByteSource {
public:
    PackageStream(Package package, std::vector<std::unique_ptr<sdk::ByteSource>> documents)
        : package_(std::move(package)),
          documents_(std::move(documents)),
          writer_(package_options(package_.made_at)) {
        GATEWAY_ASSERT(package_.documents.size() == documents_.size());
    }

    sdk::Task<core::Result<std::size_t>> read(std::span<char> out) override {
        while (given_ == made_.size() && !finished_) {
            made_.clear();
            given_ = 0;
            const auto made = co_await make_more();
            if (!made) {
                co_return made.error();
            }
        }
        const auto count = std::min(out.size(), made_.size() - given_);
        std::memcpy(out.data(), made_.data() + given_, count);
        given_ += count;
        co_return count;
    }

    std::optional<std::uint64_t> size() const override { return std::nullopt; }

private:
    sdk::Task<core::Result<void>> make_more() {
        if (next_text_ < package_.texts.size()) {
            co_return pack_text();
        }
        if (next_document_ < package_.documents.size()) {
            const auto packed = co_await pack_of_document();
            co_return packed;
        }
        finished_ = true;
        co_return writer_.finish(made_);
    }

    core::Result<void> pack_text() {
        const auto& text = package_.texts[next_text_++];
        auto done = writer_.begin_file(to_pack(text.name, text.text.size()), made_);
        if (done) {
            done = writer_.write(text.text, made_);
        }
        if (!done) {
            return done;
        }
        const auto packed = writer_.end_file(made_);
        return packed ? core::Result<void>() : packed.error();
    }

    sdk::Task<core::Result<void>> pack_of_document() {
        const auto& line = package_.documents[next_document_];
        if (piece_.empty()) {
            const auto begun = writer_.begin_file(to_pack(line.name, line.size), made_);
            if (!begun) {
                co_return begun.error();
            }
            piece_.resize(packed_bytes);
        }
        const auto count = co_await documents_[next_document_]->read(piece_);
        if (!count) {
            co_return count.error();
        }
        if (*count > 0) {
            co_return writer_.write(std::string_view(piece_.data(), *count), made_);
        }
        const auto packed = writer_.end_file(made_);
        if (!packed) {
            co_return packed.error();
        }
        if (packed->sha256.to_hex() != line.sha256) {
            co_return core::Failure(core::Errc::corrupted, "a document is not what was accepted");
        }
        documents_[next_document_].reset();
        ++next_document_;
        piece_.clear();
        co_return core::Result<void>();
    }

    Package package_;
    std::vector<std::unique_ptr<sdk::ByteSource>> documents_;
    seal::AsicWriter writer_;
    std::string made_;
    std::size_t given_ = 0;   // of made_
    std::size_t next_text_ = 0;
    std::size_t next_document_ = 0;
    std::string piece_;   // of the document that is being packed; empty: none is
    bool finished_ = false;
};

}   // namespace

seal::AsicOptions package_options(core::Time made_at) {
    seal::AsicOptions options;
    options.modified = made_at;
    options.mimetype = false;
    return options;
}

seal::FileToPack to_pack(std::string name, std::uint64_t size) {
    // Compressed bytes would depend on the library that made them, and could not be made anew.
    seal::FileToPack file;
    file.name = std::move(name);
    file.size = size;
    file.compress = false;
    return file;
}

std::unique_ptr<sdk::ByteSource>
stream_package(Package package, std::vector<std::unique_ptr<sdk::ByteSource>> documents) {
    return std::make_unique<PackageStream>(std::move(package), std::move(documents));
}

}   // namespace gateway::evidence
