#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/evidence/public_key.hpp"
#include "gateway/evidence/verifier.hpp"
#include "gateway/runtime/file.hpp"

#include <filesystem>
#include <ostream>

// verify --evidence: whether an evidence package is what was made, and by whom. Asks nobody.

namespace gateway::app::client {
namespace {

using evidence::EvidenceReport;
using evidence::SignedBy;

constexpr std::size_t key_file_bytes_max = 4096;

class EvidenceFile final : public seal::RandomAccess {
public:
    EvidenceFile(std::unique_ptr<runtime::File> file, std::uint64_t size)
        : file_(std::move(file)), size_(size) {}
    std::uint64_t size() const override { return size_; }
    core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
        return file_->read_at(offset, out);
    }

private:
    std::unique_ptr<runtime::File> file_;
    std::uint64_t size_;
};

core::Result<EvidenceFile> open_package(const std::string& path) {
    const std::filesystem::path where(path);
    const auto folder = where.has_parent_path() ? where.parent_path().string() : std::string(".");
    auto file = runtime::make_file_system(folder)->open(where.filename().string());
    if (!file) {
        return file.error();
    }
    const auto size = (*file)->size();
    if (!size) {
        return size.error();
    }
    return EvidenceFile(std::move(*file), *size);
}

/// The key itself, or the file that it lies in.
std::optional<std::string> find_key(const std::string& given) {
    if (auto key = evidence::read_public_key(given)) {
        return key;
    }
    const auto text = runtime::read_whole_file(given, key_file_bytes_max);
    return text ? evidence::read_public_key(*text) : std::nullopt;
}

/// What is wrong with the ZIP is said as of any other; what to do is said to one who holds
/// evidence.
texts::Text words_of(const evidence::EvidenceFault& fault, texts::Language language) {
    auto text = texts::render(fault.code, fault.params, language);
    if (fault.code.value.starts_with("seal.")) {
        text.action = texts::render("evidence.container_changed", {}, language).action;
    }
    return text;
}

json::Value evidence_answer(const EvidenceReport& report, texts::Language language) {
    json::Value faults = json::Value::array();
    for (const auto& fault : report.faults) {
        const auto text = words_of(fault, language);
        json::Value view = json::Value::object();
        view.set("code", fault.code.value);
        for (const auto& [name, value] : fault.params) {
            view.set(name, value);
        }
        view.set("title", text.title).set("detail", text.detail).set("action", text.action);
        faults.push(std::move(view));
    }
    json::Value view = json::Value::object();
    view.set("sound", report.sound()).set("signedBy", evidence::to_string(report.signed_by));
    if (report.manifest) {
        const auto& manifest = *report.manifest;
        view.set("publicKey", manifest.public_key)
            .set("message", manifest.message)
            .set("tenant", manifest.tenant)
            .set("madeAt", core::to_rfc3339(manifest.made_at))
            .set("withDocuments", manifest.with_documents)
            .set("contentReadable", manifest.content_readable)
            .set("timelineWhole", manifest.timeline_whole)
            .set("events", manifest.events);
    }
    view.set("files", report.files).set("found", report.found).set("faults", std::move(faults));
    return view;
}

void say_what_it_is(const Desk& desk, const evidence::Manifest& manifest) {
    desk.out << desk.say("Melding ", "Message ") << manifest.message
             << desk.say(", kommune ", ", municipality ") << manifest.tenant << "\n"
             << desk.say("Laget ", "Made ") << core::to_rfc3339(manifest.made_at)
             << desk.say(" av Sluse ", " by Sluse ") << manifest.gateway << "\n";
    if (!manifest.content_readable) {
        desk.out << desk.say("Innholdet var slettet eller kunne ikke åpnes da pakken ble laget.\n",
                             "The content was erased or could not be opened when it was made.\n");
    } else if (!manifest.with_documents && !manifest.documents.empty()) {
        desk.out << desk.say("Dokumentene er ikke med, bare sjekksummene deres.\n",
                             "The documents are not in it, only their checksums.\n");
    }
    if (!manifest.timeline_whole) {
        desk.out << desk.say("Tidslinjen er lengre enn det pakken viser.\n",
                             "The timeline is longer than the package shows.\n");
    }
}

void say_who_signed(const Desk& desk, const EvidenceReport& report) {
    switch (report.signed_by) {
    case SignedBy::given_key:
        desk.out << desk.say("Underskriften er laget med nøkkelen du ga.\n",
                             "The signature was made with the key you gave.\n");
        return;
    case SignedBy::key_in_package:
        desk.out << desk.say(
            "Underskriften er laget med nøkkelen som ligger i pakken. Om det er kommunens,\n"
            "vet du først når du har fått den på annen måte og gir den med --key:\n  ",
            "The signature was made with the key that lies in the package. Whether that is the\n"
            "municipality's you know when you have got it by another way and give it with --key:\n"
            "  ");
        desk.out << report.manifest->public_key << "\n";
        return;
    case SignedBy::other_key:   // that is a fault, and said as one
    case SignedBy::nobody: return;
    }
}

int say_evidence(const Desk& desk, const EvidenceReport& report) {
    std::string action;
    for (const auto& fault : report.faults) {
        const auto text = words_of(fault, desk.language);
        desk.out << "  " << text.title << ": " << text.detail << "\n";
        if (text.action != action) {
            action = text.action;
            desk.out << "    " << action << "\n";
        }
    }
    if (report.found > report.faults.size()) {
        desk.out << desk.say("  og flere: ", "  and more: ") << report.found - report.faults.size()
                 << "\n";
    }
    if (!report.sound()) {
        desk.err << "sluse: "
                 << desk.say("bevispakken er ikke slik den ble laget",
                             "the evidence package is not as it was made")
                 << "\n";
        return exit_failed;
    }
    say_what_it_is(desk, *report.manifest);
    say_who_signed(desk, report);
    desk.out << desk.say("Pakken er hel: ", "The package is sound: ") << report.files
             << desk.say(" filer og ", " files and ") << report.manifest->events
             << desk.say(" hendelser er slik de ble skrevet.", " events are as they were written.")
             << "\n";
    return exit_ok;
}

}   // namespace

int run_verify_evidence(const Desk& desk, const EvidenceOptions& options) {
    std::optional<std::string> key;
    if (!options.key.empty()) {
        key = find_key(options.key);
        if (!key) {
            desk.err << "sluse: "
                     << desk.say("--key er ingen nøkkel og ingen fil med en: bruk den som sluse "
                                 "verify --log viser, eller en fil i PEM",
                                 "--key is no key and no file with one: use what sluse verify "
                                 "--log shows, or a file in PEM")
                     << "\n";
            return exit_usage;
        }
    }
    auto package = open_package(options.package);
    const auto failed = [&](const core::Failure& failure) {
        desk.err << "sluse: " << options.package << ": " << failure.to_string() << "\n";
        return failure.is(core::Errc::not_found) ? exit_not_found : exit_failed;
    };
    if (!package) {
        return failed(package.error());
    }
    const auto report = evidence::verify_package(*package, key);
    if (!report) {
        return failed(report.error());
    }
    if (!options.json) {
        return say_evidence(desk, *report);
    }
    desk.out << json::write(evidence_answer(*report, desk.language)) << "\n";
    return report->sound() ? exit_ok : exit_failed;
}

}   // namespace gateway::app::client
