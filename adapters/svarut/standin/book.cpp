#include "adapters/svarut/standin/book.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <cmath>
#include <filesystem>
#include <stdexcept>

namespace gateway::svarut::standin {

using json::Value;

namespace {

constexpr std::chrono::seconds validation_time{10};
constexpr std::chrono::seconds expedition_time{10};
constexpr std::chrono::seconds delivery_time{20};

}   // namespace

Book::Book(std::string folder, Value settings, const gateway::standin::SkewedClock& clock,
           double times_faster)
    : folder_(std::move(folder)),
      files_(folder_ + "/files"),
      clock_(clock),
      times_faster_(times_faster),
      journal_(folder_ + "/shipments.jsonl"),
      settings_(std::move(settings)) {
    gateway::standin::make_directory(files_);
    for (const auto& [id, value] : journal_.take("shipment")) {
        shipments_.emplace(id, shipment_from(id, value));
    }
    if (const auto text = gateway::standin::read_file(folder_ + "/settings.json")) {
        auto parsed = json::parse_or_failure(*text);
        if (!parsed || !parsed->is_object()) {
            throw std::runtime_error(folder_ + "/settings.json is not a JSON object");
        }
        settings_ = std::move(*parsed);
        return;
    }
    save_settings();
}

core::Duration Book::scaled(core::Duration real) const {
    return core::Duration(
        static_cast<std::int64_t>(std::llround(static_cast<double>(real.count()) / times_faster_)));
}

void Book::advance() {
    for (auto& [id, shipment] : shipments_) {
        while (shipment.due && *shipment.due <= now()) {
            const core::Time at = *shipment.due;
            shipment.due.reset();
            step(shipment, at);
            save(shipment);
        }
    }
}

void Book::go(Shipment& shipment, const char* status, core::Time at, const char* words) {
    shipment.history.emplace_back(status, at);
    shipment.happenings.emplace_back(words, at);
}

void Book::step(Shipment& shipment, core::Time at) {
    const std::string status = shipment.status();
    if (status == "MOTTATT") {
        if (!shipment.readable) {
            go(shipment, "FEILET_UNDER_MOTTAK", at, "Kunne ikke dekryptere dokumentene");
            return;
        }
        go(shipment, "AKSEPTERT", at, "Akseptert for ekspedering");
        if (shipment.order["signering"].is_object()) {
            shipment.signing.emplace_back("VENTER_SIGNERING", at);
        }
        shipment.due = at + scaled(expedition_time);
    } else if (status == "AKSEPTERT") {
        expedite(shipment, at);
    } else if (status == "SENDT_PRINT") {
        go(shipment, "PRINTET", at, "Printkvittering mottatt");
    } else if (status == "SENDT_SDP") {
        go(shipment, "LEVERT_SDP", at, "Leveringskvittering fra digital postkasse");
    } else if (status == "SENDT_ALTINN") {
        go(shipment, "LEVERT_ALTINN", at, "Levert til Altinn");
    } else if (status == "SENDT_NHN_MOTTAKER") {
        go(shipment, "LEVERT_NHN_MOTTAKER", at, "Mottaker i helsenettet har bekreftet");
    }
}

void Book::expedite(Shipment& shipment, core::Time at) {
    if (shipment.kind == "print") {
        to_paper(shipment, at);
        return;
    }
    if (shipment.kind == "organisasjon") {
        to_organisation(shipment, at);
        return;
    }
    if (shipment.kind == "person") {
        to_person(shipment, at);
        return;
    }
    if (lists("unknown_her_ids", shipment.recipient)) {
        go(shipment, "IKKE_LEVERT", at, "Fant ikke mottaker i adresseregisteret");
        return;
    }
    go(shipment, "SENDT_NHN_MOTTAKER", at, "Sendt til mottaker i helsenettet");
    shipment.due = at + scaled(delivery_time);
}

void Book::to_person(Shipment& shipment, core::Time at) {
    if (lists("reserved", shipment.recipient)) {
        to_paper(shipment, at);
        return;
    }
    if (lists("sdp", shipment.recipient)) {
        go(shipment, "SENDT_SDP", at, "Sendt til digital postkasse");
    } else {
        go(shipment, "SENDT_ALTINN", at, "Sendt til Altinn");
    }
    shipment.due = at + scaled(delivery_time);
}

void Book::to_organisation(Shipment& shipment, core::Time at) {
    const Value* mailbox = shipment.sent_on ? nullptr : mailbox_for(shipment);
    if (mailbox != nullptr) {
        shipment.mailbox = (*mailbox)["id"].as_string();
        go(shipment, "KLAR_FOR_MOTTAK", at, "Klar for nedlasting av mottakersystem");
        return;
    }
    if (shipment.sent_on && !shipment.digital_only() && shipment.has_address()) {
        to_paper(shipment, at);
        return;
    }
    go(shipment, "SENDT_ALTINN", at, "Sendt til Altinn");
    shipment.due = at + scaled(delivery_time);
}

void Book::to_paper(Shipment& shipment, core::Time at) {
    if (shipment.digital_only()) {
        go(shipment, "IKKE_LEVERT", at, "Ingen digital kanal, og forsendelsen er kun digital");
        return;
    }
    if (!shipment.has_address()) {
        go(shipment, "MANUELT_HANDTERT", at, "Adresse mangler, kan ikke sendes i posten");
        return;
    }
    go(shipment, "SENDT_PRINT", at, "Sendt til print");
    shipment.due = at + scaled(delivery_time);
}

const Value* Book::mailbox_for(const Shipment& shipment) const {
    const std::string& type = shipment.order["forsendelsestype"].as_string();
    const std::int64_t level = shipment.is_highest_level() ? 4 : 3;
    const Value* any = nullptr;
    for (const auto& one : settings_["mailboxes"].items()) {
        if (one["organisation"].as_string() != shipment.recipient ||
            one["level"].as_int(4) < level) {
            continue;
        }
        if (one["type"].as_string() == type) {
            return &one;
        }
        if (one["type"].as_string().empty()) {
            any = &one;
        }
    }
    return any;
}

Shipment* Book::find(const std::string& id) {
    const auto found = shipments_.find(id);
    return found == shipments_.end() ? nullptr : &found->second;
}

void Book::add(Shipment shipment) {
    shipment.history.emplace_back("MOTTATT", now());
    shipment.happenings.emplace_back("Forsendelse mottatt", now());
    shipment.due = now() + scaled(validation_time);
    save(shipment);
    const std::string id = shipment.id;
    shipments_.insert_or_assign(id, std::move(shipment));
}

void Book::save(const Shipment& shipment) {
    journal_.put("shipment", shipment.id, to_json(shipment));
}

void Book::set_status(Shipment& shipment, const std::string& status, core::Time at,
                      const std::string& words) {
    shipment.due.reset();
    shipment.history.emplace_back(status, at);
    shipment.happenings.emplace_back(words, at);
    save(shipment);
}

void Book::taken(Shipment& shipment) {
    shipment.taken = true;
    set_status(shipment, "LEST", now(), "Forsendelsen er mottatt av mottakersystemet");
}

void Book::failed(Shipment& shipment, const std::string& words, bool permanent) {
    ++shipment.failures;
    shipment.happenings.emplace_back("Mottak feilet: " + words, now());
    if (permanent) {
        shipment.sent_on = true;
        shipment.mailbox.clear();
        expedite(shipment, now());
    }
    save(shipment);
}

const Value* Book::entry(const char* list, const char* member, const std::string& value) const {
    for (const auto& one : settings_[list].items()) {
        if (one[member].as_string() == value) {
            return &one;
        }
    }
    return nullptr;
}

bool Book::lists(const char* list, const std::string& value) const {
    for (const auto& one : settings_[list].items()) {
        const bool same =
            one.is_int() ? std::to_string(one.as_int()) == value : one.as_string() == value;
        if (same) {
            return true;
        }
    }
    return false;
}

void Book::put(const std::string& list, const Value& changed) {
    Value out = Value::array();
    for (const auto& one : settings_[list].items()) {
        if (one["id"] != changed["id"]) {
            out.push(one);
        }
    }
    settings_.set(list, out.push(changed));
    save_settings();
}

void Book::set(const std::string& name, const Value& value) {
    settings_.set(name, value);
    save_settings();
}

void Book::save_settings() const {
    gateway::standin::write_file(folder_ + "/settings.json", json::write_pretty(settings_));
}

void Book::clear() {
    shipments_.clear();
    journal_.clear();
    std::filesystem::remove_all(files_);
    gateway::standin::make_directory(files_);
}

}   // namespace gateway::svarut::standin
