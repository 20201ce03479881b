#pragma once

#include "adapters/altinn/standin/platform.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/multipart.hpp"

#include <vector>

namespace gateway::altinn::standin {

/// The parts of POST /correspondence/upload: fields in memory, files to disk as they come. One
/// request.
class UploadParts final : public gateway::standin::PartSink {
public:
    explicit UploadParts(std::string folder) : folder_(std::move(folder)) {}

    void begin(gateway::standin::PartHead head) override;
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

}   // namespace gateway::altinn::standin
