#pragma once

// All bytes of an upload are here: they become a document, whoever waits for it or gives up.

#include "gateway/runtime/task_group.hpp"
#include "gateway/uploads/shared.hpp"

namespace gateway::uploads {

/// Any strand may call; stop() is awaited before it goes.
class DocumentMaker {
public:
    DocumentMaker(std::shared_ptr<Shared> shared, ports::Documents& documents, sdk::Clock& clock,
                  boost::asio::any_io_executor executor)
        : shared_(std::move(shared)),
          documents_(documents),
          clock_(clock),
          executor_(executor),
          making_(std::move(executor)) {}

    /// Once all bytes are here, the state with the document; before that, the state.
    sdk::Task<core::Result<ports::UploadAnswer>> settled(UploadPointer upload);
    sdk::Task<void> stop() { return making_.stop(); }

private:
    class Ending;
    void end(Upload& upload, const core::Result<ports::StoredDocument>& document);
    sdk::Task<void> make(UploadPointer upload);
    sdk::Task<core::Result<ports::StoredDocument>> copy(UploadPointer upload);

    std::shared_ptr<Shared> shared_;
    ports::Documents& documents_;
    sdk::Clock& clock_;
    boost::asio::any_io_executor executor_;
    runtime::TaskGroup making_;
};

}   // namespace gateway::uploads
