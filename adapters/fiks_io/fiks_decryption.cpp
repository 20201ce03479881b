#include "adapters/fiks_io/fiks_decryption.hpp"

#include "gateway/seal/certificate_details.hpp"
#include "gateway/seal/refusal.hpp"

#include <algorithm>
#include <iterator>

namespace gateway::fiks_io {

using core::Failure;
using core::Result;

namespace {

constexpr std::size_t piece_bytes = 256U << 10U;
constexpr std::size_t tries_max = 12;
constexpr std::size_t telling_bytes = 4;   // the start of a ZIP
// So little is opened in microseconds: it waits for no turn of the executor.
constexpr std::size_t at_once_bytes_max = 32U << 10U;

bool is_zip(std::string_view plain) {
    return plain.starts_with("PK\x03\x04") || plain.starts_with("PK\x05\x06");
}

/// Stands for the key of an envelope that is not for us.
std::string random_key(std::size_t bytes, sdk::Ids& ids) {
    std::vector<std::uint8_t> drawn(bytes);
    ids.random(drawn);
    return std::string(drawn.begin(), drawn.end());
}

std::optional<std::size_t> key_of(const std::string& certificate, const OwnKeys& own) {
    const auto details = seal::read_certificate(certificate);
    if (!details) {
        return std::nullopt;
    }
    const auto found =
        std::find(own.public_keys.begin(), own.public_keys.end(), details->public_key_der);
    if (found == own.public_keys.end()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(std::distance(own.public_keys.begin(), found));
}

}   // namespace

std::vector<KeyChoice> choose_keys(std::span<const seal::WrappedKey> recipients,
                                   const OwnKeys& own) {
    for (const auto& certificate : own.certificates) {
        const auto recipient = seal::find_recipient(recipients, certificate);
        const auto key = recipient ? key_of(certificate, own) : std::nullopt;
        if (key) {
            return {KeyChoice{*recipient, *key}};
        }
    }
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        if (recipients[i].transport) {
            order.push_back(i);
        }
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return *recipients[a].transport < *recipients[b].transport;
    });
    std::vector<KeyChoice> choices;
    for (const std::size_t recipient : order) {
        for (std::size_t key = 0; key < own.public_keys.size() && choices.size() < tries_max;
             ++key) {
            choices.push_back(KeyChoice{recipient, key});
        }
    }
    return choices;
}

sdk::Task<Result<void>> Decryption::run(sdk::ByteSource& envelope) {
    const auto size = envelope.size().value_or(piece_bytes);
    std::string buffer(std::min<std::uint64_t>(piece_bytes, size + 1), '\0');
    for (;;) {
        const auto count = co_await envelope.read(buffer);
        if (!count) {
            source_failed_ = true;
            co_return count.error();
        }
        if (*count == 0) {
            break;
        }
        const std::string_view bytes(buffer.data(), *count);
        const auto taken = co_await take(bytes);
        if (!taken) {
            co_return taken.error();
        }
    }
    if (tries_.empty()) {
        co_return seal::refused(seal::Refusal::cms_truncated);
    }
    settle_on_one();
    tries_.erase(tries_.begin() + 1, tries_.end());
    Try& one = tries_.front();
    std::function<Result<void>()> piece = [&] { return one.cms.finish(one.plain); };
    const auto ended = co_await work(0, std::move(piece));   // the last block
    const auto poured = co_await pour(one.plain);
    if (!poured) {
        co_return poured.error();
    }
    if (!ended) {
        co_return ended.error();
    }
    // A wrong key's garbage may end in a right padding: that must not show either.
    if (!out_.looks_like_zip()) {
        co_return seal::refused(seal::Refusal::cms_not_decryptable);
    }
    co_return co_await out_.finish();
}

sdk::Task<Result<void>> Decryption::take(std::string_view bytes) {
    if (scout_) {
        prefix_ += bytes;
        std::string nothing;
        std::function<Result<void>()> piece = [&] { return scout_->write(bytes, nothing); };
        const auto looked = co_await work(bytes.size(), std::move(piece));
        if (!looked) {
            co_return looked.error();
        }
        if (!scout_->wants_key()) {
            co_return Result<void>();
        }
        co_return co_await begin_tries();
    }
    std::function<Result<void>()> piece = [&] {
        for (auto& one : tries_) {
            const auto written = one.cms.write(bytes, one.plain);
            if (!written) {
                return written;
            }
        }
        return Result<void>();
    };
    const auto done = co_await work(bytes.size() * tries_.size(), std::move(piece));
    if (!done) {
        co_return done.error();
    }
    settle_on_one();
    if (tries_.size() > 1) {
        co_return Result<void>();
    }
    co_return co_await pour(tries_.front().plain);
}

/// Every try reads the prefix again and gets its own key.
sdk::Task<Result<void>> Decryption::begin_tries() {
    const std::vector<seal::WrappedKey> recipients = scout_->recipients();
    const std::size_t key_bytes = scout_->key_bytes();
    auto choices = choose_keys(recipients, own_);
    scout_.reset();
    if (choices.empty()) {   // for nobody here; all the same it is worked through
        choices.push_back(KeyChoice{});
    }
    for (const auto& choice : choices) {
        std::string key = random_key(key_bytes, host_.ids);
        if (choice.recipient < recipients.size() && choice.key < own_.public_keys.size()) {
            const seal::WrappedKey& wrapped = recipients[choice.recipient];
            if (wrapped.transport) {
                auto unwrapped = co_await host_.keys.unwrap_key(
                    *wrapped.transport, wrapped.encrypted, key_bytes, choice.key);
                if (!unwrapped) {
                    co_return unwrapped.error();
                }
                key = std::move(*unwrapped);
            }
        }
        Try one;
        std::function<Result<void>()> piece = [&] {
            const auto again = one.cms.write(prefix_, one.plain);
            return again ? one.cms.give_key(key, one.plain) : again;
        };
        const auto begun = co_await work(prefix_.size(), std::move(piece));
        if (!begun) {
            co_return begun.error();
        }
        tries_.push_back(std::move(one));
    }
    prefix_.clear();
    prefix_.shrink_to_fit();
    settle_on_one();
    if (tries_.size() > 1) {
        co_return Result<void>();
    }
    co_return co_await pour(tries_.front().plain);
}

/// As soon as the first bytes are there, what begins as a ZIP is right. When nothing does, the
/// first goes on: its end is the same refusal.
void Decryption::settle_on_one() {
    if (tries_.size() < 2) {
        return;
    }
    const auto right = std::find_if(tries_.begin(), tries_.end(),
                                    [](const Try& one) { return is_zip(one.plain); });
    const bool all_there = std::all_of(tries_.begin(), tries_.end(), [](const Try& one) {
        return one.plain.size() >= telling_bytes;
    });
    if (right != tries_.end()) {
        std::iter_swap(tries_.begin(), right);
    } else if (!all_there) {
        return;
    }
    tries_.erase(tries_.begin() + 1, tries_.end());
}

sdk::Task<Result<void>> Decryption::pour(std::string& plain) {
    if (plain.empty()) {
        co_return Result<void>();
    }
    std::string bytes;
    bytes.swap(plain);
    co_return co_await out_.append(std::move(bytes));
}

sdk::Task<Result<void>> Decryption::work(std::size_t bytes, std::function<Result<void>()> piece) {
    if (bytes <= at_once_bytes_max) {
        co_return piece();
    }
    Result<void> done;
    std::function<void()> job = [&] { done = piece(); };
    co_await host_.work.run(std::move(job));
    co_return done;
}

}   // namespace gateway::fiks_io
