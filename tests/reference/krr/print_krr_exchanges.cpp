// Prints what the contact register's adapter sends, and how it reads the answers in a file of JSON
// lines {"answer": ..., "asked": [...]} or {"print": ...}: one line of JSON for each.

#include "adapters/krr/krr_answers.hpp"

#include <fstream>
#include <iostream>
#include <string>

using namespace gateway;

namespace {

const core::Time now = *core::parse_rfc3339("2026-01-15T12:00:00Z");

void print_request(const char* schema, const sdk::HttpRequest& request) {
    json::Value line;
    line.set("schema", schema).set("method", request.method).set("url", request.url);
    if (!request.body.empty()) {
        line.set("body", *json::parse(request.body));
    }
    std::cout << json::write(line) << "\n";
}

json::Value said(const sdk::RegisterEntry& entry,
                 const std::optional<sdk::RegisterFailure>& failure) {
    json::Value line;
    if (!failure) {
        return line.set("value", entry.value);
    }
    line.set("failure", failure->code.value);
    for (const auto& [name, value] : failure->params) {
        line.set(name, value);
    }
    return line;
}

void print_answer(const krr::Settings& settings, const json::Value& line) {
    if (line.has("print")) {
        const auto reading =
            krr::read_print(settings, sdk::HttpResponse(200, json::write(line["print"])), now);
        std::cout << json::write(said(reading.entry, reading.failure)) << "\n";
        return;
    }
    std::vector<std::string> asked;
    for (const auto& number : line["asked"].items()) {
        asked.push_back(number.as_string());
    }
    const sdk::HttpResponse response(200, json::write(line["answer"]));
    const auto reading = krr::read_persons(settings, response, asked, now);
    json::Value out = json::Value::object();
    if (reading.failure) {
        out = said(sdk::RegisterEntry(), reading.failure);
    }
    for (const auto& [person, reply] : reading.replies) {
        out.set(person, said(reply.entry, reply.failure));
    }
    std::cout << json::write(out) << "\n";
}

}   // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::cerr << "usage: print_krr_exchanges <file of answers>\n";
        return 2;
    }
    krr::Settings settings;
    settings.base_url = "https://test.kontaktregisteret.no";
    print_request("PersonerRequest",
                  krr::persons_request(settings, {"01816000064", "02816000850"}));
    std::vector<std::string> thousand(krr::persons_max, "01816000064");
    settings.version = "v1";
    print_request("PersonerRequest", krr::persons_request(settings, thousand));
    print_request("", krr::print_request(settings));
    std::ifstream file(words[1]);
    for (std::string text; std::getline(file, text);) {
        const auto line = json::parse(text);
        if (!line) {
            std::cerr << "not JSON: " << text << "\n";
            return 1;
        }
        print_answer(settings, *line);
    }
    return 0;
}
