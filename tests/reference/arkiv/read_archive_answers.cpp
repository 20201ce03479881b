// Reads answers of an archive as the adapter does: `<message type> <tab> <file>` a line on standard
// input, `<standing> <tab> <content as JSON> <tab> <faults by the schema>` a line on standard
// output.
//
//   read_archive_answers <archiveanswer/v1.schema.json>

#include "adapters/fiks_io/arkiv/arkiv.hpp"
#include "gateway/json/schema.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

namespace {

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}   // namespace

int main(int argc, char** argv) {
    const auto schema = gateway::json::Schema::compile(read(argc > 1 ? argv[1] : ""));
    if (!schema) {
        std::cerr << "no schema\n";
        return 1;
    }
    std::string line;
    while (std::getline(std::cin, line)) {
        const auto tab = line.find('\t');
        const auto answer =
            gateway::fiks_io::arkiv::answer_of(line.substr(0, tab), read(line.substr(tab + 1)));
        std::string faults;
        for (const auto& fault : schema->check(answer.content)) {
            faults += fault.pointer + " " + fault.keyword + " " + fault.detail + "; ";
        }
        std::cout << static_cast<int>(answer.standing) << '\t'
                  << gateway::json::write(answer.content) << '\t' << faults << '\n';
    }
    return 0;
}
