#pragma once

// The multipart body of POST /messages/out: the message in memory, the package to disk as it comes.
// Facts: wire notes 2.2.

#include "adapters/common/standin/multipart.hpp"
#include "adapters/common/standin/stored_file.hpp"
#include "adapters/digital_post/standin/problem.hpp"

#include <memory>
#include <optional>
#include <string>

namespace gateway::digital_post::standin {

/// One request.
class Upload final : public gateway::standin::PartSink {
public:
    explicit Upload(std::string folder) : folder_(std::move(folder)) {}

    void begin(gateway::standin::PartHead head) override;
    void data(std::string_view bytes) override;
    void end() override;

    /// What is wrong once all has come: exactly two parts, named, typed and sized as they should
    /// be.
    std::optional<Refusal> objection() const;

    std::string message;                                     // "forretningsmelding"
    std::unique_ptr<gateway::standin::StoredFile> package;   // "dokumentpakke"
    std::string package_path;

private:
    void refuse(const char* why);

    std::string folder_;
    std::optional<Refusal> refusal_;
    bool has_message_ = false;
    bool in_message_ = false;
    bool in_package_ = false;
};

}   // namespace gateway::digital_post::standin
