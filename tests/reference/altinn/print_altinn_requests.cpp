// Prints what the Altinn adapter would send for every valid letter example that its rules let
// through, as JSON lines {schema, example, body}; and how it reads the reference samples named on
// the command line.

#include "adapters/altinn/altinn_answers.hpp"
#include "adapters/altinn/altinn_errors.hpp"
#include "adapters/altinn/altinn_letter.hpp"
#include "adapters/altinn/altinn_rules.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace gateway;

namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream stream(path);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

void print(const char* schema, const std::string& example, json::Value body) {
    json::Value line;
    line.set("schema", schema).set("example", example).set("body", std::move(body));
    std::cout << json::write(line) << "\n";
}

void print_letter(const std::string& name, const json::Value& content) {
    core::Delivery delivery;
    delivery.upstream_key = "6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36";
    delivery.content = json::write(content);
    delivery.settings =
        R"({"resource":"ttd-vedtak","message_sender":"Testkommune","allow_forwarding":true})";
    for (const auto& document : content["documents"].items()) {
        core::DocumentRef ref;
        ref.name = document["name"].as_string();
        ref.title = document["title"].as_string();
        ref.md5_hex = "d41d8cd98f00b204e9800998ecf8427e";
        delivery.documents.push_back(ref);
    }
    const auto letter = altinn::read_letter(delivery);
    altinn::Settings settings;
    settings.attachment_expiration_days = 30;
    print("InitializeCorrespondencesExt", name,
          altinn::initialize(*letter, {"0196d885-2b97-7e8d-b8fb-21bd0e64b39b"}));
    print("InitializeCorrespondencesExt", name, altinn::initialize_with_files(*letter, settings));
    for (std::size_t i = 0; i < delivery.documents.size(); ++i) {
        print("InitializeAttachmentExt", name, altinn::initialize_attachment(*letter, settings, i));
    }
}

/// "file: what we make of it".
void print_sample(const std::filesystem::path& path, int status) {
    const sdk::HttpResponse response(status, text_of(path));
    json::Value line;
    line.set("sample", path.filename().string());
    if (status == 200) {
        const auto made = altinn::read_initialised(response);
        line.set("read", made ? made->correspondence + " " + made->status : "no");
    } else {
        line.set("read", altinn::outcome_of_refusal(response).code.value);
    }
    std::cout << json::write(line) << "\n";
}

}   // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::cerr << "usage: print_altinn_requests <folder of the reference samples>\n";
        return 2;
    }
    const std::filesystem::path samples(words[1]);
    for (const auto& entry : std::filesystem::directory_iterator(
             SLUSE_SOURCE_DIR "/schemas/messages/letter/examples/valid")) {
        const auto content = json::parse(text_of(entry.path()));
        const core::Time early{};
        if (content && altinn::check_letter(*content, {}, early).empty()) {
            print_letter(entry.path().filename().string(), *content);
        }
    }
    print_sample(samples / "correspondence-initialize.response.json", 200);
    print_sample(samples / "correspondence-409.problem.json", 409);
    print_sample(samples / "correspondence-400-validation.problem.json", 400);
    return 0;
}
