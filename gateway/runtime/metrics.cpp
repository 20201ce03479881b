#include "gateway/runtime/metrics.hpp"

#include <array>
#include <cstdio>
#include <vector>

namespace gateway::runtime {
namespace {

/// Seconds; wide enough from a look-up in memory to a document of gigabytes.
constexpr std::array<double, 14> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                        0.25,  0.5,    1,     2.5,  10,    60,   600};
constexpr std::size_t series_max = 20'000;

std::string label_text(const core::Params& labels, std::string_view extra = {}) {
    std::string text;
    for (const auto& [name, value] : labels) {
        text += text.empty() ? "" : ",";
        text += name + "=\"";
        for (const char c : value) {
            if (c == '"' || c == '\\') {
                text += '\\';
            }
            text += c == '\n' ? ' ' : c;
        }
        text += '"';
    }
    if (!extra.empty()) {
        text += text.empty() ? "" : ",";
        text += extra;
    }
    return text.empty() ? text : "{" + text + "}";
}

std::string number(double value) {
    std::array<char, 40> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.17g", value);
    return {text.data(), static_cast<std::size_t>(length)};
}

}   // namespace

struct MetricsRegistry::Impl {
    struct Histogram {
        std::array<std::uint64_t, bounds.size() + 1> buckets{};
        double sum = 0;
        std::uint64_t count = 0;
    };
    using Key = std::pair<std::string, core::Params>;
    using Sought = std::pair<std::string_view, const core::Params&>;
    /// A series is found without a copy of its name and labels.
    struct Before {
        using is_transparent = void;
        template <class A, class B>
        bool operator()(const A& a, const B& b) const {
            const int names = std::string_view(a.first).compare(b.first);
            return names != 0 ? names < 0 : a.second < b.second;
        }
    };
    template <class T>
    using Series = std::map<Key, T, Before>;

    mutable std::mutex mutex;
    Series<std::uint64_t> counters;
    Series<double> gauges;
    Series<Histogram> histograms;

    bool full() const { return counters.size() + gauges.size() + histograms.size() >= series_max; }
};

MetricsRegistry::MetricsRegistry() : impl_(std::make_unique<Impl>()) {}
MetricsRegistry::~MetricsRegistry() = default;

void MetricsRegistry::count(std::string_view name, const core::Params& labels, std::uint64_t by) {
    const std::lock_guard lock(impl_->mutex);
    if (const auto found = impl_->counters.find(Impl::Sought(name, labels));
        found != impl_->counters.end()) {
        found->second += by;
    } else if (!impl_->full()) {
        impl_->counters.emplace(Impl::Key(name, labels), by);
    }
}

void MetricsRegistry::gauge(std::string_view name, const core::Params& labels, double value) {
    const std::lock_guard lock(impl_->mutex);
    if (const auto found = impl_->gauges.find(Impl::Sought(name, labels));
        found != impl_->gauges.end()) {
        found->second = value;
    } else if (!impl_->full()) {
        impl_->gauges.emplace(Impl::Key(name, labels), value);
    }
}

void MetricsRegistry::observe(std::string_view name, const core::Params& labels, double value) {
    const std::lock_guard lock(impl_->mutex);
    auto found = impl_->histograms.find(Impl::Sought(name, labels));
    if (found == impl_->histograms.end()) {
        if (impl_->full()) {
            return;
        }
        found = impl_->histograms.emplace(Impl::Key(name, labels), Impl::Histogram{}).first;
    }
    std::size_t i = 0;
    while (i < bounds.size() && value > bounds[i]) {
        ++i;
    }
    ++found->second.buckets[i];
    found->second.sum += value;
    ++found->second.count;
}

std::vector<std::pair<core::Params, std::uint64_t>>
MetricsRegistry::counted(std::string_view name) const {
    const std::lock_guard lock(impl_->mutex);
    std::vector<std::pair<core::Params, std::uint64_t>> series;
    for (auto at = impl_->counters.lower_bound(Impl::Sought(name, core::Params()));
         at != impl_->counters.end() && at->first.first == name; ++at) {
        series.emplace_back(at->first.second, at->second);
    }
    return series;
}

std::string MetricsRegistry::expose() const {
    const std::lock_guard lock(impl_->mutex);
    std::string out;
    std::string family;
    const auto head = [&](const std::string& name, const char* type) {
        if (name != family) {
            family = name;
            out += "# TYPE " + name + " " + type + "\n";
        }
    };
    for (const auto& [key, value] : impl_->counters) {
        head(key.first, "counter");
        out += key.first + label_text(key.second) + " " + std::to_string(value) + "\n";
    }
    for (const auto& [key, value] : impl_->gauges) {
        head(key.first, "gauge");
        out += key.first + label_text(key.second) + " " + number(value) + "\n";
    }
    for (const auto& [key, histogram] : impl_->histograms) {
        head(key.first, "histogram");
        std::uint64_t below = 0;
        for (std::size_t i = 0; i <= bounds.size(); ++i) {
            below += histogram.buckets[i];
            const std::string bound = i < bounds.size() ? number(bounds[i]) : "+Inf";
            out += key.first + "_bucket" + label_text(key.second, "le=\"" + bound + "\"") + " " +
                   std::to_string(below) + "\n";
        }
        out += key.first + "_sum" + label_text(key.second) + " " + number(histogram.sum) + "\n";
        out += key.first + "_count" + label_text(key.second) + " " +
               std::to_string(histogram.count) + "\n";
    }
    return out;
}

}   // namespace gateway::runtime
