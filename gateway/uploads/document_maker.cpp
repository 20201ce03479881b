#include "gateway/uploads/document_maker.hpp"

#include <boost/asio/strand.hpp>

namespace gateway::uploads {
namespace {

using core::Errc;
using core::Failure;
using core::Result;
using ports::UploadAnswer;
using sdk::Task;

// Reading and writing 50 GB once more, on a slow disk.
constexpr std::chrono::hours making_max{1};

}   // namespace

/// Whoever waits is told, also when the making was cancelled.
class DocumentMaker::Ending {
public:
    Ending(DocumentMaker& maker, Upload& upload) : maker_(maker), upload_(upload) {}
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;
    ~Ending() { maker_.end(upload_, result); }

    Result<ports::StoredDocument> result = Failure(Errc::unavailable, "the service is stopping");

private:
    DocumentMaker& maker_;
    Upload& upload_;
};

Task<Result<UploadAnswer>> DocumentMaker::settled(UploadPointer upload) {
    const sdk::Deadline deadline = clock_.in(making_max);
    std::optional<std::uint64_t> attempt;
    for (;;) {
        const std::uint64_t seen = shared_->changed.count();
        bool begin = false;
        {
            const std::lock_guard lock(shared_->mutex);
            if (upload->removed) {
                co_return UploadAnswer(ports::UploadRefusal::not_found);
            }
            if (upload->document || !upload->is_whole()) {
                co_return answer_of(*upload);
            }
            if (attempt && upload->attempts >= *attempt) {
                co_return *upload->not_made;
            }
            attempt = attempt.value_or(upload->attempts + 1);
            begin = !upload->making;
            upload->making = true;
        }
        if (begin && !making_.spawn_on(boost::asio::make_strand(executor_), make(upload))) {
            end(*upload, Failure(Errc::unavailable, "the service is stopping"));
            continue;
        }
        const bool changed = co_await shared_->changed.wait(clock_, seen, deadline);
        if (!changed) {
            co_return Failure(Errc::unavailable, "the document is not made yet");
        }
    }
}

void DocumentMaker::end(Upload& upload, const Result<ports::StoredDocument>& document) {
    {
        const std::lock_guard lock(shared_->mutex);
        upload.making = false;
        ++upload.attempts;
        if (document) {
            upload.document = *document;
            upload.parts.assign(1, Part(0, upload.length));   // the files are gone
        } else {
            upload.not_made = document.error();
        }
    }
    shared_->changed.notify();
}

Task<void> DocumentMaker::make(UploadPointer upload) {
    Ending ending(*this, *upload);
    auto document = co_await copy(upload);
    if (document) {
        auto job = [shared = shared_, upload, stored = *document] {
            return shared->shelf.finish(*upload, stored);
        };
        const auto noted = co_await shared_->blocking.run(std::move(job));
        if (!noted) {
            document = noted.error();
        }
    }
    ending.result = std::move(document);
}

/// Nobody writes parts any more: they are read without the lock.
Task<Result<ports::StoredDocument>> DocumentMaker::copy(UploadPointer upload) {
    auto writer =
        co_await documents_.create(upload->owner.tenant, upload->owner.system, upload->length);
    if (!writer) {
        co_return writer.error();
    }
    for (const Part part : upload->parts) {
        auto reader = std::make_shared<PartReader>(shared_->disk, upload->owner.tenant, upload->id,
                                                   upload->key, part);
        for (;;) {
            auto job = [shared = shared_, reader] { return reader->next(); };
            const auto plain = co_await shared_->blocking.run(std::move(job));
            if (!plain) {
                co_return plain.error();
            }
            if (plain->empty()) {
                break;
            }
            const std::span<const char> bytes(*plain);
            const auto kept = co_await (*writer)->append(bytes);
            if (!kept) {
                co_return kept.error();
            }
        }
    }
    auto document = co_await (*writer)->commit();
    co_return document;
}

}   // namespace gateway::uploads
