#include "gateway/uploads/taking.hpp"

#include "gateway/crypto/chunks.hpp"
#include "gateway/crypto/digest.hpp"

#include <algorithm>
#include <vector>

namespace gateway::uploads {
namespace {

using core::Failure;
using core::Result;
using ports::UploadRefusal;
using sdk::Task;

// One turn of the executor for four chunks.
constexpr std::size_t batch_bytes = 4 * crypto::chunk_plain_bytes;
constexpr std::size_t block_bytes = 65536;

/// Called by whoever made the part durable.
void add_part(Shared& shared, Upload& upload, const Part& part) {
    if (part.length > 0) {
        const std::lock_guard lock(shared.mutex);
        upload.parts.push_back(part);
    }
}

}   // namespace

Taking::Taking(std::shared_ptr<Shared> shared, UploadPointer upload, std::uint64_t turn,
               std::optional<ports::UploadChecksum> checksum)
    : shared_(std::move(shared)),
      upload_(std::move(upload)),
      turn_(turn),
      checksum_(std::move(checksum)),
      writer_(std::make_shared<PartWriter>(shared_->disk, upload_->owner.tenant, upload_->id,
                                           upload_->key)),
      offset_(upload_->offset()) {
    if (checksum_) {
        sum_ = std::make_shared<crypto::ChecksumStream>(
            checksum_->sha1 ? crypto::ChecksumAlgorithm::sha1 : crypto::ChecksumAlgorithm::sha256);
    }
}

Taking::~Taking() {
    if (ended_) {
        shared_->set_free(*upload_);
        return;
    }
    shared_->blocking.post([shared = shared_, upload = upload_, writer = writer_,
                            rest = std::move(buffer_), offset = offset_, keep = !checksum_] {
        const auto part = keep ? writer->publish(offset, rest) : Result<Part>(Part(offset, 0));
        if (part && keep) {
            add_part(*shared, *upload, *part);
        } else {
            writer->drop();
        }
        shared->set_free(*upload);
    });
}

bool Taking::is_newest() const {
    const std::lock_guard lock(shared_->mutex);
    return upload_->turn == turn_;
}

Task<Result<void>> Taking::write() {
    auto job = [writer = writer_, sum = sum_, plain = std::exchange(buffer_, std::string())] {
        if (sum) {
            sum->update(plain);
        }
        return writer->write(plain);
    };
    auto written = co_await shared_->blocking.run(std::move(job));
    co_return written;
}

Task<Result<void>> Taking::publish() {
    auto job = [shared = shared_, upload = upload_, writer = writer_, offset = offset_,
                rest = std::exchange(buffer_, std::string())]() -> Result<Part> {
        auto part = writer->publish(offset, rest);
        if (part) {
            add_part(*shared, *upload, *part);   // here: whoever waited for it may be gone by now
        }
        return part;
    };
    const auto part = co_await shared_->blocking.run(std::move(job));
    if (!part) {
        co_return part.error();
    }
    offset_ += part->length;
    in_part_ = 0;
    writer_ = std::make_shared<PartWriter>(shared_->disk, upload_->owner.tenant, upload_->id,
                                           upload_->key);
    co_return Result<void>();
}

void Taking::drop() {
    ended_ = true;
    buffer_.clear();
    shared_->blocking.post([shared = shared_, writer = writer_] { writer->drop(); });
}

Task<Result<UploadRefusal>> Taking::take(sdk::ByteSource& body) {
    if (body.size().value_or(0) > upload_->length - offset_) {
        drop();
        co_return UploadRefusal::too_long;
    }
    std::vector<char> block(block_bytes);
    std::optional<Failure> body_failed;
    bool newest = true;
    for (;;) {
        const auto count = co_await body.read(block);
        if (!count) {
            body_failed = count.error();
            break;
        }
        if (*count == 0) {
            break;
        }
        if (*count > upload_->length - offset_ - in_part_) {
            drop();
            co_return UploadRefusal::too_long;
        }
        in_part_ += *count;
        // Batches are whole chunks, and a part's limit is a whole number of batches.
        std::string_view taken(block.data(), *count);
        while (!taken.empty()) {
            const std::size_t piece = std::min(taken.size(), batch_bytes - buffer_.size());
            buffer_.append(taken.substr(0, piece));
            taken.remove_prefix(piece);
            if (buffer_.size() < batch_bytes) {
                continue;
            }
            const auto written = co_await write();
            if (!written) {
                drop();
                co_return written.error();
            }
        }
        newest = is_newest();
        if (!newest) {
            break;
        }
        if (in_part_ >= shared_->part_bytes_max && !checksum_) {
            const auto kept = co_await publish();
            if (!kept) {
                drop();
                co_return kept.error();
            }
        }
    }
    if (checksum_ && (body_failed || !newest)) {
        drop();
    } else if (checksum_) {
        auto job = [sum = sum_, rest = buffer_] {
            sum->update(rest);
            return sum->finish();
        };
        const std::string sum = co_await shared_->blocking.run(std::move(job));
        if (!crypto::equal_in_constant_time(sum, checksum_->expected)) {
            drop();
            co_return UploadRefusal::wrong_checksum;
        }
    }
    if (!ended_) {
        const auto kept = co_await publish();
        if (!kept) {
            drop();
            co_return kept.error();
        }
        ended_ = true;
    }
    if (body_failed) {
        co_return *body_failed;
    }
    co_return newest ? UploadRefusal::none : UploadRefusal::taken_over;
}

}   // namespace gateway::uploads
