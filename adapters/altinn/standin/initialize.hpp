#pragma once

#include "adapters/altinn/standin/platform.hpp"

#include <vector>

namespace gateway::altinn::standin {

/// POST /correspondence, and /correspondence/upload once its parts are read: judged in the
/// service's order, then stored in one step, or nothing is. One thread.
class Initialize {
public:
    Initialize(Platform& platform, const Caller& caller, const http::Request& http)
        : platform_(platform), caller_(caller), http_(http) {}

    http::Response run(const json::Value& request, std::vector<Uploaded>& files);

private:
    using Wrong = std::optional<Refusal>;
    Wrong judge(const json::Value& request, std::vector<Uploaded>& files);
    Wrong check_key(const json::Value& request);
    Wrong check_recipients(const json::Value& request);
    Wrong check_attachments(const json::Value& request, std::vector<Uploaded>& files);
    Wrong check_dialog(const json::Value& letter);
    Wrong check_confidential(const json::Value& letter) const;
    Wrong check_reservation(const json::Value& letter);
    void store_files(const json::Value& request, std::vector<Uploaded>& files);
    json::Value store(const json::Value& request);
    json::Value orders(const json::Value& letter, const std::string& recipient) const;

    Platform& platform_;
    const Caller& caller_;
    const http::Request& http_;
    std::string resource_;
    std::string key_;
    std::string dialog_;
    std::vector<std::string> recipients_;
    std::vector<std::string> reserved_;
    std::vector<std::string> attachments_;
};

}   // namespace gateway::altinn::standin
