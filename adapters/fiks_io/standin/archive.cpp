#include "adapters/fiks_io/standin/archive.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"
#include "gateway/core/time.hpp"

#include <algorithm>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using json::Value;
using kit::PackageFile;

namespace {

constexpr std::string_view protocol = "no.ks.fiks.arkiv.v1.";
constexpr std::size_t file_bytes_max = 1U << 20U;   // that can be asked for again
constexpr std::size_t files_max = 200;

std::string dedupe_key(const Opened& message) {
    return message.client_id.empty() ? message.id : message.from + " " + message.client_id;
}

}   // namespace

Archive::Archive(kit::World& world, kit::Journal& journal, Party& party)
    : world_(world), party_(party), records_(journal) {}

std::string Archive::now() const {
    return core::to_rfc3339(world_.clock.now());
}

std::int64_t Archive::year() const {
    return std::stoll(now().substr(0, 4));
}

sdk::Task<bool> Archive::reply(const Opened& message, Reply reply) {
    if (const auto delay = world_.faults.take("receipt_delay")) {
        co_await world_.clock.sleep_until(world_.clock.steady() +
                                          std::chrono::milliseconds(delay->number("delay_ms", 0)));
    }
    std::string type = std::string(protocol) + reply.type;
    co_return co_await party_.answer(message, std::move(type), std::move(reply.files));
}

sdk::Task<bool> Archive::handle(Opened message) {
    if (world_.faults.take("archive_silent")) {
        co_return true;
    }
    if (world_.faults.take("archive_gives_back")) {
        co_return false;
    }
    if (!message.type.starts_with(protocol)) {
        co_return true;   // nothing an archive answers
    }
    const std::string what = message.type.substr(protocol.size());
    Reply answer;
    if (message.unopened || world_.faults.take("archive_serverfeil")) {
        answer = {"feilmelding.serverfeil",
                  {{"feilmelding.xml", write_error("serverfeil", "Arkivet feilet")}}};
    } else if (!message.fault.empty()) {
        last_refusal_ = message.fault;
        answer = {"feilmelding.ugyldigforespoersel",
                  {{"feilmelding.xml", write_error("ugyldigforespoersel", message.fault)}}};
    } else if (what == "arkivering.arkivmelding.opprett") {
        answer = create(message);
    } else if (what == "arkivering.arkivmelding.oppdater") {
        answer = change(message, "arkivmeldingOppdatering");
    } else if (what == "arkivering.dokumentobjekt.opprett") {
        answer = change(message, "dokumentobjektOpprett");
    } else if (what == "arkivering.avskrivning.opprett") {
        answer = change(message, "nyAvskrivning");
    } else if (what == "arkivering.avskrivning.slett") {
        answer = change(message, "slettAvskrivning");
    } else if (what == "innsyn.sok") {
        answer = search(message);
    } else if (what == "innsyn.mappe.hent") {
        answer = look(message, "mappeHent");
    } else if (what == "innsyn.registrering.hent") {
        answer = look(message, "registreringHent");
    } else if (what == "innsyn.dokumentfil.hent") {
        answer = look(message, "dokumentfilHent");
    } else {
        co_return true;   // an answer, or nothing it knows
    }
    const bool taken = answer.type.ends_with(".kvittering");
    if (taken && !world_.faults.take("no_mottatt")) {
        std::vector<PackageFile> nothing;
        std::string received = message.type + ".mottatt";
        const bool told = co_await party_.answer(message, std::move(received), std::move(nothing));
        if (!told) {
            co_return false;
        }
    }
    if (taken && world_.faults.take("no_kvittering")) {
        co_return true;
    }
    co_return co_await reply(message, std::move(answer));
}

Archive::Reply Archive::made(const Done& done) {
    return {"arkivering.arkivmelding.opprett.kvittering",
            {{"arkivmelding-kvittering.xml",
              write_receipt(records_.find_case(done.case_id), done.case_existed,
                            records_.find_record(done.record_id), now())}}};
}

Archive::Reply Archive::create(const Opened& message) {
    const std::string key = dedupe_key(message);
    if (const Done* done = records_.done(key)) {
        return made(*done);   // the same message again: no second record
    }
    const auto read = read_order(message);
    if (const auto* objection = std::get_if<Objection>(&read)) {
        last_refusal_ = objection->words;
        return {"feilmelding.ugyldigforespoersel",
                {{"feilmelding.xml", write_error("ugyldigforespoersel", objection->words)}}};
    }
    const Order& order = std::get<Order>(read);
    Refused refused;
    if (const auto fault = world_.faults.take("archive_refuses")) {
        refused.record = fault->with["words"].is_string() ? fault->with["words"].as_string()
                                                          : "Arkivdelen er avsluttet";
        refused.folder = order.folder && fault->with["folder"].as_bool() ? refused.record : "";
    }
    if (order.record && !order.folder && !order.parent.empty() &&
        records_.find_case(order.parent) == nullptr) {
        refused.record = "Mappen finnes ikke";
    }
    if (!refused.record.empty()) {
        return {"arkivering.arkivmelding.opprett.kvittering",
                {{"arkivmelding-kvittering.xml", write_refusal(refused)}}};
    }
    Done done;
    if (order.folder) {
        Case* known = records_.find_case(order.folder->outside_id);
        done.case_existed = known != nullptr;
        done.case_id = known != nullptr ? known->id : records_.add(*order.folder, year()).id;
    } else if (Case* parent = records_.find_case(order.parent)) {
        done.case_id = parent->id;
    }
    if (order.record) {
        Record record = *order.record;
        record.case_id = done.case_id;
        for (RecordFile& file : record.files) {
            file.id = kit::random_uuid();
        }
        const Record& added = records_.add(std::move(record), year());
        done.record_id = added.id;
        for (std::size_t i = 0; i < added.files.size() && files_.size() < files_max; ++i) {
            for (const PackageFile& file : message.files) {
                if (kit::sha256_hex(file.bytes) == added.files[i].sha256 &&
                    file.bytes.size() <= file_bytes_max) {
                    files_[added.files[i].id] = file.bytes;
                }
            }
        }
    }
    if (!order.folder) {
        Done told = done;   // a folder that was not sent has no receipt
        told.case_id.clear();
        records_.set_done(key, told);
        return made(told);
    }
    records_.set_done(key, done);
    return made(done);
}

