#include "adapters/digital_post/standin/book.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/digital_post/standin/package.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace gateway::digital_post::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

core::Duration scaled(core::Duration time, double times_faster) {
    return core::Duration(
        static_cast<std::int64_t>(std::llround(static_cast<double>(time.count()) / times_faster)));
}

/// So that the journal's order is the numbers'.
std::string key_of(std::uint64_t number) {
    std::string digits = std::to_string(number);
    return std::string(20 - digits.size(), '0') + digits;
}

/// Names what a step has written, so that a step that a kill interrupted writes it once.
std::string name_of(const std::string& message, const Value& wanted, core::Time at) {
    return message + " " + wanted["type"].as_string() + " " +
           std::to_string(at.time_since_epoch().count());
}

bool waits_for_operator(const Message& message) {
    return std::any_of(message.steps.begin(), message.steps.end(),
                       [](const Step& step) { return step.what != "receipt"; });
}

Value wish(const char* type) {
    Value out;
    out.set("type", type);
    return out;
}

Value error_wish(const std::string& kind, const std::string& details) {
    Value out = wish("feil");
    out.set("feiltype", kind).set("detaljer", details);
    return out;
}

const kit::Operator* operator_named(const std::string& organisation) {
    const auto found =
        std::find_if(kit::operators.begin(), kit::operators.end(),
                     [&](const kit::Operator& one) { return organisation == one.organisation; });
    return found == kit::operators.end() ? nullptr : &*found;
}

bool repeats_a_day(const Value& message_body) {
    for (const char* notice : {"epostvarsel", "smsvarsel"}) {
        std::set<std::int64_t> days;
        for (const Value& day : message_body["varsler"][notice]["repetisjoner"].items()) {
            if (!days.insert(day.as_int()).second) {
                return true;
            }
        }
    }
    return false;
}

}   // namespace

void Pace::scale(double times_faster) {
    for (core::Duration* each : {&send, &deliver, &accept_print, &post}) {
        *each = scaled(*each, times_faster);
    }
    if (open) {
        open = scaled(*open, times_faster);
    }
}

Book::Book(kit::World& world, const Operators& operators, Pace pace)
    : world_(world),
      operators_(operators),
      pace_(pace),
      folder_(world.options.state),
      journal_(folder_ + "/digital_post.jsonl"),
      writer_(operators_.certificates, operators_.shapes) {
    kit::make_directory(files());
    for (const auto& [id, value] : journal_.take("message")) {
        remember(messages_.emplace(id, message_from(id, value)).first->second);
    }
    for (const auto& [key, value] : journal_.take("receipt")) {
        Receipt receipt = receipt_from(value);
        last_receipt_ = std::max(last_receipt_, receipt.number);
        Value wanted;
        wanted.set("type", receipt.type);
        written_.insert(name_of(receipt.message, wanted, receipt.at));
        receipts_.emplace(receipt.number, std::move(receipt));
    }
}

void Book::remember(const Message& message) {
    conversations_.emplace(message.conversation, message.id);
    for (const Step& step : message.steps) {
        due_.emplace(step.at, message.id);
    }
}

std::string Book::package_path(const Message& message) const {
    return files() + "/" + message.id + ".cms";
}

void Book::tidy_up() const {
    for (const auto& entry : std::filesystem::directory_iterator(files())) {
        const Message* owner = message(entry.path().stem().string());
        if (owner == nullptr || !waits_for_operator(*owner)) {
            std::filesystem::remove(entry.path());
        }
    }
}

void Book::advance() {
    while (!due_.empty() && due_.begin()->first <= world_.clock.now()) {
        const core::Time at = due_.begin()->first;
        Message& message = messages_.at(due_.begin()->second);
        due_.erase(due_.begin());
        const auto step = std::find_if(message.steps.begin(), message.steps.end(),
                                       [&](const Step& one) { return one.at == at; });
        if (step != message.steps.end()) {
            const Step taken = *step;
            message.steps.erase(step);
            perform(message, taken);
            save(message);
            if (!waits_for_operator(message)) {
                std::filesystem::remove(package_path(message));
            }
        }
    }
}

void Book::plan(Message& message, const Step& step) {
    message.steps.push_back(step);
    due_.emplace(step.at, message.id);
}

void Book::perform(Message& message, const Step& step) {
    if (step.what == "send") {
        send(message, step.at);
    } else if (step.what == "deliver") {
        deliver(message, step.at);
    } else if (written_.insert(name_of(message.id, step.with, step.at)).second) {
        write_receipt(message, step.with, step.at);
    }
}

