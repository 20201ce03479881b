#pragma once

#include "adapters/altinn/standin/platform.hpp"

namespace gateway::altinn::standin {

/// The sender's attachment calls. One thread.
class Attachments {
public:
    explicit Attachments(Platform& platform) : platform_(platform) {}

    sdk::Task<http::Response> initialize(http::Request& request, const Caller& caller);
    sdk::Task<http::Response> upload(http::Request& request, const Caller& caller,
                                     const std::string& id);
    http::Response overview(const Caller& caller, const std::string& id, bool details);
    http::Response download(const Caller& caller, const std::string& id);
    http::Response remove(const Caller& caller, const std::string& id);

private:
    /// The caller's attachment, or why not.
    Attachment* find(const Caller& caller, const std::string& id, Refusal& wrong);

    Platform& platform_;
};

/// A stored file as the answer's body.
http::Response file_response(const Attachment& attachment);

}   // namespace gateway::altinn::standin