Archive::Reply Archive::change(const Opened& message, std::string_view root) {
    const auto read = read_change(message, root);
    if (const auto* objection = std::get_if<Objection>(&read)) {
        last_refusal_ = objection->words;
        return {"feilmelding.ugyldigforespoersel",
                {{"feilmelding.xml", write_error("ugyldigforespoersel", objection->words)}}};
    }
    const Change& change = std::get<Change>(read);
    Record* record = records_.find_record(change.target);
    Case* folder = records_.find_case(change.target);
    if (record == nullptr && folder == nullptr && root != "dokumentobjektOpprett") {
        return {"feilmelding.ikkefunnet",
                {{"feilmelding.xml", write_error("ikkefunnet", "Finner ikke " + change.target)}}};
    }
    const std::string key = dedupe_key(message);
    if (record != nullptr &&
        std::find(record->updates.begin(), record->updates.end(), key) == record->updates.end()) {
        Record changed = *record;
        changed.title = change.title.empty() ? changed.title : change.title;
        changed.updates.push_back(key);
        records_.save(changed);
    }
    if (folder != nullptr && !change.title.empty()) {
        Case changed = *folder;
        changed.title = change.title;
        records_.save(changed);
    }
    const std::string type = message.type.substr(protocol.size()) + ".kvittering";
    if (change.file) {
        RecordFile file = *change.file;
        file.id = kit::random_uuid();
        return {type, {{"dokumentobjekt-kvittering.xml", write_file_receipt(file, now())}}};
    }
    return {type, {}};
}

Archive::Reply Archive::look(const Opened& message, std::string_view root) {
    const auto read = read_query(message, root);
    if (const auto* objection = std::get_if<Objection>(&read)) {
        last_refusal_ = objection->words;
        return {"feilmelding.ugyldigforespoersel",
                {{"feilmelding.xml", write_error("ugyldigforespoersel", objection->words)}}};
    }
    const std::string& wanted = std::get<Query>(read).reference;
    const std::string type = message.type.substr(protocol.size()) + ".resultat";
    if (const Case* folder = records_.find_case(wanted); folder != nullptr && root == "mappeHent") {
        return {type, {{"resultat.xml", write_folder(*folder)}}};
    }
    if (const Record* record = records_.find_record(wanted);
        record != nullptr && root == "registreringHent") {
        return {type,
                {{"resultat.xml", write_record(*record, records_.find_case(record->case_id))}}};
    }
    const auto file = files_.find(wanted);
    if (file != files_.end() && root == "dokumentfilHent") {
        return {type, {{"dokument.pdf", file->second}}};
    }
    return {"feilmelding.ikkefunnet",
            {{"feilmelding.xml", write_error("ikkefunnet", "Finner ikke " + wanted)}}};
}

Archive::Reply Archive::search(const Opened& message) {
    const auto read = read_query(message, "sok");
    if (const auto* objection = std::get_if<Objection>(&read)) {
        last_refusal_ = objection->words;
        return {"feilmelding.ugyldigforespoersel",
                {{"feilmelding.xml", write_error("ugyldigforespoersel", objection->words)}}};
    }
    const Query& query = std::get<Query>(read);
    const auto hit = [&query](const std::string& title, const std::string& outside,
                              const std::string& number) {
        return std::all_of(query.values.begin(), query.values.end(), [&](std::string word) {
            std::erase(word, '*');
            return title.find(word) != std::string::npos || outside == word || number == word ||
                   number.starts_with(word + "/");
        });
    };
    std::vector<const Case*> cases;
    std::vector<const Record*> records;
    for (const auto& [id, one] : records_.cases()) {
        if (query.for_cases && hit(one.title, one.outside_id, one.number())) {
            cases.push_back(&one);
        }
    }
    for (const auto& [id, one] : records_.records()) {
        const std::string number = std::to_string(one.year) + "/" + std::to_string(one.sequence);
        if (!query.for_cases && !one.type.empty() && hit(one.title, one.outside_id, number)) {
            records.push_back(&one);
        }
    }
    const auto page = [&query](auto& list) {
        const auto skip = std::min(static_cast<std::size_t>(query.skip), list.size());
        list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(skip));
        list.resize(std::min(static_cast<std::size_t>(query.take), list.size()));
    };
    page(cases);
    page(records);
    const std::string kind = query.response_type == "noekler" || query.response_type == "utvidet"
                                 ? query.response_type
                                 : "minimum";
    return {"innsyn.sok.resultat." + kind,
            {{"sokeresultat.xml", write_found(query, cases, records)}}};
}

Value Archive::audit() const {
    Value out = records_.audit();
    out.set("lastRefusal", last_refusal_);
    return out;
}

}   // namespace gateway::fiks_io::standin
