#include "tests/support/fake_roles.hpp"

#include <algorithm>

namespace tests {

using core::Errc;
using core::Failure;

sdk::Task<sdk::RegisterAnswer> ScriptedRegisters::look_up(sdk::RegisterQuery query,
                                                          sdk::Deadline deadline) {
    asked.push_back(query);
    sdk::RegisterAnswer answer;
    if (hangs) {
        co_await clock_.sleep_until(deadline.at);
        answer.failure.emplace();
        answer.failure->code = core::Code("upstream.timed_out");
        co_return answer;
    }
    if (failure) {
        answer.failure = failure;
        co_return answer;
    }
    for (const auto& key : query.keys) {
        sdk::RegisterEntry entry;
        entry.key = key;
        if (const auto found = values.find({query.dataset, key}); found != values.end()) {
            entry.value = found->second;
        }
        entry.fetched_at = clock_.now();
        entry.valid_until = entry.fetched_at + std::chrono::hours(1);
        answer.entries.push_back(std::move(entry));
    }
    co_return answer;
}

void ScriptedRegisters::fail(std::string code, bool passing) {
    failure.emplace();
    failure->code = core::Code(std::move(code));
    failure->passing = passing;
}

sdk::Task<core::Result<sdk::Kept>> RecordedInbound::receipt(sdk::ReceiptNews news) {
    ++calls;
    if (on_call) {
        on_call();
    }
    if (failure) {
        co_return *failure;
    }
    if (strangers.contains(news.delivery)) {
        co_return sdk::Kept::unknown;
    }
    const bool known = std::any_of(receipts.begin(), receipts.end(), [&](const auto& kept) {
        return kept.delivery == news.delivery && kept.receipt.dedupe_id == news.receipt.dedupe_id;
    });
    if (known) {
        co_return sdk::Kept::duplicate;
    }
    receipts.push_back(std::move(news));
    co_return sdk::Kept::stored;
}

sdk::Task<core::Result<sdk::InboundKept>> RecordedInbound::message(sdk::InboundMessage message) {
    ++calls;
    if (on_call) {
        on_call();
    }
    if (failure) {
        co_return *failure;
    }
    const auto known = std::find_if(messages.begin(), messages.end(), [&](const auto& kept) {
        return kept.tenant == message.tenant && kept.dedupe_id == message.dedupe_id;
    });
    sdk::InboundKept answer;
    if (const auto told = settled.find(message.dedupe_id); told != settled.end()) {
        answer = told->second;
    } else if (known != messages.end() && known->tell_when_stored) {
        answer.settled = sdk::Settlement::stored;
    }
    answer.kept = known == messages.end() ? sdk::Kept::stored : sdk::Kept::duplicate;
    // The n-th has the id n.
    const auto number = static_cast<std::uint64_t>(known - messages.begin()) + 1;
    for (std::size_t i = 0; i < 8; ++i) {
        answer.item.uuid.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    if (known == messages.end()) {
        messages.push_back(std::move(message));
    }
    co_return answer;
}

sdk::Task<core::Result<std::optional<core::DeliveryId>>>
RecordedInbound::delivery_of(std::string upstream_reference) {
    if (failure) {
        co_return *failure;
    }
    const auto found = deliveries.find(upstream_reference);
    co_return found == deliveries.end() ? std::optional<core::DeliveryId>() : found->second;
}

sdk::Task<core::Result<sdk::Kept>> RecordedInbound::quarantine(sdk::Oddity oddity) {
    ++calls;
    if (on_call) {
        on_call();
    }
    if (failure) {
        co_return *failure;
    }
    const bool known = std::any_of(oddities.begin(), oddities.end(), [&](const auto& kept) {
        return kept.dedupe_id == oddity.dedupe_id;
    });
    if (known) {
        co_return sdk::Kept::duplicate;
    }
    oddities.push_back(std::move(oddity));
    co_return sdk::Kept::stored;
}

class MemorySpools::MemorySpool final : public sdk::Spool {
public:
    MemorySpool(MemorySpools& spools, std::uint64_t bytes_max)
        : spools_(spools), bytes_max_(bytes_max) {
        ++spools_.open;
    }
    MemorySpool(const MemorySpool&) = delete;
    MemorySpool& operator=(const MemorySpool&) = delete;
    ~MemorySpool() override {
        --spools_.open;
        spools_.held -= bytes_.size();
    }

    sdk::Task<core::Result<void>> write(std::span<const char> bytes) override {
        if (spools_.failure) {
            co_return *spools_.failure;
        }
        if (finished_) {
            co_return Failure(Errc::closed, "the spool is finished");
        }
        if (bytes.size() > bytes_max_ - bytes_.size()) {
            co_return Failure(Errc::too_large);
        }
        if (bytes.size() > spools_.room - spools_.held) {
            co_return Failure(Errc::storage_full);
        }
        bytes_.append(bytes.data(), bytes.size());
        spools_.held += bytes.size();
        co_return core::Result<void>();
    }
    sdk::Task<core::Result<void>> finish() override {
        finished_ = true;
        co_return core::Result<void>();
    }
    std::uint64_t size() const override { return bytes_.size(); }
    std::unique_ptr<sdk::ByteSource> open() override {
        return std::make_unique<sdk::StringSource>(bytes_);
    }
    sdk::Task<core::Result<std::size_t>> read_at(std::uint64_t offset,
                                                 std::span<char> out) override {
        co_return read_at_blocking(offset, out);
    }
    core::Result<std::size_t> read_at_blocking(std::uint64_t offset, std::span<char> out) override {
        if (!finished_) {
            return Failure(Errc::invalid_argument, "the spool is not finished");
        }
        if (offset >= bytes_.size()) {
            return std::size_t{0};
        }
        return bytes_.copy(out.data(), out.size(), static_cast<std::size_t>(offset));
    }

private:
    MemorySpools& spools_;
    std::uint64_t bytes_max_;
    std::string bytes_;
    bool finished_ = false;
};

sdk::Task<core::Result<std::unique_ptr<sdk::Spool>>> MemorySpools::create(std::uint64_t bytes_max) {
    if (failure) {
        co_return *failure;
    }
    ++made;
    co_return std::unique_ptr<sdk::Spool>(std::make_unique<MemorySpool>(*this, bytes_max));
}

sdk::Task<void> InlineWork::run(std::function<void()> piece) {
    ++pieces;
    inside = true;
    try {
        piece();
    } catch (...) {
        inside = false;
        throw;
    }
    inside = false;
    co_return;
}

}   // namespace tests
