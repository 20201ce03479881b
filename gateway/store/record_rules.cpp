#include "gateway/store/record_rules.hpp"

#include "gateway/json/value.hpp"
#include "gateway/records/log_chain.hpp"

#include <algorithm>

namespace gateway::store {
namespace {

using core::Errc;
using core::Failure;
using Checked = core::Result<void>;

constexpr std::size_t token_bytes = 32;

Checked too_many() {
    return Failure(Errc::too_large, "too many at once");
}

bool is_name(const std::string& text) {
    return !text.empty() && text.size() <= record_name_bytes_max;
}

Checked check_write(const ports::RecordRow& row) {
    if (!is_name(row.dataset) || row.source.size() > record_name_bytes_max) {
        return Failure(Errc::invalid_argument, "a record needs a dataset and a short source");
    }
    if (row.sealed_value.empty() != row.wrapped_key.empty()) {
        return Failure(Errc::invalid_argument, "a record's value and its key come together");
    }
    if (row.sealed_value.size() > record_bytes_max || row.fields.size() > record_text_bytes_max ||
        row.purposes.size() > record_text_bytes_max) {
        return Failure(Errc::too_large, "a record is too large");
    }
    return {};
}

}   // namespace

Checked check_log(const std::vector<ports::NewLogEntry>& entries) {
    if (entries.size() > record_batch_max) {
        return too_many();
    }
    for (const auto& entry : entries) {
        if (auto checked = records::check_log_entry(entry); !checked) {
            return checked;
        }
    }
    return {};
}

std::optional<core::Time> earlier_end(const ports::RecordRow& row,
                                      const ports::RetentionRules& rules) {
    if (!row.erase_at || row.overridden) {
        return std::nullopt;
    }
    std::chrono::hours longest{0};
    const auto own = rules.datasets.find(row.dataset);
    if (own != rules.datasets.end()) {
        longest = own->second;
    } else {
        const auto purposes = json::parse(row.purposes);
        if (!purposes || purposes->items().empty()) {
            return std::nullopt;
        }
        for (const auto& name : purposes->items()) {
            const auto rule = rules.purposes.find(name.as_string());
            if (rule == rules.purposes.end()) {
                return std::nullopt;
            }
            longest = std::max(longest, rule->second);
        }
    }
    const core::Time end = row.written_at + longest;
    return end < *row.erase_at ? std::optional(end) : std::nullopt;
}

Checked check_read(const ports::NewLogEntry& entry) {
    if (!entry.subject || !is_name(entry.dataset)) {
        return Failure(Errc::invalid_argument, "a read names a subject and a dataset");
    }
    return records::check_log_entry(entry);
}

Checked check_subjects(const std::vector<ports::Subject>& wanted) {
    if (wanted.size() > record_batch_max) {
        return too_many();
    }
    for (const auto& one : wanted) {
        if (one.token.size() != token_bytes || one.wrapped_key.empty()) {
            return Failure(Errc::invalid_argument, "a subject needs a token and a key");
        }
        if (one.sealed_key.size() > record_key_bytes_max) {
            return Failure(Errc::too_large, "a subject's key is too large");
        }
    }
    return {};
}

Checked check_wishes(const std::vector<ports::RecordWish>& wishes) {
    return wishes.size() > record_writes_max ? too_many() : Checked();
}

Checked check_writes(const std::vector<ports::RecordWrite>& writes) {
    if (writes.size() > record_writes_max) {
        return too_many();
    }
    for (const auto& write : writes) {
        if (auto checked = check_write(write.row); !checked) {
            return checked;
        }
    }
    return {};
}

Checked check_step(const ports::FeedStep& step) {
    if (step.cursor.size() > feed_cursor_bytes_max || step.events.size() > record_writes_max) {
        return too_many();
    }
    for (const auto& telling : step.events) {
        if (!is_name(telling.dedupe_id)) {
            return Failure(Errc::invalid_argument, "a life event needs a short id");
        }
        if (telling.log) {
            if (auto checked = records::check_log_entry(*telling.log); !checked) {
                return checked;
            }
        }
    }
    if (auto wishes = check_wishes(step.outdated); !wishes) {
        return wishes;
    }
    if (auto writes = check_writes(step.writes); !writes) {
        return writes;
    }
    return check_log(step.log);
}

Checked check_erasing(const ports::EraseCommand& command) {
    if (auto wishes = check_wishes(command.records); !wishes) {
        return wishes;
    }
    return check_log(command.log);
}

}   // namespace gateway::store
