#include "gateway/runtime/metrics.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <unordered_map>
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
    /// In the order of their names and labels, to be written out; found by a hash of both, which
    /// takes a fraction of what comparing with some of all takes.
    template <class T>
    class Series {
    public:
        using All = std::map<Key, T>;

        T* find(std::string_view name, const core::Params& labels) {
            const auto [from, to] = by_hash_.equal_range(hash_of(name, labels));
            const auto found = std::find_if(from, to, [&](const auto& one) {
                return one.second->first.first == name && one.second->first.second == labels;
            });
            return found == to ? nullptr : &found->second->second;
        }
        T& add(std::string_view name, const core::Params& labels) {
            auto& added = *all_.emplace(Key(name, labels), T()).first;
            by_hash_.emplace(hash_of(name, labels), &added);
            return added.second;
        }
        const All& all() const { return all_; }
        std::size_t size() const { return all_.size(); }

    private:
        static std::size_t hash_of(std::string_view name, const core::Params& labels) {
            constexpr std::size_t spread = 0x9E3779B1;
            const std::hash<std::string_view> hash;
            std::size_t sum = hash(name);
            for (const auto& label : labels) {
                sum = sum * spread + hash(label.second);   // names follow from the series' name
            }
            return sum;
        }

        All all_;
        std::unordered_multimap<std::size_t, typename All::value_type*> by_hash_;
    };

    mutable std::mutex mutex;
    Series<std::uint64_t> counters;
    Series<double> gauges;
    Series<Histogram> histograms;

    bool full() const { return counters.size() + gauges.size() + histograms.size() >= series_max; }

    /// Nothing when it is a new one, and there are too many.
    template <class T>
    T* of(Series<T>& series, std::string_view name, const core::Params& labels) const {
        auto* const known = series.find(name, labels);
        return known != nullptr || full() ? known : &series.add(name, labels);
    }
};

MetricsRegistry::MetricsRegistry() : impl_(std::make_unique<Impl>()) {}
MetricsRegistry::~MetricsRegistry() = default;

void MetricsRegistry::count(std::string_view name, const core::Params& labels, std::uint64_t by) {
    const std::lock_guard lock(impl_->mutex);
    if (auto* const counter = impl_->of(impl_->counters, name, labels)) {
        *counter += by;
    }
}

void MetricsRegistry::gauge(std::string_view name, const core::Params& labels, double value) {
    const std::lock_guard lock(impl_->mutex);
    if (auto* const gauge = impl_->of(impl_->gauges, name, labels)) {
        *gauge = value;
    }
}

void MetricsRegistry::observe(std::string_view name, const core::Params& labels, double value) {
    const std::lock_guard lock(impl_->mutex);
    auto* const histogram = impl_->of(impl_->histograms, name, labels);
    if (histogram == nullptr) {
        return;
    }
    std::size_t i = 0;
    while (i < bounds.size() && value > bounds[i]) {
        ++i;
    }
    ++histogram->buckets[i];
    histogram->sum += value;
    ++histogram->count;
}

std::vector<std::pair<core::Params, std::uint64_t>>
MetricsRegistry::counted(std::string_view name) const {
    const std::lock_guard lock(impl_->mutex);
    std::vector<std::pair<core::Params, std::uint64_t>> series;
    const auto& all = impl_->counters.all();
    for (auto at = all.lower_bound(Impl::Key(name, core::Params()));
         at != all.end() && at->first.first == name; ++at) {
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
    for (const auto& [key, value] : impl_->counters.all()) {
        head(key.first, "counter");
        out += key.first + label_text(key.second) + " " + std::to_string(value) + "\n";
    }
    for (const auto& [key, value] : impl_->gauges.all()) {
        head(key.first, "gauge");
        out += key.first + label_text(key.second) + " " + number(value) + "\n";
    }
    for (const auto& [key, histogram] : impl_->histograms.all()) {
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
