#include "gateway/admin/timeline_stream.hpp"

#include "gateway/api/news_stream.hpp"
#include "gateway/view/message_view.hpp"

namespace gateway::admin {
namespace {

class TimelineStream final : public api::NewsStream {
public:
    TimelineStream(const AdminParts& parts, const std::atomic<bool>& stopping, Found found,
                   std::function<bool()> shows_content, texts::Language language)
        : NewsStream(parts.clock, parts.news, stopping),
          store_(parts.store),
          found_(std::move(found)),
          shows_content_(std::move(shows_content)),
          language_(language) {}

private:
    sdk::Task<core::Result<std::string>> look() override {
        std::string text;
        const auto events =
            co_await store_.timeline(found_.tenant, found_.message.id, timeline_max);
        if (!events) {
            co_return events.error();
        }
        for (const auto& event : *events) {
            if (event.position > last_) {
                last_ = event.position;
                auto line = operator_timeline_item(event, *found_.vault, language_);
                if (!shows_content_()) {
                    hide_content(line);
                }
                text += "id: " + std::to_string(event.position) +
                        "\nevent: line\ndata: " + json::write(line) + "\n\n";
            }
        }
        const auto state = co_await standing(!text.empty());
        if (!state) {
            co_return state.error();
        }
        co_return text + *state;
    }

    /// How the message stands after these lines: a line may be of an older delivery. Said again
    /// without one when it has come to rest meanwhile.
    sdk::Task<core::Result<std::string>> standing(bool has_lines) {
        const auto message = co_await store_.get(found_.tenant, found_.message.id);
        if (!message) {
            co_return message.error();
        }
        if (!message->has_value()) {
            co_return std::string();
        }
        const bool rests = view::rests(**message);
        if (!has_lines && rests == rested_) {
            co_return std::string();
        }
        rested_ = rests;
        json::Value state = json::Value::object();
        state.set("state", core::to_string((*message)->state)).set("rests", rests);
        co_return "event: state\ndata: " + json::write(state) + "\n\n";
    }

    ports::Store& store_;
    Found found_;
    std::function<bool()> shows_content_;
    texts::Language language_;
    std::uint64_t last_ = 0;
    bool rested_ = false;
};

}   // namespace

std::unique_ptr<sdk::ByteSource>
make_timeline_stream(const AdminParts& parts, const std::atomic<bool>& stopping, Found found,
                     std::function<bool()> shows_content, texts::Language language) {
    return std::make_unique<TimelineStream>(parts, stopping, std::move(found),
                                            std::move(shows_content), language);
}

}   // namespace gateway::admin
