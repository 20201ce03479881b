#include "adapters/fiks_io/standin/party.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "gateway/core/ids.hpp"

#include <algorithm>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using json::Value;
using kit::PackageFile;

namespace {

constexpr std::int64_t day = 24LL * 3600;
constexpr std::int64_t body_bytes_max = 300LL << 20U;   // held in memory, several times
constexpr std::int64_t made_bytes_max = 256LL << 20U;

kit::Issued own_certificate(kit::World& world, const Account& account, const std::string& stem) {
    const auto key_pem = kit::read_file(stem + ".key.pem");
    const auto certificate_pem = kit::read_file(stem + ".pem");
    const auto issuer_pem = kit::read_file(stem + ".issuer.pem");
    const std::int64_t now = kit::seconds(world.clock.now());
    if (key_pem && certificate_pem && issuer_pem) {
        const auto key = kit::Key::from_private_pem(*key_pem);
        const auto certificate = kit::Certificate::from_pem(*certificate_pem);
        const auto issuer = kit::Certificate::from_pem(*issuer_pem);
        if (key && certificate && issuer && certificate->valid_at(now)) {
            return {*certificate, *key, *issuer};
        }
    }
    kit::CertificateOrder order;
    order.organisation = account.organisation;
    order.name = account.organisation_name;
    order.not_before = now - 30 * day;
    order.not_after = now + 3 * 365 * day;
    kit::Issued issued = world.ca().issue(order);
    kit::write_file(stem + ".key.pem", issued.key.private_pem());
    kit::write_file(stem + ".pem", issued.certificate.pem());
    kit::write_file(stem + ".issuer.pem", issued.issuer.pem());
    return issued;
}

std::string custom_of(const Taken& taken, const std::string& name) {
    return taken.header(std::string(custom_prefix) + name);
}

}   // namespace

const PackageFile* Opened::payload(std::string_view ending) const {
    const auto found = std::find_if(files.begin(), files.end(), [ending](const PackageFile& file) {
        return file.name.ends_with(ending);
    });
    return found == files.end() ? nullptr : &*found;
}

Party::Party(kit::World& world, Book& book, PostOffice& post, const std::string& account,
             const std::string& folder)
    : world_(world), book_(book), post_(post), account_(account) {
    kit::make_directory(folder);
    Account changed = *book.account(account);
    own_.emplace(own_certificate(world, changed, folder + "/" + account));
    if (changed.certificate_pem.empty()) {
        changed.certificate_pem = own_->certificate.pem();
        book.put(std::move(changed));
    }
}

Opened Party::open(const Taken& taken) const {
    Opened opened;
    opened.id = taken.header("melding-id");
    opened.type = taken.header("type");
    opened.from = taken.header("avsender-id");
    opened.to = account_;
    opened.reply_to = taken.header("svar-til");
    opened.client_id = custom_of(taken, "klientMeldingId");
    opened.correlation = custom_of(taken, "klientKorrelasjonsId");
    const auto body = post_.body_of(taken, body_bytes_max);
    if (!body) {
        opened.unopened = true;
        opened.fault = "Nyttelasten er for stor for dette arkivet";
    } else if (!body->empty()) {
        check(opened, *body);
    }
    return opened;
}

/// As a careful receiver: the envelope in the form that every client reads, the container whole,
/// the signature by the organisation that the catalogue says the sender is.
void Party::check(Opened& opened, std::string_view body) const {
    const auto envelope = kit::open_envelope(body, {own_->key});
    if (!envelope) {
        opened.fault = "Nyttelasten kan ikke dekrypteres";
        return;
    }
    opened.envelope.set("recipients", static_cast<std::int64_t>(envelope->recipients));
    opened.envelope.set("oaepSha256", envelope->oaep_sha256);
    if (envelope->recipients != 1 || !envelope->oaep_sha256) {
        opened.fault = "Nyttelasten har ikke nøyaktig en mottaker med RSAES-OAEP SHA-256";
        return;
    }
    auto container = kit::read_container(envelope->content);
    if (!container) {
        opened.fault = container.error().detail;
        return;
    }
    const Account* from = book_.account(opened.from);
    const auto signer = container->signer.organisation();
    opened.envelope.set("signer", signer.value_or(""));
    if (from == nullptr || signer != from->organisation) {
        opened.fault = "Pakken er ikke signert av avsenderkontoens organisasjon";
        return;
    }
    if (!world_.ca().chain_holds(container->signer)) {
        opened.fault = "Signaturens sertifikat er ikke fra en godkjent utsteder";
        return;
    }
    opened.files = std::move(container->files);
}

std::optional<std::string> Party::pack(const std::string& to, const std::vector<PackageFile>& files,
                                       const Packing& packing) const {
    if (files.empty()) {
        return std::string();
    }
    if (packing.bare) {
        return files.front().bytes;
    }
    const Account* receiver = book_.account(to);
    const auto certificate =
        receiver == nullptr ? std::nullopt : kit::Certificate::from_pem(receiver->certificate_pem);
    if (!certificate && !packing.wrong_key) {
        return std::nullopt;
    }
    kit::PackageOrder order = packing.order;
    order.signer = &*own_;
    std::string body =
        kit::envelop(kit::make_container(files, order),
                     packing.wrong_key ? own_->certificate : *certificate, order.flavour);
    if (packing.truncated) {
        body.resize(body.size() / 2);
    }
    return body;
}

sdk::Task<std::optional<Sent>> Party::send(Parcel parcel) {
    co_return co_await post_.send(std::move(parcel));
}

sdk::Task<std::size_t> Party::send_many(const Parcel& parcel, std::size_t count) {
    co_return co_await post_.send_many(parcel, count);
}

sdk::Task<bool> Party::answer(const Opened& to, std::string type, std::vector<PackageFile> files) {
    Packing packing;
    if (const auto fault = world_.faults.take("dotnet_answer")) {
        packing.order.flavour = kit::Flavour::dotnet;
    }
    auto body = pack(to.from, files, packing);
    if (!body) {
        co_return false;
    }
    Parcel parcel;
    parcel.type = std::move(type);
    parcel.from = account_;
    parcel.to = to.from;
    parcel.reply_to = to.id;
    parcel.custom["klientMeldingId"] = kit::random_uuid();
    if (!to.correlation.empty()) {
        parcel.custom["klientKorrelasjonsId"] = to.correlation;
        parcel.custom["klientKorrelasjonId"] = to.correlation;   // as Java does
    }
    parcel.body = std::move(*body);
    if (world_.faults.take("answer_twice")) {
        parcel.spoiled.copies = 2;
    }
    const auto sent = co_await post_.send(std::move(parcel));
    co_return sent.has_value();
}

std::optional<std::vector<PackageFile>> read_files(const Value& list) {
    std::vector<PackageFile> out;
    for (const Value& item : list.items()) {
        PackageFile file;
        file.name = item["name"].as_string();
        const std::int64_t size = item["size"].as_int();
        if (file.name.empty() || size < 0 || size > made_bytes_max) {
            return std::nullopt;
        }
        if (item.has("base64")) {
            const auto bytes = kit::from_base64(item["base64"].as_string());
            if (!bytes) {
                return std::nullopt;
            }
            file.bytes = *bytes;
        } else if (item.has("size")) {
            file.bytes = kit::random_bytes(static_cast<std::size_t>(size));
        } else {
            file.bytes = item["text"].as_string();
        }
        out.push_back(std::move(file));
    }
    return out;
}

}   // namespace gateway::fiks_io::standin
