#include "adapters/fiks_io/standin/post_office.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"

#include <algorithm>
#include <filesystem>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;

namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr std::int64_t default_ttl_ms = 7 * day_ms;
constexpr std::int64_t expiration_max = 4'294'967'295;   // RabbitMQ's
constexpr std::size_t batch = 200;

bool names(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

std::string custom(const Parcel& parcel, const std::string& name) {
    const auto found = parcel.custom.find(name);
    return found == parcel.custom.end() ? std::string() : found->second;
}

}   // namespace

PostOffice::PostOffice(Book& book, Publisher& publisher, const kit::SkewedClock& clock,
                       std::int64_t inline_bytes_max)
    : book_(book), publisher_(publisher), clock_(clock), inline_bytes_max_(inline_bytes_max) {}

std::int64_t PostOffice::ttl_of(const std::optional<std::int64_t>& ordered) {
    return ordered.value_or(default_ttl_ms);
}

Sent PostOffice::sent_of(const Parcel& parcel) const {
    Sent sent;
    sent.id = kit::random_uuid();
    sent.type = parcel.type;
    sent.from = parcel.from;
    sent.to = parcel.to;
    sent.reply_to = parcel.reply_to;
    sent.client_id = custom(parcel, "klientMeldingId");
    sent.correlation = custom(parcel, "klientKorrelasjonsId");
    sent.at = clock_.now();
    return sent;
}

Letter PostOffice::letter_of(const Parcel& parcel, const Sent& sent) const {
    Letter letter;
    letter.queue = queue_of(parcel.to);
    letter.ttl_ms = std::min(ttl_of(parcel.ttl_ms), expiration_max);
    const auto add = [&](const std::string& name, const std::string& value) {
        const Spoiling& spoiled = parcel.spoiled;
        const HeaderKind kind = names(spoiled.dropped, name)   ? HeaderKind::absent
                                : names(spoiled.numbers, name) ? HeaderKind::number
                                : names(spoiled.truths, name)  ? HeaderKind::truth
                                                               : HeaderKind::text;
        if (!value.empty()) {
            letter.headers.emplace_back(name, value, kind);
        }
    };
    const Account* from = book_.account(parcel.from);
    add("melding-id", sent.id);
    add("type", parcel.type);
    add("avsender-id", parcel.from);
    add("avsender-navn", from == nullptr ? std::string() : from->name);
    add("svar-til", parcel.reply_to);
    add("svar-til-type", parcel.reply_to_type);
    for (const auto& [name, value] : parcel.custom) {
        add(std::string(custom_prefix) + name, value);
    }
    return letter;
}

/// Into the letter, or into the dokumentlager when it is large.
void PostOffice::place_body(Parcel& parcel, Sent& sent, Letter& letter) {
    const bool in_file = parcel.file != nullptr;
    sent.size = static_cast<std::int64_t>(in_file ? parcel.file->size() : parcel.body.size());
    if (sent.size == 0) {
        return;
    }
    sent.sha256 = in_file ? parcel.file->sha256() : kit::sha256_hex(parcel.body);
    if (sent.size > inline_bytes_max_) {
        StoredDocument document;
        document.id = kit::random_uuid();
        document.account = parcel.to;
        document.size = sent.size;
        document.until = clock_.now() + std::chrono::milliseconds(ttl_of(parcel.ttl_ms) + day_ms);
        const std::string path = book_.document_path(document.id);
        if (in_file) {
            parcel.file->keep_as(path);
        } else {
            kit::write_file(path, parcel.body);
        }
        sent.document = document.id;
        letter.headers.emplace_back("dokumentlager-id", document.id);
        book_.put(std::move(document));
        return;
    }
    letter.body = in_file ? kit::read_file(parcel.file->path()).value_or("") : parcel.body;
}

sdk::Task<std::optional<Sent>> PostOffice::send(Parcel parcel) {
    Sent sent = sent_of(parcel);
    Letter letter = letter_of(parcel, sent);
    place_body(parcel, sent, letter);
    std::vector<Letter> copies(static_cast<std::size_t>(parcel.spoiled.copies), letter);
    const bool confirmed = co_await publisher_.publish(std::move(copies));
    if (!confirmed) {
        co_return std::nullopt;
    }
    book_.add(sent);
    co_return sent;
}

sdk::Task<std::size_t> PostOffice::send_many(const Parcel& parcel, std::size_t count) {
    std::size_t done = 0;
    while (done < count) {
        std::vector<Letter> letters;
        std::vector<Sent> sent;
        while (letters.size() < batch && done + letters.size() < count) {
            Parcel one;
            one.type = parcel.type;
            one.from = parcel.from;
            one.to = parcel.to;
            one.custom = parcel.custom;
            one.custom["klientMeldingId"] = kit::random_uuid();
            one.ttl_ms = parcel.ttl_ms;
            sent.push_back(sent_of(one));
            letters.push_back(letter_of(one, sent.back()));
            letters.back().body = parcel.body;
        }
        const bool confirmed = co_await publisher_.publish(std::move(letters));
        if (!confirmed) {
            break;
        }
        done += sent.size();
        for (Sent& each : sent) {
            book_.add(std::move(each));
        }
    }
    co_return done;
}

std::optional<std::string> PostOffice::body_of(const Taken& taken, std::int64_t bytes_max) const {
    const std::string id = taken.header("dokumentlager-id");
    if (id.empty()) {
        return taken.body;
    }
    const StoredDocument* document = book_.document(id);
    if (document == nullptr || document->size > bytes_max) {
        return std::nullopt;
    }
    return kit::read_file(book_.document_path(id));
}

}   // namespace gateway::fiks_io::standin
