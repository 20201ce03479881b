#include "gateway/ports/documents.hpp"

#include <algorithm>

namespace gateway::ports {
namespace {

class DocumentSource final : public sdk::ByteSource {
public:
    DocumentSource(std::unique_ptr<DocumentReader> reader, std::uint64_t offset,
                   std::uint64_t length)
        : reader_(std::move(reader)),
          at_(std::min(offset, reader_->size())),
          left_(std::min(length, reader_->size() - at_)),
          size_(left_) {}

    Task<Result<std::size_t>> read(std::span<char> out) override {
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
        const auto count = co_await reader_->read_at(at_, out.first(most));
        if (count) {
            at_ += *count;
            left_ -= *count;
        }
        co_return count;
    }

    std::optional<std::uint64_t> size() const override { return size_; }

    Task<Result<void>> skip(std::uint64_t count) override {
        if (count > left_) {
            co_return core::Failure(core::Errc::invalid_argument, "past the document's end");
        }
        at_ += count;
        left_ -= count;
        co_return Result<void>();
    }

private:
    std::unique_ptr<DocumentReader> reader_;
    std::uint64_t at_;
    std::uint64_t left_;
    std::uint64_t size_;
};

}   // namespace

std::unique_ptr<sdk::ByteSource> make_source(std::unique_ptr<DocumentReader> reader,
                                             std::uint64_t offset, std::uint64_t length) {
    return std::make_unique<DocumentSource>(std::move(reader), offset, length);
}

}   // namespace gateway::ports
