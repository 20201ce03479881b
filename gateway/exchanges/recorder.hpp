#pragma once

#include "gateway/json/value.hpp"
#include "gateway/runtime/tagged_executor.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace gateway::exchanges {

/// What passed between an adapter and its component during one call: masked when it is told, and
/// nothing else is ever here. Goes with the call as the tag of its executor, so a call that shares
/// its connection with others keeps its own. What is told after the end is let go: a shared fetch
/// may outlast the call that began it. Any thread.
class Recorder final : public runtime::Tag {
public:
    static constexpr std::size_t exchanges_max = 16;

    void add(json::Value exchange);
    /// Ends it: {"exchanges": […], "leftOut": n} as text; empty when nothing passed. The first
    /// fifteen and the last are kept: how it began and how it ended.
    std::string end();

private:
    std::mutex mutex_;
    std::vector<json::Value> exchanges_;
    std::uint64_t left_out_ = 0;
    bool ended_ = false;
};

}   // namespace gateway::exchanges
