#include "adapters/krr/standin/population.hpp"

#include "adapters/common/standin/population/numbers.hpp"

#include <array>

namespace gateway::krr::standin {

using json::Value;

namespace {

constexpr int fresh_days = 30;
constexpr int old_days = 3 * 365;   // far beyond eighteen months
constexpr unsigned first_combination = 100;

Value address(const char* member, std::string text, int updated, int verified) {
    Value out;
    out.set(member, std::move(text)).set("updated_days", updated).set("verified_days", verified);
    return out;
}

Value email(const std::string& number, int updated, int verified) {
    return address("address", "p" + number.substr(6) + "@eksempel.example", updated, verified);
}

/// With the country's code, as the register writes it; no subscriber's number begins with 0.
Value mobile(const std::string& number, int updated, int verified) {
    return address("number", "+47000" + number.substr(6), updated, verified);
}

/// "syntetisk.00123#Q7RT": unlike for every number.
Value mailbox(const std::string& number, const char* whose) {
    constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    unsigned mixed = static_cast<unsigned>(std::stoul(number.substr(2, 9))) * 2654435761U;
    std::string text = "syntetisk." + number.substr(6) + "#";
    for (int i = 0; i < 4; ++i) {
        text += letters[mixed >> 27U];
        mixed <<= 5U;
    }
    Value out;
    out.set("address", std::move(text)).set("operator", whose);
    return out;
}

Value person(unsigned index, const char* about) {
    Value out;
    out.set("number", gateway::standin::series_number(index)).set("about", about);
    out.set("status", "AKTIV").set("reserved", false);
    return out;
}

/// How the contact details of a person have aged.
enum class Contact { fresh, mixed, expired, none };

void set_contact(Value& out, Contact contact) {
    const std::string number = out["number"].as_string();
    const int email_days = contact == Contact::fresh ? fresh_days : old_days;
    const int mobile_days = contact == Contact::expired ? old_days : fresh_days;
    if (contact != Contact::none) {
        out.set("email", email(number, email_days, email_days));
        out.set("mobile", mobile(number, mobile_days, mobile_days));
    }
}

void set_mailbox(Value& out, const char* whose) {
    if (whose != nullptr) {
        out.set("mailbox", mailbox(out["number"].as_string(), whose));
    }
}

Value citizen(unsigned index, const char* about, Contact contact, const char* whose,
              const char* language) {
    Value out = person(index, about);
    if (language != nullptr) {
        out.set("language", language);
    }
    set_contact(out, contact);
    set_mailbox(out, whose);
    return out;
}

void add_stories(std::vector<Value>& all) {
    all.push_back(citizen(0, "Digipost", Contact::fresh, digipost, "nb"));
    all.push_back(citizen(1, "e-Boks", Contact::fresh, eboks, "nn"));
    all.push_back(citizen(2, "no mailbox", Contact::fresh, nullptr, "nb"));
    all.push_back(citizen(3, "reserved, with a mailbox", Contact::fresh, digipost, "nb"));
    all.back().set("reserved", true);
    all.push_back(citizen(4, "reserved, no mailbox", Contact::fresh, nullptr, "nn"));
    all.back().set("reserved", true);
    all.push_back(
        citizen(5, "expired contact details, with a mailbox", Contact::expired, digipost, "nb"));
    all.push_back(
        citizen(6, "expired contact details, no mailbox", Contact::expired, nullptr, "nb"));
    all.push_back(
        citizen(7, "expired e-mail, mobile that holds, no mailbox", Contact::mixed, nullptr, "nb"));
    all.push_back(citizen(8, "updated long ago, verified lately", Contact::none, eboks, "nb"));
    all.back().set("email", email(all.back()["number"].as_string(), old_days, fresh_days));
    all.push_back(citizen(9, "no contact details, with a mailbox", Contact::none, digipost, "nb"));
    all.push_back(citizen(10, "no contact details, no mailbox", Contact::none, nullptr, nullptr));
    all.push_back(citizen(11, "mobile alone, English", Contact::none, eboks, "en"));
    all.back().set("mobile", mobile(all.back()["number"].as_string(), fresh_days, fresh_days));
    all.push_back(citizen(12, "e-mail alone, Sami", Contact::none, nullptr, "se"));
    all.back().set("email", email(all.back()["number"].as_string(), fresh_days, fresh_days));
    all.push_back(person(13, "deleted (deceased)"));
    all.back().set("status", "SLETTET");
    all.push_back(person(14, "not registered"));
    all.back().set("status", "IKKE_REGISTRERT");
}

void add_combinations(std::vector<Value>& all) {
    constexpr std::array<Contact, 4> contacts{Contact::fresh, Contact::mixed, Contact::expired,
                                              Contact::none};
    constexpr std::array<const char*, 3> mailboxes{nullptr, digipost, eboks};
    constexpr std::array<const char*, 5> languages{"nb", "nn", "en", "se", nullptr};
    unsigned index = first_combination;
    for (const bool reserved : {false, true}) {
        for (const Contact contact : contacts) {
            for (const char* whose : mailboxes) {
                for (const char* language : languages) {
                    all.push_back(citizen(index++, "combination", contact, whose, language));
                    all.back().set("reserved", reserved);
                }
            }
        }
        // Who is deleted or unknown has nothing but, perhaps, a reservation.
        for (const char* status : {"SLETTET", "IKKE_REGISTRERT"}) {
            all.push_back(person(index++, "combination"));
            all.back().set("status", status).set("reserved", reserved);
        }
    }
}

}   // namespace

std::vector<Value> make_population() {
    std::vector<Value> all;
    add_stories(all);
    add_combinations(all);
    return all;
}

}   // namespace gateway::krr::standin
