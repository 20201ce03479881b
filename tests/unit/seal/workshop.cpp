#include "tests/unit/seal/workshop.hpp"

#include "gateway/crypto/certificate.hpp"
#include "tests/support/kept_text.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

namespace tests {
namespace {

struct Recipe {
    const char* name;
    const char* options;
};

// Recipients of every kind that is taken or refused. `any` has no key usage at all, as KS's own.
constexpr Recipe recipes[] = {
    {"any", "-newkey rsa:2048"},
    {"sealing", "-newkey rsa:2048 -addext keyUsage=critical,keyEncipherment,digitalSignature"},
    {"signing", "-newkey rsa:2048 -addext keyUsage=critical,nonRepudiation"},
    {"short", "-newkey rsa:1024"},
    {"elliptic", "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1"},
    {"pss", "-newkey rsa-pss -pkeyopt rsa_keygen_bits:2048"},
};

}   // namespace

Workshop::Workshop() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluse-seal-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    folder_ = pattern;
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

void Workshop::make_named_in(const std::string& text) const {
    for (const auto& [name, options] : recipes) {
        const std::string identity = name;
        if (text.find(identity + ".pem") == std::string::npos ||
            std::filesystem::exists(path(identity + ".pem"))) {
            continue;
        }
        const std::string command = "openssl req -x509 -nodes -keyout " + identity + ".key -out " +
                                    identity + ".pem -days 30 -subj '/C=NO/O=Prøve/CN=" + identity +
                                    "' -utf8 " + options;
        const auto both = kept_text("seal " + identity + " " + options, [&] {
            if (shell(command) != 0) {
                throw std::runtime_error("openssl failed: " + read("log"));
            }
            return read(identity + ".key") + read(identity + ".pem");
        });
        const auto certificate = both.find("-----BEGIN CERTIFICATE");
        write(identity + ".key", both.substr(0, certificate));
        write(identity + ".pem", both.substr(certificate));
    }
}

int Workshop::run(const std::string& command) const {
    make_named_in(command);
    return shell(command);
}

int Workshop::shell(const std::string& command) const {
    write("command.sh", command);
    const std::string line = "cd '" + folder_.string() + "' && sh command.sh > log 2>&1";
    return std::system(line.c_str());
}

std::string Workshop::certificate(const std::string& name) const {
    make_named_in(name + ".pem");
    return gateway::crypto::certificates_from_pem(read(name + ".pem")).value().at(0);
}

std::unique_ptr<gateway::crypto::PrivateKey> Workshop::key(const std::string& name) const {
    make_named_in(name + ".pem");
    return gateway::crypto::load_pem_key(read(name + ".key"), {}).value();
}

}   // namespace tests
