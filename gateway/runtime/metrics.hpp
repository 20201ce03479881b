#pragma once

// Counters, gauges and histograms, written out in the Prometheus text format. Names and label
// values are ours and bounded: never ids of messages, never personal data.

#include "gateway/sdk/host.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace gateway::runtime {

class MetricsRegistry final : public sdk::Metrics {
public:
    MetricsRegistry();
    ~MetricsRegistry() override;
    void count(std::string_view name, const core::Params& labels, std::uint64_t by) override;
    void gauge(std::string_view name, const core::Params& labels, double value) override;
    void observe(std::string_view name, const core::Params& labels, double value) override;
    /// Prometheus text exposition format 0.0.4.
    std::string expose() const;
    /// Each series of a counter, since the program started.
    std::vector<std::pair<core::Params, std::uint64_t>> counted(std::string_view name) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::runtime
