#include "gateway/admin/alarm_stream.hpp"

#include "gateway/alarms/view.hpp"
#include "gateway/api/news_stream.hpp"

#include <map>

namespace gateway::admin {
namespace {

class AlarmStream final : public api::NewsStream {
public:
    AlarmStream(const AdminParts& parts, runtime::Signal& news, const std::atomic<bool>& stopping,
                std::vector<core::TenantId> tenants, AlarmsSeen seen, texts::Language language)
        : NewsStream(parts.clock, news, stopping),
          store_(parts.store),
          seen_(std::move(seen)),
          language_(language) {
        query_.tenants = std::move(tenants);
        query_.limit = ports::alarms_open_max;
        query_.open = true;
    }

private:
    /// What is over is told once, and then forgotten here.
    sdk::Task<core::Result<std::string>> look() override {
        auto& alarms = ports::alarms_of(store_);
        const auto open = co_await alarms.alarms(query_);
        if (!open) {
            co_return open.error();
        }
        std::string text;
        std::map<core::Uuid, std::string> now;
        for (const auto& alarm : *open) {
            if (!seen_(alarm)) {
                continue;
            }
            auto& said = now[alarm.id];
            said = words_of(alarm);
            const auto before = told_.find(alarm.id);
            if (before == told_.end() || before->second != said) {
                text += said;
            }
        }
        for (const auto& [id, said] : told_) {
            if (now.contains(id)) {
                continue;
            }
            const auto over = co_await alarms.find_alarm(id);
            if (!over) {
                co_return over.error();
            }
            if (over->has_value()) {
                text += words_of(**over);
            }
        }
        told_ = std::move(now);
        co_return text;
    }

    std::string words_of(const ports::Alarm& alarm) const {
        return "event: alarm\ndata: " +
               json::write(alarms::view_of(alarm, language_, console_of_ours)) + "\n\n";
    }

    ports::Store& store_;
    AlarmsSeen seen_;
    texts::Language language_;
    ports::AlarmQuery query_;
    std::map<core::Uuid, std::string> told_;
};

}   // namespace

std::unique_ptr<sdk::ByteSource> make_alarm_stream(const AdminParts& parts, runtime::Signal& news,
                                                   const std::atomic<bool>& stopping,
                                                   std::vector<core::TenantId> tenants,
                                                   AlarmsSeen seen, texts::Language language) {
    return std::make_unique<AlarmStream>(parts, news, stopping, std::move(tenants), std::move(seen),
                                         language);
}

}   // namespace gateway::admin
