#include "gateway/accept/event_stream.hpp"

#include "gateway/api/news_stream.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/message_view.hpp"

#include <algorithm>

namespace gateway::accept {
namespace {

class EventStream final : public api::NewsStream {
public:
    EventStream(ports::Store& store, sdk::Clock& clock, runtime::Signal& news,
                const std::atomic<bool>& stopping, ports::EventQuery query)
        : NewsStream(clock, news, stopping), store_(store), query_(std::move(query)) {}

private:
    sdk::Task<core::Result<std::string>> look() override {
        if (!greeted_) {
            greeted_ = true;
            co_return std::string("retry: 2000\n\n");
        }
        auto page = co_await store_.events_after(query_);
        if (!page) {
            co_return page.error();
        }
        query_.after = std::max(query_.after, page->last);
        std::string text;
        for (const auto& event : page->items) {
            const auto cloud = view::cloud_event(event);
            text += "id: " + view::write_cursor(event.position) +
                    "\nevent: " + cloud["type"].as_string() + "\ndata: " + json::write(cloud) +
                    "\n\n";
        }
        co_return text;
    }

    ports::Store& store_;
    ports::EventQuery query_;
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
