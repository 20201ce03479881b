#include "gateway/admin/flow_stream.hpp"

#include "gateway/api/news_stream.hpp"

namespace gateway::admin {
namespace {

class FlowStream final : public api::NewsStream {
public:
    FlowStream(const AdminParts& parts, FlowWatch& watch, const std::atomic<bool>& stopping,
               core::TenantId tenant)
        : NewsStream(parts.clock, parts.news, stopping),
          clock_(parts.clock),
          watch_(watch),
          tenant_(std::move(tenant)) {}

private:
    sdk::Task<core::Result<std::string>> look() override {
        if (clock_.steady() < rests_until_) {
            co_await watch_.rest(rests_until_);
        }
        const auto told = co_await watch_.look(tenant_, known_);
        if (!told) {
            co_return told.error();
        }
        const auto now = clock_.steady();
        rests_until_ = now + FlowWatch::pace;
        if (told->number != known_) {
            known_ = told->number;
            alive_at_ = now + alive_each;
            co_return *told->text;
        }
        if (now >= alive_at_) {
            // Not a comment: those the page does not see, and it says whether the line is alive.
            alive_at_ = now + alive_each;
            co_return std::string("event: alive\ndata: {}\n\n");
        }
        co_return std::string();
    }

    static constexpr std::chrono::seconds alive_each{10};

    sdk::Clock& clock_;
    FlowWatch& watch_;
    core::TenantId tenant_;
    std::uint64_t known_ = 0;
    core::SteadyTime rests_until_{};
    core::SteadyTime alive_at_{};
};

}   // namespace

std::unique_ptr<sdk::ByteSource> make_flow_stream(const AdminParts& parts, FlowWatch& watch,
                                                  const std::atomic<bool>& stopping,
                                                  core::TenantId tenant) {
    return std::make_unique<FlowStream>(parts, watch, stopping, std::move(tenant));
}

}   // namespace gateway::admin
