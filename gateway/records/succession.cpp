#include "gateway/records/succession.hpp"

#include "gateway/records/national_id.hpp"
#include "gateway/records/sealing.hpp"

namespace gateway::records {
namespace {

constexpr auto kind = core::RecordKeyKind::person;
constexpr std::size_t former_max = 20;

bool is_id(const std::string& text) {
    const NationalIdRules any(true, true);
    return read_national_id(text, any).has_value();
}

}   // namespace

NationalIds read_national_ids(const json::Value& said) {
    NationalIds ids;
    if (const auto& current = said["current"].as_string(); is_id(current)) {
        ids.current = current;
    }
    for (const auto& item : said["former"].items()) {
        const auto& one = item.as_string();
        if (is_id(one) && one != ids.current && ids.former.size() < former_max) {
            ids.former.push_back(one);
        }
    }
    return ids;
}

sdk::Task<core::Result<void>> link_ended(SuccessionParts parts, core::Uuid ended,
                                         std::string successor) {
    ports::NewLogEntry entry;
    entry.kind = ports::LogKind::corrected;
    entry.at = parts.now;
    entry.system = core::SystemId(register_author);
    entry.dataset = "person";
    entry.fields = {"nationalIds"};
    entry.subject = ended;
    entry.code = "records.id_replaced";
    std::vector<ports::NewLogEntry> log;
    log.push_back(std::move(entry));
    auto subject = new_subject(parts.vault, parts.ids, kind, successor, parts.now);
    const auto linked =
        co_await parts.store.replace_subject(parts.tenant, ended, std::move(subject),
                                             ports::LinkFrom::in_use, parts.now, std::move(log));
    if (!linked && !linked.error().is(core::Errc::conflict) &&
        !linked.error().is(core::Errc::not_found)) {
        co_return linked.error();
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> note_succession(SuccessionParts parts, core::Uuid handle,
                                              std::string key, NationalIds said) {
    if (!said.current.empty() && said.current != key) {
        co_return co_await link_ended(parts, handle, said.current);
    }
    for (const auto& former : said.former) {
        auto token = key_token(parts.vault, kind, former);
        const auto known =
            co_await parts.store.find_subject_by_token(parts.tenant, kind, std::move(token));
        if (!known) {
            co_return known.error();
        }
        if (*known && !(*known)->replaced_by) {
            const auto linked = co_await link_ended(parts, (*known)->handle, key);
            if (!linked) {
                co_return linked.error();
            }
        }
    }
    co_return core::Result<void>();
}

}   // namespace gateway::records
