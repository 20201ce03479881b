#include "gateway/app/cli/client/person_page.hpp"

#include "gateway/app/cli/client/person_words.hpp"

#include <ostream>

namespace gateway::app::client {
namespace {

using Word = PersonWord;

// What the answer's JSON may nest at most; deeper is not shown but said.
constexpr int depth_max = 24;

constexpr const char* style = R"(
:root { color-scheme: light; }
body { font: 1rem/1.5 "Source Sans 3", "Segoe UI", Roboto, Arial, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.75rem; line-height: 1.25; } h2 { font-size: 1.375rem; margin-top: 2.5rem; }
h3 { font-size: 1.125rem; margin-top: 1.75rem; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .25rem 1rem; margin: .5rem 0; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; } dd dl { margin: 0; }
ul { margin: 0; padding-left: 1.25rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; padding: .5rem 0; }
th, td { border: 1px solid #595959; padding: .4rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: #ececec; }
.note { border-left: .25rem solid #00527a; padding: .5rem 1rem; background: #eef6fa; }
@page { size: A4 landscape; margin: 15mm; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } thead { display: table-header-group; }
  tr, dl { break-inside: avoid; } h2, h3 { break-after: avoid; } thead th, .note { background: none; } }
)";

std::string time_tag(const json::Value& value) {
    const auto& text = value.as_string();
    return "<time datetime=\"" + escaped(text) + "\">" + escaped(shown_time(text)) + "</time>";
}

/// A record's value, whatever it is.
void write_value(std::ostream& out, const json::Value& value, texts::Language language, int depth) {
    if (depth > depth_max) {
        out << "…";
    } else if (value.is_object()) {
        out << "<dl>";
        for (const auto& [name, member] : value.members()) {
            out << "<dt>" << escaped(field_word(name, language)) << "</dt><dd>";
            write_value(out, member, language, depth + 1);
            out << "</dd>";
        }
        out << "</dl>";
    } else if (value.is_array()) {
        out << "<ul>";
        for (const auto& item : value.items()) {
            out << "<li>";
            write_value(out, item, language, depth + 1);
            out << "</li>";
        }
        out << "</ul>";
    } else if (value.is_bool()) {
        out << word(value.as_bool() ? Word::yes : Word::no, language);
    } else if (value.is_string()) {
        out << escaped(value.as_string());
    } else if (!value.is_null()) {
        out << escaped(json::write(value));
    }
}

class Held {
public:
    Held(std::ostream& out, texts::Language language) : out_(out), language_(language) {}

    void write(const json::Value& held) {
        const auto& name = held["name"].as_string();
        const auto& dataset = held["dataset"].as_string();
        out_ << "<section><h3>" << escaped(name.empty() ? dataset : name);
        if (!name.empty()) {
            out_ << " (" << escaped(dataset) << ")";
        }
        out_ << "</h3>\n<dl>";
        text(Word::authority, held["authority"]);
        text(Word::basis, held["legalBasis"]);
        sensitivity(held["sensitivity"].as_string());
        purposes(held["purposes"]);
        time(Word::written, held["written"]);
        time(Word::erase_at, held["eraseAt"]);
        out_ << "</dl>\n";
        if (!held["known"].as_bool()) {
            out_ << "<p>" << word(Word::unknown_there, language_) << "</p>\n";
        }
        for (const auto& part : held["parts"].items()) {
            out_ << "<h4>" << word(Word::source, language_) << ": "
                 << escaped(part["source"].as_string()) << "</h4>\n<dl>";
            time(Word::fetched, part["fetched"]);
            time(Word::register_time, part["registerTime"]);
            time(Word::valid_until, part["validUntil"]);
            out_ << "</dl>\n";
            write_value(out_, part["values"], language_, 0);
            out_ << "\n";
        }
        for (const auto& correction : held["corrections"].items()) {
            out_ << "<h4>" << word(Word::corrected, language_) << "</h4>\n<dl>";
            text(Word::source, correction["source"]);
            text(Word::corrected_by, correction["actor"]);
            time(Word::when, correction["at"]);
            time(Word::until, correction["until"]);
            out_ << "</dl>\n";
            write_value(out_, correction["values"], language_, 0);
            out_ << "\n";
        }
        out_ << "</section>\n";
    }

private:
    void text(Word name, const json::Value& value) {
        if (!value.as_string().empty()) {
            out_ << "<dt>" << word(name, language_) << "</dt><dd>" << escaped(value.as_string())
                 << "</dd>";
        }
    }
    void time(Word name, const json::Value& value) {
        if (!value.as_string().empty()) {
            out_ << "<dt>" << word(name, language_) << "</dt><dd>" << time_tag(value) << "</dd>";
        }
    }
    void sensitivity(const std::string& how) {
        if (how.empty()) {
            return;
        }
        const auto said = how == "open"       ? Word::open_data
                          : how == "ordinary" ? Word::ordinary_data
                                              : Word::protected_data;
        out_ << "<dt>" << word(Word::sensitivity, language_) << "</dt><dd>" << word(said, language_)
             << "</dd>";
    }
    void purposes(const json::Value& list) {
        if (list.items().empty()) {
            return;
        }
        out_ << "<dt>" << word(Word::purposes, language_) << "</dt><dd><ul>";
        for (const auto& purpose : list.items()) {
            const auto& name = purpose["purposeName"].as_string();
            out_ << "<li>" << escaped(name.empty() ? purpose["purpose"].as_string() : name);
            if (const auto& basis = purpose["legalBasis"].as_string(); !basis.empty()) {
                out_ << ", " << escaped(basis);
            }
            out_ << "</li>";
        }
        out_ << "</ul></dd>";
    }

