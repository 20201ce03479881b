#pragma once

// Uploads over the real document store, on one io_context, over a disk that can lose power.

#include "gateway/uploads/uploads.hpp"
#include "tests/unit/documents/world.hpp"

#include <functional>

namespace tests {

/// A body that ends, fails, or never comes to an end.
class Body final : public gateway::sdk::ByteSource {
public:
    enum class End { whole, cut, hangs };
    explicit Body(std::string text, End end = End::whole, gateway::sdk::Clock* clock = nullptr)
        : text_(std::move(text)), end_(end), clock_(clock) {}
    std::optional<std::uint64_t> size() const override { return std::nullopt; }
    gateway::sdk::Task<gateway::core::Result<std::size_t>> read(std::span<char> out) override {
        const auto count = std::min({out.size(), std::size_t{60'001}, text_.size() - at_});
        if (count == 0 && end_ == End::cut) {
            co_return gateway::core::Failure(gateway::core::Errc::closed);
        }
        if (count == 0 && end_ == End::hangs) {
            co_await clock_->sleep_until(clock_->steady() + std::chrono::seconds(10));
            co_return gateway::core::Failure(gateway::core::Errc::too_slow);
        }
        std::copy_n(text_.data() + at_, count, out.data());
        at_ += count;
        co_return count;
    }

private:
    std::string text_;
    End end_;
    gateway::sdk::Clock* clock_;
    std::size_t at_ = 0;
};

class UploadWorld : public World {
public:
    using Answer = gateway::core::Result<gateway::ports::UploadAnswer>;

    const gateway::ports::UploadOwner owner{oslo, system};
    std::unique_ptr<gateway::uploads::DiskUploads> uploads;
    gateway::uploads::UploadOptions options;

    UploadWorld() {
        options.free_bytes_min = 1000;
        options.part_bytes_max = 512U << 10U;
        start();
    }
    ~UploadWorld() { end(); }

    /// As a process that begins: what is on the disk is all it knows.
    void start() {
        options.on_fatal = [this](const gateway::core::Failure&) { ++fatal; };
        uploads = gateway::uploads::make_uploads(*documents, vaults, disk, executor,
                                                 io.get_executor(), clock, *ids, options);
        REQUIRE(uploads->open().has_value());
    }
    void end() {
        if (uploads) {
            run(io, uploads->stop());
            uploads.reset();
        }
        settle();
    }

    gateway::ports::NewUpload wanted(std::uint64_t length) const {
        gateway::ports::NewUpload upload(owner);
        upload.length = length;
        upload.metadata = "filename dmVkdGFrLnBkZg==";
        upload.open_max = 3;
        upload.open_bytes_max = 10'000'000;
        upload.time_max = std::chrono::hours(72);
        return upload;
    }
    Answer create(std::uint64_t length) { return run(io, uploads->create(wanted(length))); }
    gateway::ports::UploadId created(std::uint64_t length) {
        const auto answer = create(length);
        REQUIRE(answer.has_value());
        REQUIRE(answer->refusal == gateway::ports::UploadRefusal::none);
        return answer->state.id;
    }
    Answer append(gateway::ports::UploadId id, std::uint64_t offset, std::string bytes,
                  Body::End end = Body::End::whole,
                  std::optional<gateway::ports::UploadChecksum> sum = {}) {
        Body body(std::move(bytes), end, &clock);
        return run(io, uploads->append(owner, id, offset, body, std::move(sum)));
    }
    Answer find(gateway::ports::UploadId id) { return run(io, uploads->find(owner, id)); }
    std::uint64_t offset(gateway::ports::UploadId id) {
        const auto answer = find(id);
        REQUIRE(answer.has_value());
        REQUIRE(answer->refusal == gateway::ports::UploadRefusal::none);
        return answer->state.offset;
    }
};

}   // namespace tests
