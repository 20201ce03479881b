#include "gateway/admin/approval_stream.hpp"

#include "gateway/api/news_stream.hpp"

#include <map>

namespace gateway::admin {
namespace {

class ApprovalStream final : public api::NewsStream {
public:
    ApprovalStream(const AdminParts& parts, runtime::Signal& news,
                   const std::atomic<bool>& stopping, std::vector<core::TenantId> tenants)
        : NewsStream(parts.clock, news, stopping), store_(parts.store) {
        query_.tenants = std::move(tenants);
        query_.limit = ports::asked_open_max;
        query_.open = true;
    }

private:
    /// What is over is told once, and then forgotten here.
    sdk::Task<core::Result<std::string>> look() override {
        const auto open = co_await ports::asked_of(store_).asked(query_);
        if (!open) {
            co_return open.error();
        }
        std::map<core::Uuid, ports::AskedState> now;
        std::string text;
        for (const auto& act : *open) {
            now.emplace(act.id, act.state);
            const auto before = told_.find(act.id);
            if (before == told_.end() || before->second != act.state) {
                text += line_of(act.id, act.act, false);
            }
        }
        for (const auto& [id, state] : told_) {
            if (!now.contains(id)) {
                text += line_of(id, {}, true);
            }
        }
        told_ = std::move(now);
        co_return text;
    }

    static std::string line_of(const core::Uuid& id, std::string_view act, bool over) {
        json::Value view = json::Value::object();
        view.set("id", id.to_string()).set("over", over);
        if (!act.empty()) {
            view.set("act", act);
        }
        return "event: approval\ndata: " + json::write(view) + "\n\n";
    }

    ports::Store& store_;
    ports::AskedQuery query_;
    std::map<core::Uuid, ports::AskedState> told_;
};

}   // namespace

std::unique_ptr<sdk::ByteSource> make_approval_stream(const AdminParts& parts,
                                                      runtime::Signal& news,
                                                      const std::atomic<bool>& stopping,
                                                      std::vector<core::TenantId> tenants) {
    return std::make_unique<ApprovalStream>(parts, news, stopping, std::move(tenants));
}

}   // namespace gateway::admin
