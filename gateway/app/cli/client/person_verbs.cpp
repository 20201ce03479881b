#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/person_page.hpp"
#include "gateway/app/cli/client/person_words.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/core/ids.hpp"

#include <fstream>
#include <iostream>

// report person, erase person, legal-hold person, link person. A national id comes from a file or
// standard input: arguments are seen by everybody on the machine, and stay in the shell's history.

namespace gateway::app::client {
namespace {

constexpr std::size_t id_bytes_max = 64;
constexpr int page_entries = 200;
// 20 million entries: no person's log is longer.
constexpr int pages_max = 100'000;

/// The next line that is not empty, without blanks; longer than an id is cut, and then is none.
std::string read_id(std::istream& from) {
    std::string id;
    for (char c = 0; id.size() < id_bytes_max && from.get(c);) {
        if (c == '\n' && !id.empty()) {
            break;
        }
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            id.push_back(c);
        }
    }
    return id;
}

/// From a file, or standard input where none is named. Nothing: it was said why.
std::optional<std::string> read_id(const Desk& desk, const PersonOptions& options,
                                   const std::string& named, int& exit_code) {
    if (named.empty()) {
        return read_id(options.input != nullptr ? *options.input : std::cin);
    }
    std::ifstream file(named, std::ios::binary);
    if (!file) {
        desk.err << "sluse: " << desk.say("filen kan ikke leses: ", "the file cannot be read: ")
                 << named << "\n";
        exit_code = exit_not_found;
        return std::nullopt;
    }
    return read_id(file);
}

/// Who and why, as the admin API takes it.
std::optional<json::Value> body_of(const Desk& desk, const PersonOptions& options, int& exit_code) {
    auto body = json::Value::object();
    body.set("why", options.why);
    if (!options.tenant.empty()) {
        body.set("tenant", options.tenant);
    }
    if (!options.handle.empty()) {
        body.set("handle", options.handle);
        return body;
    }
    const auto id = read_id(desk, options, options.person_file, exit_code);
    if (!id) {
        return std::nullopt;
    }
    if (id->empty()) {
        desk.err << "sluse: "
                 << desk.say("gi fødselsnummeret på standard inn eller i en fil med --person-file, "
                             "eller --handle",
                             "give the national id on standard input or in a file with "
                             "--person-file, or --handle")
                 << "\n";
        exit_code = exit_usage;
        return std::nullopt;
    }
    body.set("person", *id);
    return body;
}

/// Adds who came after; false: it was said why not.
bool add_successor(const Desk& desk, const PersonOptions& options, json::Value& body,
                   int& exit_code) {
    const auto id = read_id(desk, options, options.successor_file, exit_code);
    if (!id) {
        return false;
    }
    if (id->empty()) {
        desk.err << "sluse: "
                 << desk.say(
                        "gi det nye nummeret på neste linje av standard inn eller i en fil med "
                        "--successor-file",
                        "give the new id on the next line of standard input or in a file with "
                        "--successor-file")
                 << "\n";
        exit_code = exit_usage;
        return false;
    }
    body.set("successor", *id);
    return true;
}

void say_link(const Desk& desk, const json::Value& answer) {
    const bool separated = answer.has("separatedFrom");
    desk.out << (separated
                     ? desk.say(
                           "De er to personer igjen. En stans av sletting gjelder begge til den "
                           "oppheves for hver av dem.",
                           "They are two persons again. A legal hold stands over both until it "
                           "is lifted of each.")
                     : desk.say("De er én person fra nå av.", "They are one person from now on."))
             << "\n";
    say_fact(desk, "Håndtak", "Handle", answer["handle"].as_string());
    say_fact(desk, separated ? "Skilt fra" : "Nå", separated ? "Separated from" : "Now",
             answer[separated ? "separatedFrom" : "replacedBy"].as_string());
}

/// Where a report is written, a page at a time.
class Writer {
public:
    virtual ~Writer() = default;
    virtual void begin(const json::Value& report) = 0;
    virtual void entries(const json::Value& list) = 0;
    virtual void end() = 0;
};

class HtmlWriter final : public Writer {
public:
    HtmlWriter(std::ostream& out, texts::Language language) : page_(out, language) {}
    void begin(const json::Value& report) override { page_.begin(report); }
    void entries(const json::Value& list) override { page_.entries(list); }
    void end() override { page_.end(); }

private:
    PersonPage page_;
};

/// One JSON object, its entries as they come.
class JsonWriter final : public Writer {
public:
    explicit JsonWriter(std::ostream& out) : out_(out) {}
    void begin(const json::Value& report) override {
        auto head = report;
        for (const char* of_pages : {"entries", "after", "until"}) {
            head.remove(of_pages);
        }
        const auto text = json::write(head);
        out_ << text.substr(0, text.size() - 1) << ",\"entries\":[";
    }
    void entries(const json::Value& list) override {
        for (const auto& entry : list.items()) {
            out_ << (first_ ? "" : ",") << json::write(entry);
            first_ = false;
        }
    }
    void end() override { out_ << "]}\n"; }

private:
    std::ostream& out_;
    bool first_ = true;
};

class TextWriter final : public Writer {
public:
    explicit TextWriter(const Desk& desk) : desk_(desk) {}
    void begin(const json::Value& report) override {
        const auto language = desk_.language;
        say_fact(desk_, "Person", "Person", report["person"].as_string());
        say_fact(desk_, "Håndtak", "Handle", report["handle"].as_string());
        for (const auto& [member, text] : {std::pair("forgotten", PersonWord::forgotten),
                                           std::pair("legalHold", PersonWord::legal_hold)}) {
            if (report[member].as_bool()) {
                desk_.out << word(text, language) << "\n";
            }
        }
        desk_.out << "\n" << word(PersonWord::held_title, language) << "\n";
        for (const auto& held : report["held"].items()) {
            desk_.out << "  " << held["dataset"].as_string();
            for (const auto& part : held["parts"].items()) {
                desk_.out << "; " << part["source"].as_string() << ": "
                          << joined(part["fields"], "-");
            }
            desk_.out << "\n";
        }
        if (report["held"].items().empty()) {
            desk_.out << "  " << word(PersonWord::nothing_held, language) << "\n";
        }
        desk_.out << "\n" << word(PersonWord::log_title, language) << "\n";
    }
    void entries(const json::Value& list) override {
        for (const auto& entry : list.items()) {
            desk_.out << "  " << local(desk_, entry["at"].as_string()) << "  "
                      << kind_word(entry["kind"].as_string(), desk_.language) << "  "
                      << shown_author(entry["system"].as_string(), desk_.language);
            for (const char* member : {"purposeName", "legalBasis", "dataset", "reason"}) {
                if (const auto& text = entry[member].as_string(); !text.empty()) {
                    desk_.out << "; " << text;
                }
            }
            desk_.out << "\n";
        }
    }
    void end() override {}

private:
    const Desk& desk_;
};

std::unique_ptr<Writer> make_writer(const Desk& desk, const PersonOptions& options) {
    if (options.html) {
        const auto language = options.page_language == "en"   ? texts::Language::en
                              : options.page_language == "nn" ? texts::Language::nn
                                                              : texts::Language::nb;
        return std::make_unique<HtmlWriter>(desk.out, language);
    }
    if (options.json) {
        return std::make_unique<JsonWriter>(desk.out);
    }
    return std::make_unique<TextWriter>(desk);
}

}   // namespace

