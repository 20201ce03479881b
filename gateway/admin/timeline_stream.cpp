#include "gateway/admin/timeline_stream.hpp"

#include <algorithm>

namespace gateway::admin {
namespace {

constexpr std::chrono::seconds heartbeat{15};

class TimelineStream final : public sdk::ByteSource {
public:
    TimelineStream(const AdminParts& parts, const std::atomic<bool>& stopping, Found found,
                   texts::Language language)
        : store_(parts.store),
          clock_(parts.clock),
          news_(parts.news),
          stopping_(stopping),
          found_(std::move(found)),
          language_(language) {}

    std::optional<std::uint64_t> size() const override { return std::nullopt; }

    sdk::Task<core::Result<std::size_t>> read(std::span<char> out) override {
        if (at_ == text_.size()) {
            const auto ready = co_await next();
            if (!ready) {
                co_return ready.error();
            }
        }
        const auto count = std::min(out.size(), text_.size() - at_);
        std::copy_n(text_.data() + at_, count, out.data());
        at_ += count;
        co_return count;
    }

private:
    /// Fills text_ with new lines, or with a heartbeat; leaves it empty at the end.
    sdk::Task<core::Result<void>> next() {
        text_.clear();
        at_ = 0;
        const auto alive_at = clock_.in(heartbeat);
        while (!stopping_) {
            const auto seen = news_.count();
            const auto events =
                co_await store_.timeline(found_.tenant, found_.message.id, timeline_max);
            if (!events) {
                co_return events.error();
            }
            for (const auto& event : *events) {
                if (event.position > last_) {
                    last_ = event.position;
                    text_ += "id: " + std::to_string(event.position) + "\nevent: line\ndata: " +
                             json::write(operator_timeline_item(event, *found_.vault, language_)) +
                             "\n\n";
                }
            }
            if (!text_.empty()) {
                co_return co_await add_state();
            }
            if (clock_.steady() >= alive_at.at) {
                text_ = ": alive\n\n";
                co_return core::Result<void>();
            }
            co_await news_.wait(clock_, seen, alive_at);
        }
        co_return core::Result<void>();
    }

    /// How the message stands after these lines: a line may be of an older delivery.
    sdk::Task<core::Result<void>> add_state() {
        const auto message = co_await store_.get(found_.tenant, found_.message.id);
        if (!message) {
            co_return message.error();
        }
        if (message->has_value()) {
            json::Value state = json::Value::object();
            state.set("state", core::to_string((*message)->state));
            text_ += "event: state\ndata: " + json::write(state) + "\n\n";
        }
        co_return core::Result<void>();
    }

    ports::Store& store_;
    sdk::Clock& clock_;
    runtime::Signal& news_;
    const std::atomic<bool>& stopping_;
    Found found_;
    texts::Language language_;
    std::uint64_t last_ = 0;
    std::string text_;
    std::size_t at_ = 0;
};

}   // namespace

std::unique_ptr<sdk::ByteSource> make_timeline_stream(const AdminParts& parts,
                                                      const std::atomic<bool>& stopping,
                                                      Found found, texts::Language language) {
    return std::make_unique<TimelineStream>(parts, stopping, std::move(found), language);
}

}   // namespace gateway::admin
