#include "tests/unit/seal/workshop.hpp"

#include "gateway/crypto/certificate.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

namespace tests {
namespace {

// Recipients of every kind that is taken or refused. `any` has no key usage at all, as KS's own.
const char* const recipe = R"(
set -e
identity() {
    name=$1; shift
    openssl req -x509 -nodes -keyout $name.key -out $name.pem -days 30 -subj "/C=NO/O=Prøve/CN=$name" -utf8 "$@"
}
identity any -newkey rsa:2048
identity sealing -newkey rsa:2048 -addext keyUsage=critical,keyEncipherment,digitalSignature
identity signing -newkey rsa:2048 -addext keyUsage=critical,nonRepudiation
identity short -newkey rsa:1024
identity elliptic -newkey ec -pkeyopt ec_paramgen_curve:prime256v1
identity pss -newkey rsa-pss -pkeyopt rsa_keygen_bits:2048
)";

}   // namespace

Workshop::Workshop() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluse-seal-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    folder_ = pattern;
    write("recipe.sh", recipe);
    if (run("sh recipe.sh") != 0) {
        throw std::runtime_error("openssl failed: " + read("log"));
    }
}

Workshop::~Workshop() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

const Workshop& Workshop::get() {
    static const Workshop workshop;
    return workshop;
}

std::string Workshop::read(const std::string& name) const {
    std::ifstream stream(path(name), std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void Workshop::write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
}

int Workshop::run(const std::string& command) const {
    write("command.sh", command);
    const std::string line = "cd '" + folder_.string() + "' && sh command.sh > log 2>&1";
    return std::system(line.c_str());
}

std::string Workshop::certificate(const std::string& name) const {
    return gateway::crypto::certificates_from_pem(read(name + ".pem")).value().at(0);
}

std::unique_ptr<gateway::crypto::PrivateKey> Workshop::key(const std::string& name) const {
    return gateway::crypto::load_pem_key(read(name + ".key"), {}).value();
}

}   // namespace tests