    std::ostream& out_;
    texts::Language language_;
};

void line(std::string& cell, const std::string& text) {
    if (!text.empty()) {
        cell += cell.empty() ? "" : "<br>";
        cell += escaped(text);
    }
}

}   // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: {
            const auto byte = static_cast<unsigned char>(c);
            const bool forbidden = byte < 0x20 && c != '\n' && c != '\t';
            out.push_back(forbidden || byte == 0x7F ? ' ' : c);
        }
        }
    }
    return out;
}

std::string shown_time(const std::string& rfc3339) {
    constexpr std::size_t seconds = 19;
    if (rfc3339.size() < seconds || rfc3339[10] != 'T') {
        return rfc3339;
    }
    return rfc3339.substr(0, 10) + " " + rfc3339.substr(11, seconds - 11) + " UTC";
}

std::string shown_author(const std::string& system, texts::Language language) {
    constexpr std::string_view person = "operator:";
    if (system.starts_with(person)) {
        return std::string(word(Word::by_operator, language)) + system.substr(person.size());
    }
    return system.starts_with("gateway:") ? std::string(word(Word::automatic, language)) : system;
}

void PersonPage::begin(const json::Value& report) {
    const auto say = [&](Word which) { return word(which, language_); };
    const auto fact = [&](Word name, const std::string& html) {
        out_ << "<dt>" << say(name) << "</dt><dd>" << html << "</dd>";
    };
    out_ << "<!DOCTYPE html>\n<html lang=\"" << texts::tag(language_)
         << "\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"referrer\" content=\"no-referrer\">\n<title>"
         << say(Word::title) << "</title>\n<style>" << style
         << "</style>\n</head>\n<body>\n<main>\n"
         << "<h1>" << say(Word::title) << "</h1>\n<p>" << say(Word::about) << "</p>\n<dl>";
    if (const auto& person = report["person"].as_string(); !person.empty()) {
        fact(Word::person, escaped(person));
    }
    fact(Word::municipality, escaped(report["tenant"].as_string()));
    fact(Word::handle, escaped(report["handle"].as_string()));
    fact(Word::known_since, time_tag(report["knownSince"]));
    fact(Word::made, time_tag(report["made"]));
    out_ << "</dl>\n";
    for (const auto& [member, text] :
         {std::pair("forgotten", Word::forgotten), std::pair("legalHold", Word::legal_hold)}) {
        if (report[member].as_bool()) {
            out_ << "<p class=\"note\">" << say(text) << "</p>\n";
        }
    }
    out_ << "<h2>" << say(Word::held_title) << "</h2>\n";
    Held held(out_, language_);
    for (const auto& one : report["held"].items()) {
        held.write(one);
    }
    if (report["held"].items().empty()) {
        out_ << "<p>" << say(Word::nothing_held) << "</p>\n";
    }
    out_ << "<h2>" << say(Word::log_title) << "</h2>\n<table>\n<caption>" << say(Word::log_about)
         << "</caption>\n<thead><tr>";
    for (const auto column :
         {Word::when, Word::what, Word::who, Word::why, Word::which, Word::explained}) {
        out_ << "<th scope=\"col\">" << say(column) << "</th>";
    }
    out_ << "</tr></thead>\n<tbody>\n";
}

void PersonPage::entries(const json::Value& list) {
    for (const auto& entry : list.items()) {
        std::string who;
        line(who, shown_author(entry["system"].as_string(), language_));
        line(who, entry["actor"].as_string());
        std::string why;
        const auto& name = entry["purposeName"].as_string();
        line(why, name.empty() ? entry["purpose"].as_string() : name);
        line(why, entry["legalBasis"].as_string());
        if (const auto& about = entry["case"].as_string(); !about.empty()) {
            line(why, std::string(word(Word::case_reference, language_)) + ": " + about);
        }
        line(why, entry["reason"].as_string());
        std::string which;
        line(which, entry["dataset"].as_string());
        std::string names;
        for (const auto& field : entry["fields"].items()) {
            names += (names.empty() ? "" : ", ") + field_word(field.as_string(), language_);
        }
        line(which, names);
        std::string explained;
        if (const auto& code = entry["code"].as_string(); !code.empty()) {
            const auto text = texts::render(core::Code(code), {}, language_);
            line(explained, text.title);
        }
        out_ << "<tr><th scope=\"row\">" << time_tag(entry["at"]) << "</th><td>"
             << escaped(kind_word(entry["kind"].as_string(), language_)) << "</td><td>" << who
             << "</td><td>" << why << "</td><td>" << which << "</td><td>" << explained
             << "</td></tr>\n";
    }
}

void PersonPage::end() {
    out_ << "</tbody>\n</table>\n<p>" << word(Word::footer, language_)
         << "</p>\n</main>\n</body>\n</html>\n";
}

}   // namespace gateway::app::client
