#include "gateway/app/secrets.hpp"

#include "gateway/crypto/vault.hpp"
#include "tests/unit/config/config_folder.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using gateway::app::read_secret;
using gateway::app::Secrecy;
using gateway::app::SecretFault;

namespace {

class Folder {
public:
    Folder() {
        std::string pattern = std::filesystem::temp_directory_path().string() + "/sluse-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string write(const std::string& name, const std::string& text, unsigned mode) const {
        const std::string path = path_ + "/" + name;
        std::ofstream(path) << text;
        ::chmod(path.c_str(), mode);
        return path;
    }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

std::string tenant_key(std::uint8_t fill) {
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(fill);
    return gateway::crypto::write_tenant_key(gateway::crypto::SecretKey(bytes));
}

}   // namespace

TEST_CASE("secrets: a file only its owner can read is read") {
    const Folder folder;
    const std::string path = folder.write("key", "secret\n", 0600);
    const auto answer = read_secret("file:" + path, Secrecy::secret);
    CHECK(answer.fault == SecretFault::none);
    CHECK(answer.bytes == "secret\n");
    CHECK(gateway::app::first_line(answer.bytes) == "secret");
    ::chmod(path.c_str(), 0400);
    CHECK(read_secret("file:" + path, Secrecy::secret).fault == SecretFault::none);
}

TEST_CASE("secrets: a file others can read is refused, a certificate is not") {
    const Folder folder;
    for (const unsigned mode : {0640U, 0604U, 0644U, 0660U, 0610U}) {
        const std::string path = folder.write("key", "secret", mode);
        CHECK(read_secret("file:" + path, Secrecy::secret).fault == SecretFault::too_open);
        CHECK(read_secret("file:" + path, Secrecy::open).fault == SecretFault::none);
    }
}

TEST_CASE("secrets: what is missing, empty, a folder or unknown is told apart") {
    const Folder folder;
    const auto fault = [](const std::string& reference) {
        return read_secret(reference, Secrecy::secret).fault;
    };
    CHECK(fault("file:" + folder.path() + "/none") == SecretFault::missing);
    CHECK(fault("file:" + folder.path()) == SecretFault::unreadable);
    CHECK(fault("file:" + folder.write("empty", "", 0600)) == SecretFault::empty);
    CHECK(fault("file:" + folder.write("big", std::string((1U << 20U) + 1, 'x'), 0600)) ==
          SecretFault::too_large);
    CHECK(fault("secret") == SecretFault::unknown_kind);
    CHECK(fault("env:SLUSE_TEST_UNSET_VARIABLE") == SecretFault::missing);
    ::setenv("SLUSE_TEST_VARIABLE", "pin", 1);
    CHECK(read_secret("env:SLUSE_TEST_VARIABLE", Secrecy::secret).bytes == "pin");
    ::setenv("SLUSE_TEST_VARIABLE", "", 1);
    CHECK(fault("env:SLUSE_TEST_VARIABLE") == SecretFault::empty);
}

TEST_CASE("secrets: a failure names the reference and never the content") {
    const Folder folder;
    const std::string path = folder.write("key", "hunter2", 0644);
    const auto failed = gateway::app::resolve_secret("file:" + path, Secrecy::secret);
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().is(gateway::core::Errc::unauthorised));
    CHECK(failed.error().detail == "file:" + path + " can be read by others: chmod 0600");
    CHECK(failed.error().to_string().find("hunter2") == std::string::npos);
}

TEST_CASE("secrets: relative paths start at the configuration's folder") {
    CHECK(gateway::app::anchored("file:keys/a", "/etc/sluse") == "file:/etc/sluse/keys/a");
    CHECK(gateway::app::anchored("file:/keys/a", "/etc/sluse") == "file:/keys/a");
    CHECK(gateway::app::anchored("env:A", "/etc/sluse") == "env:A");
    CHECK(gateway::app::anchored("", "/etc/sluse").empty());
}

TEST_CASE("config: key files are looked at, and each mistake says what to run") {
    const Folder folder;
    std::filesystem::create_directory(folder.path() + "/keys");
    auto options = tests::load_options();
    options.folder = folder.path();
    options.look_at_files = true;
    auto files = tests::right_files();
    ::setenv("KANAL_KEY", "not a key", 1);
    const auto said = [&] {
        std::string all;
        for (const auto& mistake : gateway::app::load_configuration(files, options).mistakes) {
            all += gateway::app::to_line(mistake, gateway::texts::Language::en) + "\n";
        }
        return all;
    };
    const std::string key = folder.path() + "/keys/310001007";
    CHECK(said() ==
          "sluse.toml:15:7: file:" + folder.path() +
              "/mp.p12 does not exist; put the key there\n"
              "tenants/310001007.toml:3:15: file:" +
              key + " does not exist; run: sluse keys create-tenant-key --out " + key +
              "\n"
              "tenants/310005002.toml:3:15: this is no sealing key; make one by: sluse keys "
              "create-tenant-key --out <new file>\n");

    folder.write("mp.p12", "no key at all", 0600);
    folder.write("keys/310001007", tenant_key(1), 0644);
    ::setenv("KANAL_KEY", tenant_key(1).c_str(), 1);
    CHECK(said().find("/keys/310001007 can be read by others; run: chmod 0600 " + key) !=
          std::string::npos);
    CHECK(said().find("sluse.toml:15:7: the key does not open; use PEM or PKCS#12") !=
          std::string::npos);

    ::chmod(key.c_str(), 0600);
    CHECK(said().find("tenants/310005002.toml:3:15: the tenant 310001007 has the same key; each "
                      "tenant must have its own") != std::string::npos);
    ::setenv("KANAL_KEY", tenant_key(2).c_str(), 1);
    files["sluse.toml"].replace(files["sluse.toml"].find("key = \"file:mp.p12\"\n"), 20, "");
    CHECK(said().empty());
}

TEST_CASE(
    "config: an adapter that names a file is given its content, and a file that is not there is "
    "a mistake") {
    const Folder folder;
    std::filesystem::create_directory(folder.path() + "/keys");
    folder.write("keys/310001007", tenant_key(1), 0600);
    ::setenv("KANAL_KEY", tenant_key(2).c_str(), 1);
    auto options = tests::load_options();
    options.folder = folder.path();
    options.look_at_files = true;
    auto files = tests::right_files();
    files["sluse.toml"].replace(files["sluse.toml"].find("key = \"file:mp.p12\"\n"), 20, "");
    files["sluse.toml"] += "[connection.post]\nadapter = \"digital_post\"\n"
                           "base_url = \"https://post.example\"\norganisation = \"310001007\"\n"
                           "trust_file = \"trust.json\"\ntenants = [\"310001007\"]\n";
    const auto missing = gateway::app::load_configuration(files, options);
    REQUIRE(missing.mistakes.size() == 1);
    CHECK(gateway::app::to_line(missing.mistakes[0], gateway::texts::Language::en)
              .ends_with("/trust.json does not exist; put the file there"));
    folder.write("trust.json", "{\"the\":\"content\"}", 0644);
    const auto loaded = gateway::app::load_configuration(files, options);
    REQUIRE(loaded.configuration);
    const auto& post = loaded.configuration->connections.at(gateway::core::ConnectionId("post"));
    const auto settings = gateway::json::parse(post.settings);
    REQUIRE(settings.has_value());
    CHECK((*settings)["trust_file"].as_string() == "{\"the\":\"content\"}");
}
