#pragma once

// The adapter with everything around it: a municipality with a business certificate, an archive
// with its own, and Fiks as a script.

#include "adapters/fiks_io/fiks_adapter.hpp"
#include "gateway/core/key_transport.hpp"
#include "tests/support/business_certificates.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace fiks_world {

namespace core = gateway::core;
namespace fiks = gateway::fiks_io;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
namespace seal = gateway::seal;
using std::chrono::seconds;

inline constexpr const char* municipality = "310001007";
inline constexpr const char* archive_owner = "310002003";
inline constexpr const char* our_account = "6c1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a01";
inline constexpr const char* archive_account = "7d2d5a4f-3a1c-4e4a-9a6e-1d7a5e2c3b02";
inline constexpr const char* message_id = "0b8f1d7c-5f0e-4b9a-8c33-9a5be5f2d111";
inline constexpr const char* base_url = "https://api.fiks.test.ks.no";

const tests::BusinessAuthority& authority();
/// A certificate of this organisation, each with its own key, made once.
const tests::BusinessIdentity& identity(const std::string& organisation);
/// Another of the same organisation's.
const tests::BusinessIdentity& second_identity(const std::string& organisation);
std::string trust_file();
std::string pem_of(const std::string& der);
/// What opens envelopes for this identity.
std::function<std::string(core::KeyTransport, const std::string&, std::size_t)>
unwrapper_of(const tests::BusinessIdentity& identity);
std::string public_key_of(const tests::BusinessIdentity& identity);

/// The catalogue's answer about an account's certificate.
std::string key_answer(const std::string& der);
/// And about the account.
std::string account_answer(const std::string& account, const std::string& organisation);
/// And of a message that was taken.
std::string sent_answer(const std::string& id = message_id);

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    fiks::Settings settings;
    std::unique_ptr<fiks::Catalogue> catalogue;
    std::unique_ptr<fiks::Answering> answering;

    /// `more`: of the connection's settings, each with a comma before.
    explicit World(const std::string& more = {});

    sdk::Host& host() const { return *fake.host; }
    sdk::Deadline in(int wait) const { return fake.in(seconds(wait)); }
    std::unique_ptr<fiks::Opener> opener();
    /// The archive's certificate is in the catalogue.
    void knows_archive();
    /// Seals for the archive as a delivery would.
    std::string seal(fiks::Files files, const std::string& certificate = {});
    fiks::Opening open(const std::string& envelope, const std::string& sender = archive_owner);
    fiks::PackageFile document(const std::string& name, const std::string& bytes);
    core::Delivery delivery(const std::string& content, const std::string& with = "{}");
    sdk::Outcome send(const core::Delivery& delivery);

    tests::FakeProgress progress;
};

/// The connection's settings as JSON; `more` as above.
std::string settings_json(const std::string& more = {});
sdk::ConnectionFacts facts(const std::string& more = {});

/// What a POST to Fiks carried.
struct Posted {
    json::Value metadata;
    std::string data;   // empty: no such part
    bool has_data = false;

    Posted() = default;
};
Posted read_posted(const tests::SentRequest& request);

}   // namespace fiks_world