void Book::send(Message& message, core::Time at) {
    std::string reason;
    if (auto fault = world_.faults.take("feilet")) {
        const Value& words = fault->with["beskrivelse"];
        reason = words.is_string() ? words.as_string() : "Mottakers aksesspunkt svarte ikke";
    } else if (operator_named(message.receiver) == nullptr) {
        reason = "Mottakeren er ikke registrert i SMP";
    }
    if (!reason.empty()) {
        message.history.emplace_back("FEILET", reason, at);
        return;
    }
    message.history.emplace_back("SENDT", "", at);
    const bool print = message.type == "utskrift";
    plan(message, Step("deliver", at + (print ? pace_.accept_print : pace_.deliver)));
}

void Book::deliver(Message& message, core::Time at) {
    if (world_.faults.take("silent_operator")) {
        return;
    }
    std::optional<Value> error;
    if (auto fault = world_.faults.take("feil")) {
        const Value& kind = fault->with["feiltype"];
        const Value& words = fault->with["detaljer"];
        error = error_wish(kind.is_string() ? kind.as_string() : "SERVER",
                           words.is_string() ? words.as_string() : "Uventet feil hos mottakeren");
    } else if (world_.faults.take("sbd_5023")) {
        error = error_wish("KLIENT", "Reason code: SBD:5023. Vedhæftning må kun optræde 1 gang");
    } else if (const auto objection = open(message)) {
        message.objection = *objection;
        error = error_wish("KLIENT", *objection);
    }
    if (error) {
        plan(message, Step("receipt", at, std::move(*error)));
        return;
    }
    message.delivered = true;
    plan_receipts(message, at);
}

std::optional<std::string> Book::open(Message& message) const {
    const kit::Operator* here = operator_named(message.receiver);
    const bool print = message.type == "utskrift";
    if (here->prints != print) {
        return print ? "Mottakeren er ingen utskriftstjeneste" : "Mottakeren har ingen postkasser";
    }
    Expected expected;
    expected.avsender = message.avsender;
    expected.sender_unit = message.sender_unit;
    expected.signer = message.signer;
    expected.arrived = message.arrived;
    if (!print) {
        expected.mailbox = message.body["mottaker"]["postkasseadresse"].as_string();
        const auto known = kit::read_mailboxes(operators_.folder);
        if (known && std::none_of(known->begin(), known->end(), [&](const kit::Mailbox& one) {
                return one.address == *expected.mailbox && one.organisation == message.receiver;
            })) {
            return "Postkasseadressen er ikke kjent";
        }
        if (repeats_a_day(message.body)) {
            return "repetisjoner har samme dag to ganger";
        }
    }
    const Desk desk{*operators_.certificates.find(message.receiver), operators_.trust,
                    operators_.signature_age_max, files()};
    auto opened = open_package(package_path(message), desk, expected);
    if (!opened) {
        return opened.error().detail;
    }
    message.opened = std::move(*opened);
    return std::nullopt;
}

void Book::plan_receipts(Message& message, core::Time at) {
    // Two steps of one message are never due at the same moment: the second waits a little.
    constexpr core::Duration little = std::chrono::milliseconds(1);
    std::vector<Step> steps;
    if (message.type == "utskrift") {
        steps.emplace_back("receipt", at, wish("mottakskvittering"));
        steps.emplace_back("receipt", at + std::max(pace_.post, little),
                           wish("leveringskvittering"));
    } else {
        steps.emplace_back("receipt", at, wish("leveringskvittering"));
        std::optional<core::Duration> wait = pace_.open;
        if (auto fault = world_.faults.take("late_opening")) {
            wait = std::chrono::hours(24 * fault->number("days", 90));
        }
        if (message.body["aapningskvittering"].as_bool() && wait) {
            const auto from = core::parse_rfc3339(message.body["virkningstidspunkt"].as_string());
            const core::Time seen = from && *from > at ? *from : at;
            steps.emplace_back("receipt", seen + std::max(*wait, little),
                               wish("aapningskvittering"));
        }
    }
    if (steps.size() > 1 && world_.faults.take("receipts_reversed")) {
        std::swap(steps[0].with, steps[1].with);
    }
    for (const Step& step : steps) {
        plan(message, step);
    }
}

void Book::write_receipt(const Message& message, const Value& wanted, core::Time at) {
    for (const std::string& way : ReceiptWriter::ways_to_spoil()) {
        if (auto fault = world_.faults.take("receipt_" + way)) {
            store(writer_.write(message, wanted, at, way));
            if (fault->with["then_right"].as_bool()) {
                store(writer_.write(message, wanted, at, ""));
            }
            return;
        }
    }
    Receipt receipt = writer_.write(message, wanted, at, "");
    if (auto fault = world_.faults.take("duplicate_receipt")) {
        store(fault->with["same_id"].as_bool() ? receipt : writer_.write(message, wanted, at, ""));
    }
    store(std::move(receipt));
}

