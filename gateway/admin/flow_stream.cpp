#include "gateway/admin/flow_stream.hpp"

#include "gateway/admin/flow_now.hpp"
#include "gateway/api/news_stream.hpp"

namespace gateway::admin {
namespace {

constexpr std::string_view head = "event: flow\ndata: ";
constexpr std::string_view foot = "\n\n";

/// Of the words that all are told, those about a part. Nothing when they cannot be read.
std::string part_of(std::string_view told, const std::set<std::string, std::less<>>& systems) {
    if (!told.starts_with(head) || !told.ends_with(foot)) {
        return {};
    }
    told.remove_prefix(head.size());
    told.remove_suffix(foot.size());
    auto flow = json::parse(told);
    if (!flow) {
        return {};
    }
    keep_systems(*flow, systems);
    return std::string(head) + json::write(*flow) + std::string(foot);
}

class FlowStream final : public api::NewsStream {
public:
    FlowStream(const AdminParts& parts, FlowWatch& watch, const std::atomic<bool>& stopping,
               core::TenantId tenant, std::set<std::string, std::less<>> part)
        : NewsStream(parts.clock, parts.news, stopping),
          clock_(parts.clock),
          watch_(watch),
          tenant_(std::move(tenant)),
          part_(std::move(part)) {}

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
            if (!part_.empty()) {
                co_return part_of(*told->text, part_);
            }
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
    std::set<std::string, std::less<>> part_;
    std::uint64_t known_ = 0;
    core::SteadyTime rests_until_{};
    core::SteadyTime alive_at_{};
};

}   // namespace

std::unique_ptr<sdk::ByteSource> make_flow_stream(const AdminParts& parts, FlowWatch& watch,
                                                  const std::atomic<bool>& stopping,
                                                  core::TenantId tenant,
                                                  std::set<std::string, std::less<>> part) {
    return std::make_unique<FlowStream>(parts, watch, stopping, std::move(tenant), std::move(part));
}

}   // namespace gateway::admin