int run_report_person(const Desk& desk, const PersonOptions& options) {
    int exit_code = exit_ok;
    auto body = body_of(desk, options, exit_code);
    if (!body) {
        return exit_code;
    }
    body->set("limit", page_entries);
    const auto writer = make_writer(desk, options);
    for (int page = 0; page < pages_max; ++page) {
        const Question question("POST", "/admin/v1/persons/report", *body);
        const auto answer = ask(desk, options.place, question, false, exit_code);
        if (!answer) {
            return exit_code;   // what was written is not whole: the exit code says so
        }
        if (page == 0) {
            writer->begin(*answer);
        }
        writer->entries((*answer)["entries"]);
        if (!answer->has("after")) {
            break;
        }
        body->set("after", (*answer)["after"].as_int());
        body->set("until", (*answer)["until"].as_int());
    }
    writer->end();
    desk.out.flush();
    return desk.out ? exit_ok : exit_failed;
}

int run_act_on_person(const Desk& desk, const PersonOptions& options) {
    int exit_code = exit_ok;
    auto body = body_of(desk, options, exit_code);
    if (!body) {
        return exit_code;
    }
    const bool links = options.act == "link";
    if (links && !options.lift && !add_successor(desk, options, *body, exit_code)) {
        return exit_code;
    }
    const std::string undone = links ? "unlink" : "lift-hold";
    const std::string act = options.lift ? undone : options.act;
    const Question question("POST", "/admin/v1/persons/" + act, std::move(*body));
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    if (links) {
        say_link(desk, *answer);
        return exit_ok;
    }
    if (act == "erase") {
        desk.out << desk.say("Slettet. Opplysninger fra så mange datasett: ",
                             "Erased. Of so many datasets: ")
                 << (*answer)["erased"].as_int() << "\n"
                 << desk.say(
                        "Ta en ny sikkerhetskopi, og slett nøkkelfilene (sluse-keys.db) til de "
                        "gamle: da kan heller ikke de åpnes.",
                        "Make a new backup, and delete the key files (sluse-keys.db) of the "
                        "old ones: then those cannot be opened either.")
                 << "\n";
    } else if ((*answer)["legalHold"].as_bool()) {
        desk.out << desk.say("Ingenting om personen slettes før dette oppheves.",
                             "Nothing of the person is erased until this is lifted.")
                 << "\n";
    } else {
        desk.out << desk.say("Sletting er tillatt igjen.", "Erasure is allowed again.") << "\n";
    }
    say_fact(desk, "Håndtak", "Handle", (*answer)["handle"].as_string());
    return exit_ok;
}

}   // namespace gateway::app::client
