#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/runtime/file.hpp"

#include <filesystem>
#include <ostream>

// quarantine list, show, resolve.

namespace gateway::app::client {
namespace {

constexpr std::chrono::hours document_patience{2};

bool is_id(const Desk& desk, const std::string& id) {
    if (core::InboxId::parse(id)) {
        return true;
    }
    desk.err << "sluse: "
             << desk.say("id-en er på formen 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21; finn den med "
                         "«sluse quarantine list»",
                         "the id looks like 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21; find it with "
                         "`sluse quarantine list`")
             << "\n";
    return false;
}

std::string path_of(const std::string& id) {
    return "/admin/v1/quarantine/" + id;
}

void print_item(const Desk& desk, const json::Value& item) {
    const auto& reason = item["reason"];
    say_fact(desk, "Id", "Id", item["id"].as_string());
    say_fact(desk, "Kom", "Came", local(desk, item["at"].as_string()));
    say_fact(desk, "Kommune", "Tenant",
             item["tenant"].as_string() +
                 (item["tenantKnown"].as_bool()
                      ? ""
                      : desk.say(" (oppbevares her; hvem den gjelder, er ukjent)",
                                 " (kept here; whom it concerns is unknown)")));
    say_fact(desk, "Forbindelse", "Connection", item["connection"].as_string());
    say_fact(desk, "Årsak", "Reason", reason_words(reason));
    say_fact(desk, "Gjør", "Do", reason["action"].as_string());
    say_fact(desk, "Innhold", "Content",
             std::to_string(item["bytes"].as_int()) + " byte, " + item["mediaType"].as_string());
    for (const auto& document : item["documents"].items()) {
        say_fact(desk, "Dokument", "Document",
                 document["sha256"].as_string() + ", " + std::to_string(document["size"].as_int()) +
                     " byte, " + document["name"].as_string());
    }
    if (item.has("settled")) {
        const auto& settled = item["settled"];
        say_fact(desk, "Avgjort", "Settled",
                 local(desk, settled["at"].as_string()) + ", " + settled["who"].as_string());
        if (settled.has("why")) {
            say_fact(desk, "Hvorfor", "Why", settled["why"].as_string());
        }
    }
}

core::Result<std::unique_ptr<runtime::File>> create_new(const std::string& path) {
    const std::filesystem::path place(path);
    const auto folder = place.parent_path().string();
    const auto files = runtime::make_file_system(folder.empty() ? "." : folder);
    return files->create(place.filename().string());
}

core::Result<void> write_new(const std::string& path, const std::string& bytes) {
    auto file = create_new(path);
    if (!file) {
        return file.error();
    }
    return (*file)->append(std::span<const char>(bytes.data(), bytes.size()));
}

int say_unwritable(const Desk& desk, const std::string& path, const core::Failure& why) {
    desk.err << "sluse: "
             << desk.say("kan ikke skrive filen (den må være ny): ",
                         "cannot write the file (it must be a new one): ")
             << path << " (" << why.to_string() << ")\n";
    return exit_failed;
}

class FileSink final : public sdk::ByteSink {
public:
    explicit FileSink(runtime::File& file) : file_(file) {}
    sdk::Task<core::Result<void>> write(std::span<const char> bytes) override {
        co_return file_.append(bytes);
    }

private:
    runtime::File& file_;
};

/// One of its documents, however large, straight to a new file.
int save_document(const Desk& desk, const QuarantineOptions& options) {
    if (!core::parse_sha256(options.document)) {
        desk.err << "sluse: "
                 << desk.say("--document er summen (sha256) som står ved dokumentet",
                             "--document is the sum (sha256) that stands beside the document")
                 << "\n";
        return exit_usage;
    }
    auto file = create_new(options.out);
    if (!file) {
        return say_unwritable(desk, options.out, file.error());
    }
    FileSink sink(**file);
    sdk::HttpRequest request("GET", path_of(options.id) + "/documents/" + options.document);
    request.answer_sink = &sink;
    const auto gate = desk.open_gate(options.place);
    if (!gate) {
        desk.err << "sluse: " << gate.error().detail << "\n";
        return gate.error().is(core::Errc::not_found) ? exit_not_found : exit_usage;
    }
    const auto answer = (*gate)->send(std::move(request), document_patience);
    if (!answer) {
        return say_unreachable(desk, answer.error(), (*gate)->where());
    }
    if (!answer->good()) {
        return say_refusal(desk, *answer, options.json);
    }
    desk.out << desk.say("Skrevet til ", "Written to ") << options.out << "\n";
    return exit_ok;
}

/// The bytes go to a file alone: what a stranger sent is nothing for a terminal.
int write_content(const Desk& desk, const json::Value& item, const std::string& path) {
    const auto content = crypto::base64_decode(item["contentBase64"].as_string());
    if (!item["contentBase64"].is_string() || !content) {
        desk.err << "sluse: "
                 << desk.say("innholdet kan ikke leses lenger: nøkkelen er borte",
                             "its content cannot be read any more: the key is gone")
                 << "\n";
        return exit_failed;
    }
    if (const auto written = write_new(path, *content); !written) {
        return say_unwritable(desk, path, written.error());
    }
    desk.out << desk.say("Skrevet til ", "Written to ") << path << "\n";
    return exit_ok;
}

}   // namespace

int run_quarantine_list(const Desk& desk, const QuarantineOptions& options) {
    for (const auto* word : {&options.tenant, &options.cursor}) {
        if (!is_plain(*word)) {
            desk.err << "sluse: "
                     << desk.say("--tenant er ni sifre; --cursor står under forrige side",
                                 "--tenant is nine digits; --cursor stands below the page before")
                     << "\n";
            return exit_usage;
        }
    }
    std::string target = "/admin/v1/quarantine?limit=" + std::to_string(options.limit);
    target += options.settled ? "&settled=true" : "";
    target += options.tenant.empty() ? "" : "&tenant=" + options.tenant;
    target += options.cursor.empty() ? "" : "&cursor=" + options.cursor;
    int exit_code = exit_ok;
    const auto page = ask(desk, options.place, Question(target), options.json, exit_code);
    if (!page || options.json) {
        return exit_code;
    }
    const auto& items = (*page)["items"].items();
    if (items.empty()) {
        desk.out << desk.say("Ingenting.", "Nothing.") << "\n";
        return exit_ok;
    }
    for (const auto& item : items) {
        const auto why = wrap(item["reason"]["text"].as_string(), 60);
        desk.out << item["id"].as_string() << "  " << local(desk, item["at"].as_string()) << "  "
                 << padded(item["connection"].as_string(), 20) << (why.empty() ? "" : why.front())
                 << "\n";
    }
    desk.out << "\n"
             << desk.say("Se en av dem: sluse quarantine show <id>",
                         "Look at one: sluse quarantine show <id>")
             << "\n";
    if (const auto& next = (*page)["next"].as_string(); !next.empty()) {
        desk.out << desk.say("Det er flere: --cursor ", "There are more: --cursor ") << next
                 << "\n";
    }
    return exit_ok;
}

int run_quarantine_show(const Desk& desk, const QuarantineOptions& options) {
    if (!is_id(desk, options.id)) {
        return exit_usage;
    }
    if (!options.document.empty()) {
        return save_document(desk, options);
    }
    int exit_code = exit_ok;
    const auto item =
        ask(desk, options.place, Question(path_of(options.id)), options.json, exit_code);
    if (!item) {
        return exit_code;
    }
    if (!options.json) {
        print_item(desk, *item);
        desk.out << "\n";
    }
    if (!options.out.empty()) {
        return write_content(desk, *item, options.out);
    }
    if (!options.json) {
        desk.out << desk.say("Innholdet som fil: sluse quarantine show ",
                             "Its content as a file: sluse quarantine show ")
                 << options.id << " --out <fil>\n";
        if (!item->has("settled")) {
            desk.out << desk.say("Trenger den ikke mer: sluse quarantine resolve ",
                                 "When it needs no more: sluse quarantine resolve ")
                     << options.id << " --why \"...\"\n";
        }
    }
    return exit_ok;
}

int run_quarantine_resolve(const Desk& desk, const QuarantineOptions& options) {
    if (!is_id(desk, options.id)) {
        return exit_usage;
    }
    json::Value body = json::Value::object();
    body.set("why", options.why);
    const Question question("POST", path_of(options.id) + "/settle", std::move(body));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    desk.out << desk.say("Avgjort. Den blir liggende, så den kjennes igjen om den kommer på nytt.",
                         "Settled. It stays stored, so that it is known should it come again.")
             << "\n";
    return exit_ok;
}

}   // namespace gateway::app::client
