#include "gateway/app/cli/client/file_source.hpp"

#include "gateway/runtime/file.hpp"

#include <filesystem>

namespace gateway::app::client {
namespace {

class FileSource final : public sdk::ByteSource {
public:
    FileSource(std::unique_ptr<runtime::File> file, std::uint64_t size)
        : file_(std::move(file)), size_(size) {}

    std::optional<std::uint64_t> size() const override { return size_; }

    sdk::Task<core::Result<std::size_t>> read(std::span<char> out) override {
        const auto left =
            static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - at_));
        if (left == 0) {
            co_return std::size_t{0};
        }
        const auto count = file_->read_at(at_, out.first(left));
        if (!count) {
            co_return count.error();
        }
        if (*count == 0) {
            co_return core::Failure(core::Errc::storage_failed, "the file became shorter");
        }
        at_ += *count;
        co_return *count;
    }

private:
    std::unique_ptr<runtime::File> file_;
    std::uint64_t size_;
    std::uint64_t at_ = 0;
};

}   // namespace

core::Result<std::unique_ptr<sdk::ByteSource>> open_file_source(const std::string& path) {
    std::error_code error;
    const auto whole = std::filesystem::absolute(path, error).lexically_normal();
    if (error || !std::filesystem::is_regular_file(whole, error)) {
        return core::Failure(core::Errc::not_found, path);
    }
    const auto files = runtime::make_file_system(whole.parent_path().string());
    auto file = files->open(whole.filename().string());
    if (!file) {
        return core::Failure(file.error().code, path);
    }
    const auto size = (*file)->size();
    if (!size) {
        return core::Failure(size.error().code, path);
    }
    std::unique_ptr<sdk::ByteSource> source = std::make_unique<FileSource>(std::move(*file), *size);
    return source;
}

}   // namespace gateway::app::client
