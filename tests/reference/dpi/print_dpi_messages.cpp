// Prints, as JSON lines, what the digital post adapter would send for letters of every kind, and
// what it makes of receipts:
//
//   {"schema": "digital" | "utskrift", "message": {...}}
//   {"receipt": {...}, "taken": bool}       receipts of ours, right and spoiled at random
//   {"sample": "<file>", "taken": bool}     the official samples in the folder named
//
// Usage: print_dpi_messages <folder of the reference samples> <seed>

#include "adapters/digital_post/dpi_address.hpp"
#include "adapters/digital_post/dpi_message.hpp"
#include "adapters/digital_post/dpi_notice.hpp"
#include "adapters/digital_post/dpi_receipt.hpp"
#include "adapters/digital_post/dpi_rules.hpp"
#include "tests/unit/adapter_digital_post/receipts.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

using namespace gateway;
namespace dpi = gateway::digital_post;

namespace {

const core::Time now = *core::parse_rfc3339("2026-01-15T12:00:00Z");

std::string text_of(const std::filesystem::path& path) {
    std::ifstream stream(path);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

void print(const char* schema, json::Value message) {
    json::Value line;
    line.set("schema", schema).set("message", std::move(message));
    std::cout << json::write(line) << "\n";
}

/// Both ways, where the rules let the letter go; how many went.
int print_letter(const json::Value& content, std::mt19937& chance) {
    int printed = 0;
    for (const auto service : {dpi::Service::digital, dpi::Service::print}) {
        if (!dpi::check_letter(content, service, {}).empty()) {
            continue;
        }
        const bool digital = service == dpi::Service::digital;
        auto delivery = letters::delivery(
            content,
            digital ? R"({"service":"digital","sender_identifier":"skole"})" : letters::on_paper);
        if (chance() % 2 == 0) {
            delivery.not_before = now;
        }
        const auto settings = letters::settings();
        const auto letter = dpi::read_letter(delivery, settings);
        if (!letter) {
            std::cerr << "not read: " << letter.error().to_string() << "\n";
            std::exit(1);
        }
        const auto parties = dpi::parties_of(settings, delivery.tenant);
        dpi::Contact contact;
        contact.can_notify = chance() % 4 != 0;
        contact.email.address = "kari@example.no";
        contact.mobile.address = "+47 900 00 000";
        const auto notices =
            dpi::order_notices(content["notify"], contact, settings.notice_days, now);
        auto body = digital ? dpi::digital_body(*letter, parties, "kari#1", notices.order, "se")
                            : dpi::print_body(*letter, parties);
        dpi::MessageFacts facts;
        facts.now = now;
        facts.receiver = receipts::mailbox_operator;
        facts.package_sha256 = std::string(32, 'x');
        facts.token = "a.b.c";
        print(digital ? "digital" : "utskrift",
              dpi::business_message(*letter, parties, std::move(body), facts));
        ++printed;
    }
    return printed;
}

std::string words(std::mt19937& chance, std::size_t max) {
    static const std::vector<std::string> all{"a", "æ", "ø ", "Å", "\"", "<", "&", "0", "€", "-"};
    std::string made = "x";
    const std::size_t count = chance() % (max - 1);
    for (std::size_t i = 0; i < count; ++i) {
        made += all[chance() % all.size()];
    }
    return made;
}

json::Value random_address(std::mt19937& chance) {
    json::Value address;
    const bool foreign = chance() % 2 == 0;
    json::Value lines = json::Value::array();
    for (std::size_t i = chance() % 5; i > 0; --i) {
        lines.push(words(chance, 110));
    }
    address.set("name", words(chance, 100))
        .set("lines", std::move(lines))
        .set("postalCode", foreign ? "SW1A 1AA" : (chance() % 8 == 0 ? "123" : "0150"))
        .set("city", words(chance, 90))
        .set("country", foreign ? "GB" : "NO");
    return address;
}

json::Value random_letter(std::mt19937& chance) {
    static const std::vector<std::string> channels{"Email", "Sms", "EmailPreferred", "SmsPreferred",
                                                   "EmailAndSms"};
    auto made = letters::letter();
    made.set("title", words(chance, 260))
        .set("nonSensitiveTitle", words(chance, 260))
        .set("securityLevel", chance() % 2 == 0 ? 3 : 4)
        .set("openReceipt", chance() % 2 == 0)
        .set("costAccount", words(chance, 45))
        .set("address", random_address(chance));
    if (chance() % 2 == 0) {
        json::Value sender;
        made.set("sender", sender.set("returnAddress", random_address(chance)));
    }
    if (chance() % 2 == 0) {
        json::Value notify;
        json::Value email;
        json::Value sms;
        notify.set("channel", channels[chance() % channels.size()])
            .set("email", email.set("subject", "s").set("body", words(chance, 520)))
            .set("sms", sms.set("body", words(chance, 170)));
        if (chance() % 2 == 0) {
            json::Value reminder;
            notify.set("reminder",
                       reminder.set("days", static_cast<std::int64_t>(1 + chance() % 30)));
        }
        made.set("notify", std::move(notify));
    }
    return made;
}

/// Every object in it.
void objects_in(json::Value& value, std::vector<json::Value*>& found) {
    if (value.is_object()) {
        found.push_back(&value);
        for (const auto& [name, member] : value.members()) {
            static_cast<void>(member);
            objects_in(*value.find(name), found);
        }
    } else if (value.is_array()) {
        for (auto& item : value.mutable_items()) {
            objects_in(item, found);
        }
    }
}

json::Value random_receipt(std::mt19937& chance) {
    static const std::vector<std::pair<std::string, std::string>> types{
        {"leveringskvittering", ""},
        {"aapningskvittering", ""},
        {"mottakskvittering", ""},
        {"returpostkvittering", ""},
        {"varslingfeiletkvittering", R"(,"varslingskanal":"sms","beskrivelse":"b")"},
        {"feil", R"(,"feiltype":"SERVER","detaljer":"d")"}};
    const auto& [type, more] = types[chance() % types.size()];
    auto made = receipts::receipt(type, more);
    if (chance() % 4 == 0) {
        return made;
    }
    std::vector<json::Value*> objects;
    objects_in(made, objects);
    auto& object = *objects[chance() % objects.size()];
    const auto members = object.members();
    if (members.empty()) {
        return made;
    }
    const std::string name = members[chance() % members.size()].first;
    switch (chance() % 5) {
    case 0: object.remove(name); break;
    case 1: object.set(name, 7); break;
    case 2: object.set(name, json::Value::array()); break;
    case 3: object.set("fremmed", "x"); break;
    default: object.set(name, "annet"); break;
    }
    return made;
}

void print_receipt(const json::Value& receipt) {
    json::Value line;
    line.set("receipt", receipt).set("taken", dpi::read_receipt(json::write(receipt)).has_value());
    std::cout << json::write(line) << "\n";
}

void print_sample(const std::filesystem::path& path) {
    json::Value line;
    line.set("sample", path.filename().string())
        .set("taken", dpi::read_receipt(text_of(path)).has_value());
    std::cout << json::write(line) << "\n";
}

}   // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::cerr << "usage: print_dpi_messages <folder of the reference samples> <seed>\n";
        return 2;
    }
    const std::filesystem::path samples(arguments[1]);
    std::mt19937 chance(static_cast<std::uint32_t>(std::stoul(arguments[2])));
    for (const auto& entry : std::filesystem::directory_iterator(
             SLUSE_SOURCE_DIR "/schemas/messages/letter/examples/valid")) {
        auto content = json::parse(text_of(entry.path()));
        if (content) {
            print_letter(*content, chance);
        }
    }
    for (int printed = 0, tries = 0; printed < 300 && tries < 20'000; ++tries) {
        printed += print_letter(random_letter(chance), chance);
    }
    for (int i = 0; i < 2'000; ++i) {
        print_receipt(random_receipt(chance));
    }
    for (const char* folder : {"messages", "receipts-and-tests"}) {
        for (const auto& entry : std::filesystem::directory_iterator(samples / folder)) {
            const auto name = entry.path().filename().string();
            if (name.find("kvittering") != std::string::npos || name == "feil-sbd.json") {
                print_sample(entry.path());
            }
        }
    }
    return 0;
}
