#pragma once

// Labels of metrics, kept: the same few series are counted again and again, and making the texts of
// their labels costs more than counting them. One for each thread and each place that counts.

#include "gateway/core/code.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::runtime {

class KnownLabels {
public:
    using Label = std::pair<std::string_view, std::string_view>;

    /// There until the next call.
    const core::Params& of(std::initializer_list<Label> labels) {
        const auto is_same = [](const auto& made, const Label& wanted) {
            return made.first == wanted.first && made.second == wanted.second;
        };
        const auto known = std::find_if(known_.begin(), known_.end(), [&](const auto& one) {
            return std::equal(one.begin(), one.end(), labels.begin(), labels.end(), is_same);
        });
        if (known != known_.end()) {
            return *known;
        }
        auto& made = known_[next_++ % known_.size()];
        made.clear();
        for (const auto& [name, value] : labels) {
            made.emplace_back(std::string(name), std::string(value));
        }
        return made;
    }

private:
    std::array<core::Params, 16> known_;
    std::size_t next_ = 0;   // to make room
};

}   // namespace gateway::runtime
