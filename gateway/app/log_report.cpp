#include "gateway/app/log_report.hpp"

#include "gateway/crypto/base64url.hpp"

namespace gateway::app {

admin::LogView log_view_of(const records::LogReport& report, const std::string& key) {
    admin::LogView view;
    view.entries = report.entries;
    view.proved = report.proved;
    view.checkpoints = report.checkpoints;
    view.found = report.found;
    for (const auto& finding : report.findings) {
        admin::LogFault fault;
        fault.code = finding.code;
        fault.params = finding.params;
        fault.from = finding.from;
        fault.to = finding.to;
        view.faults.push_back(std::move(fault));
    }
    view.public_key = crypto::base64url_encode(key);
    return view;
}

}   // namespace gateway::app
