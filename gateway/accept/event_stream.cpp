#include "gateway/accept/event_stream.hpp"

#include "gateway/view/event_cursor.hpp"
#include "gateway/view/message_view.hpp"

#include <algorithm>

namespace gateway::accept {
namespace {

constexpr std::chrono::seconds heartbeat{15};

class EventStream final : public sdk::ByteSource {
public:
    EventStream(ports::Store& store, sdk::Clock& clock, runtime::Signal& news,
                const std::atomic<bool>& stopping, ports::EventQuery query)
        : store_(store),
          clock_(clock),
          news_(news),
          stopping_(stopping),
          query_(std::move(query)) {}

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
    /// Fills text_ with events, or with a heartbeat; leaves it empty at the end.
    sdk::Task<core::Result<void>> next() {
        text_.clear();
        at_ = 0;
        if (!greeted_) {
            greeted_ = true;
            text_ = "retry: 2000\n\n";
            co_return core::Result<void>();
        }
        const auto alive_at = clock_.in(heartbeat);
        while (!stopping_) {
            const auto seen = news_.count();
            auto page = co_await store_.events_after(query_);
            if (!page) {
                co_return page.error();
            }
            query_.after = std::max(query_.after, page->last);
            for (const auto& event : page->items) {
                const auto cloud = view::cloud_event(event);
                text_ += "id: " + view::write_cursor(event.position) +
                         "\nevent: " + cloud["type"].as_string() + "\ndata: " + json::write(cloud) +
                         "\n\n";
            }
            if (!text_.empty()) {
                co_return core::Result<void>();
            }
            if (clock_.steady() >= alive_at.at) {
                text_ = ": alive\n\n";
                co_return core::Result<void>();
            }
            co_await news_.wait(clock_, seen, alive_at);
        }
        co_return core::Result<void>();
    }

    ports::Store& store_;
    sdk::Clock& clock_;
    runtime::Signal& news_;
    const std::atomic<bool>& stopping_;
    ports::EventQuery query_;
    std::string text_;
    std::size_t at_ = 0;
    bool greeted_ = false;
};

}   // namespace

std::unique_ptr<sdk::ByteSource> make_event_stream(ports::Store& store, sdk::Clock& clock,
                                                   runtime::Signal& news,
                                                   const std::atomic<bool>& stopping,
                                                   ports::EventQuery query) {
    return std::make_unique<EventStream>(store, clock, news, stopping, std::move(query));
}

}   // namespace gateway::accept
