#include "tests/unit/crypto/made_keys.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

namespace tests {
namespace {

// A root, a leaf with an organisation number, the leaf's key in every form, and keys that must be
// refused.
const char* const recipe = R"(
set -e
openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj '/C=NO/O=Test Root'
openssl req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr \
    -subj '/C=NO/O=Prøve kommune/organizationIdentifier=NTRNO-991825827/CN=Prøve/serialNumber=991825827' -utf8
openssl x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x0a1b -days 20 -out leaf.pem
openssl x509 -in leaf.pem -outform DER -out leaf.der
openssl x509 -in root.pem -outform DER -out root.der
cat root.pem leaf.key leaf.pem > bundle.pem
openssl pkcs8 -topk8 -in leaf.key -passout pass:hemmelig -out encrypted.pem
openssl rsa -in leaf.key -traditional -aes128 -passout pass:hemmelig -out traditional.pem
openssl pkcs12 -export -inkey leaf.key -in leaf.pem -certfile root.pem -passout pass:æøå -out modern.p12
openssl pkcs12 -export -legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES -inkey leaf.key -in leaf.pem \
    -certfile root.pem -passout pass:gammel -out legacy.p12
openssl pkcs12 -export -nokeys -in leaf.pem -passout pass:x -out no_key.p12
openssl pkcs12 -export -inkey leaf.key -in leaf.pem -passout pass: -out no_password.p12
openssl genrsa -out short.pem 1024
openssl ecparam -name prime256v1 -genkey -noout -out elliptic.pem
cat leaf.key root.pem > mismatched.pem
openssl pkcs8 -topk8 -nocrypt -in leaf.key -outform DER -out leaf.pk8
openssl pkcs8 -topk8 -nocrypt -in leaf.key -out leaf.pk8.pem
openssl pkcs8 -topk8 -nocrypt -in root.key -out root.pk8.pem
)";

}   // namespace

MadeKeys::MadeKeys() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluse-keys-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    folder_ = pattern;
    std::ofstream(folder_ / "recipe.sh") << recipe;
    if (run("sh recipe.sh") != 0) {
        throw std::runtime_error("openssl failed: " + read("log"));
    }
}

MadeKeys::~MadeKeys() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

const MadeKeys& MadeKeys::get() {
    static const MadeKeys keys;
    return keys;
}

std::string MadeKeys::read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

int MadeKeys::run(const std::string& command) const {
    return std::system(
        ("cd '" + folder_.string() + "' && { " + command + "\n} >>log 2>&1").c_str());
}

std::string MadeKeys::wrapped(gateway::core::KeyTransport transport,
                              const std::string& secret) const {
    using gateway::core::KeyTransport;
    std::ofstream(path("secret"), std::ios::binary) << secret;
    std::string padding = "oaep";
    if (transport == KeyTransport::rsa_oaep_sha256) {
        padding += " -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256";
    } else if (transport == KeyTransport::rsa_pkcs1_v15) {
        padding = "pkcs1";
    }
    if (run("openssl pkeyutl -encrypt -certin -inkey leaf.pem -in secret -out wrapped "
            "-pkeyopt rsa_padding_mode:" +
            padding) != 0) {
        throw std::runtime_error("openssl failed: " + read("log"));
    }
    return read("wrapped");
}

}   // namespace tests
