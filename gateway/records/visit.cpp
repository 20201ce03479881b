#include "gateway/records/visit.hpp"

#include "gateway/records/sealing.hpp"

namespace gateway::records {

Visit::Visit(const ServiceParts& parts, const ports::RecordAsker& asker)
    : asker_(asker),
      configuration_(parts.configuration.current()),
      vault_(parts.vaults.find(asker.caller.tenant)),
      now_(parts.clock.now()) {}

std::optional<ports::Refusal> Visit::refusal() const {
    if (vault_ == nullptr || !configuration_->tenants.contains(tenant_id())) {
        return ports::Refusal("service.internal");
    }
    return std::nullopt;
}

ports::NewLogEntry Visit::entry(ports::LogKind kind) const {
    ports::NewLogEntry entry;
    entry.kind = kind;
    entry.at = now_;
    entry.system = asker_.caller.system;
    const core::PurposeId purpose(asker_.purpose);
    if (tenant().purposes.contains(purpose)) {
        entry.purpose = purpose;
    }
    return entry;
}

core::Result<ports::NewLogEntry> Visit::entry(ports::LogKind kind, const ports::Subject& subject,
                                              sdk::Ids& ids) const {
    auto entry = this->entry(kind);
    entry.subject = subject.handle;
    auto detail = seal_detail(*vault_, ids, subject, asker_.actor, asker_.case_reference);
    if (!detail) {
        return detail.error();
    }
    entry.sealed_detail = std::move(*detail);
    return entry;
}

ports::Refusal refusal_of(const core::Failure& failure) {
    if (failure.is(core::Errc::storage_full)) {
        return ports::Refusal("service.storage_full");
    }
    if (failure.is(core::Errc::unavailable)) {
        return ports::Refusal("service.draining");
    }
    return ports::Refusal("service.storage_failed");
}

sdk::Task<core::Result<void>> write_log(ports::RecordStore& store, core::TenantId tenant,
                                        std::vector<ports::NewLogEntry> entries) {
    const auto head = co_await store.write_log(tenant, std::move(entries));
    if (!head) {
        co_return head.error();
    }
    co_return core::Result<void>();
}

}   // namespace gateway::records
