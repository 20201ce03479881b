#pragma once

#include "adapters/altinn/standin/multipart.hpp"
#include "adapters/altinn/standin/platform.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <vector>

namespace gateway::altinn::standin {

/// The parts of POST /correspondence/upload: fields in memory, files to disk as they come. One
/// request.
class UploadParts final : public PartSink {
public:
    explicit UploadParts(std::string folder) : folder_(std::move(folder)) {}

    void begin(PartHead head) override;
    void data(std::string_view bytes) override;
    void end() override;

    gateway::standin::Fields fields;
    std::vector<Uploaded> files;
    bool wrong_part =
        false;   // a file under another name than `attachments`, or fields beyond all measure

private:
    std::string folder_;
    bool in_file_ = false;
    std::size_t field_bytes_ = 0;
};

/// Reads the body through the parser; false when it is no multipart or stops half-way.
sdk::Task<bool> read_parts(http::Request& request, UploadParts& parts);

}   // namespace gateway::altinn::standin