void Book::store(Receipt receipt) {
    receipt.number = ++last_receipt_;
    journal_.put("receipt", key_of(receipt.number), to_json(receipt));
    receipts_.emplace(receipt.number, std::move(receipt));
}

bool Book::is_used(const std::string& id, const std::string& conversation) const {
    return messages_.contains(id) || conversations_.contains(conversation) ||
           messages_.contains(conversation) || conversations_.contains(id);
}

void Book::accept(const BusinessMessage& from, const std::string& databehandler,
                  const std::string& channel, kit::StoredFile& package) {
    Message message;
    message.id = from.id;
    message.conversation = from.conversation;
    message.type = from.type;
    message.process = from.process;
    message.channel = channel;
    message.databehandler = databehandler;
    message.signer = from.signer;
    message.avsender = from.avsender;
    message.sender_unit = from.sender_unit;
    message.receiver = from.receiver;
    message.digest = from.digest;
    message.body = from.body;
    message.package_bytes = package.size();
    message.arrived = world_.clock.now();
    message.history.emplace_back("OPPRETTET", "", message.arrived);
    message.steps.emplace_back("send", message.arrived + pace_.send);
    package.keep_as(package_path(message));
    save(message);
    remember(message);
    messages_.emplace(message.id, std::move(message));
}

void Book::save(const Message& message) {
    journal_.put("message", message.id, to_json(message));
}

const Message* Book::message(const std::string& id) const {
    const auto found = messages_.find(id);
    return found == messages_.end() ? nullptr : &found->second;
}

const Message* Book::message_of(const std::string& any_id) const {
    const auto found = conversations_.find(any_id);
    return message(found == conversations_.end() ? any_id : found->second);
}

std::vector<const Receipt*> Book::unread(const Unread& wanted) const {
    std::vector<const Receipt*> out;
    for (const auto& [number, receipt] : receipts_) {
        if (!receipt.read && receipt.databehandler == wanted.databehandler &&
            (!wanted.channel || receipt.channel == *wanted.channel) &&
            (!wanted.sender_unit || receipt.sender_unit == *wanted.sender_unit)) {
            out.push_back(&receipt);
        }
    }
    return out;
}

const Receipt* Book::receipt(const std::string& databehandler, const std::string& id) const {
    const auto found = std::find_if(receipts_.begin(), receipts_.end(), [&](const auto& entry) {
        return !entry.second.read && entry.second.id == id &&
               entry.second.databehandler == databehandler;
    });
    return found == receipts_.end() ? nullptr : &found->second;
}

bool Book::mark_read(const std::string& databehandler, const std::string& id, bool again) {
    const Receipt* first = receipt(databehandler, id);
    if (first == nullptr) {
        return false;
    }
    const Receipt copy = *first;
    for (auto& [number, entry] : receipts_) {
        if (!entry.read && entry.id == id && entry.databehandler == databehandler) {
            entry.read = true;
            journal_.put("receipt", key_of(number), to_json(entry));
        }
    }
    if (again) {
        store(copy);
    }
    return true;
}

std::optional<std::string> Book::add_receipt(Value wanted) {
    const Message* message = message_of(kit::lower(wanted["message"].as_string()));
    if (message == nullptr) {
        return "message is the id or the conversation id of one that was accepted";
    }
    const std::string spoiled = wanted["spoiled"].as_string();
    const auto& ways = ReceiptWriter::ways_to_spoil();
    if (!spoiled.empty() && std::find(ways.begin(), ways.end(), spoiled) == ways.end()) {
        return "spoiled is one of the ways to spoil a receipt";
    }
    wanted.remove("message");
    wanted.remove("spoiled");
    const core::Time now = world_.clock.now();
    if (auto objection = writer_.objection(*message, wanted, now)) {
        return objection;
    }
    store(writer_.write(*message, wanted, now, spoiled));
    return std::nullopt;
}

Value Book::audit() const {
    Value messages = Value::array();
    for (const auto& [id, message] : messages_) {
        Value item = to_json(message);
        item.set("id", id);
        messages.push(std::move(item));
    }
    Value receipts = Value::array();
    for (const auto& [number, receipt] : receipts_) {
        Value item = to_json(receipt);
        item.remove("jws");
        receipts.push(std::move(item));
    }
    Value out;
    out.set("messages", std::move(messages)).set("receipts", std::move(receipts));
    return out;
}

void Book::clear() {
    messages_.clear();
    conversations_.clear();
    receipts_.clear();
    due_.clear();
    written_.clear();
    journal_.clear();
    std::filesystem::remove_all(files());
    kit::make_directory(files());
}

}   // namespace gateway::digital_post::standin
