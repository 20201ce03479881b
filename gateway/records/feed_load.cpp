#include "gateway/records/feed_load.hpp"

#include "gateway/records/authorise.hpp"
#include "gateway/records/register_answers.hpp"
#include "gateway/records/sealing.hpp"

#include <algorithm>
#include <iterator>

namespace gateway::records {
namespace {

/// Where the organisation has its business.
const std::string& municipality_of(const json::Value& value) {
    return value["addresses"]["business"]["municipality"]["number"].as_string();
}

}   // namespace

LoadIntake::LoadIntake(const FollowerParts& parts, ports::FeedPlace place, FeedState state,
                       LoadProgress& progress)
    : parts_(parts), place_(std::move(place)), state_(std::move(state)), progress_(progress) {}

void LoadIntake::progress(std::uint64_t done, std::uint64_t of) {
    progress_.done = done;
    progress_.of = of;
}

/// Those that a purpose wants, without the rest.
std::vector<LoadIntake::Wish> LoadIntake::wanted(const Dataset& dataset,
                                                 std::vector<sdk::RegisterEntry> entries) const {
    const auto& tenant = state_.configuration->tenants.at(place_.tenant);
    std::vector<Wish> wishes;
    for (auto& entry : entries) {
        Wish wish;
        for (const auto& [id, purpose] : tenant.purposes) {
            if (purpose.datasets.contains(dataset.id) &&
                purpose.organisations_in.contains(municipality_of(entry.value))) {
                wish.purposes.push_back(&purpose);
            }
        }
        if (wish.purposes.empty() ||
            check_key(dataset.key, entry.key, state_.configuration->records).refusal) {
            continue;
        }
        wish.subject =
            new_subject(*state_.vault, parts_.ids, dataset.key, entry.key, parts_.clock.now());
        wish.entry = std::move(entry);
        wishes.push_back(std::move(wish));
    }
    return wishes;
}

ports::RecordWrite LoadIntake::write_of(const Dataset& dataset, const Wish& wish) const {
    const auto now = parts_.clock.now();
    Fields fields;
    std::chrono::hours retention{0};
    ports::RecordWrite write;
    for (const auto* purpose : wish.purposes) {
        const auto& allowed = purpose->datasets.at(dataset.id);
        std::copy_if(allowed.begin(), allowed.end(), std::inserter(fields, fields.end()),
                     [&](const auto& field) { return dataset.has_field(field); });
        retention = std::max(retention, purpose->retention);
        write.row.purposes = with_purpose(write.row.purposes, purpose->id.value);
    }
    HeldRecord record;
    fields = without_parts(std::move(fields));
    take_in(record, part_of(dataset, fields, wish.entry, now), now);
    write.expected = 0;
    write.row.subject = wish.subject.handle;
    write.row.dataset = dataset.id;
    write.row.source = dataset.register_name;
    write.row.written_at = now;
    write.row.fields = field_list(record);
    write.row.erase_at = now + retention;
    set_times(write.row, record);
    seal_row(*state_.vault, parts_.ids, write.row, record);
    return write;
}

sdk::Task<core::Result<void>> LoadIntake::put(std::string name,
                                              std::vector<sdk::RegisterEntry> entries) {
    const auto* dataset = DatasetCatalogue::current().find(name);
    if (dataset == nullptr || dataset->key != core::RecordKeyKind::organisation) {
        co_return core::Failure(core::Errc::invalid_argument, "no such dataset is loaded whole");
    }
    auto wishes = wanted(*dataset, std::move(entries));
    if (wishes.empty()) {
        co_return core::Result<void>();
    }
    std::vector<ports::Subject> subjects;
    for (const auto& wish : wishes) {
        subjects.push_back(wish.subject);
    }
    const auto known = co_await parts_.store.subjects(place_.tenant, std::move(subjects));
    if (!known) {
        co_return known.error();
    }
    std::vector<ports::RecordWish> places;
    for (const auto& subject : *known) {
        places.emplace_back(subject.handle, name);
    }
    const auto rows = co_await parts_.store.records(place_.tenant, std::move(places));
    if (!rows) {
        co_return rows.error();
    }
    std::vector<ports::RecordWrite> writes;
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        if (!(*rows)[i]) {
            wishes[i].subject = (*known)[i];
            writes.push_back(write_of(*dataset, wishes[i]));
        }
    }
    while (!writes.empty()) {
        std::vector<ports::NewLogEntry> nothing;
        auto some = writes;
        const auto kept =
            co_await parts_.store.keep(place_.tenant, std::move(some), std::move(nothing));
        if (!kept) {
            co_return kept.error();
        }
        if (!kept->conflict) {
            progress_.kept += writes.size();
            break;
        }
        // Fetched by somebody meanwhile: theirs is newer.
        writes.erase(writes.begin() + static_cast<std::ptrdiff_t>(*kept->conflict));
    }
    co_return core::Result<void>();
}

}   // namespace gateway::records
