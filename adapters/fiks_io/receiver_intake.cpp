#include "adapters/fiks_io/receiver_intake.hpp"

#include "adapters/fiks_io/receiver_room.hpp"

#include <utility>

namespace gateway::fiks_io {

using core::Errc;

namespace {

constexpr std::size_t remembered_max = 10'000;
constexpr std::chrono::seconds look_up_time{30};
constexpr std::chrono::hours fetch_time{1};
constexpr std::size_t payload_text_max = 4U << 20U;
/// Enough to open, tell about and answer one message; what is still missing then is waited for.
constexpr int sender_tries = 3;

}   // namespace

void Recent::add(const std::string& id) {
    if (id.empty() || !all_.insert(id).second) {
        return;
    }
    order_.push_back(id);
    if (order_.size() > remembered_max) {
        all_.erase(order_.front());
        order_.pop_front();
    }
}

/// For something of ours. Also one that the broker has taken back is tried on: it tells when to
/// consume again, and is known when it comes again. Giving it up would cost a delivery each time.
sdk::Task<void> Intake::wait(Item& item, std::string why) {
    if (!item.place) {
        host_.log.write(sdk::Severity::warning, "fiks_io.message_waits", {{"why", why}});
        host_.metrics.count("sluse_fiks_io_waits_total", {{"why", why}});
        item.place.emplace(holding_, std::move(why));
    }
    co_await host_.clock.sleep_until(host_.clock.steady() + Holding::pause(item.waits++));
}

/// For Fiks' own services. The same while they are away; when they answer before and after a whole
/// try, and not for this message alone, it is left to the broker once that has taken it back: it
/// holds up all others. False then.
sdk::Task<bool> Intake::wait_for_fiks(Item& item, std::string why) {
    if (!item.is_ours()) {
        const bool answered_before = item.fiks_answered;
        const auto status =
            co_await desk_.status(item.arrived.account->account, host_.clock.in(look_up_time));
        item.fiks_answered = status.value.has_value();
        if (answered_before && item.fiks_answered) {
            co_return false;
        }
    }
    co_await wait(item, std::move(why));
    co_return true;
}

void Intake::set_aside(Item& item, core::Code code, core::Params params) {
    if (item.fault.empty()) {
        item.fault = std::move(code);
        item.params = std::move(params);
    }
}

/// Its body came when there was no room for it. It is asked for again once there is, for all such
/// together: that is one of its three deliveries, and the only one a fault of ours costs.
sdk::Task<void> Intake::ask_again(Item& item) {
    const Roomless roomless(roomless_);
    std::unique_ptr<sdk::Spool> room;   // kept until the others have theirs
    while (!room) {
        co_await wait(item, "service.storage_full");
        auto reserved = co_await reserve_room(host_.spools, item.message.head.body_bytes);
        if (reserved) {
            room = std::move(*reserved);
        }
    }
    ++roomless_.served;
    while (roomless_.served < roomless_.waiting) {
        co_await host_.clock.sleep_until(host_.clock.steady() + Holding::pause(0));
    }
    if (const auto connection = item.connection.lock()) {
        connection->requeue(item.message.tag);
    }
}

sdk::Task<bool> Intake::prepare(Item& item) {
    if (item.message.body_lost) {
        co_await ask_again(item);
        co_return false;
    }
    auto read = read_envelope(item.message.head);
    Arrived& arrived = item.arrived;
    arrived.envelope = std::move(read.envelope);
    arrived.type = find(arrived.envelope.type);
    arrived.at = host_.clock.now();
    if (read.odd > 0) {
        host_.metrics.count("sluse_fiks_io_odd_headers_total", {}, read.odd);
    }
    if (!read.fault.empty()) {
        set_aside(item, read.fault, read.params);
    } else if (arrived.type == nullptr) {
        set_aside(item, "fiks_io.type_unknown");
    } else if (item.message.too_large) {
        set_aside(item, "fiks_io.package_too_large");
    } else if (arrived.type->means && arrived.envelope.answers.empty()) {
        set_aside(item, "fiks_io.header_missing", {{"header", "svar-til"}});
    }
    if (!item.fault.empty() || arrived.type->means == Meaning::undelivered) {
        co_return true;
    }
    const bool known = co_await look_up_sender(item);
    if (!known) {
        co_return false;
    }
    const bool fetched = co_await fetch(item);
    if (!fetched) {
        co_return false;
    }
    co_await open(item);
    co_await read_payload(item);
    co_return true;
}

/// By the catalogue. Where signatures are required its word is needed; elsewhere a message does not
/// wait for it for long.
sdk::Task<bool> Intake::look_up_sender(Item& item) {
    for (int tries = 0;; ++tries) {
        const auto found =
            co_await desk_.account(item.arrived.envelope.sender, host_.clock.in(look_up_time));
        if (found.value) {
            item.arrived.organisation = found.value->organisation;
            item.arrived.organisation_name = found.value->organisation_name;
            break;
        }
        const bool final = found.outcome.verdict == sdk::Verdict::rejected;
        if (final || (settings_.signature != seal::Rule::require && tries >= sender_tries)) {
            break;
        }
        const bool on = co_await wait_for_fiks(item, found.outcome.code.value);
        if (!on) {
            co_return false;
        }
    }
    item.goes_on();
    co_return true;
}

sdk::Task<bool> Intake::fetch(Item& item) {
    while (!item.arrived.envelope.stored_elsewhere.empty() && !item.fetched) {
        auto fetched = co_await desk_.fetch(item.arrived.envelope.stored_elsewhere,
                                            host_.clock.in(fetch_time));
        if (fetched.spool) {
            item.fetched = std::move(fetched.spool);
            break;
        }
        if (!fetched.passing) {
            set_aside(item, fetched.code);
            break;
        }
        const bool on = co_await wait_for_fiks(item, fetched.code.value);
        if (!on) {
            co_return false;
        }
    }
    item.goes_on();
    co_return true;
}

sdk::Task<void> Intake::open(Item& item) {
    Arrived& arrived = item.arrived;
    if (!item.fault.empty()) {
        co_return;
    }
    if (!item.has_bytes()) {
        if (arrived.type->opens() && arrived.type->has_payload()) {
            set_aside(item, "fiks_io.payload_absent", {{"type", arrived.type->name}});
        }
        co_return;
    }
    for (;;) {
        PackageSender sender;
        sender.to = arrived.account->account;
        sender.organisation = arrived.organisation;
        const auto source = item.open();
        auto opened = co_await desk_.open(arrived.account->tenant, std::move(sender), *source);
        if (opened.package) {
            arrived.package = std::move(opened.package);
            break;
        }
        if (!opened.passing) {
            set_aside(item, opened.code, opened.params);
            item.answer_unreadable = true;
            break;
        }
        co_await wait(item, opened.code.value);
    }
    item.goes_on();
}

/// The text of an answer's first file, where it decides what the answer means.
sdk::Task<void> Intake::read_payload(Item& item) {
    Arrived& arrived = item.arrived;
    if (!arrived.package || arrived.package->files.empty() || !arrived.type->means ||
        !is_told_by_payload(*arrived.type)) {
        co_return;
    }
    const auto first = arrived.package->files.front().sha256;
    for (;;) {
        auto source = co_await host_.documents.open(arrived.account->tenant, first);
        if (source) {
            auto text = co_await sdk::read_all(**source, payload_text_max);
            if (text) {
                arrived.payload = std::move(*text);
                break;
            }
            if (text.error().is(Errc::too_large)) {
                break;   // nothing that tells a fate is so long: unreadable
            }
        }
        co_await wait(item, "service.storage_failed");
    }
    item.goes_on();
}

}   // namespace gateway::fiks_io
